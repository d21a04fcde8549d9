"""Deadline rules: a ladder of rungs beside a user task's due date. Each rung once; after downtime only the highest
rung due acts and the lower ones are recorded as passed over; suspended time does not count (DESIGN.md 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from engine import clock, feel, packs, store
from engine.model.cases import Case
from engine.model.ids import new_id
from engine.model.instances import Rung as RungRow
from engine.model.instances import Timer, UserTask
from engine.model.packs import DeadlineRule, Pack, Rung
from engine.model.states import RungState, TimerKind
from engine.operations import live
from engine.store import UnitOfWork


def arm(uow: UnitOfWork, case: Case, tasks: Sequence[UserTask]) -> None:
    """Set the timer of the first rung for each new task that has a due date and a rule."""
    pack = live.pack(uow, case.program_id, case.pack)
    if pack is None:
        return
    timers = []
    for task in tasks:
        rule = packs.deadline_rule(pack, task.process_key, task.element_id)
        if rule is not None and task.due_at is not None:
            upcoming = ahead(rule, task, 0)
            if upcoming:
                timers.append(_timer(task, rule, upcoming[0]))
    if timers:
        store.timers.replace(uow, timers, [])


def rearm(uow: UnitOfWork, case: Case, task: UserTask) -> None:
    """After a due date moved or a rung acted: set the timer of the next rung, if one is left."""
    old = [timer.id for timer in store.timers.of_task(uow, task.id)]
    pack = live.pack(uow, case.program_id, case.pack)
    rule = packs.deadline_rule(pack, task.process_key, task.element_id) if pack else None
    fresh = []
    if rule is not None and task.due_at is not None:
        upcoming = ahead(rule, task, highest_done(uow, task))
        if upcoming:
            fresh.append(_timer(task, rule, upcoming[0]))
    store.timers.replace(uow, fresh, old)


def highest_done(uow: UnitOfWork, task: UserTask) -> int:
    """The number of the highest rung recorded since the task's due date was last set; 0: none."""
    since = task.due_since or task.created_at
    return max((rung.position for rung in store.rungs.of_task(uow, task.id) if rung.at >= since), default=0)


def ahead(rule: DeadlineRule, task: UserTask, highest: int) -> list[tuple[datetime, Rung]]:
    """The rungs above the highest that is done, soonest first.

    A rung whose time had passed when the task began (a reminder a day before a due date of today) is none.
    """
    began = task.due_since or task.created_at
    left = [(at(rung, task), rung) for rung in rule.rungs if rung.number > highest]
    return sorted(((moment, r) for moment, r in left if moment > began), key=lambda pair: (pair[0], pair[1].number))


def at(rung: Rung, task: UserTask) -> datetime:
    """When a rung of a task is due: an offset from its due date or a share of the time it was given."""
    assert task.due_at is not None
    if rung.percentage is not None:
        given: timedelta = task.due_at - task.created_at
        return task.created_at + given * (rung.percentage / 100)
    return feel.add(task.due_at, feel.iso_duration(rung.offset or "PT0S"))


def split(rule: DeadlineRule, task: UserTask, now: datetime, highest: int) -> tuple[list[Rung], Rung | None]:
    """Of the rungs due now: those passed over, and the highest, which acts."""
    due = [rung for moment, rung in ahead(rule, task, highest) if moment <= now]
    return (due[:-1], due[-1]) if due else ([], None)


def record(task: UserTask, rule: DeadlineRule, rung: Rung, state: RungState) -> RungRow:
    """The row that says what became of a rung."""
    now = clock.now()
    return RungRow(
        id=new_id(now),
        program_id=task.program_id,
        case_id=task.case_id,
        task_id=task.id,
        rule=rule.key,
        position=rung.number,
        act=str(rung.act),
        state=state,
        due_at=at(rung, task),
        at=now,
    )


def waive(uow: UnitOfWork, pack: Pack | None, task: UserTask) -> None:
    """Record every rung that is still ahead of a task as waived."""
    rule = packs.deadline_rule(pack, task.process_key, task.element_id) if pack else None
    if rule is not None and task.due_at is not None:
        left = ahead(rule, task, highest_done(uow, task))
        store.rungs.insert_many(uow, [record(task, rule, rung, RungState.WAIVED) for _, rung in left])


def shifted(task: UserTask, by: timedelta) -> UserTask:
    """A task whose due date moved by the time its instance was suspended."""
    return replace(task, due_at=task.due_at + by) if task.due_at else task


def _timer(task: UserTask, rule: DeadlineRule, upcoming: tuple[datetime, Rung]) -> Timer:
    moment, rung = upcoming
    return Timer(
        id=new_id(clock.now()),
        program_id=task.program_id,
        case_id=task.case_id,
        instance_id=task.instance_id,
        kind=TimerKind.RUNG,
        token_id=None,
        task_id=task.id,
        element_id=task.element_id,
        process_key=task.process_key,
        rule=f"{rule.key}/{rung.number}",
        calendar=None,
        anchor_at=task.due_at or task.created_at,
        due_at=moment,
    )
