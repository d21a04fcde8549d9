"""Functions on contexts (DMN 1.5, table 79)."""

from __future__ import annotations

import pytest

from tests.feel.vectors import written


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('get value({a: 1}, "a")', "1"),
        ('get value({a: 1}, "b")', "null"),
        ('get value({a: {b: 2}}, ["a", "b"])', "2"),
        ('get value({a: 1}, ["a", "b"])', "null"),
        ("get entries({a: 1, b: 2}).key", '["a", "b"]'),
        ("get entries({})", "[]"),
        ('context put({a: 1}, "b", 2)', "{a: 1, b: 2}"),
        ('context put({a: 1}, "a", 2)', "{a: 2}"),
        ('context put({a: {b: 1}}, ["a", "b"], 2)', "{a: {b: 2}}"),
        ('context put({}, ["a", "b"], 2)', "{a: {b: 2}}"),
        ('context put({a: 1}, ["a", "b"], 2)', "null"),
        ("context put({}, [], 2)", "null"),
        ("context merge([{a: 1}, {a: 2, b: 3}])", "{a: 2, b: 3}"),
        ("context merge([])", "{}"),
        ("context merge([1])", "null"),
        ('context([{key: "a", value: 1}])', "{a: 1}"),
        ('context([{key: "a", value: 1}, {key: "a", value: 2}])', "null"),
        ("context([{key: 1, value: 1}])", "null"),
        ('context({key: "a", value: 1})', "{a: 1}"),
        ("{a: 1, a: 2}", "null"),
    ],
)
def test_functions_on_contexts(expression: str, expected: str) -> None:
    assert written(expression) == expected
