"""Holding values to their declared types and allowed values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from engine.dmn.model import ValueType
from engine.feel import DaysTime, Kind, Run, TypeName, Value, YearsMonths, iso_date, iso_datetime, iso_duration, iso_time, kind
from engine.feel.limits import MAX_REASONS
from engine.language import kept

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
    "list": Kind.LIST,
    "range": Kind.RANGE,
    "function": Kind.FUNCTION,
}


def _days(text: str) -> DaysTime:
    found = iso_duration(text)
    if isinstance(found, YearsMonths):
        raise ValueError(kept("A duration of months is not one of days."))
    return found


def _months(text: str) -> YearsMonths:
    found = iso_duration(text)
    if isinstance(found, DaysTime):
        raise ValueError(kept("A duration of days is not one of months."))
    return found


#: JSON has no dates, so a text given where one is declared is read as one.
_READERS: dict[Kind, Callable[[str], Value]] = {
    Kind.DATE: iso_date,
    Kind.TIME: iso_time,
    Kind.DATE_TIME: iso_datetime,
    Kind.DAYS: _days,
    Kind.MONTHS: _months,
}


def type_name(declared: ValueType, made: dict[int, TypeName]) -> TypeName:
    """A type of the file as FEEL names it; `made` are those already named, by identity."""
    if id(declared) not in made:
        made[id(declared)] = _type_name(declared, made)
    return made[id(declared)]


def _type_name(declared: ValueType, made: dict[int, TypeName]) -> TypeName:
    inner = tuple(type_name(entry, made) for _, entry in declared.entries)
    allowed = declared.allowed
    allows = None if allowed is None else lambda value: allowed.evaluate({"?": value}) is True
    one = TypeName(declared.kind or "Any", inner, tuple(name for name, _ in declared.entries), allows=allows)
    return TypeName("list", (one,)) if declared.many else one


@dataclass(slots=True)
class DecisionRun(Run):
    """A run that also knows which values broke what is declared of them: these are mistakes, where a null may be meant."""

    violations: list[str] = field(default_factory=list)


class _Unfit(Exception):
    """What is wrong with a value, as the end of a sentence."""


def conformed(value: Value, wanted: ValueType, what: str, run: DecisionRun) -> Value:
    """A value made to fit its declared type (DMN 1.5, 10.3.2.9.4): a list of one and its element stand for each other, a
    date for its midnight, and a text is read where a moment is declared. What does not fit, or is not among the allowed
    values, is null, with a reason that begins with `what` and is kept as a violation."""
    try:
        return _fitted(value, wanted, run)
    except _Unfit as unfit:
        reason = kept("{what} {unfit}.", what=what, unfit=unfit)
        if reason not in run.violations and len(run.violations) < MAX_REASONS:
            run.violations.append(reason)
        return run.null(reason)


def _fitted(value: Value, wanted: ValueType, run: Run) -> Value:
    if value is None:
        return None
    if wanted.many:
        return [_one(item, wanted, run) for item in (value if isinstance(value, list) else [value])]
    if isinstance(value, list) and len(value) == 1 and wanted.kind not in (None, Kind.LIST):
        return _one(value[0], wanted, run)
    return _one(value, wanted, run)


def _one(value: Value, wanted: ValueType, run: Run) -> Value:
    run.spend(1)
    if value is None:
        return None
    value = _read(value, wanted.kind)
    if wanted.kind is not None and kind(value) != wanted.kind:
        raise _Unfit(f"is a {kind(value)} where {wanted.kind} is declared")
    if wanted.entries and isinstance(value, dict):
        value = {**value, **_entries(value, wanted, run)}
    if wanted.allowed is not None and wanted.allowed.within(run, {"?": value}) is not True:
        raise _Unfit(f"is not among its allowed values ({wanted.allowed.text.strip()})")
    return value


def _read(value: Value, wanted: Kind | None) -> Value:
    if wanted is Kind.DATE_TIME and type(value) is date:
        return datetime.combine(value, time(), tzinfo=UTC)
    if wanted not in _READERS or not isinstance(value, str):
        return value
    try:
        return _READERS[wanted](value)
    except ValueError:
        raise _Unfit(f"is a text that cannot be read as {wanted}") from None


def _entries(value: dict[str, Value], wanted: ValueType, run: Run) -> dict[str, Value]:
    missing = [name for name, _ in wanted.entries if name not in value]
    if missing:
        raise _Unfit(f"has no entry {missing[0]}")
    return {name: _fitted(value[name], inner, run) for name, inner in wanted.entries}
