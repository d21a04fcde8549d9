"""What a turn does beyond one step: long ways in parts, called processes, closing the case; jobs that fail."""

from __future__ import annotations

import pytest

from engine import clock, store
from engine.model.errors import NotRunning
from engine.model.ids import new_id
from engine.model.instances import Job
from engine.model.states import JobState
from engine.operations.rounds import sweeps
from engine.operations.running import delivery, instances
from engine.store import Store
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.world import World

TURNS = 1500


@pytest.fixture
def world(empty: Store) -> World:
    return cast(empty, shelf.library(shelf.long_way(TURNS), shelf.desk(), shelf.helpful(), shelf.letters()))


def test_a_long_way_goes_on_in_parts_until_it_waits(world: World) -> None:
    actor = world.actor("lia")
    with world.store.unit_of_work() as uow:
        made = instances.start(uow, actor, "long-way", variables={})
        case = store.cases.get(uow, made.case_id)
        uow.commit()
    assert world.names(case) == []
    sweeps.until_quiet(world.store)
    assert world.names(case) == ["tidy"]
    assert acts.variables(world, "lia", made)["shelves"] == TURNS
    assert world.events(case, "element_completed").count("count") == TURNS


def test_a_long_way_that_was_suspended_goes_on_when_resumed(world: World) -> None:
    actor, kim = world.actor("lia"), world.actor("kim")
    with world.store.unit_of_work() as uow:
        made = instances.start(uow, actor, "long-way", variables={})
        case = store.cases.get(uow, made.case_id)
        instances.suspend(uow, kim, made.id)
        uow.commit()
    sweeps.until_quiet(world.store)
    assert world.names(case) == []
    acts.control(world, "kim", case, "resume")
    assert world.names(case) == ["tidy"]


def test_called_processes_run_in_the_caller_s_instance_and_a_closed_case_takes_no_more(world: World) -> None:
    case = acts.started(world, "helpful")
    for called in ("first", "second"):
        assert [view.process_key for view in world.page("kim", case).diagrams] == ["helpful", "desk"]
        assert dict(world.page("kim", case).diagrams[0].tokens) == {called: 1}
        world.complete("lia", case, "tidy")
    assert (world.case(case).state, world.case(case).outcome) == ("closed", "tidied")
    assert world.page("kim", case).line.sentence.startswith(("Completed", "Closed"))
    with pytest.raises(NotRunning):
        acts.started(world, "helpful", case=case)


def broken_job(world: World, kind: str, instance_id: str) -> Job:
    """A job that cannot be done."""
    now = clock.now()
    what = {"instance": instance_id, "token": "t", "name": "Letter", "kind": "message", "body": 5, "correlation": 5}
    job = Job(new_id(now), world.program.id, None, kind, f"broken {kind}", what, now, 0, JobState.AVAILABLE, now)
    with world.store.unit_of_work() as uow:
        store.jobs.insert(uow, job)
        uow.commit()
    return job


def test_a_job_that_always_fails_goes_behind_the_others_and_is_given_up(world: World) -> None:
    waiting = acts.instance(world, acts.started(world, "letters"))
    broken = [broken_job(world, delivery.DELIVER, waiting.id), broken_job(world, delivery.CONTINUE, "nowhere")]
    case = acts.started(world, "desk")
    assert world.names(case) == ["tidy"]
    world.advance("P1D")
    with world.store.reading() as uow:
        left = [store.jobs.find(uow, job.id) for job in broken]
    assert JobState.AVAILABLE not in [job.state for job in left if job is not None]
