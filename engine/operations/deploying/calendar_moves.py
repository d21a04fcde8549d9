"""Calendars are live: what another pack's calendars do to due dates and timers that were worked out in working time.

A row says length, calendar and anchor, so that its moment can be worked out again from the start. A date that was moved
since by a suspension keeps what it was moved by.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from engine import bpmn, clock, store
from engine.bpmn import working
from engine.model.access import Actor
from engine.model.calendars import Working
from engine.model.instances import Timer, UserTask
from engine.model.packs import Pack
from engine.model.states import InstanceState
from engine.operations.running import turns
from engine.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class TimerMove:
    """One timer of a diagram that comes at another time."""

    timer: Timer
    due_at: datetime
    #: its instance is suspended, so that it fires when that goes on
    suspended: bool = False

    @property
    def at_once(self) -> bool:
        """Whether its new time has passed already, and it fires."""
        return self.due_at <= clock.now() and not self.suspended


def changed(before: Pack, after: Pack) -> list[str]:
    """The keys of the calendars that are not the same in two packs."""
    known = before.calendars.keys() | after.calendars.keys()
    return sorted(key for key in known if before.calendars.get(key) != after.calendars.get(key))


def _again(how: Working, before: Pack, after: Pack) -> tuple[datetime, datetime] | None:
    """When something in working time was due by one pack and is by the other; None where one of them cannot say."""
    old, new = (working.again(how, pack.calendars) for pack in (before, after))
    return None if old is None or new is None else (old, new)


def task_after(task: UserTask, before: Pack, after: Pack) -> UserTask:
    """A task as it is due by the other pack's calendars."""
    both = _again(task.due_working, before, after) if task.due_at is not None and task.due_working is not None else None
    if task.due_at is None or both is None or both[0] == both[1]:
        return task
    return replace(task, due_at=task.due_at + (both[1] - both[0]))


def timers(
    uow: UnitOfWork, program_id: str, before: Pack, after: Pack, *, last: str = "", limit: int = 500
) -> Iterator[tuple[str, TimerMove | None]]:
    """Each timer in working time after an id, and how it moves; None: it stays."""
    found = store.timers.in_working_time(uow, program_id, after.key, after=last, limit=limit)
    known = store.instances.remarkable(uow, {timer.instance_id for timer in found})
    still = {id for id, (since, _) in known.items() if since is not None}
    for timer in found:
        how = Working(timer.rule, timer.calendar or "", timer.anchor_at)
        both = _again(how, before, after)
        # Not by how much: a row that has moved already has another id and may be met again.
        moves = both is not None and both[0] != both[1] != timer.due_at
        yield timer.id, TimerMove(timer, both[1], timer.instance_id in still) if both is not None and moves else None


def move(uow: UnitOfWork, actor: Actor, moved: TimerMove) -> None:
    """Let a timer of a diagram come at its new time, in its instance's state and its row.

    A suspended instance moves no token meanwhile; what has become due fires when it goes on.
    """
    timer = moved.timer
    loaded = turns.load(uow, timer.program_id, timer.instance_id)

    def later(execution: bpmn.Execution) -> None:
        execution.reschedule(timer.token_id or "", moved.due_at)

    if loaded.instance.state is InstanceState.SUSPENDED:
        turns.amend(uow, actor, loaded, later)
        store.timers.update(uow, replace(timer, due_at=moved.due_at))
    else:
        turns.act(uow, actor, loaded, later)
