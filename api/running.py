"""What one process of Parley runs with: its configuration and its store. Every door of `api` finds both here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from flask import Flask, current_app

from engine.clock import MovableClock
from engine.jobs import EicarScanner, MailServer, Scanner
from engine.operations.rounds import sweeps
from engine.operations.running.outside_calls import Outlets
from engine.store import Store, UnitOfWork

EXTENSION = "parley"
#: most rows that are worked off between a commit and its answer
_AT_ONCE = 20


class Mode(StrEnum):
    """serve: a program's real system; demo: a seeded one for looking around; sandbox: an empty one whose clock can be moved."""

    SERVE = "serve"
    DEMO = "demo"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class Config:
    """How this process serves."""

    mode: Mode
    #: signs sessions; lives in the data folder, so that a restart ends nobody's session
    secret: bytes
    #: where the database file and keys are; None: nothing is kept
    data: Path | None = None
    #: the address people use when a proxy stands in front, for example https://cases.example.org
    public_url: str | None = None
    #: the mail server, when one is configured
    mail: MailServer | None = None
    #: the program that looks for harm in files, when one is configured
    scan: Scanner | None = None
    #: the address that a demonstration answers on, which its mail leads to
    here: str | None = None

    @property
    def scanner(self) -> Scanner | None:
        """What looks at files before they are kept; where nothing is real, one that only knows the test file."""
        return self.scan or (EicarScanner() if self.local else None)

    @property
    def outlets(self) -> Outlets:
        """What outside work can reach: only a real system sends mail, the others keep it with its job."""
        return Outlets(self.mail, recording=self.local, address=self.public_url or (self.here if self.local else None))

    @property
    def https(self) -> bool:
        """Whether people reach this over TLS: cookies are Secure then, and HSTS is sent."""
        return (self.public_url or "").startswith("https://")

    @property
    def local(self) -> bool:
        """Whether this answers on loopback only."""
        return self.mode is not Mode.SERVE


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The controls of a sandbox."""

    clock: MovableClock
    #: empties it and sets its clock to the real time
    reset: Callable[[], None]
    #: does all that is due now
    settle: Callable[[], None]
    #: moves the clock forward, stopping wherever something is due
    advance: Callable[[timedelta], None]


@dataclass
class Parley:
    """The running system. `store` is exchanged when a sandbox is emptied, so look it up anew for every request."""

    store: Store
    config: Config
    #: what makes this a sandbox; None elsewhere
    sandbox: Sandbox | None = None
    #: the store that was found to have every migration; it keeps them, so it is asked once
    _migrated: Store | None = None

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        """A transaction that writes; whoever opens it commits once.

        After the commit a sandbox does all that is due; elsewhere the messages that were just sent are delivered, so
        that the next page shows what came of them. What fails there is the scheduler's to try again.
        """
        with self.store.unit_of_work() as uow:
            uow.on_commit(lambda: self._settle(uow))
            yield uow

    def is_migrated(self) -> bool:
        """Whether the database has every migration of this version."""
        if self._migrated is not self.store and not self.store.pending_migrations():
            self._migrated = self.store
        return self._migrated is self.store

    def _settle(self, uow: UnitOfWork) -> None:
        if self.sandbox is not None:
            self.sandbox.settle()
        elif uow.left_jobs:
            sweeps.run_due(self.store, limit=_AT_ONCE)

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """A transaction that only reads."""
        with self.store.reading() as uow:
            yield uow


def attach(app: Flask, parley: Parley) -> None:
    """Make the running system known to an app."""
    app.extensions[EXTENSION] = parley


def running() -> Parley:
    """The running system of the current app."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Parley)
    return found
