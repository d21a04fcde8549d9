"""The calendars of a pack: how `[calendars.NAME]` is written, read and checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine import calendars
from engine.language import kept, reason
from engine.model.calendars import PLAIN, Calendar, Hours, OwnDay, Recess
from engine.model.errors import Problem

_Raw: TypeAlias = Mapping[str, Any]
_Say = Callable[[str, str, str], Problem]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: one span such as 09:00-17:00, or several with a blank or comma between them
HOURS = r"^\s*(([01]\d|2[0-3]):[0-5]\d\s*[-–]\s*(([01]\d|2[0-3]):[0-5]\d|24:00)\s*,?\s*)*$"
_SPAN = re.compile(r"(\d\d):(\d\d)\s*[-–]\s*(\d\d):(\d\d)")
_WRONG_HOURS = kept("Write hours in order and apart, each ending after it begins, such as 09:00-12:00 13:00-17:00.")


def hours(text: str) -> Hours:
    """The spans of a text such as "09:00-12:00 13:00-17:00"; none for an empty one. Raises ValueError with a sentence."""
    if not re.match(HOURS, text):
        raise ValueError(_WRONG_HOURS)
    found = [(int(a) * 60 + int(b), int(c) * 60 + int(d)) for a, b, c, d in _SPAN.findall(text)]
    moments = [moment for span in found for moment in span]
    if any(first >= last for first, last in found) or moments != sorted(moments):
        raise ValueError(_WRONG_HOURS)
    return tuple(found)


def written(spans: Hours) -> str:
    """Spans as a pack writes them."""
    return " ".join(f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in spans)


def read(key: str, raw: _Raw) -> Calendar:
    """A calendar that has its shape; what does not make sense in it is `problems`' to say, and is read as closed."""
    week = raw["week"]
    return Calendar(
        key=key,
        label=raw.get("label", key),
        zone=raw["zone"],
        week=tuple(_tolerant(week.get(day, "")) for day in WEEKDAYS),
        holidays=raw.get("holidays"),
        days=tuple(
            OwnDay(day, _tolerant(one.get("hours", "")), one.get("label", ""))
            for one in raw.get("days", [])
            if (day := _day(one["on"])) is not None
        ),
        recesses=tuple(
            Recess(first, last, one.get("label", ""))
            for one in raw.get("recesses", [])
            if (first := _day(one["from"])) is not None and (last := _day(one["to"])) is not None
        ),
        pauses=tuple(raw.get("pauses", [])),
    )


def _tolerant(text: str) -> Hours:
    try:
        return hours(text)
    except ValueError:
        return ()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def problems(raw: _Raw, say: _Say) -> Iterator[Problem]:
    """What does not make sense in the calendars of a well-shaped pack, and names of calendars that it does not have."""
    known = raw.get("calendars", {})
    for key, entry in known.items():
        element = f"calendars.{key}"
        if key == PLAIN:
            yield say(element, "bad-name", "“plain” means calendar time, in which every moment counts; give the calendar another name.")
        yield from _zone_problems(element, entry, say)
        yield from _hour_problems(element, entry, say)
        yield from _date_problems(element, entry, say)
    yield from _rung_problems(raw, say)
    named = [("calendar", raw.get("calendar"))]
    named += [(f"deadline_rules.{rule['key']}.working", rule.get("working")) for rule in raw.get("deadline_rules", [])]
    for element, name in named:
        if not calendars.is_plain(name) and name not in known:
            there = ", ".join([PLAIN, *known])
            yield say(element, "unknown-calendar", f"There is no calendar “{name}”; add [calendars.{name}] or use one of: {there}.")


def _zone_problems(element: str, entry: _Raw, say: _Say) -> Iterator[Problem]:
    try:
        ZoneInfo(entry["zone"])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield say(f"{element}.zone", "unknown-zone", "Give a time zone such as America/New_York or Europe/Vienna.")
    place = entry.get("holidays")
    if place is not None:
        try:
            calendars.holidays_of(place, 2026)
        except ValueError as wrong:
            yield say(f"{element}.holidays", "unknown-holidays", reason(wrong))


def _hour_problems(element: str, entry: _Raw, say: _Say) -> Iterator[Problem]:
    texts = [(f"{element}.week.{day}", text) for day, text in entry["week"].items()]
    texts += [(f"{element}.days.{number}.hours", one.get("hours", "")) for number, one in enumerate(entry.get("days", []), 1)]
    for where, text in texts:
        try:
            hours(text)
        except ValueError as wrong:
            yield say(where, "bad-hours", reason(wrong))
    if not any(_tolerant(text) for text in entry["week"].values()):
        yield say(f"{element}.week", "never-open", "Nobody works in this calendar, so nothing would ever be due; give one day its hours.")


def _date_problems(element: str, entry: _Raw, say: _Say) -> Iterator[Problem]:
    seen = set()
    for number, one in enumerate(entry.get("days", []), 1):
        where = f"{element}.days.{number}"
        if _day(one["on"]) is None:
            yield say(f"{where}.on", "bad-date", "Write a day as 2026-11-30.")
        elif one["on"] in seen:
            yield say(f"{where}.on", "duplicate-key", f"{one['on']} is here twice; keep one of the two.")
        seen.add(one["on"])
    for number, one in enumerate(entry.get("recesses", []), 1):
        where = f"{element}.recesses.{number}"
        first, last = _day(one["from"]), _day(one["to"])
        if first is None or last is None:
            yield say(where, "bad-date", "Write a day as 2026-11-30.")
        elif last < first:
            yield say(where, "bad-date", "A recess ends on its first day or later; exchange the two days.")


def _rung_problems(raw: _Raw, say: _Say) -> Iterator[Problem]:
    """Lengths of a ladder that cannot be counted in the working time that it names."""
    for rule in raw.get("deadline_rules", []):
        if calendars.is_plain(rule.get("working")):
            continue
        for number, rung in enumerate(rule["rungs"], 1):
            try:
                calendars.read_length(rung.get("offset") or rung.get("after") or "PT0S")
            except ValueError as wrong:
                yield say(f"deadline_rules.{rule['key']}.rungs.{number}", "rung-time", reason(wrong))
