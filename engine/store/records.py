"""Records: class-labelled content, through the sealing door."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from engine.model.content import Record
from engine.model.errors import NotFound
from engine.store import tables
from engine.store.sealing import SealedShape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = SealedShape(Record, tables.records, "body")
_T = tables.records.c


def insert_many(uow: UnitOfWork, records: Sequence[Record]) -> None:
    """Store new records."""
    _SHAPE.insert(uow, records)


def get(uow: UnitOfWork, id: str) -> Record:
    """Raises NotFound."""
    found = _SHAPE.first(uow, _SHAPE.select().where(_T.id == id))
    if found is None:
        raise NotFound
    return found


def of_case(uow: UnitOfWork, case_id: str, *, classes: Collection[str] | None = None, form: str | None = None) -> tuple[Record, ...]:
    """The records of a case, oldest first; `classes` None: of every class."""
    statement = _SHAPE.select().where(_T.case_id == case_id)
    if classes is not None:
        statement = statement.where(_T.cls.in_(sorted(classes)))
    if form is not None:
        statement = statement.where(_T.form == form)
    return _SHAPE.all(uow, statement.order_by(_T.at, _T.id))


def of_task(uow: UnitOfWork, task_id: str) -> tuple[Record, ...]:
    """The records that the completion of a task made."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.task_id == task_id).order_by(_T.id))
