"""Setting another due date for an open task, or none: the ladder of its deadline rule begins anew with it, or is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from engine import clock, store
from engine.language import say
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.errors import FieldError, Invalid
from engine.model.instances import UserTask
from engine.model.states import RungState
from engine.operations import live, trail
from engine.operations.running import ladders
from engine.store import UnitOfWork


def move(
    uow: UnitOfWork, actor: Actor, case: Case, task: UserTask, due: datetime | None, told: Mapping[str, object] | None = None
) -> UserTask:
    """Set a due date. `told`: what else the trail says of it. Raises Invalid for one that does not lie in the future."""
    if due is None or due <= clock.now():
        message = say("Choose a new date that lies in the future.")
        raise Invalid(message, (FieldError("/due", "not-in-future", message),))
    moved = replace(task, due_at=due, due_since=clock.now(), due_rule=None, due_calendar=None, due_anchor_at=None)
    store.user_tasks.update(uow, moved)
    ladders.rearm(uow, case, moved)
    _note(uow, actor, "user_task_due_set", moved, {"before": str(task.due_at), "after": str(due), **(told or {})})
    return moved


def waive(uow: UnitOfWork, actor: Actor, case: Case, task: UserTask, told: Mapping[str, object] | None = None) -> UserTask:
    """Take the due date away: every rung that is left counts as waived."""
    ladders.waive(uow, live.pack(uow, case.program_id, case.pack), task)
    waived = replace(task, due_at=None, due_since=clock.now(), due_rule=None, due_calendar=None, due_anchor_at=None)
    store.user_tasks.update(uow, waived)
    ladders.rearm(uow, case, waived)
    _note(uow, actor, "user_task_deadline_waived", waived, {"before": str(task.due_at), "state": RungState.WAIVED, **(told or {})})
    return waived


def _note(uow: UnitOfWork, actor: Actor, event: str, task: UserTask, details: Mapping[str, object]) -> None:
    trail.note(
        uow,
        actor,
        event,
        case_id=task.case_id,
        instance_id=task.instance_id,
        process_key=task.process_key,
        element_id=task.element_id,
        task_id=task.id,
        details=details,
    )
