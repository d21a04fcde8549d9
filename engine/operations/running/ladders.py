"""Deadline rules: a ladder of rungs beside a user task's due date. Each rung once; after downtime only the highest
rung due acts and the lower ones are recorded as passed over; suspended time does not count (DESIGN.md 5)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine import calendars, clock, feel, packs, store
from engine.language import noted
from engine.model.calendars import Calendar, Length
from engine.model.cases import Case
from engine.model.ids import new_id
from engine.model.instances import Rung as RungRow
from engine.model.instances import Timer, UserTask
from engine.model.packs import DeadlineRule, Pack, Rung, RungAct
from engine.model.states import RungState, TimerKind
from engine.operations import live
from engine.store import UnitOfWork

_WORDS = noted({RungAct.REMIND: "Reminder", RungAct.NOTIFY: "Notice", RungAct.START: "Follow-up"})


@dataclass(frozen=True, slots=True)
class Done:
    """What of a task's ladder is behind it."""

    #: number of the highest rung that acted or was passed over; 0: none
    highest: int = 0
    #: numbers of rungs that are not to act, wherever they stand
    waived: frozenset[int] = frozenset()


def arm(case_pack: Pack | None, tasks: Sequence[UserTask], status: str | None = None) -> list[Timer]:
    """The timer of the first rung for each new task that has a due date and a rule, unless the case's status stops its clock."""
    timers = []
    for task in tasks:
        rule = _rule(case_pack, task)
        if rule is not None and not is_paused(case_pack, task, status):
            timers += next_timer(rule, task, Done(), task.created_at)
    return timers


def rearm(uow: UnitOfWork, case: Case, task: UserTask, *, paused: timedelta = timedelta()) -> None:
    """After a due date moved or a rung acted: set the timer of the next rung, if one is left.

    `paused` is for how long the task was suspended just now.
    """
    old = store.timers.of_task(uow, task.id)
    pack = live.pack(uow, case.program_id, case.pack)
    rule = _rule(pack, task)
    fresh = []
    if rule is not None and not is_paused(pack, task, case.status):
        fresh = next_timer(rule, task, done(uow, task), anchor(task, old) + paused)
    store.timers.replace(uow, fresh, [timer.id for timer in old])


def _rule(pack: Pack | None, task: UserTask) -> DeadlineRule | None:
    if pack is None or task.due_at is None:
        return None
    return packs.deadline_rule(pack, task.process_key, task.element_id)


def next_timer(rule: DeadlineRule, task: UserTask, behind: Done, anchored: datetime) -> list[Timer]:
    """The timer of the next rung that is to act; none when no rung is left."""
    upcoming = ahead(rule, task, behind, anchored)
    return [_timer(task, rule, upcoming[0], anchored)] if upcoming else []


def anchor(task: UserTask, timers: Sequence[Timer]) -> datetime:
    """From when a task's time is counted: since its due date was last set, plus the time it was suspended.

    The timer of the next rung carries it on, so that the task needs no column for its pauses.
    """
    return max([task.due_since or task.created_at, *(timer.anchor_at for timer in timers)])


def done(uow: UnitOfWork, task: UserTask) -> Done:
    """What is behind a task of its ladder since its due date was last set."""
    return done_of(task, store.rungs.of_task(uow, task.id))


def done_of(task: UserTask, rows: Sequence[RungRow]) -> Done:
    """As `done`, of rows that were read. A deadline that was waived has no rung ahead, however long its ladder grows."""
    counting = [rung for rung in rows if task.due_since is None or rung.at > task.due_since]
    if any(rung.state is RungState.WAIVED for rung in counting):
        return Done(sys.maxsize)
    waived = frozenset(rung.position for rung in counting if rung.state is RungState.STEP_WAIVED)
    return Done(max((rung.position for rung in counting if rung.state is not RungState.STEP_WAIVED), default=0), waived)


def ahead(rule: DeadlineRule, task: UserTask, behind: Done, anchored: datetime) -> list[tuple[datetime, Rung]]:
    """The rungs above the highest that is done, without those waived, soonest first.

    A rung whose time had passed when the task began (a reminder a day before a due date of today) is none.
    """
    began = task.due_since or task.created_at
    coming = (rung for rung in rule.rungs if rung.number > behind.highest and rung.number not in behind.waived)
    left = [(at(rung, task, anchored, rule.working), rung) for rung in coming]
    return sorted(((moment, r) for moment, r in left if moment > began), key=lambda pair: (pair[0], pair[1].number))


def at(rung: Rung, task: UserTask, anchored: datetime, working: Calendar | None = None) -> datetime:
    """When a rung of a task is due: an offset from its due date, a share of the time from its anchor to then, or after its anchor.

    With a calendar all three are counted in its working time.
    """
    assert task.due_at is not None
    if working is not None:
        try:
            return _working_at(rung, task.due_at, anchored, working)
        except ValueError:
            # Nobody works any more: sooner a reminder on a day off than none for ever.
            return at(rung, task, anchored)
    if rung.after is not None:
        return feel.add(anchored, feel.iso_duration(rung.after))
    if rung.percentage is not None:
        given: timedelta = task.due_at - anchored
        return anchored + given * (rung.percentage / 100)
    return feel.add(task.due_at, feel.iso_duration(rung.offset or "PT0S"))


def _working_at(rung: Rung, due: datetime, anchored: datetime, working: Calendar) -> datetime:
    if rung.after is not None:
        return calendars.add(working, anchored, calendars.read_length(rung.after))
    if rung.percentage is not None:
        given = calendars.between(working, anchored, due) * (rung.percentage / 100)
        return calendars.add(working, anchored, Length(0, int(given.total_seconds())))
    return calendars.add(working, due, calendars.read_length(rung.offset or "PT0S"))


def split(rule: DeadlineRule, task: UserTask, now: datetime, behind: Done, anchored: datetime) -> tuple[list[Rung], Rung | None]:
    """Of the rungs due now: those passed over, and the highest, which acts."""
    due = [rung for moment, rung in ahead(rule, task, behind, anchored) if moment <= now]
    return (due[:-1], due[-1]) if due else ([], None)


def record(task: UserTask, rule: DeadlineRule, rung: Rung, state: RungState, anchored: datetime) -> RungRow:
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
        due_at=at(rung, task, anchored, rule.working),
        at=now,
    )


def waive(uow: UnitOfWork, pack: Pack | None, task: UserTask) -> None:
    """Record every rung that is still ahead of a task as waived."""
    rule = _rule(pack, task)
    if rule is not None:
        anchored = anchor(task, store.timers.of_task(uow, task.id))
        left = ahead(rule, task, done(uow, task), anchored)
        store.rungs.insert_many(uow, [record(task, rule, rung, RungState.WAIVED, anchored) for _, rung in left])


def is_paused(pack: Pack | None, task: UserTask, status: str | None) -> bool:
    """Whether a status of the case stops the clock of a task: the calendar that its due date was worked out by says so."""
    calendar = pack.calendars.get(task.due_calendar or "") if pack is not None else None
    return calendar is not None and status in calendar.pauses


def after_pause(pack: Pack | None, task: UserTask, since: datetime) -> UserTask:
    """A task whose time stood still since a moment: its due date moves by that, in working time by what was open of it."""
    now = clock.now()
    calendar = pack.calendars.get(task.due_calendar or "") if pack is not None else None
    if task.due_at is None:
        return task
    if calendar is None:
        return replace(task, due_at=task.due_at + (now - since))
    try:
        return replace(task, due_at=calendars.given_back(calendar, task.due_at, since, now))
    except ValueError:
        return replace(task, due_at=task.due_at + (now - since))


def _timer(task: UserTask, rule: DeadlineRule, upcoming: tuple[datetime, Rung], anchored: datetime) -> Timer:
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
        calendar=rule.working.key if rule.working else None,
        anchor_at=anchored,
        due_at=moment,
        name=f"{rung.label or _WORDS[rung.act]}: {task.name}",
    )
