"""What a procedure may ask of the engine in its own transaction: service tasks with `parley:operation`, notices.

`OPERATIONS` is the whole vocabulary; a diagram that names anything else is refused at publish.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time

from engine import clock, store
from engine.language import say
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.errors import Conflict, FieldError, Invalid, NotFound
from engine.model.execution import Request, Value
from engine.model.instances import Instance, UserTask
from engine.model.states import UserTaskState
from engine.operations import trail
from engine.operations.people import memberships, walls
from engine.operations.running import closing, due_dates, pauses, tasks_of
from engine.operations.scope import within
from engine.operations.telling import notices, surveys
from engine.store import UnitOfWork

Inputs = Mapping[str, Value]
Operation = Callable[[UnitOfWork, Actor, Instance, Case, Inputs], None]


def perform(uow: UnitOfWork, actor: Actor, instance: Instance, case: Case, request: Request) -> None:
    """Do one request; raises Invalid when its inputs make no sense, so that nothing of the act is kept."""
    OPERATIONS[request.operation](uow, actor, instance, case, request.inputs)


def _text(inputs: Inputs, name: str) -> str:
    value = inputs.get(name)
    if not isinstance(value, str) or not value:
        raise Invalid(errors=(FieldError(f"/{name}", "missing", f"The procedure gave no {name}."),))
    return value


def _add_participant(uow: UnitOfWork, actor: Actor, _instance: Instance, case: Case, inputs: Inputs) -> None:
    memberships.join_case(uow, actor, case, _text(inputs, "person"), _text(inputs, "role"))


def _end_participant(uow: UnitOfWork, actor: Actor, _instance: Instance, case: Case, inputs: Inputs) -> None:
    chosen, role = inputs.get("participant"), inputs.get("role")
    for one in store.participants.of_case(uow, case.id):
        if one.id == chosen or (chosen is None and one.role == role):
            memberships.leave_case(uow, actor, case, one)


def _close_case(uow: UnitOfWork, actor: Actor, instance: Instance, case: Case, inputs: Inputs) -> None:
    closing.close(uow, actor, case, instance.id, _text(inputs, "outcome"))


def _set_status(uow: UnitOfWork, actor: Actor, instance: Instance, case: Case, inputs: Inputs) -> None:
    status = _text(inputs, "status")
    before = store.cases.lock(uow, case.id)
    after = replace(before, status=status, status_since=clock.now() if status != before.status else before.status_since)
    store.cases.update(uow, after)
    if status != before.status:
        pauses.status_changed(uow, before, after)
    trail.note(uow, actor, "case_status_set", case_id=case.id, instance_id=instance.id, status=status)


def _subject(uow: UnitOfWork, case: Case, inputs: Inputs) -> UserTask | None:
    """The open task that is meant; None when it ended in the meantime (then there is nothing left to do)."""
    try:
        task = store.user_tasks.lock(uow, _text(inputs, "task"))
    except NotFound:
        return None
    return task if task.case_id == case.id and task.state is UserTaskState.OPEN else None


def _reassign(uow: UnitOfWork, actor: Actor, _instance: Instance, case: Case, inputs: Inputs) -> None:
    task = _subject(uow, case, inputs)
    if task is not None:
        tasks_of.give(uow, actor, case, task, _text(inputs, "person"))


def _set_due(uow: UnitOfWork, actor: Actor, _instance: Instance, case: Case, inputs: Inputs) -> None:
    task = _subject(uow, case, inputs)
    if task is not None:
        due_dates.move(uow, actor, case, task, _instant(inputs.get("due")))


def _waive(uow: UnitOfWork, actor: Actor, _instance: Instance, case: Case, inputs: Inputs) -> None:
    task = _subject(uow, case, inputs)
    if task is not None:
        due_dates.waive(uow, actor, case, task)


def _instant(value: Value) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time(17), tzinfo=clock.now().tzinfo)
    return None


def _send_notice(uow: UnitOfWork, actor: Actor, instance: Instance, case: Case, inputs: Inputs) -> None:
    to = inputs.get("to")
    template = _text(inputs, "template")
    for one in to if isinstance(to, list) else [to]:
        if not isinstance(one, str):
            raise Conflict(say("The procedure named nobody to notify."))
        for person_id in notices.recipients(uow, case, one):
            surveys.invite(uow, case, person_id, template)
            notices.send(uow, actor, case, person_id, template, instance_id=instance.id)


def _add_wall(uow: UnitOfWork, actor: Actor, instance: Instance, case: Case, inputs: Inputs) -> None:
    """Keep a person from the case for good (domain 4.4); what they held of it ends. A second wall changes nothing."""
    person_id, reason = _text(inputs, "person"), _text(inputs, "reason")
    if store.walls.is_walled(uow, case.id, person_id):
        return
    person = within(case.program_id, store.persons.get(uow, person_id))
    walls.build(uow, actor, case, person.id, reason, instance_id=instance.id)


OPERATIONS: Mapping[str, Operation] = {
    "participant.add": _add_participant,
    "participant.end": _end_participant,
    "case.close": _close_case,
    "case.status": _set_status,
    "user-task.reassign": _reassign,
    "user-task.due": _set_due,
    "user-task.waive": _waive,
    "notice.send": _send_notice,
    "wall.add": _add_wall,
}
