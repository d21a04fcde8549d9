"""A sandbox: an empty system in a temporary folder whose clock can be moved. For trying procedures out and for tests of them."""

from __future__ import annotations

import shutil
import tempfile
import threading
from datetime import timedelta
from pathlib import Path

from api.running import Config, Mode, Parley, Sandbox
from engine import clock, store
from engine.clock import MovableClock
from engine.operations.people import programs
from engine.operations.rounds import sweeps

LOGIN = "administrator"


class Playground:
    """What stands behind `api.running.Sandbox`: its folder, its clock, and one lock for all that runs by itself.

    With that lock an answer waits until everything due is done, also when the scheduler's tick is doing it just then.
    """

    def __init__(self, secret: bytes, within: Path | None = None) -> None:
        if within is not None:
            within.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="parley-sandbox-", dir=within))
        self._rounds = 0
        self._lock = threading.RLock()
        self._clock = MovableClock()
        clock.use(self._clock)
        self.parley = Parley(self._empty(), Config(Mode.SANDBOX, secret))
        self.parley.sandbox = Sandbox(self._clock, self.reset, self.settle, self.advance)
        #: an administrator's API token; it outlives `reset`
        self.token = self._furnish(None)

    def settle(self) -> None:
        """Do all that is due now."""
        with self._lock:
            sweeps.until_quiet(self.parley.store, self.parley.config.outlets)

    def advance(self, by: timedelta) -> None:
        """Move the clock forward, stopping at every instant at which something is due, so that it runs at its own time."""
        with self._lock:
            sweeps.advance(self.parley.store, self._clock, by, self.parley.config.outlets)

    def reset(self) -> None:
        """Start anew: an empty database, the real time, the same token."""
        with self._lock:
            used = self.parley.store
            self._clock = MovableClock()
            clock.use(self._clock)
            self.parley.store = self._empty()
            self.parley.sandbox = Sandbox(self._clock, self.reset, self.settle, self.advance)
            self._furnish(self.token)
            used.close()
            for left in self.folder.glob(f"{self._rounds - 1}.sqlite*"):
                left.unlink()

    def close(self) -> None:
        """Give everything back."""
        with self._lock:
            self.parley.store.close()
            clock.use(None)
            shutil.rmtree(self.folder, ignore_errors=True)

    def _empty(self) -> store.Store:
        self._rounds += 1
        fresh = store.open(f"sqlite:///{self.folder / f'{self._rounds}.sqlite'}")
        fresh.migrate()
        return fresh

    def _furnish(self, token: str | None) -> str:
        """One program and its administrator; gives the administrator's token."""
        with self.parley.store.unit_of_work() as uow:
            program = programs.ensure(uow, key="sandbox", title="Sandbox")
            _account, secret = programs.first_administrator(uow, program, LOGIN, None, secret=token)
            uow.commit()
        return secret
