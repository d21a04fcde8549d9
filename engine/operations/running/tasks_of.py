"""Giving a user task to a person: the checks and the record of it, for acts of people and of procedures alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine import store
from engine.language import say
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.errors import Excluded, FieldError, Invalid
from engine.model.instances import UserTask
from engine.operations import live, offers, reasons, trail
from engine.store import UnitOfWork


def give(
    uow: UnitOfWork,
    actor: Actor,
    case: Case,
    task: UserTask,
    person_id: str | None,
    reason: str = "",
    *,
    told: Mapping[str, object] | None = None,
) -> UserTask:
    """Assign a task to somebody who could do it, or to nobody (None). `told`: what else the trail says of it.

    Raises Excluded when a duty or wall stands against that person, Invalid when the role does.
    """
    pack = live.pack(uow, case.program_id, case.pack)
    if person_id is not None and pack is not None:
        fitting = {person.id for person in offers.candidates(uow, case, pack, task)}
        if person_id not in fitting:
            _refuse(uow, case, task, person_id)
    given = replace(task, assignee_id=person_id)
    given = replace(given, nobody=offers.why_nobody(uow, case, pack, given))
    store.user_tasks.update(uow, given)
    trail.note(
        uow,
        actor,
        "user_task_assigned",
        case_id=task.case_id,
        instance_id=task.instance_id,
        process_key=task.process_key,
        element_id=task.element_id,
        task_id=task.id,
        details={
            "before": task.assignee_id,
            "after": person_id,
            **reasons.keep(uow, actor, task.case_id, task.instance_id, "user_task_assigned", reason),
            **(told or {}),
        },
    )
    return given


def _refuse(uow: UnitOfWork, case: Case, task: UserTask, person_id: str) -> None:
    ever = store.duties.of_person(uow, case.id, person_id)
    if task.duty and ever:
        raise Excluded(say("That person holds another duty on this case that excludes this one."))
    if store.walls.is_walled(uow, case.id, person_id):
        raise Excluded(say("This person is walled off from the case."))
    message = say("This task is not for a role that this person has on this case. Choose somebody who is offered for it.")
    raise Invalid(message, (FieldError("/person", "not-eligible", message),))
