"""Whatever is written, an expression gives a value that can be kept, or one of our own errors."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from engine import feel
from engine.feel.builtins import lists
from engine.feel.calling import BUILT_IN
from tests.feel.vectors import NOW

CONTEXT = {
    "a": 1,
    "b": "text",
    "c": [1, "x", None, {"k": 2}],
    "d": {"k": 1, "e-f": [3]},
    "risk-level": 2.5,
    "n": None,
    "t": True,
}
_WORDS = (
    *"abcdnt?[](){},:.+-*/=<>",
    *("risk-level", "item", "partial", "k", "1", "0", "-1", "2.5", "1e400", '""', '"text"', '"P1D"', '"2026-03-31"', '@"P1M"', '@"P1D"'),
    *(
        '@"2026-03-31"',
        '@"10:00:00Z"',
        '@"2026-03-31T10:00:00@Europe/Berlin"',
        '@"?"',
        "true",
        "false",
        "null",
        "..",
        "**",
        "!=",
        "<=",
        ">=",
    ),
    *(
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "and",
        "or",
        "between",
        "instance of",
        "function",
        "external",
    ),
    *("number", "list", "context", "not", "date and time", "->"),
)
_ATOMS = st.sampled_from(
    ["a", "b", "c", "d", "n", "t", "item", "1", "0", "-3", "2.5", "1e6000", '"x"', '@"P1M"', '@"P1D"', '@"2026-03-31"', '@"10:00:00"',
     '@"2026-03-31T10:00:00Z"', "true", "null", "[]", "{}", "[1..3]", "(> 2)", "function(x) x", "function(x, y) x < y"]
)  # fmt: skip
_PROPERTIES = st.sampled_from(["k", "year", "days", "start", "months", "time offset"])


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions made of smaller ones: operators, every built-in function, loops, filters."""
    operators = st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or", "in"])
    calls = st.tuples(st.sampled_from(sorted(BUILT_IN)), st.lists(inner, max_size=4)).map(lambda call: f"{call[0]}({', '.join(call[1])})")
    return st.one_of(
        st.tuples(inner, operators, inner).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
        calls,
        st.tuples(inner, inner).map(lambda parts: f"({parts[0]})[{parts[1]}]"),
        st.tuples(inner, inner).map(lambda parts: f"[{parts[0]}, {parts[1]}]"),
        st.tuples(inner, inner).map(lambda parts: f"(for x in {parts[0]} return {parts[1]})"),
        st.tuples(inner, inner).map(lambda parts: f"(some x in {parts[0]} satisfies {parts[1]})"),
        st.tuples(inner, inner).map(lambda parts: f"(if {parts[0]} then {parts[1]} else null)"),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]} between {parts[1]} and {parts[2]})"),
        st.tuples(inner, inner).map(lambda parts: f"{{k: {parts[0]}, m: {parts[1]}}}"),
        st.tuples(inner, st.sampled_from(["k", "year", "days", "start", "months", "time offset"])).map(
            lambda parts: f"({parts[0]}).{parts[1]}"
        ),
    )


def _kept(value: feel.Value) -> None:
    """Goes through everything that is done with a result."""
    feel.text(value)
    json.dumps(feel.plain(value))
    try:
        stored = feel.to_json(value)
    except ValueError as refused:
        assert "function" in str(refused)  # noqa: PT017  # a list may hold one
        return
    assert feel.to_json(feel.from_json(json.loads(json.dumps(stored)))) == stored


def _harmless(expression: str) -> None:
    try:
        _kept(feel.evaluate(expression, CONTEXT, now=NOW))
        feel.unary(expression, 1, CONTEXT, now=NOW)
    except feel.FeelError as refused:
        assert refused.message  # noqa: PT017  # most of these are no expressions


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(expression: str) -> None:
    _harmless(expression)


@given(st.lists(st.sampled_from(_WORDS), max_size=14).map(" ".join))
def test_any_soup_of_tokens_is_read_or_refused(expression: str) -> None:
    _harmless(expression)


@given(st.recursive(_ATOMS, _larger, max_leaves=8))
def test_any_expression_gives_a_value_that_can_be_kept(expression: str) -> None:
    _harmless(expression)


def test_threads_can_share_the_parser_and_what_it_made() -> None:
    expressions = [f"sum(for i in 1..{n} return i) + {n}" for n in range(1, 200)]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda text: feel.evaluate(text, {}), expressions * 3))
    assert results == [n * (n + 1) // 2 + n for n in range(1, 200)] * 3


def test_every_built_in_function_takes_its_arguments_by_name() -> None:
    assert lists.count.__doc__
    for function in BUILT_IN.values():
        for signature in function.signatures:
            names = [parameter.name for parameter in signature.parameters]
            assert len(set(names)) == len(names), function.name
