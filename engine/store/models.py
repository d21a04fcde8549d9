"""Models: files that somebody works on, kept byte for byte, in a change or in a folder of their own."""

from __future__ import annotations

from dataclasses import replace

from engine.model.deployments import Model
from engine.model.errors import StaleVersion
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Model, tables.models)
_T = tables.models.c


def insert(uow: UnitOfWork, model: Model) -> None:
    """Store a new model. Raises Conflict when its change has a file of that name."""
    _SHAPE.insert(uow, [model])


def get(uow: UnitOfWork, id: str) -> Model:
    """Raises NotFound."""
    return _SHAPE.get(uow, id)


def of_change(uow: UnitOfWork, change_id: str) -> tuple[Model, ...]:
    """The files that a change touches, by name."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.change_id == change_id).order_by(_T.name))


def in_change(uow: UnitOfWork, change_id: str, name: str) -> Model | None:
    """One file of a change, if the change touches it."""
    return _SHAPE.first(uow, _SHAPE.select().where(_T.change_id == change_id, _T.name == name))


def outside_changes(uow: UnitOfWork, program_id: str) -> tuple[Model, ...]:
    """The models that belong to no change, by folder and name."""
    statement = _SHAPE.select().where(_T.program_id == program_id, _T.change_id.is_(None))
    return _SHAPE.all(uow, statement.order_by(_T.folder, _T.name, _T.id))


def save(uow: UnitOfWork, model: Model, revision: int) -> Model:
    """Store a model over its revision; gives it with the next one. Raises StaleVersion when that is not the newest."""
    after = replace(model, revision=revision + 1)
    statement = tables.models.update().where(_T.id == model.id, _T.revision == revision).values(_SHAPE.row(after))
    if uow.changed(statement) == 0:
        raise StaleVersion
    return after


def delete(uow: UnitOfWork, id: str) -> None:
    """Drop a model."""
    uow.execute(tables.models.delete().where(_T.id == id))
