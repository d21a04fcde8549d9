"""Start events that wait to start instances by themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine import store
from engine.model.errors import Conflict
from engine.model.starts import Start, StartKind, StartState
from engine.store import Store, UnitOfWork
from tests.contracts.cast import DAY, START, World, fresh


def made(world: World, element: str = "monday", kind: StartKind = StartKind.TIMER, **fields: Any) -> Start:
    row = Start(
        fresh(), world.program.id, world.definition.id, "library", "lending", element, kind, None, "R/P7D", "R/P7D",
        StartState.WAITING, START, START, START + DAY, None, 1,
    )  # fmt: skip
    return replace(row, **fields)


def bell(world: World, **fields: Any) -> Start:
    return made(world, "bell", StartKind.SIGNAL, name="Bell", rule=None, resolved=None, anchor_at=None, due_at=None, step=None, **fields)


def condition(world: World, **fields: Any) -> Start:
    return made(world, "autumn", StartKind.CONDITIONAL, anchor_at=None, due_at=None, step=None, **fields)


def test_the_starts_of_a_process_are_replaced(uow: UnitOfWork, world: World) -> None:
    first, second = made(world), bell(world)
    store.starts.replace(uow, [first, second], [])
    assert store.starts.of_process(uow, world.program.id, "lending") == (second, first)
    later = made(world, rule="R/P1D", held=True, last_at=START, remaining=3, attempts=2, problem="It failed.")
    store.starts.replace(uow, [later], [first.id])
    assert store.starts.of_process(uow, world.program.id, "lending") == (second, later)
    assert store.starts.of_process(uow, world.program.id, "other") == ()


def test_an_element_has_one_start(uow: UnitOfWork, world: World) -> None:
    store.starts.replace(uow, [made(world)], [])
    with pytest.raises(Conflict):
        store.starts.replace(uow, [made(world)], [])


def test_due_are_timers_whose_time_has_come_and_conditions_always(uow: UnitOfWork, world: World) -> None:
    timer, watched = made(world), condition(world)
    spent = made(world, "gone", due_at=START, state=StartState.SPENT)
    store.starts.replace(uow, [timer, watched, bell(world), spent], [])
    assert store.starts.due(uow, START) == (watched,)
    assert store.starts.due(uow, START + DAY) == (timer, watched)
    assert store.starts.next_due_at(uow) == START + DAY
    assert store.starts.has_conditions(uow)


def test_a_condition_that_failed_is_looked_at_later(uow: UnitOfWork, world: World) -> None:
    watched = condition(world)
    store.starts.replace(uow, [watched], [])
    assert store.starts.fail(uow, watched.id, "It failed.", START + DAY)
    assert store.starts.due(uow, START) == ()
    assert store.starts.next_due_at(uow) == START + DAY
    assert store.starts.due(uow, START + DAY) == (replace(watched, due_at=START + DAY, problem="It failed.", attempts=1),)
    assert not store.starts.fail(uow, fresh(), "It failed.")


def test_what_is_claimed_is_claimed_by_one(database: Store, world: World) -> None:
    timer = made(world)
    with database.unit_of_work() as uow:
        store.starts.replace(uow, [timer], [])
        uow.commit()
    with database.unit_of_work() as uow:
        assert store.starts.claim(uow, timer.id, START) is None
        assert store.starts.claim(uow, timer.id, START + DAY) == timer
        store.starts.update(uow, replace(timer, due_at=START + 8 * DAY, step=2))
        uow.commit()
    with database.unit_of_work() as uow:
        assert store.starts.claim(uow, timer.id, START + DAY) is None


def test_another_passes_over_what_is_held(database: Store, world: World) -> None:
    if database.url.startswith("sqlite"):
        pytest.skip("SQLite has one writer at a time: the other waits.")
    timer = made(world)
    with database.unit_of_work() as uow:
        store.starts.replace(uow, [timer], [])
        uow.commit()
    with database.unit_of_work() as uow, database.unit_of_work() as other:
        assert store.starts.claim(uow, timer.id, START + DAY) == timer
        assert store.starts.claim(other, timer.id, START + DAY) is None


def test_a_name_is_matched_within_its_program_and_kind(uow: UnitOfWork, world: World) -> None:
    signal = bell(world)
    letter = replace(bell(world), id=fresh(), element_id="letter", kind=StartKind.MESSAGE)
    store.starts.replace(uow, [signal, letter], [])
    matching = store.starts.matching
    assert matching(uow, world.program.id, StartKind.SIGNAL, "Bell") == (signal,)
    assert matching(uow, world.program.id, StartKind.MESSAGE, "Bell") == (letter,)
    assert matching(uow, world.program.id, StartKind.SIGNAL, "Gong") == ()
    assert matching(uow, fresh(), StartKind.SIGNAL, "Bell") == ()


def test_processes_that_left_their_pack_lose_their_starts(uow: UnitOfWork, world: World) -> None:
    kept, gone = made(world), made(world, process_key="returns")
    bare = made(world, process_key="bare", pack=None)
    store.starts.replace(uow, [kept, gone, bare], [])
    assert store.starts.drop_others(uow, world.program.id, "library", ["lending"]) == 1
    assert store.starts.find(uow, gone.id) is None
    assert store.starts.find(uow, kept.id) == kept
    assert store.starts.find(uow, bare.id) == bare
