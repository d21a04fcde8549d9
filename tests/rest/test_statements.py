"""What one act costs over HTTP: statements and commits, on both databases, the same for the first case and the hundredth.

DESIGN.md 8: a completed task takes at most eight statements and one commit. Each kind of row that is written beside adds
one; nothing is read to find out what changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from engine import store
from engine.store import count_statements
from engine.store.recording import recorded
from tests.postgres import Postgres
from tests.rest.calling import Rest, over
from tests.rest.conftest import furnished
from tests.world import ROOT, World, pack_files

#: three tasks one after the other for one role of the program, each with a form of one answer
ERRAND = ROOT / "api/bench/pack"
ANSWER = {"data": {"answer": "yes"}}
ACCEPT = {"data": {"answer": "yes", "dueBack": "2026-04-01"}}

WHO_ASKS = "SELECT"  # account, person, roles and live packs
TASK_AT_HAND = "SELECT"  # the task, locked, its instance, its case
TIES = "SELECT"  # who takes part, duties, walls, tasks offered, where the trail ends
WHO_CAN = "SELECT"  # who holds the roles of the new tasks
KEPT_MESSAGES = "SELECT"  # those that came before anybody waited for them

COMPLETED = [
    WHO_ASKS,
    TASK_AT_HAND,
    TIES,
    WHO_CAN,
    "INSERT user_tasks",  # the completed one and the new ones
    "UPDATE instances",
    "INSERT snapshots",
    "INSERT audit_entries",
]
STARTED = [
    WHO_ASKS,
    "SELECT",  # the newest version of the process
    "INSERT case_serials",
    "INSERT cases",
    "INSERT instances",
    WHO_CAN,
    "INSERT user_tasks",
    "INSERT audit_entries",
]


@pytest.fixture(params=["sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest) -> Iterator[store.Store]:
    """A migrated store on either database."""
    if request.param == "sqlite":
        made = store.open("sqlite://")
        made.migrate()
        yield made
        made.close()
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.database() as url:
        made = store.open(url)
        made.migrate()
        yield made
        made.close()


@pytest.fixture
def errands(opened: store.Store) -> Rest:
    """The bench's pack with one clerk."""
    world = World(opened)
    world.deploy(pack_files(ERRAND, ERRAND / "forms"))
    world.person("cleo", "clerk")
    return over(world)


@pytest.fixture
def library(opened: store.Store) -> Rest:
    """The lending library."""
    return over(furnished(opened))


def cost(rest: Rest, by: str, path: str, body: object) -> list[str]:
    """The statements of one call, each by its verb and, when it writes, its table."""
    caller = rest[by]
    with count_statements(rest.world.store) as seen, recorded(rest.world.store, lambda _thread: True) as counted:
        answer = caller.post(path, body)
    assert answer.status_code in (200, 201), answer.text
    assert counted.commits == 1
    return [_kind(text) for text in seen.texts]


def _kind(text: str) -> str:
    written = re.match(r"(INSERT|UPDATE|DELETE)(?: INTO| FROM)? (\w+)", text.strip())
    return " ".join(written.groups()) if written else "SELECT"


def start(rest: Rest) -> list[str]:
    return cost(rest, "cleo", "/process-definitions/errand/instances", {"variables": {}})


def finish(rest: Rest) -> list[str]:
    with rest.world.store.reading() as uow:
        (task, *_rest) = store.user_tasks.list_(uow, rest.world.program.id).items
    return cost(rest, "cleo", f"/user-tasks/{task.id}/completion", ANSWER)


def test_a_task_is_completed_in_eight_statements_and_one_commit(errands: Rest) -> None:
    start(errands)
    finish(errands)  # by now this process has read what never changes
    finish(errands)
    finish(errands)
    for _ in range(2):
        assert start(errands) == STARTED
        assert finish(errands) == COMPLETED
        assert finish(errands) == COMPLETED
        # no task comes after the last one, so nobody is looked for
        assert finish(errands) == COMPLETED[1:]


def test_each_kind_of_row_that_a_completion_writes_beside_adds_one_statement(library: Rest) -> None:
    world = library.world
    for _ in range(2):
        library.world.complete("ben", library.loan(), "answer-terms", ACCEPT["data"])
    case = library.loan()
    found = cost(library, "ben", f"/user-tasks/{world.task(case, 'answer-terms').id}/completion", ACCEPT)
    beside = [
        "INSERT records",  # the answers above class C1
        # PostgreSQL lets who sends a message and who begins to wait for it take turns
        *(["SELECT"] if world.store.url.startswith("postgresql") else []),
        KEPT_MESSAGES,
        "DELETE timers",  # the rung ahead of the completed task
        "INSERT timers",  # the first rung of the new one
        "INSERT subscriptions",
        "INSERT facts",
    ]
    assert sorted(found) == sorted(COMPLETED + beside)


def test_what_a_completion_costs_does_not_grow_with_the_case(library: Rest) -> None:
    """Neither with people, tasks and instances of the case, nor with its history, nor with other cases."""
    world = library.world
    for _ in range(2):
        world.complete("ben", library.loan(), "answer-terms", ACCEPT["data"])
    few = cost(library, "ben", f"/user-tasks/{world.task(library.loan(), 'answer-terms').id}/completion", ACCEPT)
    for number in range(10):
        world.person(f"more{number}", "curator", "keeper")
        library.loan()
    case = world.open_case("lia", "library", [("borrower", "ben"), ("borrower", "bea"), ("curator", "cor")], {"bookClass": "fragile"})
    task = world.task(case, "answer-terms")
    for verb in ("claim", "release") * 10:
        assert library["ben"].post(f"/user-tasks/{task.id}/{verb}").status_code == 200
    assert cost(library, "ben", f"/user-tasks/{task.id}/completion", ACCEPT) == few
