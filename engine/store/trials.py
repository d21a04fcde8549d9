"""What scenarios gave when the files of a deployment were sent."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.deployments import Trial
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Trial, tables.trials)
_T = tables.trials.c


def keep(uow: UnitOfWork, deployment_id: str, found: Sequence[Trial]) -> None:
    """Store what was found of a deployment, over what was found of it before."""
    uow.execute(tables.trials.delete().where(_T.deployment_id == deployment_id))
    _SHAPE.insert(uow, found)


def of_deployment(uow: UnitOfWork, deployment_id: str) -> tuple[Trial, ...]:
    """What was found of a deployment, by file."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.deployment_id == deployment_id).order_by(_T.name))
