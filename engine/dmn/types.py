"""Holding values to their declared types and allowed values."""

from __future__ import annotations

from collections.abc import Callable

from engine.dmn.errors import DecisionError
from engine.dmn.model import ValueType
from engine.feel import DaysTime, Kind, Run, Value, YearsMonths, iso_date, iso_datetime, iso_duration, iso_time, kind

#: The names of types in models: FEEL's own, XML Schema's short ones of DMN 1.1, and those that editors write.
KINDS = {
    "string": Kind.STRING,
    "number": Kind.NUMBER,
    "integer": Kind.NUMBER,
    "long": Kind.NUMBER,
    "double": Kind.NUMBER,
    "boolean": Kind.BOOLEAN,
    "date": Kind.DATE,
    "time": Kind.TIME,
    "dateTime": Kind.DATE_TIME,
    "date and time": Kind.DATE_TIME,
    "dayTimeDuration": Kind.DAYS,
    "days and time duration": Kind.DAYS,
    "yearMonthDuration": Kind.MONTHS,
    "years and months duration": Kind.MONTHS,
    "context": Kind.CONTEXT,
}


def _days(text: str) -> DaysTime:
    found = iso_duration(text)
    if isinstance(found, YearsMonths):
        raise ValueError("A duration of months is not one of days.")
    return found


def _months(text: str) -> YearsMonths:
    found = iso_duration(text)
    if isinstance(found, DaysTime):
        raise ValueError("A duration of days is not one of months.")
    return found


#: JSON has no dates, so a text given where one is declared is read as one.
_READERS: dict[Kind, Callable[[str], Value]] = {
    Kind.DATE: iso_date,
    Kind.TIME: iso_time,
    Kind.DATE_TIME: iso_datetime,
    Kind.DAYS: _days,
    Kind.MONTHS: _months,
}


def checked(value: Value, wanted: ValueType, what: str, decision: str, run: Run) -> Value:
    """The value, read from a text where a moment is declared. Null is always allowed.

    Raises DecisionError, with `what` as its subject, when it is of another kind or not among the allowed values.
    """
    if value is None:
        return None
    if wanted.many:
        items = value if isinstance(value, list) else [value]
        return [_one(item, wanted, what, decision, run) for item in items]
    if isinstance(value, list) and len(value) == 1 and wanted.kind is not None:
        return _one(value[0], wanted, what, decision, run)
    return _one(value, wanted, what, decision, run)


def _one(value: Value, wanted: ValueType, what: str, decision: str, run: Run) -> Value:
    if value is None:
        return None
    if wanted.kind in _READERS and isinstance(value, str):
        try:
            value = _READERS[wanted.kind](value)
        except ValueError:
            raise DecisionError(f"{what} is a text that cannot be read as {wanted.kind}.", decision) from None
    if wanted.kind is not None and kind(value) != wanted.kind:
        raise DecisionError(f"{what} is a {kind(value)} where {wanted.kind} is declared.", decision)
    if wanted.allowed is not None and wanted.allowed.within(run, {"?": value}) is not True:
        raise DecisionError(f"{what} is not among its allowed values ({wanted.allowed.text.strip()}).", decision)
    return value
