"""Who once held a case role or did a duty on a case; never deleted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam

from engine.model.cases import Duty
from engine.store import tables
from engine.store.conflicts import upsert
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Duty, tables.duties)
_T = tables.duties.c
_OF_CASE = _SHAPE.select().where(_T.case_id == bindparam("case_id")).order_by(_T.at, _T.id)


@cache
def _insert(dialect: str) -> Any:
    return upsert(dialect, tables.duties).on_conflict_do_nothing()


def insert(uow: UnitOfWork, duty: Duty) -> bool:
    """Whether it is new: the same duty of the same person on the same case is kept once, with its first time."""
    return uow.changed(_insert(uow.dialect), _SHAPE.row(duty)) == 1


def of_case(uow: UnitOfWork, case_id: str) -> tuple[Duty, ...]:
    """All duties done on a case, oldest first."""
    return _SHAPE.recall(uow, _OF_CASE, {"case_id": case_id})


def foresee(uow: UnitOfWork, case_ids: Collection[str]) -> None:
    """Read in one statement what was done on several cases, so that asking for each costs nothing more."""
    found = _SHAPE.all(uow, _SHAPE.select().where(_T.case_id.in_(sorted(case_ids))).order_by(_T.at, _T.id)) if case_ids else ()
    _SHAPE.foresee(uow, _OF_CASE, ((id,) for id in case_ids), (((one.case_id,), one) for one in found))


def remember_all(uow: UnitOfWork, case_id: str, done: Sequence[Duty]) -> None:
    """All duties done on a case, read together with other rows: asking for them costs nothing more."""
    _SHAPE.foresee(uow, _OF_CASE, [(case_id,)], (((case_id,), one) for one in sorted(done, key=lambda one: (one.at, one.id))))


def of_person(uow: UnitOfWork, case_id: str, person_id: str) -> frozenset[str]:
    """What a person ever was or did on a case; one statement a case, however many people are asked about."""
    return frozenset(duty.duty for duty in of_case(uow, case_id) if duty.person_id == person_id)
