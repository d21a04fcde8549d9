"""Scenarios of one content run once at a time, in a thread of their own; pages ask how far it is.

Results are remembered by `engine.operations.scenarios.scenarios`; what is kept here is only who is running.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.operations.scenarios import scenario_runs, scenarios

_log = logging.getLogger(__name__)

#: seconds that a request waits for a run before it answers with how far it is
PATIENCE = 6.0


@dataclass
class Running:
    """A run that goes on."""

    done: int = 0
    all: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def step(self, done: int, every: int) -> None:
        """So many scenarios are done."""
        self.done, self.all = done, every


_running: dict[str, Running] = {}
_lock = threading.Lock()


def key(files: Mapping[str, bytes]) -> str:
    """What a run is known by: the content of the files, scenarios included."""
    return "".join([scenario_runs.digest(files), *(f"{one.name}{one.digest}" for one in scenarios.reading(files).scenarios)])


def start(files: Mapping[str, bytes], only: str | None = None, *, again: bool = False) -> Running:
    """Begin a run, or join the one of the same content that goes on."""
    wanted = key(files) + (only or "")
    with _lock:
        found = _running.get(wanted)
        if found is not None:
            return found
        found = _running[wanted] = Running(all=0 if only else len(scenarios.reading(files).scenarios))
    threading.Thread(target=_run, args=(wanted, dict(files), only, again, found), name="scenarios", daemon=True).start()
    return found


def of(files: Mapping[str, bytes]) -> Running | None:
    """The run of all scenarios of this content that goes on."""
    wanted = key(files)
    with _lock:
        return _running.get(wanted)


def _run(wanted: str, files: dict[str, bytes], only: str | None, again: bool, found: Running) -> None:
    try:
        scenarios.run(files, only=only, again=again, progress=found.step)
    except Exception as fault:  # noqa: BLE001 - a thread has nobody to tell; the page shows that there are no results
        _log.error("Scenarios could not be run (%s).", type(fault).__name__)
    finally:
        with _lock:
            _running.pop(wanted, None)
        found.over.set()
