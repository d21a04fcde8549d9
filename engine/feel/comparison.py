"""Equality, order and membership (DMN 1.5, tables 51 to 55). Kinds that do not compare give null."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.values import DaysTime, Kind, Range, Value, YearsMonths, kind

_ORDERED = frozenset({Kind.NUMBER, Kind.STRING, Kind.DATE, Kind.TIME, Kind.DATE_TIME, Kind.DAYS, Kind.MONTHS})


def ordered(value: Value) -> bool:
    """Whether values of this kind have an order."""
    return kind(value) in _ORDERED


#: Types whose values are equal when Python says so.
_PLAIN = frozenset({bool, Decimal, str, date, DaysTime, YearsMonths})


def equal(left: Value, right: Value) -> bool | None:
    """Whether two values are the same; null when they are of different kinds. Null equals only null."""
    if left is None or right is None:
        return left is right
    if type(left) is not type(right):
        return None
    if type(left) in _PLAIN:
        return left == right
    match left, right:
        case list(), list():
            return len(left) == len(right) and all(equal(a, b) is True for a, b in zip(left, right, strict=True))
        case dict(), dict():
            return left.keys() == right.keys() and all(equal(item, right[key]) is True for key, item in left.items())
        case Range(), Range():
            ends = equal(left.low, right.low) is True and equal(left.high, right.high) is True
            return ends and left.low_in == right.low_in and left.high_in == right.high_in
        case datetime(), datetime():
            return _datetimes_equal(left, right)
        case time(), time():
            return _times_equal(left, right)
        case _:
            return left == right


def _datetimes_equal(left: datetime, right: datetime) -> bool:
    if (left.tzinfo is None) != (right.tzinfo is None):
        return False
    return _instant(left) == _instant(right)


def _times_equal(left: time, right: time) -> bool:
    if (_offset(left) is None) != (_offset(right) is None):
        return False
    return _seconds(left) == _seconds(right)


def _offset(moment: time) -> timedelta | None:
    """A time's offset from UTC; a zone that changes its offset in the year is taken as of 1 January 1970."""
    if moment.tzinfo is None:
        return None
    return moment.utcoffset() or datetime.combine(date(1970, 1, 1), moment).utcoffset()


def _seconds(moment: time) -> timedelta:
    since = timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond)
    return since - (_offset(moment) or timedelta())


_EPOCH = datetime(1, 1, 1)  # noqa: DTZ001  # wall time, from which the offset is taken afterwards


def _instant(moment: datetime) -> timedelta:
    """The place on the time line, as elapsed since the year 1 in UTC: Python's own comparison ignores a shared zone's changes."""
    return moment.replace(tzinfo=None) - _EPOCH - (moment.utcoffset() or timedelta())


def elapsed(earlier: datetime | time, later: datetime | time) -> timedelta:
    """The time between two moments of one kind that both have or both lack a zone."""
    if isinstance(earlier, datetime) and isinstance(later, datetime):
        return _instant(later) - _instant(earlier)
    if isinstance(earlier, time) and isinstance(later, time):
        return _seconds(later) - _seconds(earlier)
    raise TypeError("A date and time and a time have no distance.")


def zoned(value: datetime | time) -> bool:
    """Whether a moment says where it is on the time line."""
    return value.tzinfo is not None


def _key(value: Value) -> Any:
    match value:
        case datetime():
            return _instant(value)
        case time():
            return _seconds(value)
        case _:
            return value


def comparable(left: Value, right: Value) -> bool:
    """Whether one of the two is before, at or after the other."""
    if kind(left) != kind(right) or not ordered(left):
        return False
    if isinstance(left, (datetime, time)) and isinstance(right, (datetime, time)):
        return zoned(left) == zoned(right)
    return True


def less(left: Value, right: Value) -> bool | None:
    """Whether `left` comes before `right`; null when the two do not compare."""
    return bool(_key(left) < _key(right)) if comparable(left, right) else None


def compare(op: str, left: Value, right: Value) -> bool | None:
    """`left op right` with op one of = != < <= > >=; null when the two do not compare."""
    match op:
        case "=":
            return equal(left, right)
        case "!=":
            same = equal(left, right)
            return None if same is None else not same
        case "<":
            return less(left, right)
        case ">":
            return less(right, left)
        case "<=":
            later = less(right, left)
            return None if later is None else not later
        case _:
            earlier = less(left, right)
            return None if earlier is None else not earlier


def conjunction(left: bool | None, right: bool | None) -> bool | None:
    """Three-valued and (DMN 1.5, table 50)."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def includes(range_: Range, value: Value) -> bool | None:
    """Whether a value lies in a range; null when it does not compare with the ends."""
    low = True if range_.low is None else compare(">=" if range_.low_in else ">", value, range_.low)
    high = True if range_.high is None else compare("<=" if range_.high_in else "<", value, range_.high)
    return conjunction(low, high)


def contains(items: list[Value], value: Value) -> bool:
    """Whether a list holds an equal value, or a range that the value lies in."""
    return any(equal(item, value) is True or (isinstance(item, Range) and includes(item, value) is True) for item in items)


def holds(test: Value, value: Value) -> bool | None:
    """Whether a value passes a test: lies in a range, is in a list, or is equal (DMN 1.5, table 55)."""
    if isinstance(test, Range) and not isinstance(value, Range):
        return includes(test, value)
    if isinstance(test, list):
        return equal(test, value) is True or contains(test, value)
    return equal(test, value)


#: Digits of the largest number that is taken for a count or a position.
_COUNTABLE = 18


def whole(value: Value) -> int | None:
    """A number without a fraction as an int; None for anything else, and for numbers beyond any count of things."""
    if isinstance(value, Decimal) and value.adjusted() < _COUNTABLE and value == value.to_integral_value():
        return int(value)
    return None
