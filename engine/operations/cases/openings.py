"""Who opens a case, and what its participants are told of that: roles and days, never a name.

Nothing is told of a role that works on something discreet there, unless people hold it on the case: that it looked would
say what it looked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from engine import clock, store
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.packs import Pack
from engine.model.states import UserTaskState
from engine.operations import live, ties
from engine.operations.scope import within
from engine.store import UnitOfWork

#: an opening within this time of the one before is not written down again
APART = timedelta(hours=12)


def roles_to_note(uow: UnitOfWork, actor: Actor, case_id: str) -> frozenset[str]:
    """The staff's roles in which the actor opens a case they may see, as far as that is not written down yet."""
    case = within(actor.program_id, store.cases.get(uow, case_id))
    pack = live.pack(uow, case.program_id, case.pack)
    if pack is None:
        return frozenset()
    subject = ties.to_case(uow, actor, case)
    held = _staff(pack, subject.case_roles) if subject.case_roles else _staff(pack, actor.roles)
    lately = store.openings.last_of(uow, case_id, actor.person_id)
    return frozenset(role for role in held if role not in lately or lately[role] <= clock.now() - APART)


def note(uow: UnitOfWork, actor: Actor, case_id: str, roles: frozenset[str]) -> None:
    """Write down that the actor opened a case in these roles."""
    store.openings.remember(uow, case_id, actor.person_id, roles, clock.now())


def told(uow: UnitOfWork, case: Case, pack: Pack | None) -> tuple[tuple[str, datetime], ...]:
    """What participants are told: (label of the role, when it last opened or worked on the case), newest first."""
    if pack is None:
        return ()
    tasks = store.user_tasks.of_case(uow, case.id)
    on_case = {row.role for row in store.participants.of_case(uow, case.id, include_ended=True)}
    kept_back = {task.role for task in tasks if task.discreet} - on_case
    found = store.openings.by_role(uow, case.id)
    for task in tasks:
        if task.state is UserTaskState.COMPLETED and task.role and task.ended_at and not task.discreet and task.participant_id is None:
            found[task.role] = max(found.get(task.role, task.ended_at), task.ended_at)
    shown = {role: at for role, at in found.items() if role in _staff(pack, found.keys()) - kept_back}
    return tuple((pack.roles[role].label, at) for role, at in sorted(shown.items(), key=lambda one: one[1], reverse=True))


def _staff(pack: Pack, roles: Iterable[str]) -> frozenset[str]:
    return frozenset(role for role in roles if role in pack.roles and pack.roles[role].staff)
