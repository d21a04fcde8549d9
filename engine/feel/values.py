"""FEEL's values as Python's: what each kind is (DMN 1.5, 10.3.2), and how foreign values become FEEL values."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias, Union

from engine.feel.limits import Run

if TYPE_CHECKING:
    from engine.feel.nodes import FunctionOf

#: Numbers have 34 significant digits and round half to even (DMN 1.5, 10.3.2.3.1: IEEE 754-2008 decimal128).
ARITHMETIC = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    clamp=0,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)


class Kind(StrEnum):
    """The kinds of FEEL values, named as FEEL names its types."""

    NULL = "Null"
    BOOLEAN = "boolean"
    NUMBER = "number"
    STRING = "string"
    LIST = "list"
    CONTEXT = "context"
    DATE = "date"
    TIME = "time"
    DATE_TIME = "date and time"
    DAYS = "days and time duration"
    MONTHS = "years and months duration"
    RANGE = "range"
    FUNCTION = "function"


@dataclass(frozen=True, slots=True, order=True)
class DaysTime:
    """A days and time duration: an elapsed time, exact to the microsecond, may be negative."""

    delta: timedelta


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A years and months duration in whole months, may be negative."""

    months: int


@dataclass(frozen=True, slots=True)
class Range:
    """All values between two ends of one kind; an end of None is open to infinity.

    `low_in` and `high_in` say whether the ends themselves belong to it.
    """

    low_in: bool
    low: Value
    high: Value
    high_in: bool


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, whether it may be left out, and a test and conversion of what is given for it.

    `convert` gives the value to use, or raises TypeError when the value does not fit.
    """

    name: str
    convert: Callable[[Value], Value]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function. With `rest`, the last parameter takes all further arguments; `needed` are not optional."""

    parameters: tuple[Parameter, ...]
    body: Callable[..., Value]
    needed: int
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """A function value: built in, given by the host, or defined in an expression. The first signature that fits is used.

    `definition` is the expression that defined it, from which its type is told.
    """

    name: str
    signatures: tuple[Signature, ...]
    definition: FunctionOf | None = None


Value: TypeAlias = Union[
    None,
    bool,
    Decimal,
    str,
    date,
    time,
    datetime,
    DaysTime,
    YearsMonths,
    Range,
    Function,
    "list[Value]",
    "dict[str, Value]",
]

Body: TypeAlias = Callable[[Run, Sequence[Value]], Value]

_KINDS: Mapping[type, Kind] = {
    type(None): Kind.NULL,
    bool: Kind.BOOLEAN,
    Decimal: Kind.NUMBER,
    str: Kind.STRING,
    list: Kind.LIST,
    dict: Kind.CONTEXT,
    datetime: Kind.DATE_TIME,
    date: Kind.DATE,
    time: Kind.TIME,
    DaysTime: Kind.DAYS,
    YearsMonths: Kind.MONTHS,
    Range: Kind.RANGE,
    Function: Kind.FUNCTION,
}


def kind(value: Value) -> Kind:
    """The kind of a value."""
    return _KINDS[type(value)]


def coerce(value: object) -> Value:
    """A value of the host as a FEEL value: int and float become numbers, a number that is infinite or none becomes null.

    Raises TypeError for what has no meaning in FEEL. A list or context that needs no change is given back as it is.
    """
    known = type(value)
    if known is str:
        return value  # type: ignore[return-value]  # as it says
    if known in _KINDS and known is not list and known is not dict:
        return None if known is Decimal and not value.is_finite() else value  # type: ignore[attr-defined,return-value]  # the table is the proof
    if isinstance(value, (list, tuple)):
        items = [coerce(item) for item in value]
        if isinstance(value, list) and all(new is old for new, old in zip(items, value, strict=True)):
            return value
        return items
    if isinstance(value, Mapping):
        return _coerce_mapping(value)
    return _coerce_scalar(value)


def _coerce_mapping(value: Mapping[object, object]) -> Value:
    entries = {str(key): coerce(item) for key, item in value.items()}
    unchanged = type(value) is dict and all(entries.get(key, value) is item for key, item in value.items())
    return value if unchanged else entries  # type: ignore[return-value]  # a dict of FEEL values


def _coerce_scalar(value: object) -> Value:
    match value:
        case int():
            return ARITHMETIC.create_decimal(int(value))
        case float():
            return ARITHMETIC.create_decimal(repr(value)) if math.isfinite(value) else None
        case str():
            return str(value)
        case timedelta():
            return DaysTime(value)
        case _:
            raise TypeError(f"{type(value).__name__} has no meaning in FEEL; give a number, text, date, list or dict.")


def number(value: int | str | Decimal) -> Decimal:
    """A FEEL number, rounded to 34 digits. Raises decimal.DecimalException (an ArithmeticError) when it is none."""
    return ARITHMETIC.create_decimal(value)
