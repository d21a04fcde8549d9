"""What tokens pass, told to whoever watches: scenarios do, so that they can say what was walked.

A flow leaves no line in the history, and running systems keep none; so it is told while it happens and never stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

from engine.model.execution import EntryEvent

#: told the process key, an element's or flow's id as drawn, and what happened to the element; None: the flow was taken
Watcher: TypeAlias = Callable[[str, str, EntryEvent | None], object]

_watcher: ContextVar[Watcher | None] = ContextVar("watcher of tokens", default=None)


def told(process_key: str, id: str, event: EntryEvent | None) -> None:
    """Something is passed; who watches in this thread hears of it."""
    watcher = _watcher.get()
    if watcher is not None:
        watcher(process_key, id, event)


@contextmanager
def watched(by: Watcher) -> Iterator[None]:
    """Tell all that tokens pass inside, in this thread."""
    token = _watcher.set(by)
    try:
        yield
    finally:
        _watcher.reset(token)
