"""Functions on dates and times (DMN 1.5, tables 78, 80 and 81)."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from engine.feel.calling import builtin
from engine.feel.comparison import equal
from engine.feel.limits import Run
from engine.feel.values import Value, kind

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@builtin("now")
def now(run: Run) -> Value:
    """The moment of this evaluation, the same wherever it is asked for."""
    return run.now


@builtin("today")
def today(run: Run) -> Value:
    """The date of this evaluation, in the zone of its clock."""
    return run.now.date()


@builtin("day of year", "date: date|date and time")
def day_of_year(_run: Run, day: date) -> Value:
    """The number of the day in its year."""
    return Decimal(day.timetuple().tm_yday)


@builtin("day of week", "date: date|date and time")
def day_of_week(_run: Run, day: date) -> Value:
    """The English name of the day."""
    return _DAYS[day.weekday()]


@builtin("month of year", "date: date|date and time")
def month_of_year(_run: Run, day: date) -> Value:
    """The English name of the month."""
    return _MONTHS[day.month - 1]


@builtin("week of year", "date: date|date and time")
def week_of_year(_run: Run, day: date) -> Value:
    """The number of the week in its year, by ISO 8601."""
    return Decimal(day.isocalendar().week)


@builtin("is", "value1: any", "value2: any")
def is_same(run: Run, left: Value, right: Value) -> Value:
    """Whether two values are the same also in how they are written: zones count, not only instants."""
    if kind(left) != kind(right):
        return False
    if isinstance(left, (datetime, time)) and isinstance(right, (datetime, time)):
        same_zone = left.utcoffset() == right.utcoffset() and (left.tzinfo is None) == (right.tzinfo is None)
        return same_zone and left.replace(tzinfo=None) == right.replace(tzinfo=None)
    run.weigh(left)
    return equal(left, right)
