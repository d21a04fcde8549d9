"""Programs: every other row belongs to one."""

from __future__ import annotations

from engine.model.people import Program
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Program, tables.programs)
_T = tables.programs.c


def insert(uow: UnitOfWork, program: Program) -> None:
    """Raises Conflict when the key is taken."""
    _SHAPE.insert(uow, [program])


def get(uow: UnitOfWork, id: str) -> Program:
    """Raises NotFound."""
    return _SHAPE.get(uow, id)


def find(uow: UnitOfWork, id: str) -> Program | None:
    """The program with an id."""
    return _SHAPE.find(uow, id)


def get_by_key(uow: UnitOfWork, key: str) -> Program | None:
    """The program with a key."""
    return _SHAPE.first(uow, _SHAPE.select().where(_T.key == key))


def all(uow: UnitOfWork) -> tuple[Program, ...]:
    """All programs, by key."""
    return _SHAPE.all(uow, _SHAPE.select().order_by(_T.key))
