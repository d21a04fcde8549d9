"""The only source of time. Aware UTC date-times; a sandbox may move it forward, a scenario has a time of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system
#: a time that holds only for who runs inside `within`; other threads go on with the process's
_own: ContextVar[Callable[[], datetime] | None] = ContextVar("own time", default=None)


def now() -> datetime:
    """The current instant, aware, in UTC."""
    own = _own.get()
    return _source() if own is None else own()


class MovableClock:
    """A clock that runs with the system's and can be moved forward, or stands still at a chosen instant.

    Install it with `use`; used by the sandbox, by scenarios and by tests.
    """

    def __init__(self, at: datetime | None = None, *, frozen: bool = False) -> None:
        start = at or _system()
        self._frozen_at = start if frozen else None
        self._offset = start - _system()

    def __call__(self) -> datetime:
        if self._frozen_at is not None:
            return self._frozen_at
        return _system() + self._offset

    def advance(self, by: timedelta) -> datetime:
        """Move forward by a duration that is not negative; gives the new instant."""
        if by < timedelta(0):
            raise ValueError("Time only moves forward; give a duration that is not negative.")
        if self._frozen_at is not None:
            self._frozen_at += by
        else:
            self._offset += by
        return self()


def use(source: Callable[[], datetime] | None) -> None:
    """Take another source of time for this process; None goes back to the system's."""
    global _source
    _source = source or _system


@contextmanager
def within(source: Callable[[], datetime]) -> Iterator[None]:
    """Another source of time for what this thread does inside; nobody else's time is touched."""
    token = _own.set(source)
    try:
        yield
    finally:
        _own.reset(token)
