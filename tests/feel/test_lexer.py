"""Which words are a name, which bracket is which, and where a text cannot be read."""

from __future__ import annotations

from time import perf_counter

import pytest

from engine import feel
from tests.feel.vectors import written


@pytest.mark.parametrize(
    ("expression", "context", "expected"),
    [
        ("full name", {"full name": "Ana"}, '"Ana"'),
        ("full   name", {"full name": "Ana"}, '"Ana"'),
        ("full\nname", {"full name": "Ana"}, '"Ana"'),
        ("phase 2 cost + 1", {"phase 2 cost": 1}, "2"),
        ("risk-level > 2", {"risk-level": 3}, "true"),
        ("risk-level", {"risk": 5, "level": 3}, "2"),
        ("risk - level", {"risk": 5, "level": 3, "risk-level": 9}, "2"),
        ("case.risk-level", {"case": {"risk-level": 3}}, "3"),
        ("cases[risk-level = 3].n", {"cases": [{"risk-level": 3, "n": 1}]}, "[1]"),
        ("day and night", {"day and night": 1}, "1"),
        ("in charge = 1", {"in charge": 1}, "true"),
        ("a/b", {"a/b": 1, "a": 6, "b": 3}, "1"),
        ("Bob's share", {"Bob's share": 2}, "2"),
        ("größe + élan", {"größe": 1, "élan": 2}, "3"),
        ("{\U0001f40e: 1}.\U0001f40e", {}, "1"),
        ("dateline + timely", {"dateline": 1, "timely": 2}, "3"),
        ("format + order", {"format": 1, "order": 2}, "3"),
        ("date and time", {"date": True, "time": False}, "false"),
        ("_private", {"_private": 1}, "1"),
        ("{a b: 1, c: a b + 1}.c", {}, "2"),
        ("{a-b: 1, c: a-b + 1}.c", {}, "2"),
        ("{in charge: 1, if: 2, c: in charge + 1}", {}, "{in charge: 1, if: 2, c: 2}"),
        ("{a: 1, b: {c: a, d: 2}}.b.c", {}, "1"),
        ('{"a-b": 1}["a-b"]', {}, "[]"),
        ("1 /* one */ + // two\n 2", {}, "3"),
        ("=1 + 1", {}, "2"),
        ("  = 1 + 1", {}, "2"),
        ("x.for", {"x": {"for": 1}}, "1"),
        ("[1..2][1]", {}, "[1..2]"),
        ("[[1, 2], [3]][1][2]", {}, "2"),
        ("[]", {}, "[]"),
        ("[[]]", {}, "[[]]"),
        ("]1..3[", {}, "(1..3)"),
        ("]1..x[1]]", {"x": [3]}, "(1..3]"),
    ],
)
def test_words_that_stand_together_are_one_name(expression: str, context: dict[str, object], expected: str) -> None:
    assert written(expression, context) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (r'"a\"b"', '"a"b"'),
        (r'"a\\b"', r'"a\b"'),
        (r'"a\nb"', '"a\nb"'),
        (r'"\u00e9"', '"é"'),
        (r'"\U01F40E"', '"\U0001f40e"'),
        (r'"\uD83D\uDC0E"', '"\U0001f40e"'),
        ('"two\nlines"', '"two\nlines"'),
    ],
)
def test_texts_have_escapes(expression: str, expected: str) -> None:
    assert written(expression) == expected


@pytest.mark.parametrize(
    ("expression", "line", "column"),
    [
        ("", 1, 1),
        ("1 +", 1, 4),
        ("1 +\n  * 2", 2, 3),
        ("1 2", 1, 3),
        ('"open', 1, 1),
        ("'single'", 1, 1),
        ("a % b", 1, 3),
        ("if a then b", 1, 12),
        ("[1, 2", 1, 6),
        ("{a: }", 1, 5),
        ("=1 +", 1, 5),
        ("f(a b: 1, 2)", 1, 11),
        ("__import__('os')", 1, 12),
        ("a.b.", 1, 5),
        ("for i in 1..3", 1, 14),
    ],
)
def test_what_cannot_be_read_is_pointed_at(expression: str, line: int, column: int) -> None:
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.compile(expression)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert str(caught.value).endswith(f"(line {line}, column {column})")


def test_known_names_are_part_of_what_is_compiled() -> None:
    assert feel.compile("a-b").names == {"a", "b"}
    assert feel.compile("a-b", frozenset({"a-b"})).names == {"a-b"}
    assert feel.compile("a-b") is feel.compile("a-b", frozenset({"plain", "plain words"}))


def test_an_expression_knows_the_variables_it_reads() -> None:
    expression = feel.compile("for x in xs return x + y + count(zs[w > v]) + {a: 1, b: a}.b + (function(q) q + r)(1)")
    assert expression.names == {"xs", "y", "zs", "r"}
    assert expression.maybe_names == {"w", "v"}


def test_a_comment_without_an_end_is_pointed_at() -> None:
    with pytest.raises(feel.FeelSyntaxError, match="no end"):
        feel.compile("1 + /* 2")


@pytest.mark.parametrize(
    "expression",
    [
        "a" * 19_000 + "'",
        "{" + "a" * 9_000 + " b" * 4_000 + ";",
        "{" + "a+" * 9_000,
        "/*" * 9_000,
        "a " * 9_000 + ";",
        "x1" * 9_000 + "-",
        "'" * 9_000,
    ],
)
def test_no_text_takes_long_to_be_taken_apart(expression: str) -> None:
    started = perf_counter()
    with pytest.raises(feel.FeelSyntaxError):
        feel.compile(expression)
    assert perf_counter() - started < 5
