"""Functions on dates and times (DMN 1.5, tables 78, 80 and 81). Now is Tuesday 31 March 2026, 09:30 UTC."""

from __future__ import annotations

import pytest

from tests.feel.vectors import written


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("now()", "2026-03-31T09:30:00Z"),
        ("today()", "2026-03-31"),
        ("now() = now()", "true"),
        ('today() + duration("P14D")', "2026-04-14"),
        ('day of year(@"2026-12-31")', "365"),
        ('day of week(@"2026-03-31")', '"Tuesday"'),
        ('month of year(@"2026-03-31T10:00:00")', '"March"'),
        ('week of year(@"2026-01-01")', "1"),
        ('week of year(@"2027-01-01")', "53"),
        ("day of week(null)", "null"),
        ('is(@"10:00:00Z", @"10:00:00+00:00")', "true"),
        ('is(@"10:00:00Z", @"12:00:00+02:00")', "false"),
        ('is(@"10:00:00", @"10:00:00Z")', "false"),
        ('is(@"2026-03-31", @"2026-03-31T00:00:00")', "false"),
        ('is(1, "1")', "false"),
        ("is(null, null)", "true"),
        ("is([1], [1])", "true"),
    ],
)
def test_functions_on_moments(expression: str, expected: str) -> None:
    assert written(expression) == expected
