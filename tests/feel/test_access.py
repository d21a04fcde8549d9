"""Paths, filters, properties and calls."""

from __future__ import annotations

import pytest

from engine import feel
from tests.feel.vectors import written

PEOPLE = {"people": [{"name": "Ana", "age": 30}, {"name": "Bo", "age": 17}, {"name": "Cy", "age": None}], "age": 99}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("people.name", '["Ana", "Bo", "Cy"]'),
        ("people[1].name", '"Ana"'),
        ("people[-1].name", '"Cy"'),
        ("people[4]", "null"),
        ("people[0]", "null"),
        ("people[age > 20].name", '["Ana"]'),
        ("people[item.age < 20].name", '["Bo"]'),
        ('people[name = "Bo"][1].age', "17"),
        ("people[age = null].name", '["Cy"]'),
        ("people[count(people)].name", '"Cy"'),
        ("[1, 2, 3, 4][item > 2]", "[3, 4]"),
        ("[1, 2, 3][even(item)]", "[2]"),
        ("[{item: 1}, {item: 2}][item = 2]", "[{item: 2}]"),
        ("1[1]", "1"),
        ("1[item = 1]", "[1]"),
        ("null[1]", "null"),
        ("null[true]", "[]"),
        ("people.missing[1]", "null"),
        ("{a: {b: {c: 1}}}.a.b.c", "1"),
        ("{a: 1}.b", "null"),
        ("null.a", "null"),
        ('@"2026-03-31".weekday', "2"),
        ('@"2026-03-31".year', "2026"),
        ('@"10:20:30+02:00".time offset', "PT2H"),
        ('@"10:20:30".time offset', "null"),
        ('@"2026-03-31T10:20:30@Europe/Paris".timezone', '"Europe/Paris"'),
        ('@"2026-03-31T10:20:30@Europe/Paris".time offset', "PT2H"),
        ('@"P3DT4H5M6S".hours', "4"),
        ('@"-P3DT4H".days', "-3"),
        ('@"P14M".years', "1"),
        ('@"P14M".months', "2"),
        ('@"-P14M".months', "-2"),
        ("[1..5).end", "5"),
        ("[1..5).end included", "false"),
        ("(< 5).start", "null"),
        ("1.5.year", "null"),
    ],
)
def test_paths_and_filters_reach_into_values(expression: str, expected: str) -> None:
    assert written(expression, PEOPLE) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('substring("hello", 2)', '"ello"'),
        ('substring(string: "hello", start position: 2, length: 3)', '"ell"'),
        ('substring(length: 3, start position: 2, string: "hello")', '"ell"'),
        ('substring(text: "hello", start position: 2)', "null"),
        ('substring("hello")', "null"),
        ('substring("hello", "2")', "null"),
        ("(function(a, b) a + b)(1, 2)", "3"),
        ("(function(a, b) a + b)(b: 1, a: 2)", "3"),
        ("(function(a: number) a)(1)", "1"),
        ('(function(a: number) a)("x")', "null"),
        ("(function(a: number) a)([1])", "1"),
        ("(function(a: list<number>) a)(1)", "[1]"),
        ("(function() 42)()", "42"),
        ("(function(a) a)(1, 2)", "null"),
        ("{double: function(x) x * 2, r: double(4)}.r", "8"),
        ("{f: function(n) if n <= 1 then 1 else n * f(n - 1), r: f(5)}.r", "120"),
        ("(function(x) function(y) x + y)(1)(2)", "3"),
        ("nothing(1)", "null"),
        ("age(1)", "null"),
        ('(function(a) external { java: { class: "x", method signature: "y" } })(1)', "null"),
        ("upper case(null)", "null"),
        ('[upper case][1]("a")', '"A"'),
    ],
)
def test_functions_are_called_by_position_or_name(expression: str, expected: str) -> None:
    assert written(expression, PEOPLE) == expected


def test_the_host_can_give_functions_and_they_are_called_like_others() -> None:
    working = feel.host_function(
        "working duration", ["duration: string", "calendar: string?"], lambda text, calendar="all": f"{text}/{calendar}"
    )
    context = {"working duration": working}
    assert feel.evaluate('=working duration("P5D", "office")', context) == "P5D/office"
    assert feel.evaluate('working duration(duration: "P5D")', context) == "P5D/all"
    assert feel.evaluate("working duration(5)", context) is None


def test_a_variable_that_hides_a_function_is_named() -> None:
    reasons = feel.evaluate_detail('date("2026-03-31")', {"date": 5}).reasons
    assert reasons == ("date is not a function; the variable hides the function date().",)
    assert feel.evaluate_detail("x(1)", {"x": 5}).reasons == ("x is not a function.",)
