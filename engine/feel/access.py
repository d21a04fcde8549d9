"""Evaluating paths, filters and calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.feel import nodes
from engine.feel.calling import BUILT_IN, call
from engine.feel.comparison import whole
from engine.feel.interpreter import Scope, evaluate, part, rule
from engine.feel.limits import Run
from engine.feel.values import DaysTime, Function, Kind, Value, YearsMonths, coerce, kind
from engine.language import kept


def _part(name: str) -> Callable[[Value], Value]:
    return lambda value: Decimal(getattr(value, name))


def _offset(value: Value) -> Value:
    assert isinstance(value, (datetime, time))
    offset = value.utcoffset()
    return None if offset is None else DaysTime(offset)


def _zone(value: Value) -> Value:
    assert isinstance(value, (datetime, time))
    return getattr(value.tzinfo, "key", None)


def _clock(value: Value) -> tuple[timedelta, int]:
    assert isinstance(value, DaysTime)
    return abs(value.delta), -1 if value.delta < timedelta() else 1


def _of_length(part: Callable[[timedelta], int]) -> Callable[[Value], Value]:
    def read(value: Value) -> Value:
        length, sign = _clock(value)
        return Decimal(sign * part(length))

    return read


def _months(value: Value) -> int:
    assert isinstance(value, YearsMonths)
    return value.months


def _end(name: str) -> Callable[[Value], Value]:
    return lambda value: getattr(value, name)


_DATE_PARTS: Mapping[str, Callable[[Value], Value]] = {
    "year": _part("year"),
    "month": _part("month"),
    "day": _part("day"),
    "weekday": lambda value: Decimal(value.isoweekday()) if isinstance(value, date) else None,
}
_TIME_PARTS: Mapping[str, Callable[[Value], Value]] = {
    "hour": _part("hour"),
    "minute": _part("minute"),
    "second": _part("second"),
    "time offset": _offset,
    "timezone": _zone,
}
#: The properties of values that are not contexts (DMN 1.5, table 65).
_PARTS: Mapping[Kind, Mapping[str, Callable[[Value], Value]]] = {
    Kind.DATE: _DATE_PARTS,
    Kind.TIME: _TIME_PARTS,
    Kind.DATE_TIME: {**_DATE_PARTS, **_TIME_PARTS},
    Kind.DAYS: {
        "days": _of_length(lambda length: length.days),
        "hours": _of_length(lambda length: length.seconds // 3600),
        "minutes": _of_length(lambda length: length.seconds // 60 % 60),
        "seconds": _of_length(lambda length: length.seconds % 60),
    },
    Kind.MONTHS: {
        "years": lambda value: Decimal(int(_months(value) / 12)),
        "months": lambda value: Decimal(abs(_months(value)) % 12 * (-1 if _months(value) < 0 else 1)),
    },
    Kind.RANGE: {
        "start": _end("low"),
        "end": _end("high"),
        "start included": _end("low_in"),
        "end included": _end("high_in"),
    },
}


@rule(nodes.Path)
def _path(node: nodes.Path, scope: Scope, run: Run) -> Value:
    # Walked in a loop: a long path needs no depth, and entries of a variable are reached without reading all of it.
    names = [node.name]
    base = node.base
    while isinstance(base, nodes.Path):
        names.append(base.name)
        base = base.base
    names.reverse()
    run.spend(len(names))
    taken = 0
    if type(base) is nodes.Name:
        found, taken = part(scope, base.name, names)
    value = coerce(found) if taken else evaluate(base, scope, run)
    for name in names[max(taken - 1, 0) :]:
        value = entry(run, value, name)
    return value


def entry(run: Run, base: Value, name: str) -> Value:
    """`base.name`: an entry of a context, a property of a moment, duration or range, or of each element of a list."""
    if isinstance(base, dict):
        return base[name] if name in base else run.null(kept("The context has no entry {name}.", name=name))
    if isinstance(base, list):
        run.room(len(base))
        return [entry(run, item, name) for item in base]
    read = _PARTS.get(kind(base), {}).get(name)
    return read(base) if read else run.null(kept("A {kind} has no property {name}.", kind=kind(base), name=name))


@rule(nodes.Filter)
def _filter(node: nodes.Filter, scope: Scope, run: Run) -> Value:
    base = evaluate(node.base, scope, run)
    items: list[Value] = base if isinstance(base, list) else [] if base is None else [base]
    if _is_position(node.condition):
        return _at(run, items, evaluate(node.condition, scope, run))
    kept: list[Value] = []
    for item in items:
        run.touch(item)
        result = evaluate(node.condition, _item_scope(item, scope), run)
        if isinstance(result, Decimal):
            return _at(run, items, evaluate(node.condition, scope, run))
        if result is True:
            kept.append(item)
    return kept


def _is_position(condition: nodes.Node) -> bool:
    operand = condition.operand if isinstance(condition, nodes.Negation) else condition
    return isinstance(operand, nodes.Literal) and isinstance(operand.value, Decimal)


def _item_scope(item: Value, scope: Scope) -> Scope:
    """Inside a filter the element is `item`, and an element that is a context lends its entries as names."""
    return Scope({"item": item, **item} if isinstance(item, dict) else {"item": item}, scope)


def _at(run: Run, items: list[Value], position: Value) -> Value:
    """The element at a position that counts from 1, or from -1 backwards."""
    place = whole(position)
    if place is None or place == 0 or abs(place) > len(items):
        return run.null(kept("The list has no element at this position."))
    return items[place - 1 if place > 0 else place]


@rule(nodes.Call)
def _call(node: nodes.Call, scope: Scope, run: Run) -> Value:
    target = evaluate(node.target, scope, run)
    if not isinstance(target, Function):
        name = node.target.name if isinstance(node.target, nodes.Name) else ""
        hidden = kept("; the variable hides the function {name}()", name=name) if name in BUILT_IN else ""
        return run.null(kept("{name} is not a function{hidden}.", name=name or kept("What is called"), hidden=hidden))
    if node.named:
        return call(run, target, (), {name: evaluate(argument, scope, run) for name, argument in node.named})
    return call(run, target, [evaluate(argument, scope, run) for argument in node.positional])
