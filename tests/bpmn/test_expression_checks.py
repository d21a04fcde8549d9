"""Expressions whose value is known at publish have to make sense then; names that no expression could read are refused."""

from __future__ import annotations

import pytest

from tests.bpmn.drawing import (
    again,
    boundary,
    catch,
    condition,
    end,
    many,
    mapping,
    problems,
    process,
    script,
    start,
    sub,
    tag,
    throw,
    timer,
    user,
    xor,
)


def task(inner: str) -> bytes:
    return process(start(), user("a", inner), end(), go="start > a > end")


def calls(inner: str) -> bytes:
    return process(start(), tag("callActivity", "a", inner, calledElement_="c"), end(), go="start > a > end")


LINK = '<linkEventDefinition name="l"/>'


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (process(start(), xor("x"), end("a"), end("b"), go='start > x > a ["yes"]; x > b *'), ("x_a", "condition-without-truth")),
        (process(start(), user("a"), end("x"), end("y"), go="start > a > x [1 + 1]; a > y *"), ("a_x", "condition-without-truth")),
        (process(start(), catch("c", condition("5")), end(), go="start > c > end"), ("c", "condition-without-truth")),
        (task(many("=[1]", until="3")), ("a", "condition-without-truth")),
        (task(many("=[1]", until=" ")), ("a", "missing-condition")),
        (task(again("2")), ("a", "condition-without-truth")),
        (task(many("=[1]", "loopCounter")), ("a", "reserved-name")),
        (task(many("=[1]", "1 x")), ("a", "invalid-name")),
        (task(many("=[1]", outputCollection="[x]", outputElement="=1")), ("a", "invalid-name")),
        (calls(mapping({"= n": "=1"})), ("a", "invalid-name")),
        (calls(mapping({}, {"a{b}": "=1"})), ("a", "invalid-name")),
        (process('<dataObject id="d" name="case"/>', start(), end(), go="start > end"), ("p", "reserved-name")),
        (
            process(start(), sub("b", '<property id="d" name="settings"/>', start("i"), end("o"), go="i > o"), go="start > b"),
            ("b", "reserved-name"),
        ),
        (process(start(), xor("x"), go="start > x > x"), ("x", "never-ends")),
        (process(start(), xor("x"), script("k", "{}"), xor("y"), go="start > x > k > y; y > x [n]; y > k *"), ("x", "never-ends")),
        (process(start(), xor("x"), throw("o", LINK), catch("i", LINK), go="start > x > o; i > x"), ("x", "never-ends")),
        (process(start(), end(), go="start > end").replace(b'Executable="true"', b'Executable="TRUE"'), ("p", "invalid-attribute")),
        (
            process(start(), user("a"), boundary("b", "a", timer("P1D")).replace('"true"', '"no"'), end(), go="start > a > end; b > end"),
            ("b", "invalid-attribute"),
        ),
    ],
)
def test_what_can_be_known_to_be_wrong_now_is_refused_now(data, expected):
    assert expected in problems(data)


@pytest.mark.parametrize(
    "data",
    [
        process(start(), xor("x"), end("a"), end("b"), go="start > x > a [true]; x > b *"),
        task(many("=[1, 2]", until="false")),
        task(again("n")),
        task(many("=[]", "über den Wert")),
        calls(mapping({"a b": "=1", "_c": "=2"}, {"x-y": "=1"})),
        process(start(), xor("x"), user("k"), go="start > x > k > x"),
        process(start(), xor("x"), script("k", "{}"), end(), go="start > x > k; k > x [n]; k > end *"),
        process(start(), xor("x"), throw("o", LINK), catch("i", LINK), user("u"), go="start > x > o; i > u > x"),
        process(start(), xor("x"), sub("b", start("i"), user("w"), end("o"), go="i > w > o"), go="start > x > b > x"),
    ],
)
def test_what_may_make_sense_is_taken(data):
    assert problems(data) == set()
