"""What runs, as counts, for those who watch the system from outside (`/metrics`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from engine import clock, store
from engine.model.states import InstanceState
from engine.store import UnitOfWork

#: labels of a sample: (name, value) pairs
Labels: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing: its name, what it means, and its samples."""

    name: str
    meaning: str
    samples: tuple[tuple[Labels, int], ...]


def now(uow: UnitOfWork) -> tuple[Figure, ...]:
    """All figures of the whole installation, now."""
    at = clock.now()
    by_state = store.figures.instances_by_state(uow)
    instances = tuple(((("state", state.value),), by_state.get(state, 0)) for state in InstanceState)
    open_, nobody = store.figures.open_tasks(uow)
    return (
        Figure("parley_instances", "Process instances by state", instances),
        _one("parley_user_tasks_open", "User tasks that wait for a person", open_),
        _one("parley_user_tasks_nobody", "Open user tasks that no active account may do", nobody),
        _one("parley_timers_due", "Timers whose time has come and that have not fired yet", store.timers.count_due(uow, at)),
        _one("parley_jobs_due", "Jobs whose time has come and that have not run yet", store.figures.due_jobs(uow, at)),
        _one("parley_incidents_open", "Incidents that wait for a retry", store.figures.open_incidents(uow)),
    )


def _one(name: str, meaning: str, value: int) -> Figure:
    return Figure(name, meaning, (((), value),))
