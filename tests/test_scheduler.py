"""The scheduler: what is due is done soon, and nothing that fails stops it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from api.running import Config, Mode, Parley
from api.scheduler import DUE, Scheduler, Sweep, run_all_due
from engine import clock, store
from engine.store import Store
from tests.rest.calling import SECRET, WAIT, Caller, Rest, over
from tests.world import World


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Store]:
    """A store in a file, as threads share it."""
    made = store.open(f"sqlite:///{tmp_path / 'parley.sqlite'}")
    made.migrate()
    yield made
    made.close()


def _waiting(opened: Store) -> tuple[Rest, str]:
    """A process that waits an hour, twice."""
    rest = over(World(opened))
    assert rest["ada"].deploy({"patient.bpmn": WAIT}).status_code == 201
    return rest, str(rest["ada"].post("/process-definitions/patient/instances", {}).json["id"])


def _waits_at(caller: Caller, instance: str) -> list[str]:
    return [one["element_id"] for one in caller.get(f"/process-instances/{instance}/explanation").json["waiting"]]


def test_a_step_fires_what_is_due_and_nothing_else(opened: Store) -> None:
    rest, instance = _waiting(opened)
    assert run_all_due(opened) == 0
    rest.world.clock.advance(timedelta(minutes=59))
    assert run_all_due(opened) == 0
    rest.world.clock.advance(timedelta(minutes=2))
    assert run_all_due(opened) == 1
    assert _waits_at(rest["ada"], instance) == ["again"]


def test_a_timer_that_came_due_while_nothing_ran_fires_after_the_next_start(opened: Store, tmp_path: Path) -> None:
    rest, instance = _waiting(opened)
    opened.close()
    rest.world.clock.advance(timedelta(hours=5))
    again = store.open(f"sqlite:///{tmp_path / 'parley.sqlite'}")
    fired = threading.Event()

    def step(held: Store) -> None:
        if run_all_due(held):
            fired.set()

    scheduler = Scheduler(Parley(again, Config(Mode.SERVE, SECRET)), (Sweep("due", timedelta(milliseconds=50), step),))
    scheduler.start()
    assert fired.wait(10)
    scheduler.stop()
    with again.reading() as uow:
        assert store.timers.of_instance(uow, instance)[0].element_id == "again"
    again.close()


def test_a_sweep_that_fails_is_logged_without_content_and_comes_again(opened: Store, caplog: pytest.LogCaptureFixture) -> None:
    tries, again = [], threading.Event()

    def failing(_store: Store) -> None:
        tries.append(clock.now())
        if len(tries) > 1:
            again.set()
        raise ValueError("CANARY-content")

    caplog.set_level(logging.ERROR)
    scheduler = Scheduler(Parley(opened, Config(Mode.SERVE, SECRET)), (Sweep("failing", timedelta(milliseconds=20), failing),))
    scheduler.start()
    assert again.wait(10)
    scheduler.stop()
    assert "ValueError" in caplog.text
    assert "CANARY" not in caplog.text


def test_a_sweep_never_runs_twice_at_once(opened: Store) -> None:
    inside, most, enough = [0], [0], threading.Event()
    gate, rounds = threading.Lock(), [0]

    def slow(_store: Store) -> None:
        with gate:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        enough.wait(0.1)
        with gate:
            inside[0] -= 1
            rounds[0] += 1
            if rounds[0] == 3:
                enough.set()

    scheduler = Scheduler(Parley(opened, Config(Mode.SERVE, SECRET)), (Sweep("slow", timedelta(milliseconds=10), slow),))
    scheduler.start()
    assert enough.wait(10)
    scheduler.stop()
    assert most == [1]


def test_the_store_is_looked_up_for_every_step_as_a_sandbox_exchanges_it(opened: Store, tmp_path: Path) -> None:
    parley = Parley(opened, Config(Mode.SANDBOX, SECRET))
    other = store.open(f"sqlite:///{tmp_path / 'other.sqlite'}")
    met = threading.Event()

    def step(held: Store) -> None:
        if held is other:
            met.set()

    scheduler = Scheduler(parley, (Sweep("look", timedelta(milliseconds=20), step),))
    scheduler.start()
    parley.store = other
    assert met.wait(10)
    scheduler.stop()
    other.close()


def test_what_is_due_is_looked_for_every_second() -> None:
    assert timedelta(0) < DUE.every <= timedelta(seconds=1)
