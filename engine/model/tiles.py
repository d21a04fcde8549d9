"""What a program watches: tiles of its board, and how the list of all cases is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Counting(StrEnum):
    """What a tile counts cases by. A case counts once, however many of its tasks fit."""

    #: an open task that is late
    OVERDUE = "overdue"
    #: an open task due until the end of the day, not late yet
    DUE_TODAY = "due_today"
    #: an open task
    OPEN = "open"
    #: an open task that nobody can do, or a procedure that nothing can move
    NOBODY = "nobody"
    #: open, and no task was completed for a length of time
    IDLE = "idle"
    #: a step that failed
    INCIDENTS = "incidents"
    #: a timer that runs out within a length of time
    EXPIRING = "expiring"


#: what is counted at elements
AT_ELEMENTS = frozenset({Counting.OVERDUE, Counting.DUE_TODAY, Counting.OPEN, Counting.NOBODY, Counting.EXPIRING})
#: what needs a length of time
WITHIN = frozenset({Counting.IDLE, Counting.EXPIRING})


@dataclass(frozen=True, slots=True)
class Tile:
    """One number of the board, declared by a pack."""

    key: str
    title: str
    counts: Counting
    #: "PROCESS/ELEMENT"; empty: every element
    at: tuple[str, ...]
    #: key of a deadline rule: the tasks that its ladder stands on
    rule: str | None
    #: last day of each group of days late, rising: (3, 7) makes up to 3, 4 to 7, and more than 7; working days where a pack has them
    buckets: tuple[int, ...]
    #: ISO 8601 duration, or the key of a setting that holds one
    within: str | None
    #: what the number does not mean
    note: str
    #: roles that see it; empty: everybody who lists all cases
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """A tile made ready for the store: the moments are worked out, rules are places."""

    pack: str
    counts: Counting
    #: (process, element); empty: every element
    places: tuple[tuple[str, str], ...] = ()
    #: only elsewhere
    elsewhere: bool = False
    #: due or expiring before this; idle since before this
    until: datetime | None = None
    #: key of a calendar -> from when on what is due stands in each group of days late but the last; "": of any other calendar
    since: tuple[tuple[str, tuple[datetime, ...]], ...] = ()
    #: only this group of days late, from 0
    bucket: int | None = None


class Operator(StrEnum):
    """How a fact is compared."""

    IS = "is"
    IS_NOT = "is-not"
    LESS = "less"
    AT_MOST = "at-most"
    AT_LEAST = "at-least"
    MORE = "more"


class CaseSort(StrEnum):
    """What stands first in the list of cases."""

    #: what nobody can do, then by the next due date, then the newest
    URGENT = "urgent"
    #: the next due date
    DUE = "due"
    OLDEST = "oldest"
    NEWEST = "newest"
    #: the highest intensity, as the pack names it
    INTENSITY = "intensity"


@dataclass(frozen=True, slots=True)
class FactAsked:
    """One fact compared with a value. `comparable` is `store.facts.comparable` of the value."""

    key: str
    operator: Operator
    comparable: str


@dataclass(frozen=True, slots=True)
class CaseQuestion:
    """What is asked of the list of cases; all that is set has to hold. Texts are as they were typed."""

    #: a state of a case, or None for all
    state: str | None = "open"
    #: part of the number, or of a name where the reader may know it
    text: str = ""
    status: str = ""
    #: "PROCESS/ELEMENT" where a task is open or a token stands; of a sub-process anywhere in it
    element: str = ""
    #: (key, operator, value as typed)
    facts: tuple[tuple[str, Operator, str], ...] = ()
    #: "PACK/TILE"
    tile: str = ""
    bucket: int | None = None
    sort: CaseSort = CaseSort.URGENT
    #: only what is overdue or stuck
    late: bool = False
    #: person who is away: only the cases that the reader sees in that one's place
    place: str = ""


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """A question made ready for the store."""

    late: bool = False
    status: str | None = None
    #: (process, element) at one of which something stands; empty: anywhere
    places: tuple[tuple[str, str], ...] = ()
    facts: tuple[FactAsked, ...] = ()
    watched: Watched | None = None
    sort: CaseSort = CaseSort.URGENT
    #: the fact that says the intensity
    intensity: str | None = None
    #: facts that are brought along
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Cases of a tile that are late alike."""

    label: str
    count: int
    bucket: int


@dataclass(frozen=True, slots=True)
class TileView:
    """A tile as one reader sees it."""

    #: "PACK/KEY"
    key: str
    title: str
    count: int
    groups: tuple[Group, ...]
    note: str
    #: whether its number is something to worry about when it is not zero
    alarms: bool
    #: how it is counted, in words
    counted: str


@dataclass(frozen=True, slots=True)
class FactChoice:
    """A fact that the list can be asked by."""

    key: str
    label: str
    #: code -> what people read
    values: Mapping[str, str]
    type: str

