"""How points and ranges lie to each other (DMN 1.5, table 82)."""

from __future__ import annotations

from collections.abc import Callable

from engine.feel.calling import builtin
from engine.feel.comparison import comparable, compare
from engine.feel.limits import Run
from engine.feel.values import Range, Value, kind
from engine.language import kept

_POINT = "number|string|date|time|date and time|days and time duration|years and months duration"


def _as_range(value: Value) -> Range:
    return value if isinstance(value, Range) else Range(True, value, value, True)


def _lt(left: Value, right: Value) -> bool:
    """A missing end is infinite and compares with nothing."""
    return left is not None and right is not None and compare("<", left, right) is True


def _eq(left: Value, right: Value) -> bool:
    return left is not None and right is not None and compare("=", left, right) is True


def _before(a: Range, b: Range) -> bool:
    return _lt(a.high, b.low) or (_eq(a.high, b.low) and not (a.high_in and b.low_in))


def _meets(a: Range, b: Range) -> bool:
    return a.high_in and b.low_in and _eq(a.high, b.low)


def _starts_no_later(a: Range, b: Range) -> bool:
    """Whether every point of `b` lies behind the start of `a`."""
    if a.low is None:
        return True
    return _lt(a.low, b.low) or (_eq(a.low, b.low) and (a.low_in or not b.low_in))


def _ends_no_earlier(a: Range, b: Range) -> bool:
    """Whether every point of `b` lies before the end of `a`."""
    if a.high is None:
        return True
    return _lt(b.high, a.high) or (_eq(a.high, b.high) and (a.high_in or not b.high_in))


def _includes(a: Range, b: Range) -> bool:
    return _starts_no_later(a, b) and _ends_no_earlier(a, b)


def _overlaps(a: Range, b: Range) -> bool:
    return not _before(a, b) and not _before(b, a)


def _same_start(a: Range, b: Range) -> bool:
    return _eq(a.low, b.low) and a.low_in == b.low_in


def _same_end(a: Range, b: Range) -> bool:
    return _eq(a.high, b.high) and a.high_in == b.high_in


def _overlaps_before(a: Range, b: Range) -> bool:
    earlier = _lt(a.low, b.low) or (_eq(a.low, b.low) and a.low_in and not b.low_in)
    inside = _lt(a.high, b.high) or (_eq(a.high, b.high) and (not a.high_in or b.high_in))
    return earlier and inside and _overlaps(a, b)


def _overlaps_after(a: Range, b: Range) -> bool:
    later = _lt(b.low, a.low) or (_eq(a.low, b.low) and b.low_in and not a.low_in)
    beyond = _lt(b.high, a.high) or (_eq(a.high, b.high) and (not b.high_in or a.high_in))
    return later and beyond and _overlaps(a, b)


def _starts(a: Range, b: Range) -> bool:
    return _same_start(a, b) and _ends_no_earlier(b, a)


def _finishes(a: Range, b: Range) -> bool:
    return _same_end(a, b) and _starts_no_later(b, a)


def _coincides(a: Range, b: Range) -> bool:
    return _same_start(a, b) and _same_end(a, b)


def _fits_together(left: Value, right: Value) -> bool:
    ends = [end for end in (_as_range(left).low, _as_range(left).high, _as_range(right).low, _as_range(right).high) if end is not None]
    return all(comparable(end, ends[0]) for end in ends)


def _declare(name: str, relation: Callable[[Range, Range], bool], *shapes: tuple[str, str]) -> None:
    """Declares one relation for the shapes (point or range) that the standard's table gives it."""

    def body(run: Run, left: Value, right: Value) -> Value:
        if not _fits_together(left, right):
            return run.null(
                kept("{name}() takes points and ranges of one kind, not {kind} and {kind2}.", name=name, kind=kind(left), kind2=kind(right))
            )
        return relation(_as_range(left), _as_range(right))

    for first, second in shapes:
        names = (f"{first}1", f"{second}2") if first == second else (first, second)
        kinds = [_POINT if shape == "point" else "range" for shape in (first, second)]
        builtin(name, kept("{names}: {kinds}", names=names[0], kinds=kinds[0]), kept("{names}: {kinds}", names=names[1], kinds=kinds[1]))(
            body
        )


_POINT_POINT, _POINT_RANGE, _RANGE_POINT, _RANGE_RANGE = (
    ("point", "point"),
    ("point", "range"),
    ("range", "point"),
    ("range", "range"),
)

_declare("before", _before, _POINT_POINT, _POINT_RANGE, _RANGE_POINT, _RANGE_RANGE)
_declare("after", lambda a, b: _before(b, a), _POINT_POINT, _POINT_RANGE, _RANGE_POINT, _RANGE_RANGE)
_declare("meets", _meets, _RANGE_RANGE)
_declare("met by", lambda a, b: _meets(b, a), _RANGE_RANGE)
_declare("overlaps", _overlaps, _RANGE_RANGE)
_declare("overlaps before", _overlaps_before, _RANGE_RANGE)
_declare("overlaps after", _overlaps_after, _RANGE_RANGE)
_declare("finishes", _finishes, _POINT_RANGE, _RANGE_RANGE)
_declare("finished by", lambda a, b: _finishes(b, a), _RANGE_POINT, _RANGE_RANGE)
_declare("includes", _includes, _RANGE_POINT, _RANGE_RANGE)
_declare("during", lambda a, b: _includes(b, a), _POINT_RANGE, _RANGE_RANGE)
_declare("starts", _starts, _POINT_RANGE, _RANGE_RANGE)
_declare("started by", lambda a, b: _starts(b, a), _RANGE_POINT, _RANGE_RANGE)
_declare("coincides", _coincides, _POINT_POINT, _RANGE_RANGE)
