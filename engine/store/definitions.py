"""Process definitions and their versions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, and_, bindparam, func, select, union

from engine.model.deployments import Definition
from engine.model.states import DeploymentState, InstanceState, UserTaskState
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork
from engine.store.walls import hidden_from

_SHAPE = Shape(Definition, tables.definitions)
_T = tables.definitions.c
_LATEST = (
    select(_T.id)
    .where(_T.program_id == bindparam("program_id"), _T.key == bindparam("key"), _T.state == bindparam("state"))
    .order_by(_T.version.desc())
    .limit(1)
)
#: active definitions by id, which never change; ids are unique across databases
_active: dict[str, Definition] = {}
_KEPT = 256
_ENDED = (InstanceState.COMPLETED, InstanceState.TERMINATED)


@dataclass(frozen=True, slots=True)
class RunningCount:
    """How many instances of one version have not ended, and how many of those have an incident."""

    key: str
    version: int
    running: int
    incidents: int


@dataclass(frozen=True, slots=True)
class Numbered:
    """One version of a process, without its content."""

    id: str
    key: str
    version: int
    state: DeploymentState


def insert(uow: UnitOfWork, definition: Definition) -> None:
    """Raises Conflict when the version is taken."""
    _SHAPE.insert(uow, [definition])


def get(uow: UnitOfWork, id: str) -> Definition:
    """Raises NotFound. An active definition never changes, so that this process reads it once."""
    known = _active.get(id)
    if known is None:
        known = _SHAPE.get(uow, id)
        if known.state is DeploymentState.ACTIVE:
            if len(_active) >= _KEPT:
                _active.clear()
            _active[id] = known
    return known


def find(uow: UnitOfWork, id: str) -> Definition | None:
    """The definition with an id."""
    return _SHAPE.find(uow, id)


def latest(uow: UnitOfWork, program_id: str, key: str, state: DeploymentState = DeploymentState.ACTIVE) -> Definition | None:
    """The newest version of a key in a state."""
    newest = uow.execute(_LATEST, {"program_id": program_id, "key": key, "state": state}).scalar()
    return None if newest is None else get(uow, newest)


def get_version(uow: UnitOfWork, program_id: str, key: str, version: int) -> Definition | None:
    """One version of a key."""
    return _SHAPE.first(uow, _of_key(program_id, key).where(_T.version == version))


def list_latest(uow: UnitOfWork, program_id: str, state: DeploymentState | None = DeploymentState.ACTIVE) -> tuple[Definition, ...]:
    """The newest version of every key, by key; `state` None: whatever its state."""
    newest = select(_T.key, func.max(_T.version).label("version")).where(_T.program_id == program_id).group_by(_T.key)
    if state is not None:
        newest = newest.where(_T.state == state)
    found = newest.subquery()
    statement = _SHAPE.select().where(_T.program_id == program_id)
    statement = statement.join(found, and_(found.c.key == _T.key, found.c.version == _T.version))
    return _SHAPE.all(uow, statement.order_by(_T.key))


def versions(uow: UnitOfWork, program_id: str, key: str) -> tuple[Definition, ...]:
    """All versions of a key, newest first."""
    return _SHAPE.all(uow, _of_key(program_id, key).order_by(_T.version.desc()))


def numbers(uow: UnitOfWork, program_id: str, keys: Collection[str]) -> tuple[Numbered, ...]:
    """All versions of some processes, without their content."""
    statement = select(_T.id, _T.key, _T.version, _T.state).where(_T.program_id == program_id, _T.key.in_(sorted(keys)))
    return tuple(Numbered(*row) for row in uow.execute(statement).all())


def titles(uow: UnitOfWork, program_id: str) -> dict[str, str]:
    """What the newest version of each process is called, by key; the key itself where it has no name."""
    statement = select(_T.key, _T.name).where(_T.program_id == program_id).order_by(_T.version)
    return {str(key): str(name or key) for key, name in uow.execute(statement)}


def of_deployment(uow: UnitOfWork, deployment_id: str) -> tuple[Definition, ...]:
    """The definitions that a deployment made, by key."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.deployment_id == deployment_id).order_by(_T.key))


def next_version(uow: UnitOfWork, program_id: str, key: str) -> int:
    """The version after the newest one. Of two that take the same at once, one gets Conflict from `insert`."""
    statement = select(func.max(_T.version)).where(_T.program_id == program_id, _T.key == key)
    return int(uow.execute(statement).scalar() or 0) + 1


def set_state(uow: UnitOfWork, deployment_id: str, state: DeploymentState) -> int:
    """Give all definitions of a deployment a state; how many there are. An active one keeps its state for good."""
    statement = tables.definitions.update().where(_T.deployment_id == deployment_id, _T.state != DeploymentState.ACTIVE)
    return uow.changed(statement.values(state=state))


def running_counts(uow: UnitOfWork, program_id: str, *, unseen_by: str | None = None) -> tuple[RunningCount, ...]:
    """Instances that have not ended, by key and version; none of a case that a person may not see."""
    instance = tables.instances.c
    statement = (
        select(instance.key, instance.definition_version, instance.state, func.count())
        .where(instance.program_id == program_id, instance.state.not_in(_ENDED))
        .group_by(instance.key, instance.definition_version, instance.state)
    )
    if unseen_by is not None:
        statement = statement.where(instance.case_id.not_in(hidden_from(unseen_by)))
    counts: dict[tuple[str, int], list[int]] = {}
    for key, version, state, number in uow.execute(statement):
        count = counts.setdefault((key, version), [0, 0])
        count[0] += number
        count[1] += number if state is InstanceState.INCIDENT else 0
    return tuple(RunningCount(key, version, *count) for (key, version), count in sorted(counts.items()))


def called_counts(uow: UnitOfWork, program_id: str, *, unseen_by: str | None = None) -> tuple[tuple[str, str, int], ...]:
    """For processes that run as part of another: key, definition of the instance they are part of, how many wait in them."""
    instance = tables.instances.c
    waits = union(
        select(tables.user_tasks.c.process_key, tables.user_tasks.c.instance_id).where(tables.user_tasks.c.state == UserTaskState.OPEN),
        select(tables.timers.c.process_key, tables.timers.c.instance_id),
        select(tables.subscriptions.c.process_key, tables.subscriptions.c.instance_id),
    ).subquery()
    statement = (
        select(waits.c.process_key, instance.definition_id, func.count())
        .join(tables.instances, instance.id == waits.c.instance_id)
        .where(instance.program_id == program_id, instance.state.not_in(_ENDED), instance.key != waits.c.process_key)
        .group_by(waits.c.process_key, instance.definition_id)
    )
    if unseen_by is not None:
        statement = statement.where(instance.case_id.not_in(hidden_from(unseen_by)))
    return tuple((key, definition, number) for key, definition, number in uow.execute(statement))


def _of_key(program_id: str, key: str) -> Select[tuple[object, ...]]:
    return _SHAPE.select().where(_T.program_id == program_id, _T.key == key)
