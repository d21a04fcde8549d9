"""How points and ranges lie to each other (DMN 1.5, table 82)."""

from __future__ import annotations

import pytest

from tests.feel.vectors import written


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("before(1, 10)", "true"),
        ("before(10, 1)", "false"),
        ("before(1, [1..10])", "false"),
        ("before(1, (1..10])", "true"),
        ("before([1..10], 15)", "true"),
        ("before([1..10), 10)", "true"),
        ("before([1..10), [10..20])", "true"),
        ("before([1..10], [10..20])", "false"),
        ("after(10, 5)", "true"),
        ("after(12, [1..12))", "true"),
        ("after([11..20], (1..11))", "true"),
        ("meets([1..5], [5..10])", "true"),
        ("meets([1..5), [5..10])", "false"),
        ("met by([5..10], [1..5])", "true"),
        ("overlaps([1..5], [3..8])", "true"),
        ("overlaps([1..5], [6..8])", "false"),
        ("overlaps([1..5], [5..8])", "true"),
        ("overlaps([1..5), [5..8])", "false"),
        ("overlaps before([1..5], [3..8])", "true"),
        ("overlaps before([1..5], (1..8])", "true"),
        ("overlaps before([1..5), [5..8])", "false"),
        ("overlaps before([1..5), (1..5])", "true"),
        ("overlaps before([1..5], [1..5])", "false"),
        ("overlaps after([3..8], [1..5])", "true"),
        ("overlaps after([5..8], [1..5))", "false"),
        ("overlaps after((1..5], [1..5))", "true"),
        ("finishes(10, [1..10])", "true"),
        ("finishes(10, [1..10))", "false"),
        ("finishes([5..10], [1..10])", "true"),
        ("finished by([1..10], 10)", "true"),
        ("finished by([1..10], [5..10])", "true"),
        ("includes([1..10], 5)", "true"),
        ("includes([1..10), 10)", "false"),
        ("includes([1..10], (1..10))", "true"),
        ("includes((1..10), [1..10])", "false"),
        ("during(5, [1..10])", "true"),
        ("during([4..6], [1..10))", "true"),
        ("starts(1, [1..10])", "true"),
        ("starts([1..5], [1..10])", "true"),
        ("started by([1..10], 1)", "true"),
        ("coincides(5, 5)", "true"),
        ("coincides([1..5], [1..5))", "false"),
        ("includes((> 5), 7)", "true"),
        ("includes((> 5), 3)", "false"),
        ("before((< 5), 7)", "true"),
        ('before(1, "a")', "null"),
        ("before(1, null)", "null"),
        ("before(point1: 1, point2: 2)", "true"),
        ("includes(range: [1..10], point: 5)", "true"),
    ],
)
def test_points_and_ranges_lie_to_each_other(expression: str, expected: str) -> None:
    assert written(expression) == expected
