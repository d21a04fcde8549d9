"""Walls and absences as they are shown to those who look after them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class WallLine:
    """One wall: around a case (`case_number`), or around all cases of another person (`other`)."""

    id: str
    person_id: str
    #: by name, for who may know it
    person: str
    reason: str
    reason_label: str
    at: datetime
    #: when it came or will come down; None: it stands until two people agree
    until: datetime | None
    standing: bool
    #: who put it up
    by: str
    #: who asked to take it down
    clearing_by: str | None
    #: somebody else asked, and the reader may agree
    may_clear: bool
    case_id: str | None = None
    case_number: str | None = None
    other: str | None = None
    #: how often the person tried to reach the case
    tries: int = 0
    last_try_at: datetime | None = None
    #: it begins on a day to come
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class WallForm:
    """What a wall can be put up with; pairs are (id, name)."""

    people: tuple[tuple[str, str], ...]
    case_number: str | None = None
    participants: tuple[tuple[str, str], ...] = ()
    other: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class StandInLine:
    """Who stands in, in which role and for which procedures; None: all."""

    person_id: str
    person: str
    role: str | None
    role_label: str | None
    pack: str | None
    pack_title: str | None


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """Somebody's absence, of now or to come. `to_at` is exclusive."""

    id: str
    person_id: str
    person: str
    from_at: datetime
    to_at: datetime
    ended_at: datetime | None
    is_now: bool
    stand_ins: tuple[StandInLine, ...]


@dataclass(frozen=True, slots=True)
class AbsenceForm:
    """What an absence can be entered with; pairs are (id or key, name)."""

    people: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, str], ...]
    #: none when there is but one
    packs: tuple[tuple[str, str], ...]
    standing_in_for: tuple[tuple[str, str], ...]
