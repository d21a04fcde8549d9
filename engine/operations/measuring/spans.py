"""The months and years that figures are asked for, in a program's time zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from engine.language import Pattern, dated
from engine.model.errors import BadRequest
from engine.model.measures import Span

_NAME = re.compile(r"(20\d\d|19\d\d)(?:-(0[1-9]|1[0-2]))?")
_MONTHS = 12


def year(name: str, zone: ZoneInfo) -> tuple[Span, ...]:
    """The year that a period lies in: its months, then itself. Raises BadRequest for a name that is none."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise BadRequest(f"“{name}” is no month or year; write one like 2026-10 or 2026.")
    number = int(found[1])
    starts = [datetime(number, month, 1, tzinfo=zone) for month in range(1, _MONTHS + 1)] + [datetime(number + 1, 1, 1, tzinfo=zone)]
    months = tuple(Span(f"{number}-{month:02d}", starts[month - 1], starts[month]) for month in range(1, _MONTHS + 1))
    return (*months, Span(str(number), starts[0], starts[-1]))


def last_month(now: datetime, zone: ZoneInfo) -> str:
    """The last month that is over."""
    local = now.astimezone(zone)
    return f"{local.year}-{local.month - 1:02d}" if local.month > 1 else f"{local.year - 1}-{_MONTHS}"


def months_between(first: datetime, now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """The names of the months from one moment to another, the newest first."""
    begin, end = first.astimezone(zone), now.astimezone(zone)
    numbers = range(begin.year * _MONTHS + begin.month - 1, end.year * _MONTHS + end.month)
    return tuple(f"{number // _MONTHS}-{number % _MONTHS + 1:02d}" for number in reversed(numbers))


def label(name: str) -> str:
    """A period for people: "October 2026", "2026"."""
    number, _, month = name.partition("-")
    if not month:
        return number
    return f"{dated(datetime(int(number), int(month), 1, tzinfo=UTC), Pattern.MONTH)} {number}"


def month_label(name: str) -> str:
    """The month of a period alone."""
    number, _, month = name.partition("-")
    return dated(datetime(int(number), int(month or 1), 1, tzinfo=UTC), Pattern.MONTH)
