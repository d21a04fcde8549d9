"""Rows of other programs do not exist for an actor."""

from __future__ import annotations

from typing import Protocol, TypeVar

from engine.model.errors import NotFound


class OfProgram(Protocol):
    """Any row: each belongs to one program."""

    @property
    def program_id(self) -> str: ...


Row = TypeVar("Row", bound=OfProgram)


def within(program_id: str, row: Row) -> Row:
    """The row, if it belongs to this program; raises NotFound otherwise, as for a row that is not there."""
    if row.program_id != program_id:
        raise NotFound
    return row
