"""Walls: a person may not see a case at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, bindparam, select

from engine.model.cases import Wall
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Wall, tables.walls)
_T = tables.walls.c
_STANDING = _SHAPE.select().where(_T.case_id == bindparam("case_id"), _T.cleared_at.is_(None))


def insert(uow: UnitOfWork, wall: Wall) -> None:
    """Store a new wall."""
    _SHAPE.insert(uow, [wall])


def clear(uow: UnitOfWork, id: str, at: datetime) -> bool:
    """Whether it stood until now."""
    return uow.changed(tables.walls.update().where(_T.id == id, _T.cleared_at.is_(None)).values(cleared_at=at)) == 1


def hidden_from(person_id: str | ColumnElement[str]) -> Select[tuple[str]]:
    """The ids of the cases a person may not see, for use inside another query."""
    return select(_T.case_id).where(_T.person_id == person_id, _T.cleared_at.is_(None))


def of_person(uow: UnitOfWork, program_id: str, person_id: str) -> frozenset[str]:
    """The cases a person may not see."""
    return frozenset(uow.execute(hidden_from(person_id).where(_T.program_id == program_id)).scalars())


def is_walled(uow: UnitOfWork, case_id: str, person_id: str) -> bool:
    """Whether a person may not see a case; one statement a case, however many people are asked about."""
    return any(wall.person_id == person_id for wall in _SHAPE.recall(uow, _STANDING, {"case_id": case_id}))


def foresee(uow: UnitOfWork, case_ids: Collection[str]) -> None:
    """Read in one statement who may not see several cases, so that asking for each costs nothing more."""
    standing = _SHAPE.select().where(_T.case_id.in_(sorted(case_ids)), _T.cleared_at.is_(None))
    found = _SHAPE.all(uow, standing) if case_ids else ()
    _SHAPE.foresee(uow, _STANDING, ((id,) for id in case_ids), (((one.case_id,), one) for one in found))


def remember_all(uow: UnitOfWork, case_id: str, standing: Sequence[Wall]) -> None:
    """The walls that stand around a case, read together with other rows: asking for them costs nothing more."""
    _SHAPE.foresee(uow, _STANDING, [(case_id,)], (((case_id,), one) for one in standing))


def of_case(uow: UnitOfWork, case_id: str) -> tuple[Wall, ...]:
    """All walls around a case, cleared ones too, oldest first."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.case_id == case_id).order_by(_T.at, _T.id))
