"""Models: diagrams that somebody draws, kept byte for byte."""

from __future__ import annotations

from engine.model.deployments import Model
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Model, tables.models)


def insert(uow: UnitOfWork, model: Model) -> None:
    """Store a new model."""
    _SHAPE.insert(uow, [model])


def get(uow: UnitOfWork, id: str) -> Model:
    """Raises NotFound."""
    return _SHAPE.get(uow, id)
