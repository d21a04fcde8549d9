"""Working time in expressions: `working duration("P5D", "office")`, and how a moment that it gave can be worked out again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from engine import calendars, feel
from engine.bpmn.tokens import Stop
from engine.feel import DaysTime, Value, YearsMonths
from engine.language import kept
from engine.model.calendars import Calendar, Working

_NO_CALENDAR = kept("Working time is counted in a calendar that the pack does not have; add it to the pack, or name another here.")
_NO_LENGTH = kept("This cannot be counted in working time; give days and hours, such as P5D or PT4H, that the calendar has hours for.")


def names(known: Mapping[str, Calendar], default: str, now: datetime, worked: dict[datetime, Working]) -> dict[str, Value]:
    """The name of the default calendar, and the function that gives the time from `now`, or from a given moment, to the
    end of a length of working time: a days and time duration, so that a moment and it can be added.

    What it gives is remembered in `worked` by the moment that it leads to.
    """

    def duration(length: str | DaysTime | YearsMonths, calendar: str | None = None, start: datetime | None = None) -> Value:
        key = calendar or default
        begun = now if start is None else start
        try:
            if calendars.is_plain(key):
                found = feel.iso_duration(length) if isinstance(length, str) else length
                return DaysTime(feel.add(begun, found) - begun)
            return _counted(known[key], length, begun, worked)
        except KeyError as wrong:
            raise Stop("working-time", _NO_CALENDAR) from wrong
        except ValueError as wrong:
            # Null would be a due date that nobody misses.
            raise Stop("working-time", _NO_LENGTH) from wrong

    kinds = "string|days and time duration|years and months duration"
    parameters = [f"duration: {kinds}", "calendar: string|Null?", "from: date and time|Null?"]
    return {"calendar": default, "working duration": feel.host_function("working duration", parameters, duration)}


def _counted(calendar: Calendar, given: str | DaysTime | YearsMonths, begun: datetime, worked: dict[datetime, Working]) -> DaysTime:
    length = calendars.read_length(given)
    # As everywhere in a process, a moment without a zone is one of UTC.
    anchor = begun if begun.tzinfo else begun.replace(tzinfo=UTC)
    due = calendars.add(calendar, anchor, length)
    worked[due] = Working(calendars.written(length), calendar.key, anchor)
    return DaysTime(due - anchor)


def of(text: str | None, due: datetime, worked: Mapping[datetime, Working]) -> list[str] | None:
    """How a moment that an expression gave was worked out, as it lies in a state; None when not by working time alone."""
    found = worked.get(due) if text is not None and "working" in text else None
    return None if found is None else [found.length, found.calendar, found.anchor_at.isoformat()]


def read(kept: Any) -> Working | None:
    """What `of` gave, read from a state."""
    return None if kept is None else Working(str(kept[0]), str(kept[1]), datetime.fromisoformat(kept[2]))


def again(working: Working, known: Mapping[str, Calendar]) -> datetime | None:
    """The moment worked out again by calendars as they are now; None when the calendar is gone or has no such time."""
    calendar = known.get(working.calendar)
    if calendar is None:
        return None
    try:
        return calendars.add(calendar, working.anchor_at, calendars.read_length(working.length))
    except ValueError:
        return None
