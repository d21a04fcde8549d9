"""Loops and quantifiers."""

from __future__ import annotations

import pytest

from tests.feel.vectors import written


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("for i in [1, 2, 3] return i * 2", "[2, 4, 6]"),
        ("for i in 1..3 return i", "[1, 2, 3]"),
        ("for i in 3..1 return i", "[3, 2, 1]"),
        ("for i in [1..3] return i", "[1, 2, 3]"),
        ("for i in (1..3) return i", "[2]"),
        ("for i in 1..2, j in [10, 20] return i + j", "[11, 21, 12, 22]"),
        ("for i in 1..3, j in 1..i return j", "[1, 1, 2, 1, 2, 3]"),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"),
        ("for i in 1..3 return count(partial)", "[0, 1, 2]"),
        ("for my item in [{first name: 1}] return my item.first name", "[1]"),
        ('for d in @"2026-03-30"..@"2026-04-01" return d.day', "[30, 31, 1]"),
        ("for i in [] return i", "[]"),
        ("for i in null return i", "null"),
        ("for i in 1..2.5 return i", "null"),
        ("for i in 5 return i", "[5]"),
        ("some i in [1, 2] satisfies i > 1", "true"),
        ("some i in [] satisfies true", "false"),
        ("some i in [1, null] satisfies i > 1", "null"),
        ("some i in [null, 2] satisfies i > 1", "true"),
        ("every i in [1, 2] satisfies i > 0", "true"),
        ("every i in [] satisfies false", "true"),
        ("every i in [1, null] satisfies i > 0", "null"),
        ("every i in [0, null] satisfies i > 0", "false"),
        ("some i in [1, 2], j in [2, 3] satisfies i = j", "true"),
    ],
)
def test_loops_go_through_lists_and_ranges(expression: str, expected: str) -> None:
    assert written(expression) == expected
