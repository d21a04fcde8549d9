"""What a changed scenario says otherwise, in sentences: beginning, steps, answers and what is looked at."""

from __future__ import annotations

import pytest

from engine.operations.drafting import file_changes
from engine.operations.releasing import scenario_changes
from tests.operations import shelf

NAME = "scenarios/lent.toml"
BEFORE = """
title = "A book is lent"
[people]
lia = "librarian"
ben = "borrower"
[opening]
by = "lia"
with = { bookClass = "sturdy" }
[[steps]]
who = "ben"
does = "answer-terms"
with = { answer = "yes", dueBack = "2026-04-01" }
expect = { open = ["recall"], facts = { bookClass = "sturdy" } }
[[steps]]
passes = "P3D"
[[steps]]
who = "lia"
does = "recall"
expect = { not_open = ["recall"] }
"""


def told(*changed: tuple[str, str]) -> list[str]:
    text = BEFORE
    for old, new in changed:
        assert old in text
        text = text.replace(old, new, 1)
    before, after = (shelf.library() | {NAME: content.encode()} for content in (BEFORE, text))
    (file,) = scenario_changes.told(file_changes.between(before, after), before, after)
    return [line.text for line in file.lines]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("A book is lent", "A book goes out", ["Title: A book is lent → A book goes out"]),
        ('ben = "borrower"', 'ben = "keeper"', ["Takes part: ben: borrower → keeper"]),
        ('with = { bookClass = "sturdy" }', 'with = { bookClass = "fragile" }', ["At the beginning, bookClass: sturdy → fragile"]),
        ('passes = "P3D"', 'passes = "P5D"', ["Step 2: 3 days pass → 5 days pass"]),
        ('[[steps]]\npasses = "P3D"\n', "", ["Step 2: 3 days pass"]),
        ('passes = "P3D"', 'passes = "P3D"\n[[steps]]\npasses = "P1D"', ["Step 3: 1 day pass"]),
        ('answer = "yes"', 'answer = "no"', ["Step 1, ben completes “Answer the terms”, answer: yes → no"]),
        (
            'open = ["recall"], facts',
            'open = ["check-return"], facts',
            [
                "Step 1, ben completes “Answer the terms”: no longer looked at: “Wait for the book” is open",
                "Step 1, ben completes “Answer the terms”: looked at from now on: “Check the book” is open",
            ],
        ),
        ("\n[people]", "\n# a remark\n[people]", []),
    ],
    ids=["title", "people", "beginning", "a step", "gone", "new", "an answer", "what is looked at", "a remark"],
)
def test_each_difference_is_a_sentence(old: str, new: str, said: list[str]) -> None:
    assert told((old, new)) == said


def test_a_step_put_in_between_leaves_the_others_as_they_were() -> None:
    said = told(('[[steps]]\nwho = "ben"', '[[steps]]\npasses = "PT1H"\n[[steps]]\nwho = "ben"'))
    assert len(said) == 1
    assert said[0].startswith("Step 1: ")


def test_what_cannot_be_read_is_told_line_by_line() -> None:
    said = told(('title = "A book is lent"', 'title = "A book is lent'))
    assert said
    assert said[0].startswith("Line ")
