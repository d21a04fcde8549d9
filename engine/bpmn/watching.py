"""Which sequence flows tokens take, told to whoever watches: scenarios do, so that they can say what was walked.

A flow leaves no line in the history, and running systems keep none; so it is told while it happens and never stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

#: told process key and flow id, both as drawn
Watcher: TypeAlias = Callable[[str, str], object]

_watcher: ContextVar[Watcher | None] = ContextVar("watcher of flows", default=None)


def taken(process_key: str, flow_id: str) -> None:
    """A token goes along a flow."""
    watcher = _watcher.get()
    if watcher is not None:
        watcher(process_key, flow_id)


@contextmanager
def watched(by: Watcher) -> Iterator[None]:
    """Tell every flow that is taken inside, in this thread."""
    token = _watcher.set(by)
    try:
        yield
    finally:
        _watcher.reset(token)
