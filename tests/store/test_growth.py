"""The hot lists cost what their page costs, not what the database holds: counted in SQLite's own instructions."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from engine import store
from engine.model.lists import InboxFilter, InboxSort
from engine.store import Store, UnitOfWork
from tests.contracts.cast import DAY, START, World, begin

#: open tasks before and after growing; a page shows 20
_FEW, _MANY = 400, 4000

Act = Callable[[UnitOfWork, World], object]


def _fill(opened: Store, world: World, first: int, last: int) -> None:
    roles = ("clerk", "director", "keeper", "guard")
    with opened.unit_of_work() as uow:
        for number in range(first, last, 4):
            case = world.new_case(number + 2, opened_at=START + timedelta(minutes=number))
            instance = world.new_instance(case_id=case.id)
            at = {"case_id": case.id, "instance_id": instance.id}
            store.cases.insert(uow, case)
            store.instances.insert(uow, instance)
            due = [START + timedelta(minutes=number * 7 % 3001 + one) for one in range(4)]
            tasks = [world.task(role=role, due_at=due[n], **at) for n, role in enumerate(roles)]
            if number < 40:
                tasks.append(world.task(assignee_id=world.ana.id, **at))
                store.participants.insert(uow, world.participant(world.ana, "guard", case_id=case.id))
            store.user_tasks.insert_many(uow, tasks)
            store.timers.replace(uow, [world.timer(due_at=START + DAY + number * DAY, **at)], [])
        uow.commit()


@contextmanager
def _counted(opened: Store) -> Iterator[list[int]]:
    """How many times 100 instructions SQLite runs meanwhile on the readers' connection."""
    counted = [0]

    def count() -> int:
        counted[0] += 1
        return 0

    with opened.engines[0].connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_progress_handler(count, 100)
    try:
        yield counted
    finally:
        driver.set_progress_handler(None, 0)


def _cost(opened: Store, world: World, act: Act) -> int:
    with _counted(opened) as counted, opened.reading() as uow:
        act(uow, world)
    return counted[0]


def _inbox(uow: UnitOfWork, world: World, **asked: Any) -> object:
    return store.user_tasks.inbox(uow, world.program.id, world.ana.id, {"clerk", "keeper"}, limit=20, **asked)


_ACTS: dict[str, Act] = {
    "inbox": lambda uow, world: _inbox(uow, world),
    "inbox, by age, due soon": lambda uow, world: _inbox(uow, world, sort=InboxSort.AGE, filter=InboxFilter(due_before=START + 9 * DAY)),
    "inbox, a title that none has": lambda uow, world: _inbox(uow, world, text="nothing like it"),
    "inbox, a case": lambda uow, world: _inbox(uow, world, text="2026-0006"),
    "tasks": lambda uow, world: store.user_tasks.list_(uow, world.program.id, limit=20),
    "tasks of an instance": lambda uow, world: store.user_tasks.list_(uow, world.program.id, instance_id=world.instance.id, limit=20),
    "overview": lambda uow, world: store.cases.overview(uow, world.program.id, limit=20),
    "cases": lambda uow, world: store.cases.list_(uow, world.program.id, limit=20),
    "instances": lambda uow, world: store.instances.list_(uow, world.program.id, limit=20),
    "nothing due": lambda uow, _world: store.timers.due(uow, START),
    "something due": lambda uow, _world: store.timers.due(uow, START + 1000 * DAY, 20),
    "next due": lambda uow, _world: store.timers.next_due_at(uow),
}


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[int, int]]]:
    """What each list costs with few tasks and with many."""
    opened = store.open(f"sqlite:///{tmp_path_factory.mktemp('growth')}/parley.db")
    opened.migrate()
    with opened.unit_of_work() as uow:
        world = begin(uow)
        uow.commit()
    _fill(opened, world, 0, _FEW)
    few = {name: _cost(opened, world, act) for name, act in _ACTS.items()}
    _fill(opened, world, _FEW, _MANY)
    yield {name: (few[name], _cost(opened, world, act)) for name, act in _ACTS.items()}
    opened.close()


@pytest.mark.parametrize("name", _ACTS)
def test_ten_times_the_tasks_cost_a_page_about_the_same(costs: dict[str, tuple[int, int]], name: str) -> None:
    few, many = costs[name]
    assert many <= max(1.5 * few, 20), f"{name}: {few} hundred instructions grew to {many}"


def test_the_count_would_show_a_list_that_reads_everything(costs: dict[str, tuple[int, int]]) -> None:
    assert all(few + many > 0 for few, many in (costs["inbox"], costs["overview"]))
