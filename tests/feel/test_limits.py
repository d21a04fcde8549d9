"""No expression holds the worker, whatever it says."""

from __future__ import annotations

import pytest

from engine import feel


@pytest.mark.parametrize(
    "expression",
    [
        "for i in 1..1000, j in 1..1000 return i",
        "for i in 1..10000000 return i",
        "count(for i in 1..1000000000000 return 1)",
        "{f: function(n) f(n + 1), r: f(1)}.r",
        '{f: function(s, n) if n = 0 then s else f(s + s, n - 1), r: f("xxxxxxxxxx", 25)}.r',
        "{f: function(l, n) if n = 0 then l else f(concatenate(l, l), n - 1), r: f([1, 2, 3, 4], 25)}.r",
        'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a|aa)+$")',
        "(" * 500 + "1" + ")" * 500,
        "[" * 500 + "]" * 500,
        "-" * 5000 + "1",
        "1" * 30_000,
        "1e99999",
        "if true then " * 1000 + "1" + " else 2" * 1000,
        "some i in 1..1000000 satisfies i < 0",
        "[1, 2, 3][(for i in 1..200000 return i)[1] = 1]",
        "for i in 1..2000 return [partial[-1]]",
        (
            "{a: [1, 1, 1, 1, 1, 1, 1, 1], b: [a, a, a, a, a, a, a, a], c: [b, b, b, b, b, b, b], d: [c, c, c, c, c], e: [d, d, d, d, d],"
            " f: [e, e, e, e, e, e, e, e]}.f"
        ),
        "{f: function(l, n) if n = 0 then string length(string(l)) else f([l, l, l, l], n - 1), r: f([1], 12)}.r",
        "{f: function(l, n) if n = 0 then l = l else f([l, l, l, l], n - 1), r: f([1], 12)}.r",
        "{f: function(l, n) if n = 0 then l instance of list<list<number>> else f([l, l, l, l], n - 1), r: f([1], 12)}.r",
        "{f: function(l, n) if n = 0 then flatten(l) else f([l, l, l, l], n - 1), r: f([1], 12)}.r",
        "for i in 1..50000 return big = big",
        "for i in 1..50000 return reverse(big)[1]",
        "for i in 1..50000 return big in [[1], big]",
        'for i in 1..50000 return context put({a: 1}, "b", big)',
        "for i in 1..50000 return substring(long, 2)",
        'for i in 1..50000 return contains(long, "y")',
        "for i in 1..50000 return long < long",
        'replace(long, "x", long)',
        "for i in 1..50000 return upper case(long)",
        'for i in 1..20000 return matches("aaaaaaaaaaaaaaaaaaaaaa!", "^(a|aa)+$")',
        "for i in 1..50000 return modulo(1e6000, 7)",
        "sort(for i in 1..50000 return 0 - i, function(a, b) a < b)",
    ],
)
def test_an_expression_that_takes_too_much_is_stopped(expression: str) -> None:
    with pytest.raises(feel.FeelLimit):
        feel.evaluate(expression, {"big": [1] * 20_000, "long": "x" * 500_000})


@pytest.mark.parametrize(
    "expression",
    ["9 ** 999999999", "exp(1000000)", "10 ** 6144 * 10", '@"P999999999D" * 1e30', 'duration("P999999999999D")'],
)
def test_numbers_too_large_are_null(expression: str) -> None:
    assert feel.evaluate(expression, {}) is None


def test_a_large_variable_is_converted_once() -> None:
    assert feel.evaluate("count(for i in 1..10000 return big[i])", {"big": [1] * 20_000}) == 10_000


def test_long_sums_and_chains_need_no_depth() -> None:
    assert feel.evaluate(" + ".join(["1"] * 3000), {}) == 3000
    assert feel.evaluate(" and ".join(["true"] * 2000), {}) is True


@pytest.mark.parametrize(
    "expression",
    [
        "x.__class__",
        "x.upper",
        'open("/etc/passwd")',
        'eval("1")',
        "{}.keys",
        "string.__globals__",
        "f.__code__",
        "today.__self__",
        "__builtins__",
    ],
)
def test_no_python_is_reachable(expression: str) -> None:
    assert feel.evaluate(expression, {"x": "text", "f": 1}) is None


def test_a_value_of_the_host_without_meaning_is_refused() -> None:
    with pytest.raises(TypeError, match="no meaning in FEEL"):
        feel.evaluate("x", {"x": object()})
