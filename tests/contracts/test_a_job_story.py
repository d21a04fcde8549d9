"""Outside work on both databases: workers at the same time, and an answer that meets the timer that ends its job."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from engine import store as stored
from engine.model.errors import Conflict
from engine.operations.rounds import sweeps
from engine.operations.running import outside_work
from engine.store import Store
from tests.operations import acts, couriers
from tests.operations.conftest import cast
from tests.world import World


def _at_once(*acts_of_threads: Callable[[], object]) -> None:
    together = threading.Barrier(len(acts_of_threads))

    def run(act: Callable[[], object]) -> None:
        together.wait(timeout=30)
        act()

    running = [threading.Thread(target=run, args=[act]) for act in acts_of_threads]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(timeout=60)


def _world(opened: Store) -> World:
    world = cast(opened, couriers.library(couriers.delivery()))
    world.person("wim", "courier")
    return world


def test_workers_at_the_same_time_take_each_job_once(store: Store) -> None:
    world = _world(store)
    cases = [acts.started(world, "delivery") for _ in range(6)]
    actor = world.actor("wim")
    taken: list[str] = []

    def work(name: str) -> None:
        for _ in range(20):
            with store.unit_of_work() as uow:
                found = outside_work.fetch(uow, actor, name, ["courier-price"], most=1)
                uow.commit()
            for job in found:
                taken.append(job.id)
                with store.unit_of_work() as uow:
                    outside_work.complete(uow, actor, job.id, name, {"price": 1})
                    uow.commit()

    _at_once(*(lambda name=name: work(name) for name in ("w1", "w2", "w3")))
    assert sorted(Counter(taken).values()) == [1] * 6
    assert [world.names(case) for case in cases] == [["look"]] * 6
    assert acts.chain_holds(world)


def test_an_answer_and_the_timer_that_ends_its_job_come_to_one_end(store: Store) -> None:
    world = _world(store)
    for _ in range(4):
        case = acts.started(world, "delivery")
        actor = world.actor("wim")
        with store.unit_of_work() as uow:
            (job,) = outside_work.fetch(uow, actor, "w1", ["courier-price"], hold=timedelta(days=2))
            uow.commit()
        world.clock.advance(timedelta(days=1))
        outcomes: list[str] = []

        def answer(job_id: str = job.id, outcomes: list[str] = outcomes) -> None:
            try:
                with store.unit_of_work() as uow:
                    outside_work.complete(uow, actor, job_id, "w1", {"price": 1})  # noqa: B023 - the same all along
                    uow.commit()
                outcomes.append("done")
            except Conflict:
                outcomes.append("too late")

        _at_once(answer, lambda: sweeps.run_due(store))
        sweeps.until_quiet(store)
        world.clock.advance(timedelta(minutes=1))
        sweeps.until_quiet(store)
        with store.reading() as uow:
            ended = stored.outside_jobs.find(uow, job.id)
        assert ended is not None
        expected = {"done": ("completed", ["look"]), "too late": ("cancelled", ["phone"])}[outcomes[0]]
        assert (ended.state, world.names(case)) == expected
