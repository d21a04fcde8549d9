"""Seals: the heads of a program's chains, sealed into the program's own."""

from __future__ import annotations

from engine.model.trail import Seal
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Seal, tables.seals)
_T = tables.seals.c


def insert(uow: UnitOfWork, seal: Seal) -> None:
    """Raises Conflict when the sequence number is taken."""
    _SHAPE.insert(uow, [seal])


def latest(uow: UnitOfWork, program_id: str) -> Seal | None:
    """The last seal of a program."""
    return _SHAPE.first(uow, _SHAPE.select().where(_T.program_id == program_id).order_by(_T.seq.desc()).limit(1))


def list_(uow: UnitOfWork, program_id: str) -> tuple[Seal, ...]:
    """All seals of a program in order."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.program_id == program_id).order_by(_T.seq))
