"""Whether a notice is still news to somebody who may still know of what it is about, asked right before it leaves the house."""

from __future__ import annotations

from engine import access, store
from engine.model.access import Actor
from engine.model.content import Notice
from engine.model.errors import NotSignedIn
from engine.model.packs import Act
from engine.model.states import UserTaskState
from engine.operations import accounts, live, task_access, ties
from engine.store import UnitOfWork


def holds(uow: UnitOfWork, notice: Notice) -> bool:
    """Not read yet, its task not done, the recipient neither behind a wall nor gone from the case."""
    if notice.read_at is not None or store.walls.is_walled(uow, notice.case_id, notice.recipient_id):
        return False
    task = store.user_tasks.find(uow, notice.task_id) if notice.task_id else None
    if task is not None and task.state is not UserTaskState.OPEN:
        return False
    if any(one.to_at is None for one in store.participants.history_for_person(uow, notice.case_id, notice.recipient_id)):
        return True
    actor = _actor(uow, notice.recipient_id)
    if actor is None:
        return False
    if task is not None:
        return task_access.visible(task_access.of(uow, actor, task))
    case = store.cases.get(uow, notice.case_id)
    return access.may(actor, Act.CASE_VIEW, ties.to_case(uow, actor, case), live.pack(uow, case.program_id, case.pack)).allowed


def _actor(uow: UnitOfWork, person_id: str) -> Actor | None:
    """The recipient with what they hold now; None: they cannot sign in."""
    account = store.accounts.get_by_person(uow, person_id)
    try:
        return accounts.actor_for_account(uow, account.id, account.session_epoch, via="job") if account else None
    except NotSignedIn:
        return None
