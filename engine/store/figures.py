"""Counts over the whole database, for those who watch a running system. No case, no person, no content."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from engine.model.states import IncidentState, JobState, UserTaskState
from engine.store import tables
from engine.store.unit_of_work import UnitOfWork


def instances_by_state(uow: UnitOfWork) -> dict[str, int]:
    """Process instances by state; states without any are left out."""
    t = tables.instances.c
    rows = uow.execute(select(t.state, func.count()).group_by(t.state))
    return {str(state): int(count) for state, count in rows}


def open_tasks(uow: UnitOfWork) -> tuple[int, int]:
    """Open user tasks, and how many of them nobody can do."""
    t = tables.user_tasks.c
    row = uow.execute(select(func.count(), func.count(t.nobody)).where(t.state == UserTaskState.OPEN)).one()
    return int(row[0]), int(row[1])


def open_incidents(uow: UnitOfWork) -> int:
    """Incidents that wait for a retry."""
    t = tables.incidents.c
    return int(uow.execute(select(func.count()).where(t.state == IncidentState.OPEN)).scalar_one())


def due_jobs(uow: UnitOfWork, now: datetime) -> int:
    """Jobs whose time has come."""
    t = tables.jobs.c
    return int(uow.execute(select(func.count()).where(t.state == JobState.AVAILABLE, t.due_at <= now)).scalar_one())
