"""Behind a wall a case is as if it had never been: every page and every resource, byte by byte, counts included."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from engine import store
from engine.model.cases import Case
from engine.operations.cases import cases
from engine.operations.people.memberships import NewParticipant
from engine.store import Store
from tests.rest.calling import Rest, over
from tests.rest.conftest import furnished
from tests.visiting import Visitor
from tests.world import World

#: what a session's own page repeats of the session
_OWN = re.compile(rb'name="csrf_token" value="[^"]*"')
#: addresses that tell of the system as a whole, of the API itself or lead elsewhere
_APART = ("/health", "/metrics", "/static", "/assets", "/api/v1/openapi", "/api/v1/docs", "/sign-in", "/sign-out")
#: what stands for each kind of id in an address
_KINDS = re.compile(r"<(?:[^:<>]+:)?(\w+)>")


@pytest.fixture(params=["lia", "kim", "cor", "tom"])
def kept(request: pytest.FixtureRequest) -> str:
    """Who is kept from a case: they list all cases, control and audit them, hold a case role, or draw procedures."""
    return str(request.param)


@pytest.fixture
def rest() -> Iterator[Rest]:
    """The library with a case that everybody sees."""
    opened: Store = store.open("sqlite://")
    opened.migrate()
    yield over(furnished(opened))
    opened.close()


def addresses(rest: Rest, ids: dict[str, str]) -> list[str]:
    """Every address that can be read, with ids of one case; those that ask for something else are left out."""
    found = []
    for rule in rest.app.url_map.iter_rules():
        path = str(rule.rule)
        if "GET" not in (rule.methods or ()) or path.startswith(_APART):
            continue
        names = _KINDS.findall(path)
        if all(name in ids for name in names):
            found.append(_KINDS.sub(lambda match: ids[match[1]], path))
    lists = ["/api/v1/audit-entries", "/api/v1/user-tasks", "/api/v1/process-instances", "/inbox", "/cases"]
    more = {"/api/v1/audit-entries": ["event=participant_added"], "/api/v1/user-tasks": ["state=completed"], "/inbox": ["tab=roles"]}
    found += [f"{path}?{query}" for path in lists for query in ["limit=1", *more.get(path, [])]]
    return sorted(set(found))


def told(rest: Rest, by: str, paths: list[str]) -> dict[str, tuple[int, bytes]]:
    """What somebody is answered at each address."""
    caller, page = rest[by], Visitor(rest.app.test_client()).sign_in_as(rest.world, by)
    answers = {}
    for path in paths:
        answer = caller.get(path.removeprefix("/api/v1")) if path.startswith("/api/v1") else page.client.get(path)
        answers[path] = (answer.status_code, _OWN.sub(b"", answer.data))
    return answers


def ids_of(world: World, case: Case) -> dict[str, str]:
    """What of a case an address can name."""
    with world.store.reading() as uow:
        (instance, *_) = store.instances.of_case(uow, case.id)
        (task, *_) = store.user_tasks.of_case(uow, case.id)
        (participant, *_) = store.participants.of_case(uow, case.id)
    return {"case_id": case.id, "instance_id": instance.id, "task_id": task.id, "participant_id": participant.id}


def test_a_case_behind_a_wall_leaves_no_trace(rest: Rest, kept: str) -> None:
    world = rest.world
    world.person("lou", "librarian")
    seen = rest.loan()
    world.complete("ben", seen, "answer-terms", {"answer": "yes", "dueBack": "2026-04-01"})
    general = addresses(rest, {})
    for name in (kept, "ada"):
        assert rest[name]  # tokens are made before the first look
    before = told(rest, kept, general)

    people = [("borrower", "ben"), ("borrower", "bea"), *([] if kept == "cor" else [("curator", "cor")])]
    hidden = world.open_case("lou", "library", people, {"bookClass": "fragile", "wish": "CANARY"})
    if kept == "cor":
        with world.acting("lou") as (uow, actor):
            cases.add_participant(uow, actor, hidden.id, NewParticipant("curator", person_id=world.people["cor"].id))
    named = [path for path in addresses(rest, ids_of(world, hidden)) if path not in general]
    nothing = told(rest, kept, _of_nothing(named, ids_of(world, hidden)))
    assert told(rest, kept, general) != before, "the case would be seen without a wall"

    assert rest["ada"].post("/walls", {"person_id": world.people[kept].id, "case": hidden.number, "reason": "recusal"}).status_code == 201
    after = told(rest, kept, general)
    assert {path for path in general if after[path] != before[path]} == set()
    assert list(told(rest, kept, named).values()) == list(nothing.values())
    assert {status for status, _ in nothing.values()} <= {403, 404}


def _of_nothing(paths: list[str], ids: dict[str, str]) -> list[str]:
    """The same addresses with ids of nothing at all."""
    for one in ids.values():
        paths = [path.replace(one, "0" * 32) for path in paths]
    return paths
