"""What a store writes, kept transaction by transaction and done again without anything around it, for measurements."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Executable, UpdateBase, event

from engine.store.database import Store, open

#: one transaction: statements with their parameters
Written = list[tuple[Executable, Any]]


class Recording:
    """Statements and commits counted, and transactions that wrote, of the threads that `counts` accepts."""

    def __init__(self, counts: Callable[[threading.Thread], bool]) -> None:
        self.statements = 0
        self.commits = 0
        self.transactions: list[Written] = []
        self._counts, self._wanted = counts, 0
        self._open: dict[int, Written] = {}

    def keep(self, most: int) -> None:
        """Keep the next transactions that write, up to a number, in place of what was kept; 0: keep no more."""
        if most:
            self.transactions = []
        self._wanted = most

    def executed(self, connection: Connection, statement: Any, many: Any, one: Any, _options: Any) -> None:
        """Before a statement."""
        if not self._counts(threading.current_thread()):
            return
        self.statements += 1
        if isinstance(statement, UpdateBase) and len(self.transactions) < self._wanted:
            self._open.setdefault(id(connection), []).append((statement, many or one))

    def committed(self, connection: Connection) -> None:
        """Before a commit."""
        if self._counts(threading.current_thread()):
            self.commits += 1
            if (written := self._open.pop(id(connection), None)) is not None:
                self.transactions.append(written)

    def undone(self, connection: Connection) -> None:
        """Before a rollback: nothing of it was written."""
        self._open.pop(id(connection), None)


@contextmanager
def recorded(store: Store, counts: Callable[[threading.Thread], bool]) -> Iterator[Recording]:
    """Record what the store is asked meanwhile."""
    seen = Recording(counts)
    listeners = (("before_execute", seen.executed), ("commit", seen.committed), ("rollback", seen.undone))
    for engine in store.engines:
        for name, listener in listeners:
            event.listen(engine, name, listener)
    try:
        yield seen
    finally:
        for engine in store.engines:
            for name, listener in listeners:
                event.remove(engine, name, listener)


def written_again(url: str, transactions: Sequence[Written]) -> list[float]:
    """Write recorded transactions to a database that is as it was before them; how long each took, in seconds.

    As plain as it can be done: the statements alone, compiled before and cached, one thread, one commit each.
    """
    store = open(url)
    took = []
    try:
        for written in transactions:
            began = time.perf_counter()
            with store.unit_of_work() as uow:
                for statement, parameters in written:
                    uow.execute(statement, parameters or None)
                uow.commit()
            took.append(time.perf_counter() - began)
    finally:
        store.close()
    return took
