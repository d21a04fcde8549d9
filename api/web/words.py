"""Times and amounts in the words that people read (shared look: ages in words, one short form of a date)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine import clock

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
#: what languages call themselves
LANGUAGES = {"en": "English", "es": "Español", "de": "Deutsch", "fr": "Français", "pt": "Português"}
#: from this many days before it is due a task counts as due soon
_SOON_DAYS = 2


@dataclass(frozen=True, slots=True)
class Due:
    """A due time in words. `tone` is overdue, soon or later: a colour, always shown with an icon and the words."""

    text: str
    tone: str


def short(moment: datetime, zone: ZoneInfo) -> str:
    """Like "Thu 27 Nov, 09:00"; with the year when it is not this one."""
    local = moment.astimezone(zone)
    year = "" if local.year == _today(zone).year else f" {local.year}"
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}{year}, {local:%H:%M}"


def full(moment: datetime, zone: ZoneInfo) -> str:
    """Like "Thursday 27 November 2026, 09:00 CET"."""
    local = moment.astimezone(zone)
    return f"{_LONG_DAYS[local.weekday()]} {local.day} {_LONG_MONTHS[local.month - 1]} {local.year}, {local:%H:%M} {local:%Z}"


def day(moment: datetime, zone: ZoneInfo) -> str:
    """Like "27 Nov 2026"."""
    local = moment.astimezone(zone)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def weekday(local: datetime) -> str:
    """Like "Monday"."""
    return _LONG_DAYS[local.weekday()]


def month(local: datetime) -> str:
    """Like "March"."""
    return _LONG_MONTHS[local.month - 1]


def age(moment: datetime) -> str:
    """How long ago, in words: "just now", "5 minutes ago", "3 days ago"."""
    span = clock.now() - moment
    return "just now" if span < timedelta(minutes=1) else f"{_span(span)} ago"


def due(moment: datetime, zone: ZoneInfo) -> Due:
    """When something is due, seen from now, in the program's calendar days."""
    now = clock.now()
    if moment < now:
        return Due(f"{_span(now - moment)} late", "overdue")
    days = (moment.astimezone(zone).date() - _today(zone)).days
    if days == 0:
        return Due(f"Today, {moment.astimezone(zone):%H:%M}", "soon")
    if days == 1:
        return Due(f"Tomorrow, {moment.astimezone(zone):%H:%M}", "soon")
    return Due(f"In {days} days", "soon" if days <= _SOON_DAYS else "later")


def count(number: int, one: str, many: str) -> str:
    """The number with the word that fits it: "1 task", "2 tasks"."""
    return f"{number} {one if number == 1 else many}"


def code(text: str) -> str:
    """A code that the pack has no label for, as words: "full_agreement" is "Full agreement"."""
    return text.replace("_", " ").replace("-", " ").capitalize()


def spaced(name: str) -> str:
    """BPMN's camel case as words: "userTask" is "User task"."""
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
    return " ".join(parts).capitalize() if parts else name


def _today(zone: ZoneInfo) -> date:
    return clock.now().astimezone(zone).date()


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return count(max(minutes, 1), "minute", "minutes")
    if minutes < 48 * 60:
        return count(minutes // 60, "hour", "hours")
    days = minutes // (24 * 60)
    if days < 60:
        return count(days, "day", "days")
    return count(days // 30, "month", "months") if days < 730 else count(days // 365, "year", "years")
