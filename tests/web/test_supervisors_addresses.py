"""Every address there is, as a supervisor: none of them gives another byte when what people wrote in confidence is another.

The addresses come from the application itself, so that a new page or resource is looked at without being named here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import packs, store
from engine.model.interventions import ActKind
from engine.store import UnitOfWork, tables
from tests.web.test_non_interference import apart, asking, client_of, filled
from tests.world import ROOT

#: what holds nothing of a case, or belongs to visitors, to the machine, and to who draws changes
_ELSEWHERE = re.compile(
    r"^/(assets|help|static|icon|health|metrics|portal|calendar|sign-in|procedures/(changes|models|upload)|api/v1/(changes|models|docs|openapi))"
)
#: what is written when somebody asks for it
_WRITTEN = ("/map/event-log", "/cases/file")
_NOBODY = "0" * 32
_MADE_UP = re.compile(rb"(?<=value=\")[0-9a-f]{12}(?=\")")
Named = Mapping[str, Sequence[object]]


@cache
def _panels() -> tuple[str, ...]:
    pack, _problems = packs.read((ROOT / "processes/mediation/pack.toml").read_bytes(), file="pack.toml")
    assert pack is not None
    return tuple(panel.key for panel in pack.panels)


def _named(uow: UnitOfWork) -> Named:
    """What the parameters of addresses can name of a case that holds one of everything."""
    case, *_ = filled(uow)

    def first(table: str, **more: object) -> str:
        t = tables.metadata.tables[table]
        wanted = [t.c.case_id == case.id, *(t.c[key] == value for key, value in more.items())]
        row = uow.execute(t.select().where(*wanted).order_by(t.c.id)).first()
        return str(row.id) if row is not None else _NOBODY

    about = first("participants")
    person = uow.execute(tables.participants.select().where(tables.participants.c.id == about)).one().person_id
    found: dict[str, Sequence[object]] = {
        "case_id": (case.id,),
        "task_id": (first("user_tasks", state="open"), first("user_tasks", state="completed")),
        "instance_id": (first("instances"),),
        "participant_id": (about,),
        "person_id": (person,),
        "record_id": (first("records", cls="C4"), first("records", cls="C3")),
        "file_id": (first("files"),),
        "deployment_id": (store.deployments.active_packs(uow, case.program_id)["mediation"],),
        "kind": tuple(ActKind),
        "pack": ("mediation",),
        "form": ("referrer-report", "agreement-terms"),
        "number": (1,),
        "version": (1,),
    }
    return found


def _addresses(app: Flask, named: Named) -> Iterator[str]:
    """Every address that answers GET, with all that its parameters can name; what nothing is known of names nobody."""
    where = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        if "GET" in (rule.methods or ()) and not _ELSEWHERE.match(rule.rule):
            keys = _panels() if "/panels/" in rule.rule else ("settled", "satisfied-process") if "/figures/" in rule.rule else ("closure",)
            names = sorted(rule.arguments)
            for values in product(*({"key": keys, "name": ("WithdrawConsent",), **named}.get(name, (_NOBODY,)) for name in names)):
                yield where.build(rule.endpoint, dict(zip(names, values, strict=True)))


def _same(mine: TestResponse, theirs: TestResponse) -> bool:
    assert mine.status_code < 500, mine.request.path
    return (mine.status_code, _settled(mine)) == (theirs.status_code, _settled(theirs))


def _settled(answer: TestResponse) -> bytes:
    """What was answered; the names that a log makes up anew for cases and people as the order in which they come."""
    if answer.mimetype != "application/xml":
        return answer.data
    order: dict[bytes, bytes] = {}
    return _MADE_UP.sub(lambda found: order.setdefault(found[0], b"name %d" % len(order)), answer.data)


def _differing(paths: Sequence[str], one: FlaskClient, other: FlaskClient) -> tuple[list[str], list[str]]:
    """Where two stores answer otherwise, and where the answer is a page or a document at all."""
    differing, told = [], []
    for path in paths:
        mine = one.get(path, buffered=True)
        differing += [] if _same(mine, other.get(path, buffered=True)) else [path]
        told += [path] if mine.status_code == 200 else []
    return differing, told


def test_no_address_tells_a_supervisor_what_was_said() -> None:
    with apart() as (one, other):
        with one.store.reading() as uow:
            named = _named(uow)
        first, second = client_of(one), client_of(other)
        rest = (asking(one), asking(other))
        app = first.application
        paths = list(dict.fromkeys(_addresses(app, named)))
        pages = [path for path in paths if not path.startswith("/api/")]
        differing, read = _differing(pages, first, second)
        more, told = _differing([path for path in paths if path.startswith("/api/")], *rest)
        assert differing + more == []
        # so many pages and resources are the supervisor's to read at all
        assert (len(read) > 50, len(told) > 45) == (True, True), (len(read), len(told))
        for path in _WRITTEN:
            mine, theirs = (client.post(path, data={"csrf_token": "the same token"}, buffered=True) for client in (first, second))
            assert mine.status_code == 200
            assert _same(mine, theirs), path
        assert _same(*(client.post("/api/v1/event-logs", buffered=True) for client in rest))
