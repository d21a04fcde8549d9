"""How far a long work has come: a bar on a terminal, a line now and then anywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

#: lines that tell of a whole work where there is no terminal
_LINES = 20


@contextmanager
def shown(what: str, total: int, out: TextIO) -> Iterator[Callable[[int], None]]:
    """Gives what is to be called with how many of `total` are done, as often as one likes."""
    if out.isatty():
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(elapsed_when_finished=True)
        with Progress(*columns, console=Console(file=out)) as bar:
            task = bar.add_task(what, total=total)
            yield lambda done: bar.update(task, completed=done)
    else:
        told = -1

        def tell(done: int) -> None:
            nonlocal told
            part = done * _LINES // max(total, 1)
            if part > told:
                told = part
                print(f"{what}: {done} of {total}", file=out, flush=True)

        yield tell
