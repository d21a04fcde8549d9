"""Functions on texts (DMN 1.5, table 74)."""

from __future__ import annotations

import pytest

from tests.feel.vectors import written


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('substring("foobar", 3)', '"obar"'),
        ('substring("foobar", 3, 3)', '"oba"'),
        ('substring("foobar", -2, 1)', '"a"'),
        ('substring("\\U01F40Eab", 2)', '"ab"'),
        ('substring("foobar", 0)', "null"),
        ('substring("foobar", 7)', "null"),
        ('substring("foobar", 1, 0)', "null"),
        ('string length("\\U01F40Eab")', "3"),
        ('string length("")', "0"),
        ('upper case("aBc4")', '"ABC4"'),
        ('lower case("aBc4")', '"abc4"'),
        ('substring before("foobar", "bar")', '"foo"'),
        ('substring before("foobar", "xyz")', '""'),
        ('substring before("foobar", "")', '""'),
        ('substring after("foobar", "ob")', '"ar"'),
        ('substring after("", "a")', '""'),
        ('substring after("foo", "")', '"foo"'),
        ('contains("foobar", "of")', "false"),
        ('contains("foobar", "ob")', "true"),
        ('starts with("foobar", "fo")', "true"),
        ('ends with("foobar", "r")', "true"),
        ('ends with("foobar", null)', "null"),
        ('string join(["a", "b", "c"], "_and_")', '"a_and_b_and_c"'),
        ('string join(["a", null, "c"])', '"ac"'),
        ('string join(["a", "b"], null)', '"ab"'),
        ("string join([])", '""'),
        ('string join(["a", 1])', "null"),
        ("string(1.10)", '"1.1"'),
        ("string(1e20)", '"100000000000000000000"'),
        ('string("a")', '"a"'),
        ("string(null)", "null"),
        ("string(true)", '"true"'),
        ('string(["a", 1, null])', '"["a", 1, null]"'),
        ('string({a: "b", c d: 1, "e-f": 2})', '"{a: "b", c d: 1, "e-f": 2}"'),
        ('string(@"P1DT2H")', '"P1DT2H"'),
        ('string(@"PT0S")', '"PT0S"'),
        ('string(@"P0M")', '"P0M"'),
        ('string(@"10:00:00.500+02:00")', '"10:00:00.5+02:00"'),
        ("string([1..3))", '"[1..3)"'),
        ("string((>= 3))", '"(>= 3)"'),
    ],
)
def test_functions_on_texts(expression: str, expected: str) -> None:
    assert written(expression) == expected
