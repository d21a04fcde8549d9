"""Loading a user task for an actor: what may be seen of it, and by which right it may be completed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine import access, store
from engine.language import say
from engine.model.access import Actor, Subject
from engine.model.cases import Case
from engine.model.errors import Conflict, Forbidden, TaskNotOpen
from engine.model.forms import Mode
from engine.model.instances import UserTask
from engine.model.packs import Act, Pack
from engine.model.states import UserTaskState
from engine.operations import live, ties
from engine.operations.people import standing_in
from engine.operations.scope import within
from engine.store import UnitOfWork
from engine.store.works import Work


@dataclass(frozen=True, slots=True)
class Seen:
    """A user task with its case, the live pack in the actor's language and the actor's ties to it."""

    task: UserTask
    case: Case
    pack: Pack | None
    subject: Subject
    #: who meets it: the actor as themselves, or in the place of somebody who is away
    actor: Actor
    #: with what else it touches, once it is held against other writers
    work: Work | None = None


def load(uow: UnitOfWork, actor: Actor, task_id: str, *, locked: bool = False) -> Seen:
    """A task of the actor's program, `locked` against other writers; nothing is authorised yet. Raises NotFound."""
    if not locked:
        return of(uow, actor, within(actor.program_id, store.user_tasks.get(uow, task_id)))
    work = store.works.take(uow, task_id)
    return of(uow, actor, within(actor.program_id, work.task), work)


def of(uow: UnitOfWork, actor: Actor, task: UserTask, work: Work | None = None) -> Seen:
    """A task at hand with what decides about it: as oneself, or in somebody's place where only that lets it be worked or seen."""
    case = store.cases.get(uow, task.case_id)
    own = _met(uow, actor, case, task, work)
    if not actor.lent or own.subject.walled or modes(own):
        return own
    others = [_met(uow, one, case, task, work) for one in standing_in.actors(uow, actor, case)]
    able = next((one for one in others if modes(one)), None)
    if able is not None or visible(own):
        return able or own
    return next((one for one in others if visible(one)), own)


def _met(uow: UnitOfWork, actor: Actor, case: Case, task: UserTask, work: Work | None) -> Seen:
    pack = live.spoken(uow, actor, case.pack)
    return Seen(task, case, pack, ties.to_task(ties.to_case(uow, actor, case), task), actor, work)


def seen(uow: UnitOfWork, actor: Actor, task_id: str) -> Seen:
    """A task that the actor may see: one to work on, or of a case they may see. Raises NotFound otherwise."""
    found = load(uow, actor, task_id)
    if not visible(found):
        access.require(found.actor, Act.CASE_VIEW, found.subject, found.pack)
    return found


def to_work(uow: UnitOfWork, actor: Actor, task_id: str) -> Seen:
    """As `to_change`, to be worked by the actor. Raises Conflict when somebody else was quicker to claim it."""
    found = to_change(uow, actor, task_id)
    taken = found.task.assignee_id not in (None, found.actor.standing_for)
    if taken and not modes(found) and modes(_free(found)):
        raise Conflict(say("Somebody else has claimed this task; ask them to release it."))
    return found


def to_change(uow: UnitOfWork, actor: Actor, task_id: str) -> Seen:
    """An open task that the actor may see or could have had, held against other writers. Raises NotFound, TaskNotOpen."""
    found = load(uow, actor, task_id, locked=uow.writes)
    if not visible(found) and not visible(_free(found)):
        access.require(found.actor, Act.CASE_VIEW, found.subject, found.pack)
    if found.task.state is not UserTaskState.OPEN:
        raise TaskNotOpen
    return found


def _free(found: Seen) -> Seen:
    """The task as it was before somebody took it."""
    return replace(found, subject=replace(found.subject, assignee_id=None))


def visible(found: Seen) -> bool:
    """Whether the actor may see a task at all: to work on it, to assign it, or as part of a case they may see."""
    return any(
        access.may(found.actor, act, found.subject, found.pack).allowed
        for act in (Act.TASK_WORK, Act.TASK_COMPLETE_FOR, Act.TASK_ASSIGN, Act.CASE_VIEW)
    )


def modes(found: Seen) -> tuple[Mode, ...]:
    """The ways in which the actor may complete a task: as the one it is for, or on a participant's behalf."""
    ways = []
    if access.may(found.actor, Act.TASK_WORK, found.subject, found.pack).allowed:
        ways.append(Mode.SELF)
    bound = found.task.participant_id is not None and found.task.participant_id not in found.subject.participant_ids
    if bound and access.may(found.actor, Act.TASK_COMPLETE_FOR, found.subject, found.pack).allowed:
        ways.append(Mode.ON_BEHALF)
    return tuple(ways)


def require_mode(found: Seen, mode: Mode) -> None:
    """Refuse unless the actor may complete the task that way; excluded duties say so with their own error."""
    act = Act.TASK_COMPLETE_FOR if mode is Mode.ON_BEHALF else Act.TASK_WORK
    access.require(found.actor, act, found.subject, found.pack)
    if mode not in modes(found):
        raise Forbidden(say("This task is not one that you can complete for somebody else."))
