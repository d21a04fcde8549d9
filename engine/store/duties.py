"""Who once held a case role or did a duty on a case; never deleted."""

from __future__ import annotations

from collections.abc import Collection
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
_OF_PERSON = _SHAPE.select().where(_T.case_id == bindparam("case_id"), _T.person_id == bindparam("person_id"))


@cache
def _insert(dialect: str) -> Any:
    return upsert(dialect, tables.duties).on_conflict_do_nothing()


def insert(uow: UnitOfWork, duty: Duty) -> bool:
    """Whether it is new: the same duty of the same person on the same case is kept once, with its first time."""
    return uow.changed(_insert(uow.dialect), _SHAPE.row(duty)) == 1


def of_case(uow: UnitOfWork, case_id: str) -> tuple[Duty, ...]:
    """All duties done on a case, oldest first."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.case_id == case_id).order_by(_T.at, _T.id))


def foresee(uow: UnitOfWork, case_ids: Collection[str], person_id: str) -> None:
    """Read in one statement what a person did on several cases, so that asking for each costs nothing more."""
    found = _SHAPE.all(uow, _SHAPE.select().where(_T.case_id.in_(sorted(case_ids)), _T.person_id == person_id)) if case_ids else ()
    questions = [(id, person_id) for id in case_ids]
    _SHAPE.foresee(uow, _OF_PERSON, questions, (((one.case_id, person_id), one) for one in found))


def of_person(uow: UnitOfWork, case_id: str, person_id: str) -> frozenset[str]:
    """What a person ever was or did on a case."""
    found = _SHAPE.recall(uow, _OF_PERSON, {"case_id": case_id, "person_id": person_id})
    return frozenset(duty.duty for duty in found)
