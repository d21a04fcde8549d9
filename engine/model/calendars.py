"""Working time as a pack describes it; `engine.calendars` counts in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

#: spans of one day as (from, to) in minutes since its midnight, in order, apart from each other; none: closed
Hours: TypeAlias = tuple[tuple[int, int], ...]

#: name of the calendar in which every moment counts; no pack defines it
PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day with hours of its own, whatever the week, a holiday or a recess would say."""

    day: date
    hours: Hours
    label: str


@dataclass(frozen=True, slots=True)
class Recess:
    """Days on which nobody works, the first and the last included."""

    first: date
    last: date
    label: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """When people work: weekly hours in a time zone, holidays, recesses and days with hours of their own."""

    key: str
    label: str
    #: IANA name
    zone: str
    #: Monday first; always seven
    week: tuple[Hours, ...]
    #: country, or country and subdivision, such as "US" or "US-NY"; None: no holidays
    holidays: str | None = None
    days: tuple[OwnDay, ...] = ()
    recesses: tuple[Recess, ...] = ()
    #: codes of a case's status during which no time counts
    pauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Length:
    """A length of working time: whole working days, then open time. Both of one sign."""

    days: int
    #: seconds of open time
    seconds: int

    @property
    def is_backward(self) -> bool:
        """Whether it leads into the past."""
        return self.days < 0 or self.seconds < 0


@dataclass(frozen=True, slots=True)
class Working:
    """How a moment was worked out: a length of working time from an anchor, by a calendar of the pack."""

    #: ISO 8601, such as P5D or -P1DT4H
    length: str
    #: key of the calendar
    calendar: str
    anchor_at: datetime
