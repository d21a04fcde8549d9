"""Functions on lists (DMN 1.5, table 75). Positions count from 1, or from -1 backwards."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, DecimalException
from functools import cmp_to_key

from engine.feel.arithmetic import operate
from engine.feel.calling import builtin, call
from engine.feel.comparison import comparable, equal, less, whole
from engine.feel.errors import FeelLimit
from engine.feel.limits import MAX_BRACKETS, Run
from engine.feel.values import ARITHMETIC, DaysTime, Function, Kind, Value, YearsMonths, kind
from engine.language import kept


@builtin("list contains", "list: list", "element: any")
def list_contains(run: Run, items: list[Value], element: Value) -> Value:
    """Whether a list holds an equal element; null may be looked for too."""
    run.weigh(items)
    return any(equal(item, element) is True for item in items)


@builtin("count", "list: list")
def count(_run: Run, items: list[Value]) -> Value:
    """The number of elements."""
    return Decimal(len(items))


def _items(given: tuple[Value, ...]) -> list[Value]:
    """The elements that a function was given as one list or one by one."""
    return given[0] if len(given) == 1 and isinstance(given[0], list) else list(given)


def _extreme(run: Run, name: str, items: list[Value], better: Callable[[Value, Value], bool | None]) -> Value:
    run.spend(len(items))
    if not items:
        return run.null(kept("{name}() of an empty list.", name=name))
    best = items[0]
    for item in items:
        if not comparable(item, best):
            return run.null(kept("{name}() takes values of one kind that have an order.", name=name))
        best = item if better(item, best) else best
    return best


@builtin("min", "list: list")
@builtin("min", "items: any...")
def minimum(run: Run, *given: Value) -> Value:
    """The smallest element."""
    return _extreme(run, "min", _items(given), less)


@builtin("max", "list: list")
@builtin("max", "items: any...")
def maximum(run: Run, *given: Value) -> Value:
    """The largest element."""
    return _extreme(run, "max", _items(given), lambda item, best: less(best, item))


def _numbers(run: Run, name: str, given: tuple[Value, ...]) -> list[Decimal] | None:
    items = _items(given)
    run.spend(len(items))
    found = [item for item in items if isinstance(item, Decimal)]
    if not found or len(found) < len(items):
        return run.null(kept("{name}() takes numbers, at least one.", name=name))
    return found


@builtin("sum", "list: list")
@builtin("sum", "items: any...")
def total(run: Run, *given: Value) -> Value:
    """The sum of numbers, or of durations of one kind."""
    items = _items(given)
    run.spend(len(items))
    if not items or kind(items[0]) not in (Kind.NUMBER, Kind.DAYS, Kind.MONTHS):
        return run.null(kept("sum() takes numbers or durations, at least one."))
    result = items[0]
    for item in items[1:]:
        if kind(item) != kind(result):
            return run.null(kept("sum() takes numbers, or durations of one kind."))
        result = operate(run, "+", result, item)
    return result


@builtin("mean", "list: list")
@builtin("mean", "items: any...")
def mean(run: Run, *given: Value) -> Value:
    """The average of numbers, or of durations of one kind."""
    whole_sum = total(run, *given)
    if not isinstance(whole_sum, (Decimal, DaysTime, YearsMonths)):
        return None
    return operate(run, "/", whole_sum, Decimal(len(_items(given))))


@builtin("product", "list: list")
@builtin("product", "items: any...")
def product(run: Run, *given: Value) -> Value:
    """The product of numbers."""
    numbers = _numbers(run, "product", given)
    result: Value = Decimal(1) if numbers else None
    for number in numbers or ():
        result = operate(run, "*", result, number)
    return result


@builtin("median", "list: list")
@builtin("median", "items: any...")
def median(run: Run, *given: Value) -> Value:
    """The number in the middle, or the average of the two there."""
    numbers = sorted(_numbers(run, "median", given) or ())
    if not numbers:
        return None
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return operate(run, "/", operate(run, "+", numbers[middle - 1], numbers[middle]), Decimal(2))


@builtin("stddev", "list: list")
@builtin("stddev", "items: any...")
def stddev(run: Run, *given: Value) -> Value:
    """The standard deviation of a sample, of at least two numbers."""
    numbers = _numbers(run, "stddev", given)
    if not numbers or len(numbers) < 2:
        return run.null(kept("stddev() takes at least two numbers."))
    try:
        amount = Decimal(len(numbers))
        average = ARITHMETIC.divide(_added(numbers), amount)
        squares = [ARITHMETIC.power(ARITHMETIC.subtract(number, average), Decimal(2)) for number in numbers]
        return ARITHMETIC.sqrt(ARITHMETIC.divide(_added(squares), amount - 1))
    except DecimalException:
        return run.null(kept("stddev() has no result for these numbers."))


def _added(numbers: list[Decimal]) -> Decimal:
    result = Decimal(0)
    for number in numbers:
        result = ARITHMETIC.add(result, number)
    return result


@builtin("mode", "list: list")
@builtin("mode", "items: any...")
def mode(run: Run, *given: Value) -> Value:
    """The numbers that occur most often, in ascending order."""
    items = _items(given)
    if not items:
        return []
    counted: dict[Decimal, int] = {}
    for number in _numbers(run, "mode", given) or ():
        counted[number] = counted.get(number, 0) + 1
    most = max(counted.values(), default=0)
    most_often: list[Value] = [*sorted(number for number, times in counted.items() if times == most)]
    return most_often if counted else None


def _settled(run: Run, name: str, given: tuple[Value, ...], settles: bool) -> Value:
    items = _items(given)
    run.spend(len(items))
    if any(item is settles for item in items):
        return settles
    other = next((item for item in items if not isinstance(item, bool)), settles)
    return (
        not settles
        if isinstance(other, bool)
        else run.null(kept("{name}() was given {kind}, not true or false.", name=name, kind=kind(other)))
    )


@builtin("all", "list: list")
@builtin("all", "items: any...")
def every(run: Run, *given: Value) -> Value:
    """False when an element is false, else null when one is not a truth value, else true."""
    return _settled(run, "all", given, settles=False)


@builtin("any", "list: list")
@builtin("any", "items: any...")
def some(run: Run, *given: Value) -> Value:
    """True when an element is true, else null when one is not a truth value, else false."""
    return _settled(run, "any", given, settles=True)


def _place(items: list[Value], position: Decimal) -> int | None:
    """The index of a position, None when there is no such element."""
    place = whole(position)
    if place is None or place == 0 or abs(place) > len(items):
        return None
    return place - 1 if place > 0 else len(items) + place


@builtin("sublist", "list: list", "start position: number", "length: number?")
def sublist(run: Run, items: list[Value], start: Decimal, length: Decimal | None = None) -> Value:
    """A part of a list."""
    first = _place(items, start)
    size = len(items) if length is None else whole(length)
    if first is None or size is None or size < 0 or (length is not None and first + size > len(items)):
        return run.null(kept("sublist() takes a part that lies within the list."))
    return items[first : first + size]


@builtin("append", "list: list", "item: any?...")
def append(run: Run, items: list[Value], *more: Value) -> Value:
    """A list with more elements at its end."""
    run.room(len(items) + len(more))
    return [*items, *more]


@builtin("concatenate", "list: list...")
def concatenate(run: Run, *lists: list[Value]) -> Value:
    """The elements of several lists, one list after the other."""
    run.room(sum(map(len, lists)))
    return [item for items in lists for item in items]


@builtin("insert before", "list: list", "position: number", "newItem: any")
def insert_before(run: Run, items: list[Value], position: Decimal, item: Value) -> Value:
    """A list with one more element before a position."""
    place = _place(items, position)
    if place is None:
        return run.null(kept("insert before() takes a position within the list."))
    run.room(len(items) + 1)
    return [*items[:place], item, *items[place:]]


@builtin("remove", "list: list", "position: number")
def remove(run: Run, items: list[Value], position: Decimal) -> Value:
    """A list without the element at a position."""
    place = _place(items, position)
    if place is None:
        return run.null(kept("remove() takes a position within the list."))
    return [*items[:place], *items[place + 1 :]]


@builtin("list replace", "list: list", "position: number", "newItem: any")
def replace_at(run: Run, items: list[Value], position: Decimal, item: Value) -> Value:
    """A list with another element at a position."""
    place = _place(items, position)
    if place is None:
        return run.null(kept("list replace() takes a position within the list."))
    return [*items[:place], item, *items[place + 1 :]]


@builtin("list replace", "list: list", "match: function", "newItem: any")
def replace_matching(run: Run, items: list[Value], match: Function, new: Value) -> Value:
    """A list with another element wherever match(item, newItem) is true."""
    results: list[Value] = []
    for item in items:
        matched = call(run, match, [item, new])
        if not isinstance(matched, bool):
            return run.null(kept("The match of list replace() gives true or false."))
        results.append(new if matched else item)
    return results


@builtin("reverse", "list: list")
def reverse(_run: Run, items: list[Value]) -> Value:
    """A list from its end to its start."""
    return items[::-1]


@builtin("index of", "list: list", "match: any")
def index_of(run: Run, items: list[Value], match: Value) -> Value:
    """The positions of equal elements."""
    run.weigh(items)
    return [Decimal(place) for place, item in enumerate(items, start=1) if equal(item, match) is True]


@builtin("union", "list: list...")
def union(run: Run, *lists: list[Value]) -> Value:
    """The elements of several lists, each once."""
    return distinct_values(run, [item for items in lists for item in items])


@builtin("distinct values", "list: list")
def distinct_values(run: Run, items: list[Value]) -> Value:
    """A list without elements equal to an earlier one."""
    kept: list[Value] = []
    for item in items:
        run.spend(run.weigh(item) * len(kept) // 8)
        if not any(equal(item, earlier) is True for earlier in kept):
            kept.append(item)
    return kept


@builtin("flatten", "list: list")
def flatten(run: Run, items: list[Value]) -> Value:
    """A list of what its lists hold, at any depth."""
    return _flat(run, items, 0)


def _flat(run: Run, items: list[Value], depth: int) -> list[Value]:
    if depth > MAX_BRACKETS:
        raise FeelLimit(kept("A list nests more than {max_brackets} levels deep.", max_brackets=MAX_BRACKETS))
    run.room(len(items))
    return [leaf for item in items for leaf in (_flat(run, item, depth + 1) if isinstance(item, list) else [item])]


@builtin("sort", "list: list", "precedes: function|Null?")
def sort(run: Run, items: list[Value], precedes: Function | None = None) -> Value:
    """A list in the order of precedes(a, b), or in ascending order."""
    if precedes is None and any(not comparable(item, items[0]) for item in items):
        return run.null(kept("sort() without a function takes values of one kind that have an order."))

    def before(left: Value, right: Value) -> bool:
        run.spend(1)
        return (less(left, right) if precedes is None else call(run, precedes, [left, right])) is True

    def order(left: Value, right: Value) -> int:
        return -1 if before(left, right) else int(before(right, left))

    return sorted(items, key=cmp_to_key(order))
