"""Handing a task over to somebody who may do it, with a note; and what a task's holder or supervisor sets on it.

The note is free text, so it is kept as reasons are: a sealed record of class C7. Beside its author and those who oversee
such records it is read by who can work the task now, and by nobody once the task is over.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from engine import access, clock, store
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import Conflict, FieldError, Invalid
from engine.model.instances import UserTask
from engine.model.packs import Act
from engine.model.states import UserTaskState
from engine.model.views import HandedOver
from engine.operations import naming, offers, reasons, trail
from engine.operations.people import task_access
from engine.operations.people.task_access import Seen
from engine.operations.running import tasks_of
from engine.store import UnitOfWork

#: how far ahead a follow-up lies at most
FARTHEST = timedelta(days=732)
PRIORITIES = range(101)


def hand_over(uow: UnitOfWork, actor: Actor, task_id: str, person_id: str, note: str = "") -> UserTask:
    """Give a task that is the actor's, or free for them, or theirs to assign, to somebody else who may do it.

    Raises Invalid for somebody who may not, or who has it already; Excluded where a duty or wall stands against them;
    Conflict when it is somebody else's.
    """
    found = _to_give(uow, actor, task_id)
    if person_id == found.task.assignee_id:
        message = say("This person has the task already.")
        raise Invalid(message, (FieldError("/person", "has-it", message),))
    kept = reasons.keep_note(uow, found.actor, found.task, note)
    return tasks_of.give(uow, found.actor, found.case, found.task, person_id, told=kept)


def give_back(uow: UnitOfWork, actor: Actor, task_id: str) -> UserTask:
    """Take a task from whoever has it, back to everybody in its role: one's own, or one that is the actor's to assign.

    Raises Conflict when nobody has it, or when it is somebody else's.
    """
    found = _to_give(uow, actor, task_id)
    if found.task.assignee_id is None:
        raise Conflict(say("Nobody has this task: it waits for everybody in its role."))
    return tasks_of.give(uow, found.actor, found.case, found.task, None)


def takers(uow: UnitOfWork, actor: Actor, task_id: str) -> tuple[tuple[str, str], ...]:
    """To whom the actor can hand a task over: (person id, name). Raises as `hand_over` does."""
    found = _to_give(uow, actor, task_id)
    names = naming.Names(uow, found.actor, found.case, found.subject, found.pack)
    people = offers.candidates(uow, found.case, found.pack, found.task)
    known = ((person.id, names.person(person.id)) for person in people if person.id != found.task.assignee_id)
    return tuple((id, who.label) for id, who in known if who is not None)


def note(uow: UnitOfWork, found: Seen) -> HandedOver | None:
    """The note of the last handing over, for who can work the task now; None where there is none."""
    task = found.task
    if task.state is not UserTaskState.OPEN or not task_access.modes(found):
        return None
    kept = [one for one in store.records.of_case(uow, task.case_id, form=reasons.NOTE) if one.task_id == task.id]
    body = kept[-1].body if kept else None
    if not isinstance(body, dict):
        return None
    names = naming.Names(uow, found.actor, found.case, found.subject, found.pack)
    return HandedOver(str(body.get("note", "")), names.person(kept[-1].author_id), kept[-1].at)


def follow_up(uow: UnitOfWork, actor: Actor, task_id: str, at: datetime | None) -> UserTask:
    """Set when a task is to be looked at again; None: no more. It moves no due date, and everybody who has the task sees it.

    Raises Invalid for a time that is past or too far ahead.
    """
    found = _to_give(uow, actor, task_id)
    now = clock.now()
    if at is not None and not now < at <= now + FARTHEST:
        message = say("Choose a day from tomorrow on, at most two years ahead.")
        raise Invalid(message, (FieldError("/at", "out-of-range", message),))
    return _set(uow, found, replace(found.task, follow_up_at=at), "user_task_follow_up_set")


def prioritise(uow: UnitOfWork, actor: Actor, task_id: str, priority: int) -> UserTask:
    """Set how urgent a task is, from 0 to 100, instead of what its diagram says; for who may assign it."""
    found = task_access.to_change(uow, replace(actor, lent=()), task_id)
    access.require(actor, Act.TASK_ASSIGN, found.subject, found.pack)
    if priority not in PRIORITIES:
        message = say("A priority is a whole number from 0 to 100.")
        raise Invalid(message, (FieldError("/priority", "out-of-range", message),))
    return _set(uow, found, replace(found.task, priority=priority), "user_task_priority_set")


def _to_give(uow: UnitOfWork, actor: Actor, task_id: str) -> Seen:
    """A task that is the actor's own, free for them, or theirs to assign."""
    found = task_access.to_change(uow, actor, task_id)
    # who stands in for somebody works their tasks, and assigns none in their place
    if found.actor.place is None and access.may(found.actor, Act.TASK_ASSIGN, found.subject, found.pack).allowed:
        return found
    taken = found.task.assignee_id not in (None, found.actor.standing_for)
    free = replace(found.subject, assignee_id=None) if taken else found.subject
    access.require(found.actor, Act.TASK_WORK, free, found.pack)
    if taken:
        raise Conflict(say("Somebody else has claimed this task."))
    return found


def _set(uow: UnitOfWork, found: Seen, changed: UserTask, event: str) -> UserTask:
    before = found.task
    if changed == before:
        return before
    store.user_tasks.update(uow, changed)
    trail.note(
        uow,
        found.actor,
        event,
        case_id=before.case_id,
        instance_id=before.instance_id,
        process_key=before.process_key,
        element_id=before.element_id,
        task_id=before.id,
        details=_difference(before, changed),
    )
    return changed


def _difference(before: UserTask, after: UserTask) -> dict[str, object]:
    if before.priority != after.priority:
        return {"before": before.priority, "after": after.priority}
    return {"before": _text(before.follow_up_at), "after": _text(after.follow_up_at)}


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
