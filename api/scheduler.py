"""The tick of one process: due timers and jobs each second, tasks nobody can do, seals. The only door to APScheduler."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from api.running import Parley
from engine.operations.mail import mailing
from engine.operations.rounds import sweeps
from engine.operations.running import outside_calls
from engine.store import Store

_log = logging.getLogger(__name__)

#: calls to hosts and mail servers that are made at the same time
CALLS = 4


@dataclass(frozen=True, slots=True)
class Sweep:
    """Something that is done again and again. `step` does it once and can be called without any scheduler."""

    name: str
    every: timedelta
    step: Callable[[Store], object]


def run_all_due(store: Store) -> int:
    """Everything that is due now, in slices; gives how much was done."""
    total = 0
    while done := sweeps.run_due(store):
        total += done
    return total


DUE = Sweep("due", timedelta(seconds=1), run_all_due)
SWEEPS = (
    DUE,
    Sweep("nobody", timedelta(seconds=30), sweeps.check_nobody),
    Sweep("seal", timedelta(minutes=10), sweeps.seal_chains),
    Sweep("files", timedelta(hours=1), sweeps.forget_files),
)


def sweeps_of(parley: Parley) -> tuple[Sweep, ...]:
    """All that a running system does by itself; mail and outside work in threads of their own, so that a slow host delays no deadline."""
    outlets = parley.config.outlets
    return (
        *SWEEPS,
        Sweep("outside", timedelta(seconds=1), lambda held: outside_calls.run_due(held, outlets, threads=CALLS)),
        Sweep("mail", timedelta(seconds=1), lambda held: mailing.run_due(held, outlets)),
    )


class Scheduler:
    """The sweeps of one running system, each in a thread of its own and never twice at once."""

    def __init__(self, parley: Parley, todo: tuple[Sweep, ...] | None = None) -> None:
        self._parley = parley
        todo = sweeps_of(parley) if todo is None else todo
        self._ticks = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(len(todo))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for sweep in todo:
            self._ticks.add_job(self._tick, "interval", args=[sweep], id=sweep.name, seconds=sweep.every.total_seconds())

    def start(self) -> None:
        """Begin ticking, in threads that end with the process."""
        self._ticks.start()

    def stop(self) -> None:
        """Let what runs finish, and tick no more."""
        if self._ticks.running:
            self._ticks.shutdown(wait=True)

    def _tick(self, sweep: Sweep) -> None:
        """Do a sweep once; whatever goes wrong is logged without content, and the next tick comes."""
        try:
            sweep.step(self._parley.store)
        except Exception as error:  # noqa: BLE001 - a loop that ends with one bad row would stop every deadline
            _log.error("The sweep %s failed (%s); it goes on at its next tick.", sweep.name, type(error).__name__)
