"""Which words are a name, which bracket is which, and where a text cannot be read."""

from __future__ import annotations

from datetime import date
from time import perf_counter

import pytest

from engine import feel
from engine.feel import expressions
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


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("task.late and sums > 2", {("task", "late"), ("sums",)}),
        ("a.b.c + a", {("a", "b", "c"), ("a",)}),
        ("rows[due < limit.day].sum", {("rows",), ("due",), ("limit", "day")}),
        ("for x in xs return x.a + k.b", {("xs",), ("k", "b")}),
        ("{a: b.c, d: a.e}", {("b", "c")}),
        ("now() > opening.begin", {("opening", "begin")}),
    ],
)
def test_an_expression_says_which_entries_of_its_context_decide_it(text: str, paths: set[tuple[str, ...]]) -> None:
    assert feel.compile(text).paths() == paths


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


@pytest.mark.parametrize(
    ("expression", "context", "expected"),
    [
        ("🐎-b + 1", {"🐎-b": 4}, "5"),
        ("x.🐎-b", {"x": {"🐎-b": 4}}, "4"),
        ("x.a and b", {"x": {"a and b": 4}}, "4"),
        ("x.if y > 3", {"x": {"if y": 4}}, "true"),
        ("x.a.b", {"x": {"a.b": 4}}, "4"),
        ("x.a.b", {"x": {"a": {"b": 4}}}, "4"),
        ("x.y.a-b.c", {"x": {"y": {"a-b": {"c": 4}}}}, "4"),
        ("x[a-b = 4].c", {"x": [{"a-b": 4, "c": 1}]}, "[1]"),
        ("for i in x return i.a-b", {"x": [{"a-b": 4}]}, "[4]"),
        ("x.a-b", {"x": {"a": 4}, "b": 1}, "3"),
        ("x.missing.b", {"x": {"a": 4}}, "null"),
        ("x.a.b", {"x": [{"a": {"b": 1}}, {"a": {"b": 2}}]}, "[1, 2]"),
        ("x.y.year", {"x": {"y": date(2026, 3, 31)}}, "2026"),
        ("{x: {y: 2}, z: x.y}.z", {"x": {"y": 1}}, "2"),
    ],
)
def test_names_of_entries_are_known_where_they_can_stand(expression: str, context: dict[str, object], expected: str) -> None:
    assert written(expression, context) == expected


@pytest.mark.parametrize(
    ("expression", "code"),
    [(r'"\uD800"', "fffd"), (r'"\uDC0E\uD83D"', "fffd fffd"), (r'"a\u0000"', "61 fffd"), (r'"\uD83D\uDC0E"', "1f40e")],
)
def test_a_text_never_holds_what_no_store_can_keep(expression: str, code: str) -> None:
    assert " ".join(f"{ord(character):x}" for character in str(feel.evaluate(expression, {}))) == code


@pytest.mark.parametrize("expression", ["١٢", "1 + ٣", "1.٥"])
def test_digits_are_those_of_ascii(expression: str) -> None:
    with pytest.raises(feel.FeelSyntaxError):
        feel.compile(expression)


def test_what_is_kept_of_compiled_expressions_and_known_names_is_bounded() -> None:
    for number in range(11_000):
        feel.evaluate("a - b", {f"name{number}": 1, "a": 1, "b": 1})
    assert len(expressions._usual) <= 10_001 + 3
    assert expressions._compiled.cache_info().maxsize == 2048
