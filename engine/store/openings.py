"""When a case was last opened by whom and in which role."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from engine.model.ids import new_id
from engine.store import tables
from engine.store.conflicts import upsert
from engine.store.unit_of_work import UnitOfWork

_T = tables.openings.c


def remember(uow: UnitOfWork, case_id: str, person_id: str, roles: Collection[str], at: datetime) -> None:
    """The newest opening of a person in each role takes the place of the one before."""
    made = upsert(uow.dialect, tables.openings)
    rows = [{"id": new_id(at), "case_id": case_id, "person_id": person_id, "role": role, "at": at} for role in sorted(roles)]
    uow.execute(made.on_conflict_do_update(index_elements=[_T.case_id, _T.person_id, _T.role], set_={"at": made.excluded.at}), rows)


def last_of(uow: UnitOfWork, case_id: str, person_id: str) -> dict[str, datetime]:
    """When a person last opened a case, by role."""
    statement = select(_T.role, _T.at).where(_T.case_id == case_id, _T.person_id == person_id)
    return {row[0]: row[1] for row in uow.execute(statement)}


def by_role(uow: UnitOfWork, case_id: str) -> dict[str, datetime]:
    """When a case was last opened in each role, by anybody."""
    statement = select(_T.role, func.max(_T.at)).where(_T.case_id == case_id).group_by(_T.role)
    return {row[0]: row[1] for row in uow.execute(statement)}
