"""The figures of a period as files: the report, its numbers, and what they mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from api.reporting import tables
from engine import clock
from engine.model.access import Actor
from engine.operations.measuring import figures
from engine.operations.people import programs
from engine.store import UnitOfWork

#: what is loaded when the first report is made: nobody else waits for it
_PDF = "api.reporting.pdf"


def of(uow: UnitOfWork, actor: Actor, period: str) -> Mapping[str, Callable[[], bytes]]:
    """File name to what makes it. Raises Forbidden, BadRequest as `figures.list_`."""
    found = figures.list_(uow, actor, period)
    program = programs.title(uow, actor)

    def report() -> bytes:
        label = found[0].period_label if found else period
        written: bytes = import_module(_PDF).monthly(found, program=program, period=label, made_at=clock.now())
        return written

    return {
        f"figures-{period}.pdf": report,
        f"figures-{period}.csv": lambda: tables.figures(found).encode(),
        "figures-dictionary.csv": lambda: tables.dictionary(found).encode(),
    }
