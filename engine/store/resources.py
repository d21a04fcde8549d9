"""Deployed files, byte for byte."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.deployments import Resource
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Resource, tables.resources)
_T = tables.resources.c


def insert_many(uow: UnitOfWork, resources: Sequence[Resource]) -> None:
    """Raises Conflict when a deployment has two files of one name."""
    _SHAPE.insert(uow, resources)


def get(uow: UnitOfWork, id: str) -> Resource:
    """Raises NotFound."""
    return _SHAPE.get(uow, id)


def find(uow: UnitOfWork, id: str) -> Resource | None:
    """The resource with an id."""
    return _SHAPE.find(uow, id)


def of_deployment(uow: UnitOfWork, deployment_id: str, *, kind: str | None = None) -> tuple[Resource, ...]:
    """The files of a deployment by name; `kind` keeps to one of bpmn, dmn, form, pack."""
    statement = _SHAPE.select().where(_T.deployment_id == deployment_id)
    if kind is not None:
        statement = statement.where(_T.kind == kind)
    return _SHAPE.all(uow, statement.order_by(_T.name))
