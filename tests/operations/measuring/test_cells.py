"""Withheld cells: no arithmetic over what is told gives any of them back."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.operations.measuring.cells import Line, withheld

LEAST = 10
TOTAL = "all"
Key = tuple[str, str]


def table(numbers: list[list[int]]) -> tuple[dict[Key, int], list[Line[Key]]]:
    """Rows and columns with their totals, and what adds up to what."""
    rows, columns = [f"r{n}" for n in range(len(numbers))], [f"c{n}" for n in range(len(numbers[0]))]
    cells: dict[Key, int] = {(row, column): numbers[r][c] for (r, row), (c, column) in product(enumerate(rows), enumerate(columns))}
    for row in rows:
        cells[row, TOTAL] = sum(cells[row, column] for column in columns)
    for column in (*columns, TOTAL):
        cells[TOTAL, column] = sum(cells[row, column] for row in rows)
    lines = [Line((row, TOTAL), tuple((row, column) for column in columns), keeps_total=True) for row in (*rows, TOTAL)]
    lines += [Line((TOTAL, column), tuple((row, column) for row in rows)) for column in (*columns, TOTAL)]
    return cells, lines


def derivable(lines: list[Line[Key]], hidden: frozenset[Key]) -> set[Key]:
    """The withheld cells that follow from the told ones, by plain elimination with fractions."""
    unknown = sorted(hidden)
    rows = []
    for line in lines:
        row = [Fraction((key in line.parts) - (key == line.total)) for key in unknown]
        if any(row):
            rows.append(row)
    done = 0
    for column in range(len(unknown)):
        found = next((place for place in range(done, len(rows)) if rows[place][column]), None)
        if found is None:
            continue
        rows[done], rows[found] = rows[found], rows[done]
        rows[done] = [value / rows[done][column] for value in rows[done]]
        for place, row in enumerate(rows):
            if place != done and row[column]:
                rows[place] = [value - row[column] * pivot for value, pivot in zip(row, rows[done], strict=True)]
        done += 1
    return {unknown[next(n for n, value in enumerate(row) if value)] for row in rows if sum(1 for value in row if value) == 1}


small = st.integers(0, 30) | st.integers(0, 9)
grids = st.integers(1, 5).flatmap(lambda width: st.lists(st.lists(small, min_size=width, max_size=width), min_size=1, max_size=5))


@settings(max_examples=60, deadline=None)
@given(grids)
def test_no_withheld_cell_can_be_worked_out_from_rows_columns_and_totals(numbers: list[list[int]]) -> None:
    cells, lines = table(numbers)
    hidden = withheld(cells, lines, LEAST)
    assert {key for key, number in cells.items() if 0 < number < LEAST} <= hidden
    assert derivable(lines, hidden) == set()


@settings(max_examples=40, deadline=None)
@given(grids)
def test_the_withheld_of_a_line_are_never_too_few_together(numbers: list[list[int]]) -> None:
    cells, lines = table(numbers)
    hidden = withheld(cells, lines, LEAST)
    for line in lines:
        gone = [part for part in line.parts if part in hidden]
        if gone and line.total not in hidden:
            assert sum(cells[part] for part in gone) >= LEAST


def test_one_small_cell_takes_the_next_smallest_of_its_line_with_it() -> None:
    cells = {"all": 60, "a": 4, "b": 36, "c": 20}
    assert withheld(cells, [Line("all", ("a", "b", "c"))], LEAST) == {"a", "c"}


def test_zeros_are_told_and_large_tables_stay_as_they_are() -> None:
    cells, lines = table([[12, 0, 40], [15, 11, 30]])
    assert withheld(cells, lines, LEAST) == frozenset()


def test_a_cell_that_follows_from_two_lines_together_is_covered() -> None:
    """Two in each row and column is not enough where a chain of lines gives one of them away."""
    numbers = [[3, 4, 50, 50], [4, 3, 5, 50], [50, 50, 5, 4], [50, 50, 60, 3]]
    cells, lines = table(numbers)
    assert derivable(lines, withheld(cells, lines, LEAST)) == set()


def test_months_that_are_told_do_not_give_the_withheld_one_back() -> None:
    months = {f"m{n}": 20 + n for n in range(11)} | {"m11": 2}
    cells: Mapping[str, int] = {**months, "year": sum(months.values())}
    assert withheld(cells, [Line("year", tuple(months))], LEAST) == {"m0", "m11"}
