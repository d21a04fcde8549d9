"""Who once held a case role or did a duty on a case; never deleted."""

from __future__ import annotations

from engine.model.cases import Duty
from engine.store import tables
from engine.store.conflicts import upsert
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Duty, tables.duties)
_T = tables.duties.c


def insert(uow: UnitOfWork, duty: Duty) -> bool:
    """Whether it is new: the same duty of the same person on the same case is kept once, with its first time."""
    return uow.changed(upsert(uow, tables.duties).values(_SHAPE.row(duty)).on_conflict_do_nothing()) == 1


def of_case(uow: UnitOfWork, case_id: str) -> tuple[Duty, ...]:
    """All duties done on a case, oldest first."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.case_id == case_id).order_by(_T.at, _T.id))


def of_person(uow: UnitOfWork, case_id: str, person_id: str) -> frozenset[str]:
    """What a person ever was or did on a case."""
    statement = _SHAPE.select().with_only_columns(_T.duty).where(_T.case_id == case_id, _T.person_id == person_id)
    return frozenset(uow.execute(statement).scalars())
