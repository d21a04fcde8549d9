"""Entries of the case page's panels: their versions; what they say is in records."""

from __future__ import annotations

from engine.model.content import Entry
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Entry, tables.entries)
_T = tables.entries.c


def insert(uow: UnitOfWork, entry: Entry) -> None:
    """Store a version. Raises Conflict when the entry has it already."""
    _SHAPE.insert(uow, (entry,))


def of_case(uow: UnitOfWork, case_id: str) -> tuple[Entry, ...]:
    """Every version of every entry of a case, in the order they were written."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.case_id == case_id).order_by(_T.at, _T.version, _T.id))


def versions(uow: UnitOfWork, entry: str) -> tuple[Entry, ...]:
    """The versions of one entry, the first one first."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.entry == entry).order_by(_T.version))
