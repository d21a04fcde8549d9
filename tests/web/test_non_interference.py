"""What people wrote in confidence changes nothing that a supervisor can fetch: two stores that differ in it give the same bytes.

One store holds played cases, every field above class C1 of every form, and files; in its copy every content above class C1,
every draft, file and file name, and every party's name and address is another. A supervisor's pages and the REST answers
behind them are fetched from both and compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import Row, func, select

from api.app import create_app
from api.running import Config, Mode
from engine import forms, store
from engine.model.content import Record
from engine.model.files import File
from engine.operations.people import accounts
from engine.store import UnitOfWork, tables
from tests import synthetic
from tests.synthetic import Played
from tests.world import ROOT

#: pages at most, in the order that links lead to them
MOST = 50
BEGIN = (
    "/board", "/cases?state=all", "/figures?period=2026-02", "/figures?period=2025", "/figures/report.csv?period=2026-02",
    "/figures/report.pdf?period=2026-02", "/caseload", "/ladders", "/inbox", "/inbox?tab=roles",
)  # fmt: skip
REST = ("/board", "/cases", "/cases?state=closed", "/figures?period=2026-02", "/caseload", "/user-tasks", "/process-instances", "/notices")
_FORMS = [form for path in sorted((ROOT / "forms/mediation").glob("*.json")) if (form := forms.read(path.read_bytes(), file=path.name)[0])]
#: kinds of pages of which this many are enough
_ENOUGH = 3
#: nothing is shown there, or something is done
_NOT = re.compile(r"^/(assets|help|static|sign-out|icon|health|metrics|account)|/(new|diagram)$")
_OTHER = "OTHER-WORDS"


@contextmanager
def apart() -> Iterator[tuple[Played, Played]]:
    with synthetic.cases_played() as one, synthetic.cases_played() as other:
        for played in (one, other):
            with played.store.unit_of_work() as uow:
                assert _fill(uow) > 100
                uow.commit()
        with other.store.unit_of_work() as uow:
            assert _change(uow) > 1000
            uow.commit()
        yield one, other


def _fill(uow: UnitOfWork) -> int:
    """In three open cases one record more for each form and class with all its fields, and a file; gives how many fields."""
    fields = [(form.key, field) for form in _FORMS for field in form.fields if field.cls != "C1"]
    for case in filled(uow):
        task = uow.execute(tables.user_tasks.select().where(tables.user_tasks.c.case_id == case.id)).first()
        assert task is not None
        whose: dict[str, Any] = {"program_id": case.program_id, "case_id": case.id, "task_id": task.id, "participant_id": None}
        for form, cls in sorted({(form, field.cls) for form, field in fields}):
            body = {field.name: "WORDS" for one, field in fields if (one, field.cls) == (form, cls)}
            made = {"id": _id(uow), "instance_id": task.instance_id, "author_id": None, "on_behalf_of": None, "at": synthetic.NOW}
            store.records.insert_many(uow, [Record(form=form, cls=cls, body=body, **made, **whose)])
        _put_file(uow, whose)
    return len(fields)


def filled(uow: UnitOfWork) -> Sequence[Row[Any]]:
    """The cases that hold one of everything."""
    cases = tables.cases
    return uow.execute(cases.select().where(cases.c.state == "open").order_by(cases.c.id).limit(3)).all()


def _put_file(uow: UnitOfWork, whose: dict[str, Any]) -> None:
    person = uow.execute(tables.persons.select().order_by(tables.persons.c.id)).first()
    assert person is not None
    kind: dict[str, Any] = {"field": "evidence", "cls": "C3", "media_type": "text/plain", "size": 5, "digest": "0" * 64}
    at = {"scanned": False, "at": synthetic.NOW, "sent_at": synthetic.NOW}
    store.files.insert(uow, File(id=_id(uow), author_id=person.id, name="WORDS.txt", **kind, **at, **whose), [b"WORDS"])


def _id(uow: UnitOfWork) -> str:
    """The same id in both stores."""
    number = sum(uow.execute(select(func.count()).select_from(one)).scalar_one() for one in (tables.records, tables.files))
    return f"{number:032x}"


def _change(uow: UnitOfWork) -> int:
    """Other words, marks and choices in everything above C1; gives how much was changed."""
    changed = 0
    for table in (one for one in tables.records.metadata.sorted_tables if "sealed" in one.c):
        key = [column.name for column in table.primary_key]
        for row in uow.execute(table.select()).mappings().all():
            if row["cls"] != "C1":
                same = [table.c[name] == row[name] for name in key]
                uow.execute(table.update().where(*same).values(sealed=_other_bytes(table.name, row["sealed"])))
                changed += 1
    uow.execute(tables.files.update().values(size=77_777, digest="f" * 64, media_type="application/pdf"))
    people = tables.persons
    values = {"name": _OTHER, "email": "other@example.org", "phone": "555-0199"}
    uow.execute(people.update().where(people.c.staff.is_(False)).values(**values))
    return changed


def _other_bytes(table: str, content: bytes) -> bytes:
    return b"OTHER" * 9 if table == "file_parts" else orjson.dumps(_other(orjson.loads(content)))


def _other(value: object) -> object:
    if isinstance(value, dict):
        return {key: _other(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_other(inner) for inner in value]
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int | float) else _OTHER


def client_of(played: Played) -> FlaskClient:
    app = create_app(played.store, Config(mode=Mode.SERVE, secret=b"a secret of the tests, long enough"))
    client, supervisor = app.test_client(), played.actor("supervisor")
    with client.session_transaction() as session, played.store.reading() as uow:
        epoch = accounts.session_epoch(uow, supervisor.account_id or "")
        session.update(account=supervisor.account_id, epoch=epoch, csrf_token="the same token")
    return client


def _kind(path: str) -> str:
    return re.sub(r"[0-9a-f]{32}", "ID", path.partition("?")[0])


def _links(content: bytes) -> list[str]:
    found = html.fromstring(content.decode()).xpath("//main//a/@href")
    return [str(href).partition("#")[0] for href in found if str(href).startswith("/") and not _NOT.search(str(href).partition("?")[0])]


def test_content_changes_nothing_that_a_supervisor_fetches() -> None:
    with apart() as (one, other):
        first, second = client_of(one), client_of(other)
        with one.store.reading() as uow:
            cases = [f"/cases/{case.id}{tab}" for case in filled(uow) for tab in ("", "?tab=records", "?tab=timeline")]
        waiting, seen, kinds, differing = [*BEGIN, *cases], {*BEGIN, *cases}, dict.fromkeys(map(_kind, BEGIN), 0), []
        fetched = 0
        while waiting and fetched < MOST:
            path = waiting.pop(0)
            mine, theirs = first.get(path), second.get(path)
            fetched += 1
            assert mine.status_code < 500, path
            if (mine.status_code, mine.data) != (theirs.status_code, theirs.data):
                differing.append(path)
            for href in _links(mine.data) if mine.mimetype == "text/html" else ():
                if href not in seen and kinds.get(_kind(href), 0) < _ENOUGH:
                    kinds[_kind(href)] = kinds.get(_kind(href), 0) + 1
                    seen.add(href)
                    waiting.append(href)
        assert differing == []
        assert {"/cases/ID", "/figures/mediation/to-session"} <= kinds.keys()
        assert fetched > len(BEGIN) + 20


def asking(played: Played) -> FlaskClient:
    """A client that calls REST as the supervisor."""
    supervisor = played.actor("supervisor")
    with played.store.unit_of_work() as uow:
        told = "the same secret of both stores"
        accounts.add_token(uow, supervisor, supervisor.account_id or "", "a test", secret=told)
        uow.commit()
    client = create_app(played.store, Config(mode=Mode.SERVE, secret=b"a secret of the tests, long enough")).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {told}"
    return client


def test_content_changes_nothing_that_a_supervisor_is_told_over_rest_but_facts_do() -> None:
    with apart() as (one, other):
        first, second = asking(one), asking(other)
        answers = {path: (first.get(f"/api/v1{path}"), second.get(f"/api/v1{path}")) for path in REST}
        assert {path: mine.status_code for path, (mine, _) in answers.items()} == dict.fromkeys(REST, 200)
        assert [path for path, (mine, theirs) in answers.items() if mine.data != theirs.data] == []
        with other.store.unit_of_work() as uow:
            uow.execute(tables.cases.update().values(opened_at=synthetic.NOW))
            uow.commit()
        assert [path for path in REST if first.get(f"/api/v1{path}").data != second.get(f"/api/v1{path}").data] != []
