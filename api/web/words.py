"""Times and amounts in the words that people read (shared look: ages in words, one short form of a date)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine import clock
from engine.language import Pattern, dated, say, say_many
from engine.model.calendars import Calendar
from engine.operations import wording
from engine.operations.words import due_words

#: what languages call themselves
LANGUAGES = {"en": "English", "es": "Español", "de": "Deutsch", "fr": "Français", "pt": "Português"}
#: from this many days before it is due, working days where they are counted, a task counts as due soon
_SOON_DAYS = 2


@dataclass(frozen=True, slots=True)
class Due:
    """A due time in words. `tone` is overdue, soon or later: a colour, always shown with an icon and the words."""

    text: str
    tone: str


def short(moment: datetime, zone: ZoneInfo) -> str:
    """Like "Thu 27 Nov, 09:00"; with the year when it is not this one."""
    local = moment.astimezone(zone)
    return dated(local, Pattern.SHORT if local.year == _today(zone).year else Pattern.SHORT_OF_YEAR)


def full(moment: datetime, zone: ZoneInfo) -> str:
    """Like "Thursday 27 November 2026, 09:00 CET"."""
    local = moment.astimezone(zone)
    return f"{dated(local, Pattern.FULL)} {local:%Z}"


def day(moment: datetime, zone: ZoneInfo) -> str:
    """Like "27 Nov 2026"."""
    return dated(moment.astimezone(zone), Pattern.DAY)


def weekday(local: datetime) -> str:
    """Like "Monday"."""
    return dated(local, Pattern.LONG_WEEKDAY)


def month(local: datetime) -> str:
    """Like "March"."""
    return dated(local, Pattern.MONTH)


def age(moment: datetime) -> str:
    """How long ago, in words: "just now", "5 minutes ago", "3 days ago"."""
    span = clock.now() - moment
    return say("just now") if span < timedelta(minutes=1) else say("{span} ago", span=_span(span))


def length(span: timedelta | None) -> str:
    """How long something took, in words: "40 minutes", "3 days"; nothing when it is not told."""
    if span is None:
        return ""
    return say("under a minute") if span < timedelta(minutes=1) else _span(span)


def due(moment: datetime, zone: ZoneInfo, calendar: Calendar | None = None) -> Due:
    """When something is due, seen from now: in the working days of a calendar, or in the days of the time zone."""
    told = due_words.told(moment, calendar, zone)
    if told.is_late:
        return Due(told.text, "overdue")
    return Due(told.text, "soon" if told.days <= _SOON_DAYS else "later")


def again(moment: datetime, zone: ZoneInfo, calendar: Calendar | None = None) -> str:
    """When something is to be looked at again, seen from now."""
    if moment <= clock.now():
        return say("To be looked at again since {day}", day=wording.weekday(moment.astimezone(zone)))
    return say("To be looked at again: {due}", due=due_words.told(moment, calendar, zone).text)


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
        return say_many("{n} minute", "{n} minutes", max(minutes, 1))
    if minutes < 48 * 60:
        return say_many("{n} hour", "{n} hours", minutes // 60)
    days = minutes // (24 * 60)
    if days < 60:
        return say_many("{n} day", "{n} days", days)
    return say_many("{n} month", "{n} months", days // 30) if days < 730 else say_many("{n} year", "{n} years", days // 365)
