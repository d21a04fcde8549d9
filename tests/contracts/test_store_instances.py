"""Instances and what they wait for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import store
from engine.model.instances import Rung, Snapshot
from engine.model.states import IncidentState, InstanceState, JobState, RungState, TimerKind
from engine.store import UnitOfWork
from tests.contracts.cast import DAY, START, World, fresh


def test_a_saved_instance_comes_back_whole(uow: UnitOfWork, world: World) -> None:
    ended = replace(world.instance, state=InstanceState.COMPLETED, version=2, state_blob=b"\x00\xff", ended_at=START, end_event="Done")
    store.instances.save(uow, ended, 1)
    assert store.instances.get(uow, world.instance.id) == ended


def test_saving_without_raising_the_version_is_a_mistake(uow: UnitOfWork, world: World) -> None:
    with pytest.raises(ValueError, match="version"):
        store.instances.save(uow, world.instance, 1)


def test_instances_are_listed_newest_first_by_what_is_asked(uow: UnitOfWork, world: World) -> None:
    newer = world.new_instance(started_at=START + DAY, state=InstanceState.SUSPENDED, business_key="b-1")
    store.instances.insert(uow, newer)
    listed = store.instances.list_
    first = listed(uow, world.program.id, limit=1)
    assert first.items == (newer,)
    assert listed(uow, world.program.id, cursor=first.next).items == (world.instance,)
    assert listed(uow, world.program.id, state=InstanceState.SUSPENDED).items == (newer,)
    assert listed(uow, world.program.id, business_key="b-1", key="lending").items == (newer,)
    assert listed(uow, world.program.id, key="other").items == ()
    assert listed(uow, world.program.id, case_ids=[]).items == ()
    assert listed(uow, world.program.id, not_case_ids=[world.case.id]).items == ()
    assert store.instances.of_case(uow, world.case.id) == (world.instance, newer)


def test_an_instance_started_by_a_deadline_is_found_by_its_task(uow: UnitOfWork, world: World) -> None:
    about = world.new_instance(subject_task_id="task-1")
    store.instances.insert(uow, about)
    assert store.instances.of_subject(uow, "task-1") == (about,)


def test_timers_are_replaced_and_found_when_due(uow: UnitOfWork, world: World) -> None:
    late, soon = world.timer(due_at=START + 2 * DAY), world.timer(due_at=START + DAY, kind=TimerKind.RUNG, task_id="t-1")
    store.timers.replace(uow, [late, soon], [])
    assert store.timers.next_due_at(uow) == START + DAY
    assert store.timers.due(uow, START) == ()
    assert store.timers.due(uow, START + DAY) == (soon,)
    assert store.timers.due(uow, START + 2 * DAY) == (soon, late)
    assert store.timers.due(uow, START + 2 * DAY, 1) == (soon,)
    assert store.timers.count_due(uow, START + 2 * DAY) == 2
    assert store.timers.of_instance(uow, world.instance.id) == (soon, late)
    assert store.timers.of_case(uow, world.case.id) == (soon, late)
    assert store.timers.of_task(uow, "t-1") == (soon,)
    again = world.timer()
    store.timers.replace(uow, [again], [late.id, soon.id])
    assert store.timers.of_instance(uow, world.instance.id) == (again,)
    assert store.timers.delete(uow, again.id)
    assert not store.timers.delete(uow, again.id)
    assert store.timers.next_due_at(uow) is None


def test_a_failing_timer_is_pushed_ahead(uow: UnitOfWork, world: World) -> None:
    timer = world.timer(due_at=START)
    store.timers.replace(uow, [timer], [])
    assert store.timers.claim(uow, timer.id, START) == timer
    store.timers.push_ahead(uow, timer.id, START + DAY, 1)
    assert store.timers.claim(uow, timer.id, START) is None
    assert store.timers.due(uow, START + DAY) == (replace(timer, due_at=START + DAY, attempts=1),)


def test_timers_of_a_suspended_instance_wait(uow: UnitOfWork, world: World) -> None:
    timer = world.timer(due_at=START)
    store.timers.replace(uow, [timer], [])
    store.instances.save(uow, replace(world.instance, state=InstanceState.SUSPENDED, version=2), 1)
    assert store.timers.due(uow, START) == ()
    assert store.timers.claim(uow, timer.id, START) is None
    assert store.timers.next_due_at(uow) is None
    store.instances.save(uow, replace(world.instance, state=InstanceState.RUNNING, version=3), 2)
    assert store.timers.due(uow, START) == (timer,)


def test_timers_go_with_their_tasks_or_instance(uow: UnitOfWork, world: World) -> None:
    store.timers.replace(uow, [world.timer(task_id="t-1"), world.timer(task_id="t-2"), world.timer()], [])
    assert store.timers.delete_of_tasks(uow, ["t-1", "t-3"]) == 1
    assert store.timers.delete_of_tasks(uow, []) == 0
    assert store.timers.delete_of_instance(uow, world.instance.id) == 2


def test_a_due_timer_held_by_one_unit_of_work_is_not_taken_by_another(database: store.Store, world: World) -> None:
    timers = [world.timer(due_at=START), world.timer(due_at=START)]
    with database.unit_of_work() as uow:
        store.timers.replace(uow, timers, [])
        uow.commit()
    with database.unit_of_work() as uow:
        (taken,) = store.timers.due(uow, START, 1)
        if uow.dialect == "postgresql":
            with database.unit_of_work() as other:
                assert {timer.id for timer in store.timers.due(other, START)} == {t.id for t in timers} - {taken.id}
        store.timers.delete(uow, taken.id)
        uow.commit()
    with database.unit_of_work() as uow:
        assert len(store.timers.due(uow, START)) == 1


def test_subscriptions_match_by_kind_name_and_correlation(uow: UnitOfWork, world: World) -> None:
    first, second = world.subscription(since=START), world.subscription(since=START + DAY)
    signal = world.subscription(kind="signal", correlation=None)
    store.subscriptions.replace(uow, [second, first, signal], [])
    matching = store.subscriptions.matching
    assert matching(uow, world.program.id, "message", "returned", world.case.id) == (first, second)
    assert matching(uow, world.program.id, "message", "returned", "other") == ()
    assert matching(uow, world.program.id, "signal", "returned") == (signal,)
    assert matching(uow, "elsewhere", "signal", "returned") == ()
    store.subscriptions.replace(uow, [], [first.id])
    assert store.subscriptions.of_case(uow, world.case.id) == (signal, second)
    assert store.subscriptions.find(uow, first.id) is None
    assert store.subscriptions.delete_of_instance(uow, world.instance.id) == 2


def test_an_incident_is_open_until_it_is_resolved_once(uow: UnitOfWork, world: World) -> None:
    incident = world.incident()
    store.incidents.insert(uow, incident)
    assert store.incidents.open_of_instance(uow, world.instance.id) == (incident,)
    assert store.incidents.resolve(uow, incident.id, START + DAY, world.ana.id)
    assert not store.incidents.resolve(uow, incident.id, START, None)
    assert store.incidents.open_of_instance(uow, world.instance.id) == ()
    resolved = replace(incident, state=IncidentState.RESOLVED, resolved_at=START + DAY, resolved_by=world.ana.id)
    assert store.incidents.of_case(uow, world.case.id) == (resolved,)


def test_the_last_twenty_steps_are_kept_and_every_intervention(uow: UnitOfWork, world: World) -> None:
    for version in range(1, 31):
        reason = "terminate" if version == 3 else "step"
        snapshot = Snapshot(fresh(), world.program.id, world.instance.id, version, reason, b"%d" % version, START)
        store.snapshots.insert(uow, snapshot)
    kept = store.snapshots.of_instance(uow, world.instance.id)
    assert [one.version for one in kept] == [*range(30, 10, -1), 3]
    assert kept[0].state_blob == b"30"


def test_a_key_has_one_open_job_and_a_new_one_when_that_is_done(uow: UnitOfWork, world: World) -> None:
    job = world.job("k")
    assert store.jobs.insert(uow, job)
    assert not store.jobs.insert(uow, world.job("k"))
    assert store.jobs.due(uow, START) == (job,)
    assert store.jobs.complete(uow, job.id)
    assert not store.jobs.complete(uow, job.id)
    assert store.jobs.insert(uow, world.job("k"))
    assert store.jobs.prune(uow, START + DAY) == 1


def test_a_job_is_pushed_ahead_and_given_up_in_the_end(uow: UnitOfWork, world: World) -> None:
    job = world.job("k")
    store.jobs.insert(uow, job)
    store.jobs.push_ahead(uow, job.id, START + DAY, 1)
    assert store.jobs.due(uow, START) == ()
    assert store.jobs.next_due_at(uow) == START + DAY
    assert store.jobs.claim(uow, job.id, START + DAY) == replace(job, due_at=START + DAY, attempts=1)
    store.jobs.fail(uow, job.id, 2)
    assert store.jobs.due(uow, START + DAY) == ()
    failed = store.jobs.find(uow, job.id)
    assert failed is not None
    assert (failed.state, failed.attempts) == (JobState.FAILED, 2)


def test_rungs_are_kept_by_task_and_case(uow: UnitOfWork, world: World) -> None:
    task = world.task()
    store.user_tasks.insert_many(uow, [task])
    rungs = [
        Rung(fresh(), world.program.id, world.case.id, task.id, "review", n, "remind", state, START, START)
        for n, state in ((1, RungState.PASSED_OVER), (2, RungState.FIRED))
    ]
    store.rungs.insert_many(uow, rungs)
    assert store.rungs.of_task(uow, task.id) == tuple(rungs)
    assert store.rungs.of_case(uow, world.case.id) == tuple(rungs)
