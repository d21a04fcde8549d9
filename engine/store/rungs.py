"""What the rungs of deadline rules did for user tasks; each once."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam

from engine.model.instances import Rung
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Rung, tables.rungs)
_T = tables.rungs.c
_BY_TASK = _SHAPE.select().where(_T.task_id == bindparam("task_id")).order_by(_T.at, _T.position, _T.id)


def insert_many(uow: UnitOfWork, rungs: Sequence[Rung]) -> None:
    """Store what rungs did."""
    _SHAPE.insert(uow, rungs)


def of_task(uow: UnitOfWork, task_id: str) -> tuple[Rung, ...]:
    """The rungs of a task that are done, in order."""
    return _SHAPE.all(uow, _BY_TASK, {"task_id": task_id})


def of_tasks(uow: UnitOfWork, task_ids: Collection[str]) -> tuple[Rung, ...]:
    """The rungs of some tasks that are done, in order."""
    statement = _SHAPE.select().where(_T.task_id.in_(bindparam("ids", expanding=True))).order_by(_T.at, _T.position, _T.id)
    return _SHAPE.all(uow, statement, {"ids": sorted(task_ids)}) if task_ids else ()


def renumber(uow: UnitOfWork, id: str, position: int) -> None:
    """Another place in the ladder for what was done: the ladder itself has changed."""
    uow.execute(tables.rungs.update().where(_T.id == id).values(position=position))


def of_case(uow: UnitOfWork, case_id: str) -> tuple[Rung, ...]:
    """The rungs of all tasks of a case that are done, in order."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.case_id == case_id).order_by(_T.at, _T.position, _T.id))
