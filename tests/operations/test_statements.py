"""How many statements acts and lists take: a number that does not grow with the rows (DESIGN.md 8)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.model.access import Actor
from engine.operations.cases import case_pages, cases
from engine.operations.people import people
from engine.operations.tasks import task_lists, user_tasks
from engine.operations.telling import notices
from engine.store import UnitOfWork, count_statements
from tests.operations import acts, shelf
from tests.world import World

Look = Callable[[UnitOfWork, Actor], object]


def cost(world: World, by: str, look: Look) -> int:
    """The statements of one look, in a unit of work of its own."""
    actor = world.actor(by)
    with count_statements(world.store) as seen, world.store.reading() as uow:
        look(uow, actor)
    return seen.count


@pytest.mark.parametrize(
    ("by", "look", "budget"),
    [
        ("lia", lambda uow, actor: task_lists.inbox(uow, actor, limit=100), 3),
        ("lia", lambda uow, actor: task_lists.list_(uow, actor, limit=100), 3),
        ("lia", lambda uow, actor: cases.list_(uow, actor, limit=100), 5),
        ("cor", lambda uow, actor: cases.list_(uow, actor, limit=100), 6),
        ("ben", lambda uow, actor: cases.list_(uow, actor, limit=100), 7),
        ("kim", lambda uow, actor: notices.list_(uow, actor, limit=100), 4),
        ("ada", lambda uow, actor: people.list_(uow, actor, limit=100), 4),
    ],
    ids=["inbox", "tasks", "cases", "own cases", "an outsider's cases", "notices", "people"],
)
def test_a_list_costs_the_same_however_long_it_is(library: World, by: str, look: Look, budget: int) -> None:
    for _ in range(3):
        acts.lent(library)
    library.advance("P11D")
    few = cost(library, by, look)
    for number in range(9):
        acts.lent(library)
        library.person(f"more{number}", "keeper")
    library.advance("P11D")
    assert (cost(library, by, look), few) == (few, min(few, budget))


def test_a_case_page_costs_the_same_however_much_happened(library: World) -> None:
    case = acts.lent(library)
    before = cost(library, "lia", lambda uow, actor: case_pages.page(uow, actor, case.id))
    task = library.task(case, "recall")
    for attempt in (user_tasks.claim, user_tasks.release) * 5:
        with library.acting("lia") as (uow, actor):
            attempt(uow, actor, task.id)
    assert cost(library, "lia", lambda uow, actor: case_pages.page(uow, actor, case.id)) == before


def test_completing_a_task_stays_within_its_statements(library: World) -> None:
    """As many as over HTTP (tests/rest/test_statements.py says which): there the live packs are read with who asks."""
    acts.lent(library)
    case = acts.loan(library)
    task, actor = library.task(case, "answer-terms"), library.actor("ben")
    with count_statements(library.store) as seen, library.store.unit_of_work() as uow:
        user_tasks.complete(uow, actor, task.id, shelf.ACCEPT)
        uow.commit()
    assert seen.count == 14
