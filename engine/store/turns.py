"""Whose turn it is to write, among the threads of one process."""

from __future__ import annotations

import threading

from engine.language import say
from engine.model.errors import Conflict


class Turn:
    """A lock that knows its holder: asking for it twice in one thread is a mistake, not a wait of 30 seconds."""

    def __init__(self, patience: float) -> None:
        self._lock = threading.Lock()
        self._holder: int | None = None
        #: seconds
        self._patience = patience

    def take(self) -> None:
        """Wait for the turn. Raises Conflict when it does not come, RuntimeError when this thread has it already."""
        if self._holder == threading.get_ident():
            raise RuntimeError("This thread has a unit of work open; pass that one on instead of opening another.")
        if not self._lock.acquire(timeout=self._patience):
            raise Conflict(say("Other work did not finish in time; nothing was saved. Try again in a moment."))
        self._holder = threading.get_ident()

    def give(self) -> None:
        """Let the next one write."""
        self._holder = None
        self._lock.release()


class NoTurn:
    """For databases and transactions that need no turn."""

    def take(self) -> None:
        """At once."""

    def give(self) -> None:
        """Nothing was taken."""
