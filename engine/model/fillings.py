"""Entries of panels that come from tasks: made at a milestone, or told of later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Filling:
    """Entries that the procedure makes at a milestone, one for each row of a form that was filled in before."""

    milestone: str
    #: form of tasks whose newest record is read, and its question that is answered in rows
    form: str
    rows: str
    #: form of the entries
    entry: str
    #: question of its form -> question of a row that answers it
    takes: Mapping[str, str]
    #: question of its form -> code that it begins with
    begins: Mapping[str, str]
    #: question of a row that names the participant it is about; left open: nobody alone
    about: str | None
    #: code of the panel's state for what is open still when a newer record is there
    replaced: str | None


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a form of tasks says of entries, each in a row of its own, and what of that goes on in them."""

    form: str
    #: its question that is answered in rows, one of whose fields names the entry
    rows: str
    #: question of the entry's form -> question of a row that answers it
    takes: Mapping[str, str]
