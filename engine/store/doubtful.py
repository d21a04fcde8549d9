"""Which cases have to be looked at again because somebody's standing may have changed what can be done on them.

What is certain at a glance is left out: most open tasks have an active holder of their role, and no duty or wall to
weigh. The rest is for who knows the pack. A net under the acts that change people, which look at once.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select

from engine.store import tables, walls
from engine.store.memberships import current_at
from engine.store.task_rows import IS_ABOUT, OPEN
from engine.store.unit_of_work import UnitOfWork

_T = tables.user_tasks.c
_MEMBER, _PARTICIPANT = tables.memberships.c, tables.participants.c
_ACTIVE = (
    select(tables.accounts.c.person_id)
    .join(tables.persons, tables.persons.c.id == tables.accounts.c.person_id)
    .where(tables.accounts.c.deactivated_at.is_(None), tables.persons.c.deactivated_at.is_(None))
    .where(tables.accounts.c.program_id == bindparam("program_id"))
)
_AT = bindparam("at", type_=_MEMBER.from_at.type)


def doubtful_cases(uow: UnitOfWork, program_id: str, at: datetime) -> frozenset[str]:
    """The cases with an open task that, at an instant, perhaps nobody can do or its assignee should not have."""
    return frozenset(uow.execute(_DOUBTFUL, {"program_id": program_id, "at": at}).scalars())


def _held_by(person_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a person holds the task's role in the program or on the case."""
    by_program = and_(_MEMBER.person_id == person_id, _MEMBER.role == _T.role, current_at(_AT))
    by_case = and_(_PARTICIPANT.case_id == _T.case_id, _PARTICIPANT.person_id == person_id)
    still = and_(by_case, _PARTICIPANT.role == _T.role, _PARTICIPANT.to_at.is_(None))
    return or_(exists().where(by_program), exists().where(still))


def _held_by_anyone() -> ColumnElement[bool]:
    """Whether anybody who can sign in holds the task's role in the program or on the case."""
    roles = select(_MEMBER.role).where(_MEMBER.program_id == bindparam("program_id"), current_at(_AT), _MEMBER.person_id.in_(_ACTIVE))
    on_case = exists().where(
        _PARTICIPANT.case_id == _T.case_id,
        _PARTICIPANT.role == _T.role,
        _PARTICIPANT.to_at.is_(None),
        _PARTICIPANT.person_id.in_(_ACTIVE),
    )
    return and_(_T.role.is_not(None), or_(_T.role.in_(roles), on_case))


def _bound_to_someone() -> ColumnElement[bool]:
    """Whether the participant whom the task is bound to takes part and can sign in."""
    return exists().where(_PARTICIPANT.id == _T.participant_id, _PARTICIPANT.to_at.is_(None), _PARTICIPANT.person_id.in_(_ACTIVE))


_WALLED = select(tables.walls.c.case_id).where(tables.walls.c.program_id == bindparam("program_id"), walls.standing())
_SURE = or_(
    and_(_T.assignee_id.is_not(None), _T.assignee_id.in_(_ACTIVE), _held_by(_T.assignee_id)),
    and_(_T.assignee_id.is_(None), _T.participant_id.is_not(None), ~IS_ABOUT, _bound_to_someone()),
    and_(_T.assignee_id.is_(None), or_(_T.participant_id.is_(None), IS_ABOUT), _held_by_anyone()),
)
_DOUBTFUL = (
    select(_T.case_id)
    .where(_T.program_id == bindparam("program_id"), OPEN)
    .where(or_(_T.nobody.is_not(None), _T.duty.is_not(None), _T.case_id.in_(_WALLED), ~_SURE))
    .distinct()
)
