"""One act on several tasks: what becomes of each, and why it is refused where it is.

Each task is asked for by itself, so that one that is refused stops no other. Asked in a unit of work that is not
committed, the answer is what would become of them: the page that asks for confirmation shows just that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.language import say
from engine.model.access import Actor
from engine.model.errors import FieldError, Invalid, NotFound, ParleyError, StaleVersion
from engine.model.instances import UserTask
from engine.model.views import TaskLine
from engine.operations import reasons
from engine.operations.people import task_access, walls
from engine.operations.tasks import handing_over, task_lists, user_tasks
from engine.store import UnitOfWork

#: most tasks of one act
MOST = 100
#: stands for a person where tasks go back to everybody in their role; no id is like it
NOBODY = "nobody"


class BatchAct(StrEnum):
    """What is done to each task."""

    CLAIM = "claim"
    RELEASE = "release"
    HAND_OVER = "hand-over"
    FOLLOW_UP = "follow-up"


@dataclass(frozen=True, slots=True)
class Batch:
    """One act on some tasks. `person_id` (or NOBODY) and `note` belong to handing over, `at` to following up (None: no more)."""

    act: BatchAct
    task_ids: tuple[str, ...]
    person_id: str | None = None
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one task. `line` None: the actor may not see it; `refused` None: it is done."""

    task_id: str
    line: TaskLine | None
    refused: str | None = None
    #: the case behind a wall that was asked for; never told, only for writing down who tried
    walled: str | None = None


def act(uow: UnitOfWork, actor: Actor, batch: Batch) -> tuple[Outcome, ...]:
    """Do it to each task in turn. Raises Invalid when nothing or too much is chosen, or when what the act needs is missing."""
    ids = tuple(dict.fromkeys(batch.task_ids))
    if not 0 < len(ids) <= MOST:
        message = say("Choose at least one task.") if not ids else say("Choose at most {most} tasks at once.", most=MOST)
        raise Invalid(message, (FieldError("/tasks", "number", message),))
    if batch.act is BatchAct.HAND_OVER and not batch.person_id:
        message = say("Choose who is to do the tasks.")
        raise Invalid(message, (FieldError("/person", "required", message),))
    reasons.check_note(batch.note)
    done = _verb(batch)
    # one order for everybody, so that two acts on the same tasks never wait for each other
    found = {id: _one(uow, actor, id, done) for id in sorted(ids)}
    return tuple(found[id] for id in ids)


def takers(uow: UnitOfWork, actor: Actor, task_ids: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Everybody to whom at least one of the tasks can be handed over: (person id, name), by name."""
    found: dict[str, str] = {}
    for id in dict.fromkeys(task_ids[:MOST]):
        try:
            found |= dict(handing_over.takers(uow, actor, id))
        except StaleVersion:
            raise
        except ParleyError:
            continue  # the list of what becomes of each says why
    return tuple(sorted(found.items(), key=lambda one: (one[1].casefold(), one[0])))


def can_go_back(uow: UnitOfWork, actor: Actor, task_ids: Sequence[str]) -> bool:
    """Whether at least one of the tasks can go back to everybody in its role; only for units of work that keep nothing."""
    found = act(uow, actor, Batch(BatchAct.HAND_OVER, tuple(task_ids[:MOST]), NOBODY)) if task_ids else ()
    return any(one.refused is None for one in found)


def _verb(batch: Batch) -> Callable[[UnitOfWork, Actor, str], UserTask]:
    match batch.act:
        case BatchAct.CLAIM:
            return user_tasks.claim
        case BatchAct.RELEASE:
            return user_tasks.release
        case BatchAct.HAND_OVER if batch.person_id == NOBODY:
            return handing_over.give_back
        case BatchAct.HAND_OVER:
            return lambda uow, actor, task: handing_over.hand_over(uow, actor, task, batch.person_id or "", batch.note)
        case BatchAct.FOLLOW_UP:
            return lambda uow, actor, task: handing_over.follow_up(uow, actor, task, batch.at)


def _one(uow: UnitOfWork, actor: Actor, task_id: str, done: Callable[[UnitOfWork, Actor, str], UserTask]) -> Outcome:
    line = None
    try:
        # as it is before the act: what one hands over one may not see any more
        line = task_lists.lines(uow, actor, (task_access.seen(uow, actor, task_id).task,))[0]
        done(uow, actor, task_id)
    except StaleVersion:
        raise
    except ParleyError as error:
        walled = error.walled if isinstance(error, NotFound) else None
        if walled is not None:
            walls.met(uow, actor, walled, "task_batch")
        return Outcome(task_id, line, error.message, walled)
    return Outcome(task_id, line)
