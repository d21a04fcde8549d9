"""FEEL values as JSON: `to_json` and `from_json` lose nothing (for our own store), `plain` and `from_plain` speak with others."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from engine.feel.iso import iso_date, iso_datetime, iso_duration, iso_time
from engine.feel.rendering import moment_text, number_text, text
from engine.feel.values import DaysTime, Function, Range, Value, YearsMonths, coerce

# A tagged value is an object with exactly one key that begins with $. An object of the user that happens to look like
# one is wrapped in $context, so that nothing a person sends can pass for a tag.
_CONTEXT = "$context"
#: Integers up to here are the same in every JSON reader (RFC 8259, section 6).
_SAFE_INTEGER = 2**53 - 1
#: Integers beyond 64 bits are no integers to many readers.
_LONG = 2**63 - 1


def to_json(value: Value) -> object:
    """A value in JSON's types, to be read back by `from_json` without loss. Raises ValueError for a function."""
    match value:
        case None | bool() | str():
            return value
        case Decimal():
            return _number_to_json(value)
        case list():
            return [to_json(item) for item in value]
        case dict():
            entries = {key: to_json(item) for key, item in value.items()}
            return {_CONTEXT: entries} if len(entries) == 1 and next(iter(entries)).startswith("$") else entries
        case Range():
            return {"$range": [value.low_in, to_json(value.low), to_json(value.high), value.high_in]}
        case Function():
            raise ValueError("A function cannot be kept as data; call it and keep what it gives.")
        case _:
            return _moment_to_json(value)


def _number_to_json(value: Decimal) -> object:
    exact = value.as_tuple().exponent == 0 and abs(value) <= _SAFE_INTEGER and not (value.is_zero() and value.is_signed())
    return int(value) if exact else {"$number": str(value)}


def _moment_to_json(value: date | time | DaysTime | YearsMonths) -> object:
    match value:
        case datetime():
            return {"$datetime": [moment_text(value), 1] if value.fold else moment_text(value)}
        case date():
            return {"$date": value.isoformat()}
        case time():
            return {"$time": [moment_text(value), 1] if value.fold else moment_text(value)}
        case _:
            return {"$duration": moment_text(value)}


def from_json(data: object) -> Value:
    """The value that `to_json` wrote. Raises ValueError for what it cannot have written."""
    match data:
        case None | bool() | str():
            return data
        case int() | Decimal():
            return Decimal(data)
        case float():
            return coerce(data)
        case list():
            return [from_json(item) for item in data]
        case dict():
            if len(data) == 1:
                ((key, body),) = data.items()
                if key.startswith("$"):
                    return _untag(key, body)
            return {key: from_json(item) for key, item in data.items()}
        case _:
            raise ValueError(f"{type(data).__name__} is not one of JSON's types.")


def _stored_number(written: str) -> Decimal:
    try:
        found = Decimal(written)
    except InvalidOperation:
        raise ValueError("$number holds no number.") from None
    if not found.is_finite():
        raise ValueError("$number holds no number.")
    return found


def _untag(tag: str, body: object) -> Value:
    match tag, body:
        case "$context", dict():
            return {key: from_json(item) for key, item in body.items()}
        case "$number", str():
            return _stored_number(body)
        case "$date", str():
            return iso_date(body)
        case "$time", str():
            return iso_time(body)
        case "$datetime", str():
            return iso_datetime(body)
        case "$time", [str() as written, 1]:
            return iso_time(written).replace(fold=1)
        case "$datetime", [str() as written, 1]:
            return iso_datetime(written).replace(fold=1)
        case "$duration", str():
            return iso_duration(body)
        case "$range", [bool() as low_in, low, high, bool() as high_in]:
            return Range(low_in, from_json(low), from_json(high), high_in)
        case _:
            raise ValueError(f"{tag} is not a kind of stored value.")


def plain(value: Value) -> object:
    """A value as an outside reader wants it in JSON: numbers as int or float, moments and durations in ISO 8601,
    ranges and functions as FEEL writes them. Numbers beyond a float's precision lose it here, those beyond its size become texts."""
    match value:
        case None | bool() | str():
            return value
        case Decimal():
            return _plain_number(value)
        case list():
            return [plain(item) for item in value]
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case Range() | Function():
            return text(value)
        case _:
            return moment_text(value)


def _plain_number(value: Decimal) -> object:
    if value == value.to_integral_value() and abs(value) <= _LONG:
        return int(value)
    rough = float(value)
    return rough if math.isfinite(rough) else number_text(value)


def exact(value: Value) -> object:
    """As `plain`, but a number that a float cannot hold stays a Decimal, so that all its digits can be sent: see `json_number`."""
    match value:
        case Decimal():
            rough = _plain_number(value)
            return rough if isinstance(rough, int) or (isinstance(rough, float) and Decimal(repr(rough)) == value) else value
        case list():
            return [exact(item) for item in value]
        case dict():
            return {key: exact(item) for key, item in value.items()}
        case _:
            return plain(value)


#: Digits before or after the point from which a number is written with an exponent.
_MANY_DIGITS = 40


def json_number(value: Decimal) -> str:
    """A finite number as JSON writes it (RFC 8259, section 6), with all its digits."""
    exponent = value.as_tuple().exponent
    short = isinstance(exponent, int) and exponent >= -_MANY_DIGITS and value.adjusted() <= _MANY_DIGITS
    return format(value, "f") if short else str(value)


def from_plain(data: object) -> Value:
    """A value from outside JSON: numbers become decimals, texts stay texts also when they look like dates.

    Raises ValueError for what JSON cannot hold: a number that is none, a foreign type, a key that is no text.
    """
    match data:
        case None | bool() | str():
            return data
        case int() | float() | Decimal():
            made = coerce(data)
            if made is None or not Decimal(str(made)).is_finite():
                raise ValueError("A number that is infinite or not a number cannot be kept.")
            return made
        case list() | tuple():
            return [from_plain(item) for item in data]
        case Mapping():
            if not all(isinstance(key, str) for key in data):
                raise ValueError("The keys of an object are texts.")
            return {key: from_plain(item) for key, item in data.items()}
        case _:
            raise ValueError(f"{type(data).__name__} is not one of JSON's types.")
