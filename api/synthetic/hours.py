"""When people open cases and when they act: seasons, weekdays, office hours. All in the program's own days (UTC)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypeAlias

from api.synthetic.plans import Plan

#: when a case opens, and whether with many others at once
Opening: TypeAlias = tuple[datetime, bool]

_SATURDAY = 5


def openings(plan: Plan, count: int, end: datetime, spread: timedelta, rng: random.Random) -> list[Opening]:
    """When so many cases open in a time before `end`, in order."""
    size, share = plan.rush
    rushes = int(count * share) // size
    found = [(_one(plan, end, spread, rng), False) for _ in range(count - rushes * size)]
    for _ in range(rushes):
        start = _one(plan, end, spread, rng)
        found += [(start + timedelta(seconds=rng.randrange(3600)), True) for _ in range(size)]
    return sorted((min(at, end), rush) for at, rush in found)


def _one(plan: Plan, end: datetime, spread: timedelta, rng: random.Random) -> datetime:
    """A moment in office hours; rare months and weekdays are thrown back more often."""
    most = max([*plan.months.values(), 1.0]) * max(plan.weekdays)
    for day in _days(end, spread, rng):
        weight = plan.months.get(str(day.month), 1.0) * plan.weekdays[day.weekday()]
        at = day.replace(hour=0, minute=0, second=0, microsecond=0) + _within(plan.hours[0], plan.hours[1], rng)
        if rng.random() * most < weight and at < end:
            return at
    raise AssertionError("days never end")


def _days(end: datetime, spread: timedelta, rng: random.Random) -> Iterator[datetime]:
    while True:
        yield end - rng.random() * spread


def _within(first: int, last: int, rng: random.Random) -> timedelta:
    return timedelta(hours=first, seconds=rng.randrange((last - first) * 3600))


def fitting(plan: Plan, at: datetime, rng: random.Random, *, office: bool) -> datetime:
    """The moment itself, or one in the next hours in which somebody of that kind acts."""
    first, last, late = plan.hours
    until = last if office else late
    while (office and at.weekday() >= _SATURDAY) or not first <= at.hour < until:
        day = at.replace(hour=first, minute=0, second=0, microsecond=0)
        if at.hour >= first or day <= at:
            day += timedelta(days=1)
        at = day + timedelta(seconds=rng.randrange(2 * 3600))
    return at
