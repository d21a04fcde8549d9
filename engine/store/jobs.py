"""Work to be done after a commit, in a transaction of its own."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, literal_column, select

from engine.model.instances import Job
from engine.model.states import JobState
from engine.store import tables
from engine.store.conflicts import upsert
from engine.store.sealing import SealedShape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = SealedShape(Job, tables.jobs, "payload")
_T = tables.jobs.c
#: said literally, so that the databases see that the partial indexes fit
_AVAILABLE = _T.state == literal_column("'available'")

_DUE = _SHAPE.select().where(_AVAILABLE, _T.due_at <= bindparam("now")).order_by(_T.due_at, _T.id).limit(bindparam("most", type_=Integer))
_DUE_HELD = _DUE.with_for_update(skip_locked=True)


@cache
def _insert(dialect: str) -> Any:
    return upsert(dialect, tables.jobs).on_conflict_do_nothing()


def insert(uow: UnitOfWork, job: Job) -> bool:
    """Whether it is new: a key that has an open job gets no second one."""
    uow.left_jobs = True
    return uow.changed(_insert(uow.dialect), _SHAPE.row(job)) == 1


def find(uow: UnitOfWork, id: str) -> Job | None:
    """The job with an id."""
    return _SHAPE.first(uow, _SHAPE.select().where(_T.id == id))


def due(uow: UnitOfWork, now: datetime, limit: int = 100) -> tuple[Job, ...]:
    """Jobs due at an instant, the longest due first; a unit of work that writes holds them until it ends."""
    return _SHAPE.all(uow, _DUE_HELD if uow.writes else _DUE, {"now": now, "most": limit})


def claim(uow: UnitOfWork, id: str, now: datetime) -> Job | None:
    """One job, held until the unit of work ends; None when it is done, pushed ahead or held by another."""
    return _SHAPE.first(uow, _held(uow, _SHAPE.select().where(_T.id == id, _AVAILABLE, _T.due_at <= now)))


def complete(uow: UnitOfWork, id: str) -> bool:
    """Whether it was available until now."""
    return uow.changed(tables.jobs.update().where(_T.id == id, _AVAILABLE).values(state=JobState.COMPLETED)) == 1


def push_ahead(uow: UnitOfWork, id: str, due_at: datetime, attempts: int) -> None:
    """Try again later."""
    uow.execute(tables.jobs.update().where(_T.id == id, _AVAILABLE).values(due_at=due_at, attempts=attempts))


def wake(uow: UnitOfWork, case_id: str, now: datetime) -> None:
    """Let the waiting jobs of a case run now."""
    uow.left_jobs = True
    uow.execute(tables.jobs.update().where(_T.case_id == case_id, _AVAILABLE, _T.due_at > now).values(due_at=now))


def fail(uow: UnitOfWork, id: str, attempts: int) -> None:
    """Give up on it."""
    values = {"state": JobState.FAILED, "attempts": attempts}
    uow.execute(tables.jobs.update().where(_T.id == id, _AVAILABLE).values(values))


def next_due_at(uow: UnitOfWork) -> datetime | None:
    """When the next job is due; None: never."""
    found = uow.execute(select(_T.due_at).where(_AVAILABLE).order_by(_T.due_at).limit(1)).scalar()
    assert found is None or isinstance(found, datetime)
    return found


def prune(uow: UnitOfWork, before: datetime) -> int:
    """Delete completed jobs made before an instant; how many."""
    return uow.changed(tables.jobs.delete().where(_T.state == JobState.COMPLETED, _T.created_at < before))


def _held(uow: UnitOfWork, statement: Select[tuple[object, ...]]) -> Select[tuple[object, ...]]:
    return statement.with_for_update(skip_locked=True) if uow.writes else statement
