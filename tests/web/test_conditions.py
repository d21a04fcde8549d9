"""Conditions at the rooms' door: rows to FEEL and back, and what is wrong said in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.visiting import Visitor
from tests.web.test_changes import TOKEN, begin

Visit = Callable[[str], Visitor]
TEXTS = [
    'answer = "yes"',
    "rounds < settings.rounds",
    "level >= 2",
    'code in ("a", "b")',
    "not(done = true)",
    "who = null",
    'on <= @"2026-03-01"',
    '(a = "x" and b = true) or c = false',
]


def ask(visitor: Visitor, change: str, body: Any) -> Any:
    return visitor.client.post(f"{change}/conditions", json=body, headers={"X-CSRF-Token": TOKEN})


@pytest.mark.parametrize("text", TEXTS)
def test_a_condition_comes_as_rows_and_goes_back_as_it_was(visit: Visit, text: str) -> None:
    tom = visit("tom")
    change = begin(tom)
    rows = ask(tom, change, {"text": text}).get_json()["structure"]
    assert rows
    assert ask(tom, change, {"structure": rows}).get_json() == {"text": text}


def test_what_is_richer_or_wrong_says_so(visit: Visit) -> None:
    tom = visit("tom")
    change = begin(tom)
    assert ask(tom, change, {"text": "count(a) = 2"}).get_json() == {"structure": None}
    assert ask(tom, change, {"text": ""}).get_json() == {"structure": None}
    assert ask(tom, change, {"text": "a = "}).get_json()["problem"]
    assert ask(tom, change, {"structure": {"field": "", "op": "=", "value": None}}).get_json()["problem"].startswith("Choose the field")
    number = {"field": "a", "op": "=", "value": {"kind": "number", "value": "many"}}
    assert ask(tom, change, {"structure": number}).get_json()["problem"] == "Give the value to compare with."


def nested(depth: int) -> Any:
    return {"field": "a", "op": "is true"} if depth == 0 else {"join": "and", "items": [nested(depth - 1), nested(0)]}


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"text": 1},
        {"text": "a", "names": "b"},
        {"structure": 3},
        {"structure": {"field": "a", "op": "~"}},
        {"structure": {"field": "a", "op": ["="]}},
        {"structure": {"items": "x"}},
        {"structure": nested(5)},
        {"structure": {"field": "a", "op": "in", "value": {"kind": "list", "items": 7}}},
    ],
)
def test_what_is_no_condition_at_all_is_refused(visit: Visit, body: Any) -> None:
    tom = visit("tom")
    assert ask(tom, begin(tom), body).status_code == 400


def test_who_may_not_see_procedures_converts_nothing(visit: Visit) -> None:
    assert ask(visit("lia"), begin(visit("tom")), {"text": "a"}).status_code in (403, 404)
