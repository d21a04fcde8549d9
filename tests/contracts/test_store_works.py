"""A task at hand and what goes with it: read and written in few statements, the same on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import store
from engine.model.cases import Duty, Wall
from engine.model.content import Draft
from engine.model.errors import NotFound
from engine.model.states import InstanceState, TimerKind, UserTaskState
from engine.store import UnitOfWork, count_statements
from tests.contracts.cast import DAY, START, World, fresh


def test_a_task_is_taken_with_its_instance_and_case(uow: UnitOfWork, world: World) -> None:
    task = world.task()
    store.user_tasks.insert_many(uow, [task])
    work = store.works.take(uow, task.id)
    assert (work.task, work.instance, work.case) == (task, world.instance, world.case)
    assert (work.has_draft, work.has_timer, work.has_followers, work.is_troubled) == (False, False, False, False)
    with pytest.raises(NotFound):
        store.works.take(uow, "nobody's")


def test_a_taken_task_tells_what_else_there_is_about_it(uow: UnitOfWork, world: World) -> None:
    task, other = world.task(), world.task()
    store.user_tasks.insert_many(uow, [task, other])
    store.drafts.put(uow, Draft(task.id, world.program.id, world.case.id, world.ana.id, {}, START, 1))
    store.timers.replace(uow, [world.timer(kind=TimerKind.RUNG, task_id=task.id, token_id=None)], [])
    follower = world.new_instance(subject_task_id=task.id)
    store.instances.insert(uow, follower)
    incident = world.incident()
    store.incidents.insert(uow, incident)
    work = store.works.take(uow, task.id)
    assert (work.has_draft, work.has_timer, work.has_followers, work.is_troubled) == (True, True, True, True)
    store.incidents.resolve(uow, incident.id, START, None)
    store.instances.save(uow, replace(follower, state=InstanceState.COMPLETED, version=2), 1)
    work = store.works.take(uow, task.id)
    assert (work.has_followers, work.is_troubled) == (False, False)
    work = store.works.take(uow, other.id)
    assert (work.has_draft, work.has_timer, work.has_followers) == (False, False, False)


def test_what_a_taken_task_came_with_is_not_read_again(database: store.Store, uow: UnitOfWork, world: World) -> None:
    task = world.task()
    store.user_tasks.insert_many(uow, [task])
    store.works.take(uow, task.id)
    with count_statements(database) as seen:
        assert store.cases.get(uow, world.case.id) == world.case
        assert store.instances.get(uow, world.instance.id) == world.instance
    assert seen.count == 0


def test_ended_and_new_tasks_are_stored_together_and_a_task_ends_once(database: store.Store, uow: UnitOfWork, world: World) -> None:
    task, new = world.task(assignee_id=world.ana.id, nobody="nobody"), world.task(name="Next")
    store.user_tasks.insert_many(uow, [task])
    done = replace(task, state=UserTaskState.COMPLETED, ended_at=START, completed_by=world.ana.id, nobody=None)
    with count_statements(database) as seen:
        store.works.settle(uow, [done], [new])
        store.works.settle(uow, [], [])
    assert seen.count == 1
    assert store.user_tasks.get(uow, task.id) == done
    assert store.user_tasks.get(uow, new.id) == new
    store.works.settle(uow, [replace(done, completed_by=world.ben.id)], [])
    assert store.user_tasks.get(uow, task.id) == done


def test_the_open_tasks_of_tokens_are_cancelled_together(uow: UnitOfWork, world: World) -> None:
    tasks = [world.task(), world.task(), world.task(nobody="nobody")]
    store.user_tasks.insert_many(uow, tasks)
    tokens = [tasks[0].token_id, tasks[2].token_id, "other"]
    assert set(store.works.cancel(uow, world.instance.id, tokens, START)) == {tasks[0].id, tasks[2].id}
    assert store.works.cancel(uow, world.instance.id, tokens, START) == ()
    assert store.works.cancel(uow, world.instance.id, [], START) == ()
    assert store.user_tasks.open_of_instance(uow, world.instance.id) == (tasks[1],)
    assert store.user_tasks.open_of_case(uow, world.case.id) == (tasks[1],)
    cancelled = store.user_tasks.of_case(uow, world.case.id, state=UserTaskState.CANCELLED)
    assert [(task.ended_at, task.nobody) for task in cancelled] == [(START, None)] * 2


def test_everything_that_decides_about_a_case_is_one_statement(database: store.Store, uow: UnitOfWork, world: World) -> None:
    _furnish(uow, world)
    case_id, ana = world.case.id, world.ana.id
    expected = _asked(uow, world)
    uow.read_before.clear()
    with count_statements(database) as seen:
        store.case_ties.foresee(uow, world.program.id, case_id, ana)
        assert _asked(uow, world) == expected
        store.case_ties.foresee(uow, world.program.id, case_id, ana)
    assert seen.count == 1
    assert [one.role for one in expected[0]] == ["clerk", "clerk", "reader"]  # type: ignore[attr-defined]
    assert expected[3] == {("clerk", "C2"), ("", "")}
    assert expected[4] == {world.ana.id}


def test_what_was_foreseen_of_a_case_is_read_anew_after_it_changed(uow: UnitOfWork, world: World) -> None:
    store.case_ties.foresee(uow, world.program.id, world.case.id, world.ana.id)
    _furnish(uow, world)
    assert len(store.participants.of_case(uow, world.case.id)) == 2
    assert store.walls.is_walled(uow, world.case.id, world.cleo.id)
    assert store.duties.of_person(uow, world.case.id, world.ben.id) == {"check"}
    assert store.persons.able(uow, {world.ana.id, world.ben.id}) == {world.ana.id}


def _furnish(uow: UnitOfWork, world: World) -> None:
    """Ana and Ben lend, Cleo reads no more and is walled off, Ben checked once; three tasks are open."""
    store.accounts.insert(uow, world.account(world.ana, "ana"))
    store.accounts.insert(uow, world.account(world.ben, "ben", deactivated_at=START))
    store.participants.insert(uow, world.participant(world.ana, "clerk"))
    store.participants.insert(uow, world.participant(world.ben, "clerk", position=2))
    store.participants.insert(uow, world.participant(world.cleo, "reader", to_at=START + DAY))
    store.duties.insert(uow, Duty(fresh(), world.program.id, world.case.id, world.ben.id, "check", START))
    store.walls.insert(uow, Wall(fresh(), world.program.id, world.case.id, world.cleo.id, "kin", START))
    store.walls.insert(uow, Wall(fresh(), world.program.id, world.case.id, world.ana.id, "kin", START, START))
    tasks = [
        world.task(shows="C2"),
        world.task(assignee_id=world.ana.id, role=None),
        world.task(assignee_id=world.ben.id),
        world.task(role="other"),
    ]
    store.user_tasks.insert_many(uow, tasks)


def _asked(uow: UnitOfWork, world: World) -> tuple[object, ...]:
    case_id, ana = world.case.id, world.ana.id
    return (
        store.participants.of_case(uow, case_id, include_ended=True),
        store.duties.of_case(uow, case_id),
        [store.walls.is_walled(uow, case_id, person.id) for person in (world.ana, world.ben, world.cleo)],
        store.user_tasks.open_shown(uow, case_id, ana, {"clerk"}),
        store.persons.able(uow, {world.ana.id, world.ben.id, world.cleo.id}),
    )


def test_holders_of_several_roles_are_those_who_can_sign_in(uow: UnitOfWork, world: World) -> None:
    store.accounts.insert(uow, world.account(world.ana, "ana"))
    store.accounts.insert(uow, world.account(world.ben, "ben", deactivated_at=START))
    for person in (world.ana, world.ben, world.cleo):
        store.memberships.insert(uow, world.membership(person, "clerk"))
    store.memberships.insert(uow, world.membership(world.ana, "keeper"))
    store.memberships.insert(uow, world.membership(world.ana, "once", to_at=START))
    holders = store.memberships.holder_ids
    assert holders(uow, world.program.id, ["clerk"], START) == {"clerk": (world.ana.id,)}
    found = holders(uow, world.program.id, ["clerk", "keeper", "once", "none"], START)
    assert found == {"clerk": (world.ana.id,), "keeper": (world.ana.id,)}
    assert holders(uow, world.program.id, [], START) == {}


def test_timers_and_subscriptions_go_with_their_tokens(uow: UnitOfWork, world: World) -> None:
    kept, gone, rung = world.timer(), world.timer(), world.timer(kind=TimerKind.RUNG, token_id=None, task_id="t-1")
    store.timers.replace(uow, [kept, gone, rung], [])
    store.timers.drop(uow, "another instance", [kept.token_id or ""], [])
    store.timers.drop(uow, world.instance.id, [gone.token_id or ""], ["t-1"])
    assert store.timers.of_instance(uow, world.instance.id) == (kept,)
    stays, goes = world.subscription(), world.subscription()
    store.subscriptions.replace(uow, [stays, goes], [])
    store.subscriptions.drop(uow, world.instance.id, [goes.token_id])
    store.subscriptions.drop(uow, world.instance.id, [])
    assert store.subscriptions.of_instance(uow, world.instance.id) == (stays,)


def test_messages_that_lie_there_are_found_together(database: store.Store, uow: UnitOfWork, world: World) -> None:
    store.inbox_messages.insert(uow, world.message())
    store.inbox_messages.insert(uow, world.message(correlation="late", expires_at=START))
    awaited = {("returned", "c-1"), ("returned", "late"), ("returned", "c-2"), ("lent", "c-1")}
    assert store.inbox_messages.meet_all(uow, world.program.id, awaited, START) == {("returned", "c-1")}
    with count_statements(database) as seen:
        assert store.inbox_messages.meet_all(uow, world.program.id, set(), START) == frozenset()
    assert seen.count == 0
