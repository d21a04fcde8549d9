"""Giving many tasks to somebody at once, for whoever assigns tasks: each by itself, so that one that is refused stops no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.language import say
from engine.model.access import Actor
from engine.model.errors import FieldError, Invalid, ParleyError, StaleVersion
from engine.model.interventions import ActKind, Wanted
from engine.model.views import TaskLine
from engine.operations.people import task_access
from engine.operations.supervision import acts
from engine.operations.tasks import task_lists, user_tasks
from engine.store import UnitOfWork

#: most cases, and most tasks, at once
MOST = 100


@dataclass(frozen=True, slots=True)
class Given:
    """What became of one task; `refused` None: it is done."""

    task_id: str
    line: TaskLine | None
    refused: str | None = None


def open_tasks(uow: UnitOfWork, actor: Actor, case_ids: Sequence[str]) -> tuple[TaskLine, ...]:
    """The open tasks of some cases that the actor may assign. Cases that they may not see are passed over."""
    found: list[TaskLine] = []
    for case_id in dict.fromkeys(case_ids[:MOST]):
        try:
            found += acts.assignable(uow, actor, case_id)
        except StaleVersion:
            raise
        except ParleyError:
            continue
    return tuple(found[:MOST])


def people(uow: UnitOfWork, actor: Actor, task_ids: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Everybody to whom at least one of the tasks can be given: (person id, name), by name."""
    found: dict[str, str] = {}
    for id in dict.fromkeys(task_ids[:MOST]):
        try:
            found |= dict(user_tasks.assignable(uow, actor, id))
        except StaleVersion:
            raise
        except ParleyError:
            continue  # what becomes of each task says why
    return tuple(sorted(found.items(), key=lambda one: (one[1].casefold(), one[0])))


def give(
    uow: UnitOfWork, actor: Actor, task_ids: Sequence[str], person_id: str | None, reason: str, *, preview: bool = False
) -> tuple[Given, ...]:
    """Give each task to somebody (None: to everybody in its role). Forbidden pairs and walls hold for each.

    Raises Invalid when nothing or too much is chosen, or without a reason, which a `preview` does not need.
    """
    ids = tuple(dict.fromkeys(task_ids))
    if not 0 < len(ids) <= MOST:
        message = say("Choose at least one task.") if not ids else say("Choose at most {most} tasks at once.", most=MOST)
        raise Invalid(message, (FieldError("/task", "number", message),))
    if not reason.strip() and not preview:
        message = say("Write a reason; it is kept with the case.")
        raise Invalid(message, (FieldError("/reason", "missing", message),))
    # one order for everybody, so that two acts on the same tasks never wait for each other
    found = {id: _one(uow, actor, id, person_id, reason, preview) for id in sorted(ids)}
    return tuple(found[id] for id in ids)


def _one(uow: UnitOfWork, actor: Actor, task_id: str, person_id: str | None, reason: str, preview: bool) -> Given:
    line = None
    try:
        task = task_access.seen(uow, actor, task_id).task
        line = task_lists.lines(uow, actor, (task,))[0]
        wanted = Wanted(ActKind.ASSIGN, task.case_id, reason, task_id=task.id, person_id=person_id)
        acts.act(uow, actor, wanted, preview=preview)
    except StaleVersion:
        raise
    except ParleyError as error:
        return Given(task_id, line, error.message)
    return Given(task_id, line)
