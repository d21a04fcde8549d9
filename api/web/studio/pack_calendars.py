"""The parts of a pack about working time: its calendars, and the one that is usual."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.web.studio.pack_fields import Cell, Field, Options
from api.web.studio.pack_part import Part, told
from engine.language import noted, say, say_many
from engine.model.calendars import PLAIN
from engine.operations.drafting.pack_choices import Around

DAYS = noted(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"))


def choices(around: Around) -> Options:
    """Calendars that can be named, and calendar time."""
    known = around.raw.get("calendars", {})
    return ((PLAIN, say("Calendar time: every day counts")), *((key, str(entry.get("label", key))) for key, entry in known.items()))


def working(around: Around) -> Options:
    """Calendars that can be named where nothing named is calendar time, which is listed only where a pack names it."""
    said = any(rule.get("working") == PLAIN for rule in around.raw.get("deadline_rules", []))
    return choices(around)[0 if said else 1 :]


def _hours(entry: Mapping[str, Any]) -> str:
    """The week in few words: days with the same hours are told together."""
    week = entry.get("week", {})
    by_hours: dict[str, list[str]] = {}
    for day in DAYS:
        if text := week.get(day.lower()):
            by_hours.setdefault(str(text), []).append(day)
    return "\n".join(
        f"{_short(days[0])}–{_short(days[-1])} {hours}" if _in_a_row(days) else f"{', '.join(map(_short, days))} {hours}"
        for hours, days in by_hours.items()
    )


def _short(day: str) -> str:
    return say(day)[:3]


def _in_a_row(days: list[str]) -> bool:
    places = [DAYS.index(day) for day in days]
    return len(days) > 1 and places == list(range(places[0], places[0] + len(places)))


def _off(entry: Mapping[str, Any]) -> str:
    own, recesses = len(entry.get("days", [])), len(entry.get("recesses", []))
    parts = [say("Holidays of {place}", place=entry["holidays"])] if entry.get("holidays") else []
    parts += [say_many("{n} day of its own", "{n} days of its own", own)] if own else []
    parts += [say_many("{n} recess", "{n} recesses", recesses)] if recesses else []
    return "\n".join(parts)


CALENDARS = Part(
    "calendars",
    "Working time",
    "calendar",
    "When people work. Due times, timers and deadlines can be counted in it. Live: approving another one moves what runs.",
    (
        Field("label", "Label", help="What people read."),
        Field(
            "_key",
            "Short name",
            help="For diagrams: lower case, digits and dashes. Made from the label when left empty.",
            optional=True,
            once=True,
        ),
        Field("zone", "Time zone", help="As in America/New_York, Europe/Vienna or UTC."),
        Field(
            "week",
            "Hours",
            "texts",
            "As in 09:00-17:00, or 09:00-12:00 13:00-17:00 with a break. Nothing: closed.",
            cells=tuple(Cell(day.lower(), day) for day in DAYS),
        ),
        Field("holidays", "Public holidays of", help="A country, or a part of one: US, US-NY, AT. Nothing: none.", optional=True),
        Field(
            "days",
            "Days of its own",
            "rows",
            "A half day, a day off, or a holiday on which somebody works. Day as in 2026-12-24; hours as above, nothing: closed.",
            optional=True,
            cells=(Cell("on", "Day"), Cell("hours", "Hours"), Cell("label", "What it is")),
        ),
        Field(
            "recesses",
            "Recesses",
            "rows",
            "Closed from the first day to the last.",
            optional=True,
            cells=(Cell("from", "First day"), Cell("to", "Last day"), Cell("label", "What it is")),
        ),
        Field("pauses", "No time counts while a case is", "lines", "Codes of a case's status, one a line.", optional=True),
    ),
    columns=(("Calendar", told("label")), ("Hours", lambda entry, around: _hours(entry)), ("Off", lambda entry, around: _off(entry))),
)
USUAL = Part(
    "calendar",
    "Usual working time",
    "usual calendar",
    "The calendar that diagrams call “calendar”, and that due dates are told in.",
    (Field("calendar", "Calendar", "select", options=choices),),
    whole=True,
)
