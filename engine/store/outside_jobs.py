"""Outside work of service tasks: what can be taken, by whom it is held, how it ended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, and_, bindparam, literal_column, or_, select

from engine.model.errors import NotFound
from engine.model.lists import Page
from engine.model.outside import OutsideJob, OutsideState
from engine.store import pages, tables
from engine.store.sealing import SealedShape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = SealedShape(OutsideJob, tables.outside_jobs, "body")
_T = tables.outside_jobs.c
_INSTANCES = tables.instances.c
#: said literally, so that the databases see that the partial index fits
_AVAILABLE = _T.state == literal_column("'available'")
_OPEN = _T.state.in_((OutsideState.AVAILABLE, OutsideState.FAILED))
_OPEN_OF_INSTANCE = _SHAPE.select().where(_T.instance_id == bindparam("instance_id"), _OPEN).order_by(_T.created_at, _T.id)
_BY_ID = _SHAPE.select().where(_T.id == bindparam("id"))
_UPDATE = tables.outside_jobs.update().where(_T.id == bindparam("which"))
_ORDER: list[pages.Column] = [(_T.created_at, True), (_T.id, True)]
#: jobs of suspended instances wait with them
_SUSPENDED = select(_INSTANCES.id).where(_INSTANCES.id == _T.instance_id, _INSTANCES.state == "suspended").exists()


def insert_many(uow: UnitOfWork, jobs: Sequence[OutsideJob]) -> None:
    """Store new jobs. Raises Conflict when a token has one."""
    _SHAPE.insert(uow, jobs)


def update(uow: UnitOfWork, job: OutsideJob) -> None:
    """Store all fields of a job over its row. Raises NotFound."""
    row = _SHAPE.row(job)
    if uow.changed(_UPDATE, {**row, "which": job.id}) == 0:
        raise NotFound


def find(uow: UnitOfWork, id: str) -> OutsideJob | None:
    """The job with an id."""
    return _SHAPE.first(uow, _BY_ID, {"id": id})


def lock(uow: UnitOfWork, id: str) -> OutsideJob | None:
    """As `find`, and kept from other writers until the end of this unit of work."""
    return _SHAPE.first(uow, _BY_ID.with_for_update(), {"id": id})


def open_of_instance(uow: UnitOfWork, instance_id: str) -> tuple[OutsideJob, ...]:
    """The jobs of an instance that are available or wait for a retry, oldest first."""
    return _SHAPE.all(uow, _OPEN_OF_INSTANCE, {"instance_id": instance_id})


def to_take(
    uow: UnitOfWork,
    types: Collection[str],
    now: datetime,
    limit: int,
    *,
    program_id: str | None = None,
    packs: Collection[str] | None = None,
    not_case_ids: Collection[str] = (),
) -> tuple[OutsideJob, ...]:
    """Jobs of some types that can be taken now, the longest due first, held until the unit of work ends.

    `program_id` None: of every program; `packs` None: of every pack and of none; jobs of suspended instances wait.
    """
    statement = _SHAPE.select().where(_AVAILABLE, _T.type.in_(sorted(types)), _T.due_at <= now, ~_SUSPENDED)
    if program_id is not None:
        statement = statement.where(_T.program_id == program_id)
    if packs is not None:
        statement = statement.where(_T.pack.in_(sorted(packs)))
    if not_case_ids:
        statement = statement.where(_T.case_id.not_in(sorted(not_case_ids)))
    return _SHAPE.all(uow, _held(uow, statement.order_by(_T.due_at, _T.id).limit(limit)))


def _held(uow: UnitOfWork, statement: Select[tuple[object, ...]]) -> Select[tuple[object, ...]]:
    return statement.with_for_update(of=tables.outside_jobs, skip_locked=True) if uow.writes else statement


def next_due_at(uow: UnitOfWork, types: Collection[str]) -> datetime | None:
    """When the next job of some types can be taken; None: never."""
    statement = select(_T.due_at).where(_AVAILABLE, _T.type.in_(sorted(types)), ~_SUSPENDED).order_by(_T.due_at).limit(1)
    found = uow.execute(statement).scalar()
    assert found is None or isinstance(found, datetime)
    return found


def list_(
    uow: UnitOfWork,
    program_id: str,
    *,
    packs: Collection[str] | None = None,
    not_case_ids: Collection[str] = (),
    state: OutsideState | None = None,
    held: bool | None = None,
    now: datetime | None = None,
    type: str | None = None,
    instance_id: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[OutsideJob]:
    """Jobs, newest first; with `held` only those that a worker holds at `now`, or that nobody does. Raises BadRequest for a bad cursor."""
    statement = _SHAPE.select().where(_T.program_id == program_id)
    wanted = {"state": state, "type": type, "instance_id": instance_id}
    given = [_T[name] == value for name, value in wanted.items() if value is not None]
    if packs is not None:
        given.append(_T.pack.in_(sorted(packs)))
    if not_case_ids:
        given.append(_T.case_id.not_in(sorted(not_case_ids)))
    if held is not None:
        given.append(_T.locked_until > now if held else or_(_T.locked_until.is_(None), _T.locked_until <= now))
    if cursor is not None:
        given.append(pages.after(_ORDER, pages.decode(cursor, datetime, str)))
    statement = statement.where(and_(*given)) if given else statement
    found = _SHAPE.all(uow, pages.ordered(statement, _ORDER, limit))
    return pages.page(found, limit, lambda one: (one.created_at, one.id))


def cancel_of_instance(uow: UnitOfWork, instance_id: str, at: datetime) -> int:
    """Cancel what is open of an instance; how many there were."""
    statement = tables.outside_jobs.update().where(_T.instance_id == instance_id, _OPEN)
    return uow.changed(statement.values(state=OutsideState.CANCELLED, ended_at=at))


def prune(uow: UnitOfWork, before: datetime) -> int:
    """Delete jobs that ended before an instant; how many."""
    ended = or_(_T.state == OutsideState.COMPLETED, _T.state == OutsideState.ERRORED, _T.state == OutsideState.CANCELLED)
    return uow.changed(tables.outside_jobs.delete().where(ended, _T.ended_at < before))
