"""`instance of`, and fitting a value to a type (DMN 1.5, 10.3.2.9)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from engine.feel.nodes import TypeName
from engine.feel.values import Function, Kind, Range, Value, kind

_ALIASES = {
    "dayTimeDuration": Kind.DAYS,
    "yearMonthDuration": Kind.MONTHS,
    "dateTime": Kind.DATE_TIME,
    "days and time duration": Kind.DAYS,
    "years and months duration": Kind.MONTHS,
}


def known_type(name: str) -> bool:
    """Whether this is a name of a FEEL type."""
    return name in _ALIASES or name == "Any" or name in list(Kind)


def instance_of(value: Value, wanted: TypeName) -> bool:
    """Whether a value is of a type. Null is of type Null alone."""
    if value is None:
        return wanted.name == "Null"
    if wanted.name == "Any":
        return True
    if kind(value) != _ALIASES.get(wanted.name, wanted.name):
        return False
    return not (wanted.inner or wanted.result) or _holds(value, wanted)


def _holds(value: Value, wanted: TypeName) -> bool:
    match value:
        case list():
            return all(item is None or instance_of(item, wanted.inner[0]) for item in value)
        case Range():
            ends = [end for end in (value.low, value.high) if end is not None]
            return all(instance_of(end, wanted.inner[0]) for end in ends)
        case dict():
            return all(
                key in value and (value[key] is None or instance_of(value[key], inner))
                for key, inner in zip(wanted.names, wanted.inner, strict=True)
            )
        case Function():
            return any(len(signature.parameters) == len(wanted.inner) for signature in value.signatures)
        case _:
            return False


def fit(value: Value, wanted: TypeName | None) -> Value:
    """A value made to fit a type by the standard's implicit conversions (DMN 1.5, 10.3.2.9.4): a list of one becomes its
    element, an element a list of one, a date its midnight in UTC. Raises TypeError when it does not fit."""
    if wanted is None or value is None or instance_of(value, wanted):
        return value
    if isinstance(value, list) and len(value) == 1 and instance_of(value[0], wanted):
        return value[0]
    if wanted.name == "list" and not isinstance(value, list) and instance_of([value], wanted):
        return [value]
    if wanted.name in ("date and time", "dateTime") and type(value) is date:
        return midnight(value)
    raise TypeError(f"{kind(value)} is not {wanted.name}")


def midnight(day: date) -> datetime:
    """The start of a date in UTC."""
    return datetime.combine(day, time(), tzinfo=UTC)
