"""How many statements something takes, for tests and measurements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from engine.store.database import Store


class Statements:
    """The statements seen so far; beginning and ending a transaction do not count."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    @property
    def count(self) -> int:
        """How many."""
        return len(self.texts)


@contextmanager
def count_statements(store: Store) -> Iterator[Statements]:
    """Every statement that any thread runs on the store meanwhile; a batch counts once."""
    seen = Statements()

    def executed(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        seen.texts.append(text)

    for engine in store.engines:
        event.listen(engine, "before_cursor_execute", executed)
    try:
        yield seen
    finally:
        for engine in store.engines:
            event.remove(engine, "before_cursor_execute", executed)
