"""Whether a notice is still news to somebody who may still know of what it is about, asked right before it leaves the house."""

from __future__ import annotations

from engine import access, clock, store
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.content import Notice
from engine.model.errors import NotSignedIn
from engine.model.instances import UserTask
from engine.model.packs import Act
from engine.model.states import UserTaskState
from engine.operations import live, ties
from engine.operations.people import accounts, standing_in, task_access
from engine.store import UnitOfWork


def holds(uow: UnitOfWork, notice: Notice) -> bool:
    """Not read yet, its task not done, the recipient neither behind a wall nor gone from the case."""
    if notice.read_at is not None or store.walls.is_walled(uow, notice.case_id, notice.recipient_id):
        return False
    task = store.user_tasks.find(uow, notice.task_id) if notice.task_id else None
    if task is not None and task.state is not UserTaskState.OPEN:
        return False
    case = store.cases.get(uow, notice.case_id)
    if notice.for_id is not None:
        return _stands_in(uow, notice.recipient_id, notice.for_id, case, task)
    if any(one.to_at is None for one in store.participants.history_for_person(uow, notice.case_id, notice.recipient_id)):
        return True
    actor = _actor(uow, notice.recipient_id)
    if actor is None:
        return False
    return _may_know(uow, actor, case, task)


def stand_ins(uow: UnitOfWork, case: Case, person_id: str, task: UserTask | None) -> tuple[str, ...]:
    """Who is told in somebody's place, because that somebody is away: whoever may see the task, or the case, in that place.

    Nobody behind a wall, nobody whose own duties keep them from it, and nobody who is away too.
    """
    if person_id not in store.absences.who(uow, case.program_id, clock.now()):
        return ()  # nearly always, and a notice may go to many
    rows = store.absences.now(uow, case.program_id, clock.now())
    away = {row.person_id for row in rows}
    return tuple(one for one in sorted({row.stand_in_id for row in rows} - away) if _stands_in(uow, one, person_id, case, task))


def _stands_in(uow: UnitOfWork, person_id: str, absent_id: str, case: Case, task: UserTask | None) -> bool:
    actor = _actor(uow, person_id)
    places = standing_in.actors(uow, actor, case) if actor is not None else ()
    return any(place.on_behalf_of == absent_id and _may_know(uow, place, case, task) for place in places)


def _may_know(uow: UnitOfWork, actor: Actor, case: Case, task: UserTask | None) -> bool:
    if task is not None:
        return task_access.visible(task_access.of(uow, actor, task))
    return access.may(actor, Act.CASE_VIEW, ties.to_case(uow, actor, case), live.pack(uow, case.program_id, case.pack)).allowed


def _actor(uow: UnitOfWork, person_id: str) -> Actor | None:
    """The recipient with what they hold now; None: they cannot sign in."""
    account = store.accounts.get_by_person(uow, person_id)
    try:
        return accounts.actor_for_account(uow, account.id, account.session_epoch, via="job") if account else None
    except NotSignedIn:
        return None
