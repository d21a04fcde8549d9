"""Milestones that cases reached."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.cases import Milestone
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Milestone, tables.milestones)
_T = tables.milestones.c


def insert_many(uow: UnitOfWork, milestones: Sequence[Milestone]) -> None:
    """Store new milestones."""
    _SHAPE.insert(uow, milestones)


def of_case(uow: UnitOfWork, case_id: str) -> tuple[Milestone, ...]:
    """The milestones of a case in the order it reached them."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.case_id == case_id).order_by(_T.at, _T.id))
