"""Addition to exponentiation, for numbers, texts, moments and durations (DMN 1.5, tables 56 to 60)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, DecimalException

from engine.feel.comparison import elapsed, zoned
from engine.feel.iso import add, add_months
from engine.feel.limits import Run
from engine.feel.values import ARITHMETIC, DaysTime, Value, YearsMonths, kind
from engine.language import kept

_MICROSECOND = timedelta(microseconds=1)
_NUMBERS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": ARITHMETIC.add,
    "-": ARITHMETIC.subtract,
    "*": ARITHMETIC.multiply,
    "/": ARITHMETIC.divide,
    "**": ARITHMETIC.power,
}
_NO_RESULT = object()


def operate(run: Run, op: str, left: Value, right: Value) -> Value:
    """`left op right`; null with a reason where the operation has no meaning or no result."""
    if left is None or right is None:
        return run.null(kept("One side of {op} is null.", op=op))
    try:
        result = _operate(run, op, left, right)
    except DecimalException:
        return run.null(kept("The numbers of {op} have no result (division by zero, or too large).", op=op))
    except (OverflowError, ValueError):
        return run.null(kept("The result of {op} lies outside the years 1 to 9999 or is too long.", op=op))
    if result is _NO_RESULT:
        hint = kept(" Use string() to join texts.") if op == "+" and isinstance(left, str) != isinstance(right, str) else ""
        return run.null(kept("{op} has no meaning for {kind} and {kind2}.{hint}", op=op, kind=kind(left), kind2=kind(right), hint=hint))
    return result  # type: ignore[return-value]  # the sentinel is gone


def negate(run: Run, value: Value) -> Value:
    """`-value`, for numbers and durations."""
    match value:
        case Decimal():
            return ARITHMETIC.minus(value)
        case DaysTime():
            return DaysTime(-value.delta)
        case YearsMonths():
            return YearsMonths(-value.months)
        case None:
            return run.null(kept("- is put before null."))
        case _:
            return run.null(kept("- has no meaning for {kind}.", kind=kind(value)))


def _operate(run: Run, op: str, left: Value, right: Value) -> object:
    if type(left) is Decimal and type(right) is Decimal:
        return _NUMBERS[op](left, right)
    match op:
        case "+":
            return _add(run, left, right)
        case "-":
            return _subtract(left, right)
        case "*":
            return _multiply(left, right)
        case "/":
            return _divide(left, right)
        case _:
            return _NO_RESULT


def _add(run: Run, left: Value, right: Value) -> object:
    match left, right:
        case str(), str():
            return run.text(left + right)
        case (DaysTime(), DaysTime()):
            return DaysTime(left.delta + right.delta)
        case (YearsMonths(), YearsMonths()):
            return YearsMonths(left.months + right.months)
        case (date() | time(), DaysTime() | YearsMonths()):
            return moved(left, right)
        case (DaysTime() | YearsMonths(), date() | time()):
            return moved(right, left)
        case _:
            return _NO_RESULT


def moved(moment: date | time, by: DaysTime | YearsMonths) -> object:
    """A date, time, or date and time moved by a duration; times wrap around midnight and have no months."""
    if isinstance(moment, datetime):
        return add(moment, by)
    if isinstance(moment, date):
        if isinstance(by, YearsMonths):
            return add_months(moment, by.months)
        return add(datetime.combine(moment, time()), by).date()
    if isinstance(by, YearsMonths):
        return _NO_RESULT
    length = by.delta % timedelta(days=1)
    return (datetime.combine(date(2000, 1, 1), moment.replace(tzinfo=None)) + length).time().replace(tzinfo=moment.tzinfo)


def _subtract(left: Value, right: Value) -> object:
    match left, right:
        case (DaysTime(), DaysTime()):
            return DaysTime(left.delta - right.delta)
        case (YearsMonths(), YearsMonths()):
            return YearsMonths(left.months - right.months)
        case (date() | time(), DaysTime()):
            return moved(left, DaysTime(-right.delta))
        case (date() | time(), YearsMonths()):
            return moved(left, YearsMonths(-right.months))
        case (time(), time()):
            return _between(left, right)
        case (date(), date()):
            return _between(_midnight(left, right), _midnight(right, left))
        case _:
            return _NO_RESULT


def _midnight(moment: date, other: date) -> datetime:
    """A date as the midnight that starts it: in UTC beside a moment that has a zone (DMN 1.5, 10.3.2.3.5)."""
    if isinstance(moment, datetime):
        return moment
    beside = other.tzinfo if isinstance(other, datetime) else None
    return datetime.combine(moment, time(), tzinfo=None if beside is None else UTC)


def _between(left: datetime | time, right: datetime | time) -> object:
    if zoned(left) != zoned(right):
        return _NO_RESULT
    return DaysTime(elapsed(right, left))


def _multiply(left: Value, right: Value) -> object:
    match left, right:
        case (DaysTime() | YearsMonths(), Decimal()):
            return _scaled(left, right)
        case (Decimal(), DaysTime() | YearsMonths()):
            return _scaled(right, left)
        case _:
            return _NO_RESULT


def _divide(left: Value, right: Value) -> object:
    match left, right:
        case (DaysTime() | YearsMonths(), Decimal()):
            return _scaled(left, right, ARITHMETIC.divide)
        case (DaysTime(), DaysTime()):
            return ARITHMETIC.divide(Decimal(left.delta // _MICROSECOND), Decimal(right.delta // _MICROSECOND))
        case (YearsMonths(), YearsMonths()):
            return ARITHMETIC.divide(Decimal(left.months), Decimal(right.months))
        case _:
            return _NO_RESULT


def _scaled(duration: DaysTime | YearsMonths, factor: Decimal, by: Callable[[Decimal, Decimal], Decimal] = ARITHMETIC.multiply) -> object:
    if isinstance(duration, YearsMonths):
        return YearsMonths(int(by(Decimal(duration.months), factor)))
    microseconds = by(Decimal(duration.delta // _MICROSECOND), factor)
    return DaysTime(timedelta(microseconds=int(microseconds.to_integral_value())))
