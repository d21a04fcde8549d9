"""Processes that start by themselves, on both databases: each once, whoever sweeps."""

from __future__ import annotations

import threading
from datetime import timedelta

from engine import clock
from engine.operations.rounds import sweeps
from engine.store import Store
from tests.bpmn.drawing import condition, signal, timer
from tests.operations.rounds import ring, rounds, row, runs, times, world_of
from tests.world import START


def test_a_process_starts_by_timer_signal_and_condition(store: Store) -> None:
    dawn = condition('=now() >= @"2026-03-03T06:00:00Z"')
    world = world_of(store, rounds(timer("R2/P1D")), rounds(signal("Bell"), key="bell"), rounds(dawn, key="dawn"))
    ring(world)
    world.advance("P4D")
    assert times(world) == [START + timedelta(days=1), START + timedelta(days=2)]
    assert len(runs(world, "bell")) == 1
    assert times(world, "dawn") == [START + timedelta(hours=21)]


def test_of_many_sweeps_at_once_one_starts_the_instance(store: Store) -> None:
    world = world_of(store, rounds(timer("R/P1D")))
    world.clock.advance(timedelta(days=3))
    due, together = row(world), threading.Barrier(4)
    won: list[bool] = []

    def sweep() -> None:
        together.wait(timeout=30)
        won.append(sweeps.run_start(store, due))

    threads = [threading.Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False, False, False, True]
    assert (len(runs(world)), row(world).due_at) == (1, clock.now() + timedelta(days=1))


def test_deploying_while_a_start_is_due_starts_it_once(store: Store) -> None:
    world = world_of(store, rounds(timer("R1/P1D")))
    world.clock.advance(timedelta(days=1))
    together = threading.Barrier(2)

    def sweep() -> None:
        together.wait(timeout=30)
        sweeps.run_due(store)

    thread = threading.Thread(target=sweep)
    thread.start()
    together.wait(timeout=30)
    world.deploy({"rounds.bpmn": rounds(timer("R1/P1D"), name="Go round again")})
    thread.join()
    sweeps.until_quiet(store)
    world.advance("P5D")
    assert len(runs(world)) == 1
