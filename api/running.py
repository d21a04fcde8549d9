"""What one process of Parley runs with: its configuration and its store. Every door of `api` finds both here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from flask import Flask, current_app

from engine.clock import MovableClock
from engine.store import Store, UnitOfWork

EXTENSION = "parley"


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

    @property
    def https(self) -> bool:
        """Whether people reach this over TLS: cookies are Secure then, and HSTS is sent."""
        return (self.public_url or "").startswith("https://")

    @property
    def local(self) -> bool:
        """Whether this answers on loopback only."""
        return self.mode is not Mode.SERVE


def _nothing() -> None:
    """Nobody waits to hear of a commit."""


@dataclass
class Parley:
    """The running system. `store` is exchanged when a sandbox is emptied, so look it up anew for every request."""

    store: Store
    config: Config
    #: called after each commit: a sandbox runs all that is due, a server wakes its scheduler
    settle: Callable[[], None] = _nothing
    #: the sandbox's clock; None elsewhere
    clock: MovableClock | None = None
    #: empties a sandbox; None elsewhere
    reset: Callable[[], None] | None = field(default=None, repr=False)

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        """A transaction that writes; whoever opens it commits once. `settle` is called after the commit."""
        with self.store.unit_of_work() as uow:
            uow.on_commit(self.settle)
            yield uow

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
