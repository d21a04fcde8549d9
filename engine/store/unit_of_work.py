"""One unit of work: one transaction, committed once, then its effects."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, CursorResult, Engine, Executable, UpdateBase

from engine.store.failures import translated

_log = logging.getLogger(__name__)

Effect = Callable[[], object]
Step = TypeVar("Step", bound=Effect)


class UnitOfWork:
    """A transaction in progress. Made by Store.unit_of_work and Store.reading; used by one thread.

    After `commit` its connection has gone back: nothing more can be read or written through it.
    """

    def __init__(self, connection: Connection, end: Callable[[bool], None], *, writes: bool) -> None:
        self._connection: Connection | None = connection
        self._end = end
        self._effects: list[Effect] = []
        self._last: dict[str, Effect] = {}
        #: jobs were written in it, so somebody may want to run them right after the commit
        self.left_jobs = False
        #: the starts that led to it, one by the signal or message of the other
        self.chain: tuple[str, ...] = ()
        #: what was looked up and cannot change within this unit of work except through it
        self.memo: dict[tuple[str, ...], object] = {}
        #: rows read before by table and question; forgotten when this unit of work writes to the table
        self.read_before: dict[Hashable, dict[Hashable, Any]] = {}
        #: False for a unit of work that only reads
        self.writes = writes
        #: "sqlite" or "postgresql"
        self.dialect = connection.dialect.name
        self._engine = connection.engine

    def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run one statement. Raises Conflict or BadRequest as `failures.translated` says."""
        if self._connection is None:
            raise RuntimeError("This unit of work has ended; open another one.")
        try:
            result = self._connection.execute(statement, parameters)
        except Exception:
            with translated():
                raise
        if isinstance(statement, UpdateBase):
            self.read_before.pop(statement.table, None)
        assert isinstance(result, CursorResult)
        return result

    def changed(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> int:
        """Run one writing statement; how many rows it met."""
        return self.execute(statement, parameters).rowcount

    @property
    def database(self) -> Engine:
        """What it works on, as the key of what is remembered of one database."""
        return self._engine

    def on_commit(self, effect: Effect) -> None:
        """Run this after the commit, in the order given; not at all when there is no commit."""
        self._effects.append(effect)

    def at_the_end(self, key: str, make: Callable[[], Step]) -> Step:
        """The step of a key that runs inside the transaction, right before its commit; made when first asked for.

        What takes a lock that others wait for belongs there: it is held shortest, and always after all others.
        """
        if key not in self._last:
            self._last[key] = make()
        return cast(Step, self._last[key])

    def commit(self) -> None:
        """Make everything durable, once; then run the effects. A failing effect is logged and breaks nothing."""
        if not self.writes:
            raise RuntimeError("A reading unit of work has nothing to commit.")
        while self._last:
            self._last.pop(next(iter(self._last)))()
        self._finish(commit=True)
        for effect in self._effects:
            try:
                effect()
            except Exception:  # noqa: BLE001 - whatever an effect raises, the commit has happened
                _log.exception("An effect failed after its commit; the commit holds.")

    def leave(self) -> None:
        """Roll back unless committed."""
        if self._connection is not None:
            self._finish(commit=False)

    def _finish(self, *, commit: bool) -> None:
        if self._connection is None:
            raise RuntimeError("A unit of work is committed once.")
        self._connection = None
        with translated():
            self._end(commit)
