"""Timers of the diagram: rows that are swept, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine import clock, store
from engine.operations.rounds import sweeps
from engine.store import Store
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.world import START, World

FILES = shelf.library(shelf.clockwork(), shelf.poison())


@pytest.fixture
def world(empty: Store) -> World:
    return cast(empty, FILES)


@pytest.fixture
def in_a_file(tmp_path: Path) -> Iterator[World]:
    opened = store.open(f"sqlite:///{tmp_path}/parley.db")
    opened.migrate()
    world = cast(opened, FILES)
    yield world
    world.store.close()


def test_a_timer_that_does_not_interrupt_adds_a_task_and_the_other_takes_it_away(world: World) -> None:
    case = acts.started(world, "clockwork")
    world.advance("P2D")
    assert world.names(case) == ["hint", "tidy"]
    world.advance("P2D")
    assert world.names(case) == ["hint", "late"]


def test_the_timers_of_what_is_done_are_gone(world: World) -> None:
    case = acts.started(world, "clockwork")
    world.complete("lia", case, "tidy")
    assert acts.timers(world, case) == ()
    assert acts.instance(world, case).state == "completed"


def test_the_timers_of_a_terminated_instance_are_gone(world: World) -> None:
    case = acts.started(world, "clockwork")
    acts.control(world, "kim", case, "terminate", reason="Not needed.")
    assert acts.timers(world, case) == ()
    world.advance("P9D")
    assert world.names(case) == []


def test_a_restarted_system_fires_what_became_due_meanwhile(in_a_file: World) -> None:
    world = in_a_file
    case = acts.started(world, "clockwork")
    world.store.close()
    world.store = store.open(world.store.url)
    world.jump("P3D")
    assert world.names(case) == ["hint", "tidy"]


def test_a_timer_fires_once_though_two_sweeps_saw_it(world: World) -> None:
    case = acts.started(world, "clockwork")
    timer = acts.timers(world, case, "hurry")[0]
    world.clock.advance(timer.due_at - clock.now())
    assert (sweeps.run_timer(world.store, timer), sweeps.run_timer(world.store, timer)) == (True, False)
    assert world.names(case) == ["hint", "tidy"]


def test_a_poisoned_timer_goes_behind_the_others_and_becomes_an_incident(world: World) -> None:
    bad, good = acts.started(world, "poison"), acts.started(world, "clockwork")
    world.jump("P2D")
    assert world.names(good) == ["hint", "tidy"]
    (timer,), (incident,) = acts.timers(world, bad), acts.incidents(world, bad)
    assert (timer.attempts, timer.due_at - clock.now()) == (1, timedelta(seconds=10))
    assert (incident.element_id, incident.code, incident.state) == ("wait", "timer-failed", "open")
    assert "Error" not in incident.message
    assert incident.message.endswith(".")
    world.jump("PT1H")
    assert (acts.timers(world, bad)[0].attempts, len(acts.incidents(world, bad))) == (2, 1)


def test_a_poisoned_timer_is_said_to_who_watches_the_case(world: World) -> None:
    bad = acts.started(world, "poison")
    world.jump("P2D")
    assert "A timer failed and will be tried again" in acts.line(world, "kim", bad).sentence
    assert "timer failed" in world.page("kim", bad).explanation.sentence.lower()


def test_a_suspended_instance_keeps_its_timers_for_later(world: World) -> None:
    case = acts.started(world, "clockwork")
    acts.control(world, "kim", case, "suspend")
    world.advance("P3D")
    assert world.names(case) == ["tidy"]
    acts.control(world, "kim", case, "resume")
    assert world.names(case) == ["hint", "tidy"]
    assert acts.timers(world, case, "enough")[0].due_at == START + timedelta(days=4)


def test_what_comes_next_is_told_before_it_comes(world: World) -> None:
    case = acts.started(world, "clockwork")
    upcoming = world.page("kim", case).explanation.upcoming
    assert [(step.element_id, step.at - START) for step in upcoming] == [
        ("hurry", timedelta(days=2)),
        ("enough", timedelta(days=4)),
        ("tidy", timedelta(days=9)),
    ]
