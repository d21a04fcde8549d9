"""Working time worked out the slow way: minute by minute, with tables of its own; knows nothing of engine/calendars.

Holidays stand here as the laws say them (United States: 5 U.S.C. 6103; Austria: § 7 Arbeitsruhegesetz; New Zealand:
Holidays Act 2003, section 44), not as a package gives them. A moment is a minute; a minute is open when it begins open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    """The nth such weekday of a month; -1: the last."""
    days = [date(year, month, 1) + timedelta(days=one) for one in range(31)]
    fitting = [day for day in days if day.month == month and day.weekday() == weekday]
    return fitting[number - 1 if number > 0 else number]


def _federal(year: int) -> set[date]:
    fixed = [date(year, 1, 1), date(year, 6, 19), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25), date(year + 1, 1, 1)]
    # A holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday after.
    kept = [day - timedelta(days=1) if day.weekday() == 5 else day + timedelta(days=1) if day.weekday() == 6 else day for day in fixed]
    floating = [_nth(year, *one) for one in ((1, 0, 3), (2, 0, 3), (5, 0, -1), (9, 0, 1), (10, 0, 2), (11, 3, 4))]
    return {*fixed, *kept, *floating}


_AUSTRIA = "01-01 01-06 04-06 05-01 05-14 05-25 06-04 08-15 10-26 11-01 12-08 12-25 12-26"
_NEW_ZEALAND = "01-01 01-02 02-06 04-03 04-06 04-25 04-27 06-01 07-10 10-26 12-25 12-26 12-28"
_HOLIDAYS: Mapping[str, set[date]] = {
    "US": {day for year in range(2023, 2031) for day in _federal(year)},
    "AT": {date.fromisoformat(f"2026-{day}") for day in _AUSTRIA.split()} | {date(2027, 1, 1), date(2027, 1, 6)},
    "NZ": {date.fromisoformat(f"2026-{day}") for day in _NEW_ZEALAND.split()} | {date(2027, 1, day) for day in (1, 2, 4)},
}


def _minutes(text: str) -> set[int]:
    spans = re.findall(r"(\d+):(\d+)-(\d+):(\d+)", text)
    return {minute for a, b, c, d in spans for minute in range(int(a) * 60 + int(b), int(c) * 60 + int(d))}


class Slow:
    """One calendar as it is written in a pack."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.zone = ZoneInfo(raw["zone"])
        self._days: dict[date, set[int]] = {}

    def _open_minutes(self, day: date) -> set[int]:
        if day not in self._days:
            self._days[day] = self._worked_out(day)
        return self._days[day]

    def _worked_out(self, day: date) -> set[int]:
        for own in self.raw.get("days", []):
            if own["on"] == day.isoformat():
                return _minutes(own.get("hours", ""))
        if any(recess["from"] <= day.isoformat() <= recess["to"] for recess in self.raw.get("recesses", [])):
            return set()
        if day in _HOLIDAYS.get(self.raw.get("holidays", ""), set()):
            return set()
        return _minutes(self.raw["week"].get(_WEEK[day.weekday()], ""))

    def local(self, moment: datetime) -> datetime:
        """A moment on the wall clock."""
        return moment.astimezone(self.zone)

    def is_open(self, moment: datetime) -> bool:
        """Whether the minute that begins then is open."""
        local = self.local(moment)
        return local.hour * 60 + local.minute in self._open_minutes(local.date())

    def next_open(self, moment: datetime) -> datetime:
        """The first open minute from a moment on."""
        while not self.is_open(moment):
            moment += MINUTE
        return moment

    def open_minutes(self, start: datetime, end: datetime) -> int:
        """How many minutes are open from a moment to a later one."""
        number = 0
        while start < end:
            number += self.is_open(start)
            start += MINUTE
        return number

    def add_minutes(self, moment: datetime, number: int) -> datetime:
        """The end of the nth open minute, or backward its beginning."""
        while number > 0:
            number -= self.is_open(moment)
            moment += MINUTE
        while number < 0:
            moment -= MINUTE
            number += self.is_open(moment)
        return moment

    def _minutes_of(self, day: date) -> list[datetime]:
        around = datetime.combine(day, time(12), UTC) - timedelta(hours=30)
        return [minute for one in range(60 * 60) if self.local(minute := around + one * MINUTE).date() == day]

    def works_on(self, day: date) -> bool:
        """Whether any minute of a day is open."""
        return any(self.is_open(minute) for minute in self._minutes_of(day))

    def days_between(self, start: datetime, end: datetime) -> int:
        """Working days after the day of the start, up to that of the end."""
        return sum(self.works_on(day) for day in self._dates(self.local(start).date(), self.local(end).date()))

    @staticmethod
    def _dates(first: date, last: date) -> Iterator[date]:
        while first < last:
            first += timedelta(days=1)
            yield first

    def add_days(self, moment: datetime, number: int) -> datetime:
        """As the rules of engine/calendars.py say it, looked up among the minutes of the day."""
        if not number:
            return moment
        begun, step = self.local(moment), timedelta(days=1 if number > 0 else -1)
        day, left = begun.date(), abs(number)
        while left:
            day += step
            left -= self.works_on(day)
        edges = sorted({edge for minute in self._minutes_of(day) if self.is_open(minute) for edge in (minute, minute + MINUTE)})
        if not self.works_on(begun.date()):
            return edges[-1] if number > 0 else edges[0]
        wall = datetime.combine(day, begun.time(), self.zone).astimezone(UTC)
        return next((edge for edge in edges if edge >= wall), edges[-1])
