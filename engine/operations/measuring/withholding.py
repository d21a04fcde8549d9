"""What a report withholds, over all its measures, groups, months and years together. Pure.

Each cell is up to three numbers: how many it counts and, where a share is told, how many of them fit and how many do not. What adds up in a
measure: groups to their whole, months to their year, those that fit and the rest to the cell; `cells.withheld` finds what must not be told
of that. Between measures the same set of cases is one secret: withheld in one, it is withheld wherever else it would be told. And where the
whole of one measure lies within that of another and leaves a few cases over, it does not tell how many it counts: nobody subtracts it.
Counts may also make up the same cases two by two, as what was there and what came is what left and what is there now: of such four
never one alone is withheld.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

from engine.model.measures import Item, Measure, MeasureKind, Span, Unit
from engine.operations.measuring import cells, folding
from engine.operations.measuring.cells import Line
from engine.operations.measuring.folding import Key

#: how many are counted, how many of them fit, how many do not
_ALL, _FIT, _REST = "all", "fit", "rest"
#: what a case counts as several of, as a unit of its own
_SEVERAL = "several"
_Name: TypeAlias = tuple[Key, str]
#: the unit, and which cases or tasks, or which of those that a case counts as, a bit for each
_Set: TypeAlias = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Counted:
    """A measure with the items of its cells; `standard_days`: the share within it is told too."""

    measure: Measure
    gathered: Mapping[Key, Sequence[Item]]
    standard_days: float | None = None


@dataclass(frozen=True, slots=True)
class Withheld:
    """The cells of a measure whose number is not told, those whose share is not, and those told without how many they count."""

    numbers: frozenset[Key]
    shares: frozenset[Key]
    counts: frozenset[Key]


@dataclass(frozen=True, slots=True)
class _Sums:
    """A measure as numbers that add up."""

    sets: Mapping[_Name, _Set]
    numbers: Mapping[_Name, int]
    lines: Sequence[Line[_Name]]


def over(report: Sequence[Counted], spans: Sequence[Span], least: int) -> Mapping[str, Withheld]:
    """What is withheld of each measure, by its key. `spans`: the months of a year and the year."""
    sums = {one.measure.key: _sums(one, spans) for one in report}
    counts = {one.measure.key for one in report if one.measure.kind is MeasureKind.COUNT}
    nested = _nested(sums, least)
    strict = {one for key, table in sums.items() for (_, part), one in table.sets.items() if part == _FIT or key in counts} & nested
    strict |= {one for table in sums.values() for one in table.sets.values() if one[0] == _SEVERAL and 0 < _cases(one[1]) < least}
    hidden = _hidden(sums, _balances([sums[key] for key in sorted(counts)]), least, strict)
    return {key: _withheld(table, hidden[key], nested, least) for key, table in sums.items()}


def _cases(mask: int) -> int:
    """How many cases those are of, of which each counts as several: few cases are not told as many."""
    size = folding.SEVERAL // 8
    told = mask.to_bytes(-(-mask.bit_length() // folding.SEVERAL) * size, "little")
    return sum(any(told[at : at + size]) for at in range(0, len(told), size))


def _nested(sums: Mapping[str, _Sums], least: int) -> set[_Set]:
    """The wholes, and those of them that fit, that lie within others of the same time and leave fewer than `least` over."""
    told: dict[tuple[str, str], set[int]] = defaultdict(set)
    for table in sums.values():
        for ((span, dimension, _), part), (unit, mask) in table.sets.items():
            if not dimension and part != _REST:
                told[unit, span].add(mask)
    found: set[_Set] = set()
    for (unit, _), masks in told.items():
        for one, other in combinations(masks, 2):
            few = one ^ other
            if few.bit_count() < least and (not few & one or not few & other):
                found.add((unit, min(one, other, key=int.bit_count)))
    return found


def _balances(tables: Sequence[_Sums]) -> list[tuple[_Set, ...]]:
    """Sets of which two make up the same cases as the other two, or as the third."""
    told: dict[tuple[str, Key], set[int]] = defaultdict(lambda: {0})
    for table in tables:
        for (place, part), (unit, mask) in table.sets.items():
            if part == _ALL:
                told[unit, place].add(mask)
    found: list[tuple[_Set, ...]] = []
    for (unit, _), masks in told.items():
        pairs: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for one, other in combinations(sorted(masks), 2):
            if not one & other:
                pairs[one | other].append((one, other))
        for alike in pairs.values():
            found += [tuple((unit, mask) for mask in (*first, *second) if mask) for first, second in combinations(alike, 2)]
    return found


def _hidden(
    sums: Mapping[str, _Sums], balances: Sequence[tuple[_Set, ...]], least: int, secret: set[_Set]
) -> dict[str, frozenset[_Name]]:
    """The numbers of each measure that are not told, until the measures have no more to hide for each other's sake."""
    hidden: dict[str, frozenset[_Name]] = {}
    while True:
        before = len(secret)
        for key, table in sums.items():
            also = {name for name, one in table.sets.items() if one in secret}
            if key not in hidden or not also <= hidden[key]:
                hidden[key] = cells.withheld(table.numbers, table.lines, least, also | hidden.get(key, frozenset()))
                secret |= {table.sets[name] for name in hidden[key] if name in table.sets}
        for balance in balances:
            told = [one for one in balance if one not in secret]
            if len(told) == len(balance) - 1:
                secret.add(min(told, key=lambda one: (one[1].bit_count(), one)))
        if len(secret) == before:
            return hidden


def _withheld(table: _Sums, hidden: frozenset[_Name], nested: set[_Set], least: int) -> Withheld:
    numbers = frozenset(key for key, part in hidden if part == _ALL)
    shares = numbers | {key for key, part in hidden if part != _ALL}
    quiet = {name for name, one in table.sets.items() if name[1] == _ALL and one in nested}
    if not quiet:
        return Withheld(numbers, shares, frozenset())
    alone = [line for line in table.lines if line.total[1] == _ALL and line.parts[0][1] == _ALL]
    told = {name: number for name, number in table.numbers.items() if name[1] == _ALL}
    return Withheld(numbers, shares, frozenset(key for key, _ in cells.withheld(told, alone, least, quiet)) - numbers)


def _sums(one: Counted, spans: Sequence[Span]) -> _Sums:
    masks = {(key, part): mask for key, found in one.gathered.items() for part, mask in _masks(one, found).items()}
    parts = dict.fromkeys(part for _, part in masks)
    seen = sorted({(dimension, value) for _, dimension, value in one.gathered})
    empty = {((span.name, *pair), part): 0 for span in spans for pair in seen for part in parts}
    numbers = empty | {name: mask.bit_count() for name, mask in masks.items()}
    lines = [line for part in parts for line in _lines(one.measure, seen, spans, part)]
    if _FIT in parts:
        lines += [Line((key, _ALL), ((key, _FIT), (key, _REST)), keeps_total=True) for key, part in numbers if part == _ALL]
    lines += _same(masks)
    unit = one.measure.unit.value if one.measure.times is None else _SEVERAL
    if one.measure.unit is Unit.ANSWER:
        # Answers to two questions are of the same people only by chance of their order.
        unit = f"{unit}/{one.measure.survey}/{one.measure.question}"
    return _Sums({name: (unit, mask) for name, mask in masks.items() if mask}, numbers, lines)


def _same(masks: Mapping[_Name, int]) -> Iterator[Line[_Name]]:
    """Cells of a measure that are of the very same cases: whoever knows that they are solves them as one."""
    first: dict[int, _Name] = {}
    for name, mask in masks.items():
        if mask and first.setdefault(mask, name) != name:
            yield Line(first[mask], (name,))


def _masks(one: Counted, found: Sequence[Item]) -> dict[str, int]:
    behind = folding.counted(one.measure, found)
    if one.measure.kind is MeasureKind.SHARE:
        fitting = [item for item in behind if item.fits]
    elif one.measure.kind is MeasureKind.DURATION and one.standard_days is not None:
        fitting = [item for item in behind if item.value is not None and item.value <= one.standard_days]
    else:
        return {_ALL: _mask(behind)}
    everything, fit = _mask(behind), _mask(fitting)
    return {_ALL: everything, _FIT: fit, _REST: everything & ~fit}


def _mask(items: Sequence[Item]) -> int:
    if not items:
        return 0
    bits = bytearray((max(item.place for item in items) >> 3) + 1)
    for item in items:
        bits[item.place >> 3] |= 1 << (item.place & 7)
    return int.from_bytes(bits, "little")


def _lines(measure: Measure, seen: Sequence[tuple[str, str]], spans: Sequence[Span], part: str) -> Iterator[Line[_Name]]:
    """Groups that add up to their whole, months to their year."""
    groups: dict[str, list[str]] = defaultdict(list)
    for dimension, value in seen:
        if dimension:
            groups[dimension].append(value)
    for span in spans:
        for dimension, values in groups.items():
            yield Line(((span.name, "", ""), part), tuple(((span.name, dimension, value), part) for value in values), keeps_total=True)
    if measure.when in folding.STANDING:
        return
    for year in (span for span in spans if "-" not in span.name):
        inner = [span.name for span in spans if span is not year and year.begin <= span.begin and span.end <= year.end]
        for pair in seen:
            yield Line(((year.name, *pair), part), tuple(((name, *pair), part) for name in inner))
