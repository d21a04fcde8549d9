"""Earlier states of instances: the last 20 steps, and those before interventions for good."""

from __future__ import annotations

from functools import cache
from typing import Any

from engine.model.instances import Snapshot
from engine.store import tables
from engine.store.conflicts import upsert
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

#: the reason of a snapshot that later ones push out
STEP = "step"
#: steps kept of an instance
KEPT = 20


def _slot(snapshot: Snapshot) -> int | None:
    return snapshot.version % KEPT if snapshot.reason == STEP else None


_SHAPE = Shape(Snapshot, tables.snapshots, computed={"slot": _slot})
_T = tables.snapshots.c


@cache
def _insert(dialect: str) -> Any:
    statement = upsert(dialect, tables.snapshots)
    kept = {column.name: statement.excluded[column.name] for column in _T if column.name not in ("instance_id", "slot")}
    return statement.on_conflict_do_update(index_elements=[_T.instance_id, _T.slot], set_=kept)


def insert(uow: UnitOfWork, snapshot: Snapshot) -> None:
    """Keep a state. A step's takes the place of the step 20 versions before, in the same statement."""
    uow.execute(_insert(uow.dialect), _SHAPE.row(snapshot))


def of_instance(uow: UnitOfWork, instance_id: str) -> tuple[Snapshot, ...]:
    """The kept states of an instance, newest version first."""
    statement = _SHAPE.select().where(_T.instance_id == instance_id)
    return _SHAPE.all(uow, statement.order_by(_T.version.desc(), _T.id.desc()))


def get(uow: UnitOfWork, id: str) -> Snapshot:
    """Raises NotFound."""
    return _SHAPE.get(uow, id)
