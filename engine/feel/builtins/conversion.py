"""Functions that make a value of one kind from others (DMN 1.5, table 72)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, tzinfo
from decimal import Decimal

from engine.feel import nodes
from engine.feel.calling import builtin
from engine.feel.comparison import less, ordered
from engine.feel.errors import FeelSyntaxError
from engine.feel.iso import iso_date, iso_datetime, iso_duration, iso_time, iso_zone, offset_zone
from engine.feel.limits import Run
from engine.feel.parser import parse_expression
from engine.feel.values import DaysTime, Range, Value, YearsMonths, number
from engine.language import kept

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


@builtin("number", "from: string|number", "grouping separator: string|Null?", "decimal separator: string|Null?")
def to_number(run: Run, given: str | Decimal, grouping: str | None = None, point: str | None = None) -> Value:
    """A number from a text; the separators are a space, a comma or a point, and not the same."""
    if isinstance(given, Decimal):
        return given
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", ".") or (grouping and grouping == point):
        return run.null(kept("number() takes a space, a comma or a point as separators, each for one thing."))
    written = given.replace(grouping, "") if grouping else given
    written = written.replace(point, ".") if point else written
    try:
        return number(written) if _NUMBER.fullmatch(written) else run.null(kept("number() was given a text that is no number."))
    except ArithmeticError:
        return run.null(kept("number() was given a number larger than any may be."))


def _read(run: Run, name: str, read: Callable[[str], Value], written: str) -> Value:
    try:
        return read(written)
    except ValueError:
        return run.null(kept("{name}() was given a text that it cannot read.", name=name))


@builtin("date", "from: string|date and time|date")
def to_date(run: Run, given: str | date) -> Value:
    """A date from a text, or of a date and time."""
    if isinstance(given, str):
        return _read(run, "date", iso_date, given)
    return given.date() if isinstance(given, datetime) else given


@builtin("date", "year: number", "month: number", "day: number")
def date_of(run: Run, year: Decimal, month: Decimal, day: Decimal) -> Value:
    """A date from its parts."""
    try:
        return date(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        return run.null(kept("date() was given a day that does not exist."))


@builtin("date and time", "date: date and time|date", "time: time")
def date_and_time(_run: Run, day: date, clock: time) -> Value:
    """A date and a time of day together."""
    return datetime.combine(day.date() if isinstance(day, datetime) else day, clock)


@builtin("date and time", "from: string|date and time|date")
def to_date_and_time(run: Run, given: str | date) -> Value:
    """A date and time from a text; a date is its midnight."""
    if isinstance(given, str):
        return _read(run, "date and time", iso_datetime, given)
    return given if isinstance(given, datetime) else datetime.combine(given, time())


_PARTS = ("year: number", "month: number", "day: number", "hour: number", "minute: number", "second: number")


@builtin("date and time", *_PARTS, "offset: days and time duration|Null?")
def date_and_time_of(run: Run, *parts: Decimal | DaysTime | None) -> Value:
    """A date and time from its parts, with an offset from UTC if one is given."""
    numbers = [part for part in parts if isinstance(part, Decimal)]
    last = parts[-1]
    try:
        return _moment(numbers, offset_zone(last.delta) if isinstance(last, DaysTime) else None)
    except (ValueError, OverflowError):
        return run.null(kept("date and time() was given a moment that does not exist."))


@builtin("date and time", *_PARTS, "timezone: string")
def date_and_time_in(run: Run, *parts: Decimal | str) -> Value:
    """A date and time from its parts, in a named zone."""
    try:
        return _moment([part for part in parts if isinstance(part, Decimal)], iso_zone(str(parts[-1])))
    except (ValueError, OverflowError):
        return run.null(kept("date and time() was given a moment or a zone that does not exist."))


def _moment(parts: list[Decimal], zone: tzinfo | None) -> datetime:
    year, month, day, hour, minute = (int(part) for part in parts[:5])
    second, micro = _seconds(parts[5])
    return datetime(year, month, day, hour, minute, second, micro, zone)


def _seconds(second: Decimal) -> tuple[int, int]:
    return int(second), int(second % 1 * 1_000_000)


@builtin("time", "from: string|time|date and time")
def to_time(run: Run, given: str | time | datetime) -> Value:
    """A time of day from a text, or of a date and time."""
    if isinstance(given, str):
        return _read(run, "time", iso_time, given)
    return given.timetz() if isinstance(given, datetime) else given


@builtin("time", "hour: number", "minute: number", "second: number", "offset: days and time duration|Null?")
def time_of(run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTime | None = None) -> Value:
    """A time of day from its parts, with an offset from UTC if one is given."""
    try:
        return time(int(hour), int(minute), *_seconds(second), None if offset is None else offset_zone(offset.delta))
    except (ValueError, OverflowError):
        return run.null(kept("time() was given a time of day that does not exist."))


@builtin("duration", "from: string|days and time duration|years and months duration")
def to_duration(run: Run, given: str | DaysTime | YearsMonths) -> Value:
    """A duration from a text."""
    return _read(run, "duration", iso_duration, given) if isinstance(given, str) else given


@builtin("years and months duration", "from: date|date and time", "to: date|date and time")
def months_between(_run: Run, start: date, end: date) -> Value:
    """The whole months from one day to another, without the days left over."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return YearsMonths(months)


@builtin("range", "from: string")
def to_range(run: Run, written: str) -> Value:
    """A range from a text such as [1..5], [1..) or (..5]; its ends are literals."""
    try:
        node = _half(written) or parse_expression(written)
    except FeelSyntaxError:
        return run.null(kept("range() was given a text that is no range."))
    if not isinstance(node, nodes.RangeOf):
        return run.null(kept("range() was given a text that is no range."))
    low, high = _end(node.low), _end(node.high)
    missing = (node.low is not None and low is None) or (node.high is not None and high is None)
    if missing or (low is not None and high is not None and less(high, low) is not False):
        return run.null(kept("range() takes two ends of one kind, the smaller first."))
    return Range(node.low_in, low, high, node.high_in)


#: A range without one of its ends; that end is open.
_HALF = re.compile(r"\s*(?:[(\]]\s*\.\.(?P<high>.+)(?P<closed>[\])\[])|(?P<opened>[\[(\]])(?P<low>.+)\.\.\s*[)\[])\s*", re.DOTALL)


def _half(written: str) -> nodes.RangeOf | None:
    """A range written with one end; None for any other text. Raises FeelSyntaxError when the end cannot be read."""
    found = _HALF.fullmatch(written)
    if not found:
        return None
    if found["high"]:
        return nodes.RangeOf(False, None, parse_expression(found["high"]), found["closed"] == "]")
    return nodes.RangeOf(found["opened"] == "[", parse_expression(found["low"]), None, False)


def _end(node: nodes.Node | None) -> Value:
    """The value of a literal end; None for anything that is not a literal with an order."""
    match node:
        case nodes.Literal(value) if ordered(value):
            return value
        case nodes.Negation(nodes.Literal(Decimal() as value)):
            return -value
        case nodes.AtLiteral(written):
            return _moment_end(written)
        case nodes.Call(nodes.Name(name), (nodes.Literal(str() as written),), ()):
            readers: dict[str, Callable[[str], Value]] = {
                "date": iso_date,
                "time": iso_time,
                "date and time": iso_datetime,
                "duration": iso_duration,
            }
            return _literal(readers[name], written) if name in readers else None
        case _:
            return None


def _literal(read: Callable[[str], Value], written: str) -> Value:
    try:
        return read(written)
    except ValueError:
        return None


def _moment_end(written: str) -> Value:
    readers: tuple[Callable[[str], Value], ...] = (iso_duration, iso_date, iso_time, iso_datetime)
    for read in readers:
        found = _literal(read, written)
        if found is not None:
            return found
    return None
