"""Functions on numbers and truth values (DMN 1.5, tables 73 and 76)."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DecimalException,
)

from engine.feel.calling import builtin
from engine.feel.comparison import whole
from engine.feel.limits import Run
from engine.feel.values import ARITHMETIC, DaysTime, Value, YearsMonths
from engine.language import kept

#: The scales that rounding takes (DMN 1.5, table 76).
_SCALES = range(-6111, 6177)
#: Wide enough to hold any number at any scale while it is rounded.
_WIDE = Context(prec=13_000, Emin=-999_999, Emax=999_999)


def _rounded(run: Run, number: Decimal, scale: Decimal | None, mode: str) -> Value:
    places = whole(scale) if scale is not None else 0
    if places is None or places not in _SCALES:
        return run.null(kept("A scale is a whole number from {start} to {stop}.", start=_SCALES.start, stop=_SCALES.stop - 1))
    result = number.quantize(Decimal((0, (1,), -places)), mode, context=_WIDE)
    # A negative scale leaves an exponent behind; digits beyond the 34 that a number has are rounded off again.
    return ARITHMETIC.plus(result if places >= 0 else result.quantize(Decimal(1), context=_WIDE))


@builtin("decimal", "n: number", "scale: number")
def decimal(run: Run, number: Decimal, scale: Decimal) -> Value:
    """A number with so many decimal places, half rounded to even."""
    return _rounded(run, number, scale.to_integral_value(ROUND_DOWN), ROUND_HALF_EVEN)


@builtin("floor", "n: number", "scale: number?")
def floor(run: Run, number: Decimal, scale: Decimal | None = None) -> Value:
    """Rounded towards minus infinity."""
    return _rounded(run, number, scale, ROUND_FLOOR)


@builtin("ceiling", "n: number", "scale: number?")
def ceiling(run: Run, number: Decimal, scale: Decimal | None = None) -> Value:
    """Rounded towards infinity."""
    return _rounded(run, number, scale, ROUND_CEILING)


@builtin("round up", "n: number", "scale: number?")
def round_up(run: Run, number: Decimal, scale: Decimal | None = None) -> Value:
    """Rounded away from zero."""
    return _rounded(run, number, scale, ROUND_UP)


@builtin("round down", "n: number", "scale: number?")
def round_down(run: Run, number: Decimal, scale: Decimal | None = None) -> Value:
    """Rounded towards zero."""
    return _rounded(run, number, scale, ROUND_DOWN)


@builtin("round half up", "n: number", "scale: number?")
def round_half_up(run: Run, number: Decimal, scale: Decimal | None = None) -> Value:
    """Rounded to the nearest, half away from zero."""
    return _rounded(run, number, scale, ROUND_HALF_UP)


@builtin("round half down", "n: number", "scale: number?")
def round_half_down(run: Run, number: Decimal, scale: Decimal | None = None) -> Value:
    """Rounded to the nearest, half towards zero."""
    return _rounded(run, number, scale, ROUND_HALF_DOWN)


@builtin("abs", "n: number|days and time duration|years and months duration")
def absolute(_run: Run, value: Decimal | DaysTime | YearsMonths) -> Value:
    """The distance from zero, of a number or a duration."""
    match value:
        case DaysTime():
            return DaysTime(abs(value.delta))
        case YearsMonths():
            return YearsMonths(abs(value.months))
        case _:
            return value.copy_abs()


@builtin("modulo", "dividend: number", "divisor: number")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Value:
    """dividend - divisor * floor(dividend / divisor): the sign is the divisor's."""
    if not divisor:
        return run.null(kept("modulo() divides by zero."))
    run.spend(abs(dividend.adjusted() - divisor.adjusted()) >> 4)
    try:
        quotient = _WIDE.divide_int(dividend, divisor)
        rest = _WIDE.subtract(dividend, _WIDE.multiply(divisor, quotient))
        return ARITHMETIC.plus(rest + divisor if rest and (rest < 0) != (divisor < 0) else rest)
    except DecimalException:
        return run.null(kept("modulo() has no result for these numbers."))


def _computed(run: Run, name: str, number: Decimal) -> Value:
    try:
        match name:
            case "sqrt":
                return ARITHMETIC.sqrt(number)
            case "log":
                return ARITHMETIC.ln(number) if number > 0 else run.null(kept("log() takes a number above zero."))
            case _:
                return ARITHMETIC.exp(number)
    except DecimalException:
        return run.null(kept("{name}() has no result for this number.", name=name))


@builtin("sqrt", "number: number")
def sqrt(run: Run, number: Decimal) -> Value:
    """The square root of a number that is not negative."""
    return _computed(run, "sqrt", number)


@builtin("log", "number: number")
def log(run: Run, number: Decimal) -> Value:
    """The natural logarithm."""
    return _computed(run, "log", number)


@builtin("exp", "number: number")
def exp(run: Run, number: Decimal) -> Value:
    """e to the power of a number."""
    return _computed(run, "exp", number)


@builtin("odd", "number: number")
def odd(run: Run, number: Decimal) -> Value:
    """Whether a whole number is odd."""
    return _divisible(run, "odd", number, rest=1)


@builtin("even", "number: number")
def even(run: Run, number: Decimal) -> Value:
    """Whether a whole number is even."""
    return _divisible(run, "even", number, rest=0)


def _divisible(run: Run, name: str, number: Decimal, rest: int) -> Value:
    if number != number.to_integral_value():
        return run.null(kept("{name}() takes a whole number.", name=name))
    return abs(_WIDE.remainder(number, Decimal(2))) == rest


@builtin("not", "negand: boolean|Null")
def negation(_run: Run, negand: bool | None) -> Value:
    """The opposite of a truth value; null stays null."""
    return None if negand is None else not negand
