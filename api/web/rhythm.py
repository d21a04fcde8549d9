"""How a process starts by itself, in words: "every Monday at 08:00"."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from api.web import words
from engine import feel
from engine.language import say, say_many
from engine.model.starts import Start, StartKind, StartState

_DAY = timedelta(days=1)


def phrase(start: Start, zone: ZoneInfo) -> str:
    """What starts it, as the end of the sentence "Starts by itself …", in the program's time zone."""
    match start.kind:
        case StartKind.SIGNAL:
            return say("when the signal “{name}” comes", name=start.name)
        case StartKind.MESSAGE:
            return say("when the message “{name}” comes and no case waits for it", name=start.name)
        case StartKind.CONDITIONAL:
            return say("when this becomes true: {rule}", rule=(start.rule or "").lstrip("= "))
        case _:
            return _timer(start, zone)


def _timer(start: Start, zone: ZoneInfo) -> str:
    if start.state is StartState.SPENT:
        return say("no more: it did so as often as it was to") if start.last_at else say("no more: its time had passed")
    if start.due_at is None or start.step is None:
        return say("once")
    times = "" if start.remaining is None else f", {say_many('{n} more time', '{n} more times', start.remaining)}"
    return every((start.resolved or "").rsplit("/", 1)[-1], start.due_at.astimezone(zone)) + times


def every(length: str, at: datetime) -> str:
    """A repetition in words, from its ISO 8601 length and one of its occurrences in local time."""
    found = feel.iso_duration(length)
    time = f"{at:%H:%M}"
    if isinstance(found, feel.YearsMonths):
        if found.months % 12 == 0:
            years = found.months // 12
            return say_many(
                "every year on {day} {month} at {time}", "every {n} years on {day} {month} at {time}", years, **_day(at), time=time
            )
        return say_many(
            "every month on day {day} at {time}", "every {n} months on day {day} at {time}", found.months, day=at.day, time=time
        )
    days, rest = divmod(found.delta, _DAY)
    if rest:
        return _clock(found.delta)
    if days % 7 == 0:
        weekday = words.weekday(at)
        return say_many("every {weekday} at {time}", "every {n} weeks on {weekday} at {time}", days // 7, weekday=weekday, time=time)
    return say_many("every day at {time}", "every {n} days at {time}", days, time=time)


def _day(at: datetime) -> dict[str, object]:
    return {"day": at.day, "month": words.month(at)}


def _clock(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    if minutes % 60 == 0:
        return say_many("every hour", "every {n} hours", minutes // 60)
    return say_many("every {n} minute", "every {n} minutes", minutes)
