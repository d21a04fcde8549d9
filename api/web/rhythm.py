"""How a process starts by itself, in words: "every Monday at 08:00"."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from api.web import words
from engine import feel
from engine.model.starts import Start, StartKind, StartState

_DAY = timedelta(days=1)


def phrase(start: Start, zone: ZoneInfo) -> str:
    """What starts it, as the end of the sentence "Starts by itself …", in the program's time zone."""
    match start.kind:
        case StartKind.SIGNAL:
            return f"when the signal “{start.name}” comes"
        case StartKind.MESSAGE:
            return f"when the message “{start.name}” comes and no case waits for it"
        case StartKind.CONDITIONAL:
            return f"when this becomes true: {(start.rule or '').lstrip('= ')}"
        case _:
            return _timer(start, zone)


def _timer(start: Start, zone: ZoneInfo) -> str:
    if start.state is StartState.SPENT:
        return "no more: it did so as often as it was to" if start.last_at else "no more: its time had passed"
    if start.due_at is None or start.step is None:
        return "once"
    times = "" if start.remaining is None else f", {words.count(start.remaining, 'more time', 'more times')}"
    return every((start.resolved or "").rsplit("/", 1)[-1], start.due_at.astimezone(zone)) + times


def every(length: str, at: datetime) -> str:
    """A repetition in words, from its ISO 8601 length and one of its occurrences in local time."""
    found = feel.iso_duration(length)
    if isinstance(found, feel.YearsMonths):
        if found.months % 12 == 0:
            return f"every {_number(found.months // 12, 'year')} on {at.day} {words.month(at)} at {at:%H:%M}"
        return f"every {_number(found.months, 'month')} on day {at.day} at {at:%H:%M}"
    days, rest = divmod(found.delta, _DAY)
    if rest:
        return f"every {_clock(found.delta)}"
    if days == 7:
        return f"every {words.weekday(at)} at {at:%H:%M}"
    if days % 7 == 0:
        return f"every {days // 7} weeks on {words.weekday(at)} at {at:%H:%M}"
    return f"every {_number(days, 'day')} at {at:%H:%M}"


def _number(count: int, one: str) -> str:
    return one if count == 1 else f"{count} {one}s"


def _clock(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    return _number(minutes // 60, "hour") if minutes % 60 == 0 else words.count(minutes, "minute", "minutes")
