"""Migrations of running instances between versions, and each instance's part in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select

from engine.language import say
from engine.model.errors import Conflict
from engine.model.instances import Instance
from engine.model.migration import Migration, MigrationRow
from engine.model.states import InstanceState, MigrationRowState, MigrationState
from engine.store import instances, tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork
from engine.store.walls import hidden_from

_SHAPE = Shape(Migration, tables.migrations)
_ROWS = Shape(MigrationRow, tables.migration_rows)
_M = tables.migrations.c
_R = tables.migration_rows.c
_I = tables.instances.c
_ENDED = (InstanceState.COMPLETED, InstanceState.TERMINATED)
#: instances read at once
_BATCH = 200


def insert(uow: UnitOfWork, migration: Migration) -> None:
    """Store a new migration."""
    _SHAPE.insert(uow, [migration])


def get(uow: UnitOfWork, id: str) -> Migration:
    """Raises NotFound."""
    return _SHAPE.get(uow, id)


def lock(uow: UnitOfWork, id: str) -> Migration:
    """As `get`, and kept from other writers until the end of this unit of work. Raises NotFound."""
    return _SHAPE.lock(uow, id)


def save(uow: UnitOfWork, migration: Migration, before: MigrationState) -> None:
    """Store all fields of a migration. Raises Conflict when it is not in the state `before` any more."""
    statement = tables.migrations.update().where(_M.id == migration.id, _M.state == before).values(_SHAPE.row(migration))
    if uow.changed(statement) == 0:
        raise Conflict(say("This migration was decided or went on meanwhile; look at it again."))


def list_(
    uow: UnitOfWork, program_id: str, *, key: str | None = None, states: Sequence[MigrationState] = (), limit: int = 50
) -> tuple[Migration, ...]:
    """Migrations of a program, the last proposed first; `key` is the process's, no states: all."""
    statement = _SHAPE.select().where(_M.program_id == program_id)
    if key is not None:
        statement = statement.where(_M.key == key)
    if states:
        statement = statement.where(_M.state.in_(tuple(states)))
    return _SHAPE.all(uow, statement.order_by(_M.proposed_at.desc(), _M.id.desc()).limit(limit))


def insert_rows(uow: UnitOfWork, rows: Sequence[MigrationRow]) -> None:
    """Store what a migration is about to bring over."""
    _ROWS.insert(uow, rows)


def lock_row(uow: UnitOfWork, id: str) -> MigrationRow:
    """One row, kept from other writers until the end of this unit of work. Raises NotFound."""
    return _ROWS.lock(uow, id)


def update_row(uow: UnitOfWork, row: MigrationRow) -> None:
    """Raises NotFound."""
    _ROWS.update(uow, row)


def rows(uow: UnitOfWork, migration_id: str, state: MigrationRowState | None = None) -> tuple[MigrationRow, ...]:
    """The rows of a migration in the order they were made."""
    statement = _ROWS.select().where(_R.migration_id == migration_id)
    if state is not None:
        statement = statement.where(_R.state == state)
    return _ROWS.all(uow, statement.order_by(_R.id))


def counts(uow: UnitOfWork, migration_id: str, *, unseen_by: str | None = None) -> dict[MigrationRowState, int]:
    """How many rows of a migration are in which state; none of a case that a person may not see."""
    statement = select(_R.state, func.count()).where(_R.migration_id == migration_id).group_by(_R.state)
    if unseen_by is not None:
        statement = statement.where(_R.case_id.not_in(hidden_from(unseen_by)))
    return {MigrationRowState(state): int(number) for state, number in uow.execute(statement)}


def is_left(uow: UnitOfWork, migration_id: str, state: MigrationRowState) -> bool:
    """Whether a row of a migration is in a state."""
    return uow.execute(select(_R.id).where(_R.migration_id == migration_id, _R.state == state).limit(1)).first() is not None


def set_state(uow: UnitOfWork, migration_id: str, before: MigrationRowState, after: MigrationRowState) -> int:
    """Give all rows in one state another; how many there were."""
    return uow.changed(tables.migration_rows.update().where(_R.migration_id == migration_id, _R.state == before).values(state=after))


def running(uow: UnitOfWork, definition_id: str) -> Iterator[Instance]:
    """Every instance of one version that has not ended, read in portions."""
    last = ""
    while True:
        statement = instances.SHAPE.select().where(_I.definition_id == definition_id, _I.state.not_in(_ENDED), _I.id > last)
        found = instances.SHAPE.all(uow, statement.order_by(_I.id).limit(_BATCH))
        yield from found
        if len(found) < _BATCH:
            return
        last = found[-1].id


def running_ids(uow: UnitOfWork, definition_id: str) -> tuple[tuple[str, str], ...]:
    """Instance and case of every instance of one version that has not ended."""
    statement = select(_I.id, _I.case_id).where(_I.definition_id == definition_id, _I.state.not_in(_ENDED)).order_by(_I.id)
    return tuple((str(row[0]), str(row[1])) for row in uow.execute(statement))
