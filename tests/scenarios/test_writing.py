"""Steps put into scenario files, taken out and expecting something else: all that is not meant stays as it was written."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from engine.scenarios import writing
from engine.scenarios.shape import Wrong

TEXT = """title = "A book is lent"  # its first way

# Who asks first.
[[steps]]
who = "ben"
does = "Answer the terms"
expect = { open = ["recall"], facts = { terms = "accepted" } }

# Time goes by.
[[steps]]
passes = "P3D"
[steps.expect]
notices = [
    "late to ben",
]

[[steps]]
does = "recall"  # by hand
who = "lia"
[steps.with]
odd = [
["[[steps]]"],
]

# What he says.
[answers.yes]
answer = "yes"
"""
NEW = {"who": "cor", "does": "look"}


def steps(text: str) -> list[Any]:
    return list(tomllib.loads(text)["steps"])


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_step_is_put_in_at_any_place_and_taken_out_again(number: int) -> None:
    after = writing.insert_step(TEXT, number, NEW)
    assert steps(after)[number - 1] == NEW
    assert [one for one in steps(after) if one != NEW] == steps(TEXT)
    assert all(line in after.splitlines() for line in TEXT.splitlines()), "comments and layout stay"
    assert writing.without_step(after, number) == TEXT


def test_the_last_step_is_taken_out_although_answers_stand_behind_it() -> None:
    after = writing.without_step(TEXT, 3)
    assert len(steps(after)) == 2
    assert "# What he says.\n[answers.yes]" in after
    assert "# by hand" not in after


def test_all_steps_can_be_taken_out_and_begun_again() -> None:
    bare = writing.without_step(writing.without_step(writing.without_step(TEXT, 1), 1), 1)
    assert "steps" not in tomllib.loads(bare)
    assert steps(writing.add_step(bare, NEW)) == [NEW]


def test_a_new_step_takes_over_what_had_to_be_true_after_the_one_before() -> None:
    after = steps(writing.insert_step(TEXT, 3, NEW, takes_over=True))
    assert after[1] == {"passes": "P3D"}
    assert after[2] == {**NEW, "expect": {"notices": ["late to ben"]}}


def test_a_step_that_only_looks_looks_after_the_new_one() -> None:
    looking = TEXT.replace('passes = "P3D"\n', "")
    assert [*steps(writing.insert_step(looking, 3, NEW, takes_over=True))[1:3]] == [NEW, {"expect": {"notices": ["late to ben"]}}]


@pytest.mark.parametrize(
    ("number", "expect"), [(1, {"only_open": []}), (2, {"ended": True}), (3, {"facts": {"a": 1}}), (1, None), (3, None)]
)
def test_what_has_to_be_true_is_said_anew(number: int, expect: dict[str, object] | None) -> None:
    after = writing.expecting(TEXT, number, expect)
    assert steps(after)[number - 1].get("expect") == expect
    assert [one for place, one in enumerate(steps(after), 1) if place != number] == [
        one for place, one in enumerate(steps(TEXT), 1) if place != number
    ]
    assert "# by hand" in after


@pytest.mark.parametrize("text", ['title = "A"\nsteps = [{ passes = "P1D" }]\n', 'title = "A'])
def test_what_is_written_otherwise_is_left_to_its_text(text: str) -> None:
    with pytest.raises(Wrong):
        writing.insert_step(text, 1, NEW)


def test_a_step_that_is_not_there_is_not_taken_out() -> None:
    with pytest.raises(Wrong, match="no step 9"):
        writing.without_step(TEXT, 9)
