"""Which cells of linked tables are withheld, so that none of them can be worked out from what is told. Pure.

A table is cells with a number each, and lines: a total and the parts that add up to it. Cells under the limit are withheld
first; then others, until no withheld cell follows from the told ones (complementary suppression). What follows is found
exactly: the told numbers leave a system of linear equations in the withheld ones, and a cell follows when its column
stands alone in a row of the reduced system. A line whose withheld parts add up to less than the limit tells too much too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

#: a prime; equations are solved modulo it, so that numbers stay small and exact (coefficients are 1 and -1)
_PRIME = 2_147_483_647


@dataclass(frozen=True, slots=True)
class Line(Generic[K]):
    """Parts that add up to a total. `keeps_total`: the total is settled elsewhere and is not withheld for this line's sake."""

    total: K
    parts: tuple[K, ...]
    keeps_total: bool = False


def withheld(cells: Mapping[K, int], lines: Sequence[Line[K]], least: int, also: Collection[K] = ()) -> frozenset[K]:
    """The cells not to tell: those from 1 to `least` - 1, those of `also`, and as many others as it takes. Zeros are told."""
    hidden = {key for key, number in cells.items() if 0 < number < least} | set(also)
    while True:
        before = len(hidden)
        for line in lines:
            _complete(cells, line, least, hidden)
        if len(hidden) == before:
            found = _following(lines, hidden)
            if not found:
                return frozenset(hidden)
            _cover(cells, lines, found, hidden)
            if len(hidden) == before:
                # Nothing is left beside it: then the whole line goes, totals and zeros too.
                hidden |= _whole_lines(cells, lines, found)
                if len(hidden) == before:
                    return frozenset(hidden)


def _complete(cells: Mapping[K, int], line: Line[K], least: int, hidden: set[K]) -> None:
    """Withhold further parts of a line until what is withheld of it is two cells at least and not too few."""
    while True:
        gone = [part for part in line.parts if part in hidden]
        if not gone or line.total in hidden:
            return
        if len(gone) > 1 and sum(cells[part] for part in gone) >= least:
            return
        best = _smallest(cells, line.parts, hidden)
        if best is None and not line.keeps_total:
            best = line.total
        if best is None:
            return
        hidden.add(best)


def _smallest(cells: Mapping[K, int], keys: Sequence[K], hidden: set[K]) -> K | None:
    told = [key for key in keys if key not in hidden and cells[key]]
    return min(told, key=lambda key: (cells[key], str(key)), default=None)


def _cover(cells: Mapping[K, int], lines: Sequence[Line[K]], found: frozenset[K], hidden: set[K]) -> None:
    """For each cell that follows, withhold the smallest other one of its lines."""
    for line in lines:
        if not found.isdisjoint((line.total, *line.parts)):
            best = _smallest(cells, line.parts, hidden)
            if best is not None:
                hidden.add(best)


def _whole_lines(cells: Mapping[K, int], lines: Sequence[Line[K]], found: frozenset[K]) -> set[K]:
    touched = (line for line in lines if not found.isdisjoint((line.total, *line.parts)))
    return {key for line in touched for key in (line.total, *line.parts) if key in cells}


def _following(lines: Sequence[Line[K]], hidden: set[K]) -> frozenset[K]:
    """The withheld cells that the equations of the lines settle."""
    place = {key: number for number, key in enumerate(sorted(hidden, key=str))}
    rows = [row for line in lines if (row := _equation(line, place))]
    names = list(place)
    return frozenset(names[next(iter(row))] for group in _apart(rows) for row in _reduced(group) if len(row) == 1)


def _apart(rows: Sequence[dict[int, int]]) -> list[list[dict[int, int]]]:
    """The rows in groups that share no column: each is solved alone, which is what makes many small tables quick."""
    above: dict[int, int] = {}

    def top(column: int) -> int:
        while (up := above.setdefault(column, column)) != column:
            above[column] = above[up]
            column = up
        return column

    for row in rows:
        first, *others = map(top, row)
        for other in others:
            above[other] = first
    groups: dict[int, list[dict[int, int]]] = {}
    for row in rows:
        groups.setdefault(top(next(iter(row))), []).append(row)
    return list(groups.values())


def _equation(line: Line[K], place: Mapping[K, int]) -> dict[int, int]:
    row = {place[part]: 1 for part in line.parts if part in place}
    if line.total in place:
        row[place[line.total]] = _PRIME - 1
    return row


def _reduced(rows: Sequence[dict[int, int]]) -> list[dict[int, int]]:
    """Rows in reduced echelon form, each as column -> coefficient."""
    done: dict[int, dict[int, int]] = {}
    #: column -> pivots of the rows that have it
    uses: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        left = dict(row)
        for pivot in [column for column in row if column in done]:
            _subtract(left, done[pivot], left[pivot])
        if not left:
            continue
        pivot = min(left)
        inverse = pow(left[pivot], -1, _PRIME)
        left = {column: value * inverse % _PRIME for column, value in left.items()}
        for above in sorted(uses.pop(pivot, ())):
            other = done[above]
            before = set(other)
            _subtract(other, left, other[pivot])
            for column in before ^ set(other):
                (uses[column].add if column in other else uses[column].discard)(above)
        for column in left:
            if column != pivot:
                uses[column].add(pivot)
        done[pivot] = left
    return list(done.values())


def _subtract(row: dict[int, int], other: Mapping[int, int], times: int) -> None:
    for column, value in other.items():
        new = (row.get(column, 0) - times * value) % _PRIME
        if new:
            row[column] = new
        else:
            row.pop(column, None)
