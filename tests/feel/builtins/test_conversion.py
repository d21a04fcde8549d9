"""Functions that make values of one kind from others (DMN 1.5, table 72)."""

from __future__ import annotations

import pytest

from tests.feel.vectors import written


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('number("1,000.5", ",", ".")', "1000.5"),
        ('number("1 000,5", " ", ",")', "1000.5"),
        ('number("1.000,5", ".", ",")', "1000.5"),
        ('number("12")', "12"),
        ('number("-1.5", null, null)', "-1.5"),
        ('number(from: "1.000.000,01", decimal separator: ",", grouping separator: ".")', "1000000.01"),
        ('number(from: "1,5", decimal separator: ",")', "1.5"),
        ('number("1", ",", ",")', "null"),
        ('number("1", "x", ".")', "null"),
        ('number("abc")', "null"),
        ('number("")', "null"),
        ('number("1e3")', "1000"),
        ('number("NaN")', "null"),
        ("number(null)", "null"),
        ('date("2026-03-31")', "2026-03-31"),
        ('date("2026-02-30")', "null"),
        ("date(2026, 3, 31)", "2026-03-31"),
        ("date(2026, 13, 1)", "null"),
        ('date(date and time("2026-03-31T10:00:00"))', "2026-03-31"),
        ("date(year: 2026, month: 1, day: 2)", "2026-01-02"),
        ("date(null)", "null"),
        ("date(null, 1, 1)", "null"),
        ('date and time("2026-03-31T10:00:00Z")', "2026-03-31T10:00:00Z"),
        ('date and time("2026-03-31")', "2026-03-31T00:00:00"),
        ('date and time(date("2026-03-31"), time("10:00:00+02:00"))', "2026-03-31T10:00:00+02:00"),
        ("date and time(2026, 3, 31, 10, 0, 30.5)", "2026-03-31T10:00:30.5"),
        ('date and time(2026, 3, 31, 10, 0, 0, @"PT2H")', "2026-03-31T10:00:00+02:00"),
        ('date and time(2026, 3, 31, 10, 0, 0, "Europe/Paris")', "2026-03-31T10:00:00@Europe/Paris"),
        ('date and time(2026, 3, 31, 10, 0, 0, "Nowhere")', "null"),
        ('date and time("2026-03-31T25:00:00")', "null"),
        ('time("10:20:30")', "10:20:30"),
        ("time(12, 0, 0, null)", "12:00:00"),
        ('time(12, 0, 0, @"-PT5H")', "12:00:00-05:00"),
        ('time(12, 0, 0, @"PT15H")', "null"),
        ("time(24, 0, 0)", "null"),
        ('time(date and time("2026-03-31T10:20:30Z"))', "10:20:30Z"),
        ('time("25:00:00")', "null"),
        ('duration("P1DT2H")', "P1DT2H"),
        ('duration("PT36H")', "P1DT12H"),
        ('duration("P14M")', "P1Y2M"),
        ('duration("1 day")', "null"),
        ('years and months duration(date("2026-01-31"), date("2027-03-30"))', "P1Y1M"),
        ('years and months duration(date("2027-03-30"), date("2026-01-31"))', "-P1Y1M"),
        ('years and months duration(date("2026-01-31"), date("2026-02-28"))', "P0M"),
        ('range("[1..5)")', "[1..5)"),
        ('range("(\\"a\\"..\\"b\\"]")', '("a".."b"]'),
        ('range("[date(\\"2026-01-01\\")..date(\\"2026-12-31\\")]").end', "2026-12-31"),
        ('range("[@\\"P1D\\"..@\\"P2D\\"]").start', "P1D"),
        ('range("[5..1]")', "null"),
        ('range("[1..x]")', "null"),
        ('range("[1..\\"a\\"]")', "null"),
        ('range("nothing")', "null"),
        ('range("[1..")', "null"),
        ('range("[-5..-1]")', "[-5..-1]"),
    ],
)
def test_values_are_made_from_others(expression: str, expected: str) -> None:
    assert written(expression) == expected
