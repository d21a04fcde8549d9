"""Scenario files: what they say, and what is wrong with them in words that name the step."""

from __future__ import annotations

import pytest

from engine import scenarios
from engine.scenarios import StepKind

WHOLE = """
title = "A book is lent"
about = "The usual way."

[people]
lia = "librarian"
ben = ["borrower"]

[opening]
by = "lia"
with = "asked"

[[steps]]
who = "ben"
does = "Answer the terms"
with = "yes"
but = { dueBack = "day:P3D" }
expect = { open = ["recall"], facts = { terms = "accepted" } }

[[steps]]
passes = "P3D"

[[steps]]
who = "lia"
sends = "BookRecalled"

[[steps]]
job = "weigh"
gives = { grams = 300 }

[[steps]]
expect = { ended = "closed" }

[answers.asked]
bookClass = "sturdy"

[answers.yes]
answer = "yes"
dueBack = "2026-04-01"
"""
HEAD = 'title = "T"\n[people]\nlia = "librarian"\n'


def read(**files: str) -> scenarios.Reading:
    return scenarios.read({f"scenarios/{name}.toml": text.encode() for name, text in files.items()})


def wrong(text: str) -> str:
    (problem,) = read(one=text).problems
    assert problem.file == "scenarios/one.toml"
    return problem.message


def test_a_file_is_read_into_people_opening_and_steps() -> None:
    (one,) = read(lent=WHOLE).scenarios
    assert (one.name, one.title, dict(one.people)) == ("lent", "A book is lent", {"lia": ("librarian",), "ben": ("borrower",)})
    assert one.opening is not None
    assert one.opening.data == {"bookClass": "sturdy"}
    assert [step.kind for step in one.steps] == [StepKind.TASK, StepKind.TIME, StepKind.MESSAGE, StepKind.JOB, StepKind.LOOK]
    assert one.steps[0].data == {"answer": "yes", "dueBack": "day:P3D"}


def test_what_is_continued_comes_first_and_lends_its_people_and_answers() -> None:
    later = 'title = "Later"\ncontinues = "lent"\n[[steps]]\nwho = "ben"\ndoes = "recall"\nwith = "yes"\n'
    first, second = read(a=later, lent=WHOLE).scenarios
    assert (first.name, second.continues) == ("lent", "lent")
    assert second.steps[0].data["answer"] == "yes"
    assert "ben" in second.people


def test_a_change_of_what_is_continued_changes_the_digest() -> None:
    later = 'title = "Later"\ncontinues = "lent"\n'
    before = {one.name: one.digest for one in read(a=later, lent=WHOLE).scenarios}
    after = {one.name: one.digest for one in read(a=later, lent=WHOLE.replace("usual", "other")).scenarios}
    assert before["a"] != after["a"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = ", "cannot be read as TOML"),
        ("[people]\n", "“title” is one line of text"),
        (HEAD + "[[steps]]\n", "Step 1 does nothing"),
        (
            HEAD + '[[steps]]\npasses = "P1D"\n[[steps]]\nwho = "ana"\ndoes = "x"\n',
            "“who” of Step 2 names ana, who is not among the people",
        ),
        (HEAD + '[[steps]]\nwho = "lia"\ndoes = "x"\nwith = "nothing"\n', "there is no [answers.nothing]"),
        (HEAD + '[[steps]]\npasses = "three days"\n', "“passes” of Step 1 is a duration"),
        (HEAD + '[[steps]]\npasses = "-P1D"\n', "does not go back"),
        (HEAD + '[[steps]]\npasses = "P1D"\nsends = "x"\n', "make a step of each"),
        (HEAD + '[[steps]]\nexpect = { opne = ["x"] }\n', "“opne”, which means nothing there"),
        (HEAD + "[[steps]]\nexpect = { open = 3 }\n", "is a list of texts"),
        ('steps = "many"\n' + HEAD, "“steps” are written as [[steps]]"),
        ('continues = "gone"\ntitle = "T"\n', "there is no scenario of that name"),
        ('continues = "one"\ntitle = "T"\n', "continues itself"),
    ],
)
def test_what_cannot_be_read_says_where_and_what_to_do(text: str, said: str) -> None:
    assert said in wrong(text)


def test_a_file_that_continues_an_unreadable_one_says_so_and_others_are_read() -> None:
    found = read(one="title = ", two='title = "T"\ncontinues = "one"\n', three=WHOLE)
    assert [one.name for one in found.scenarios] == ["three"]
    assert {problem.file for problem in found.problems} == {"scenarios/one.toml", "scenarios/two.toml"}


def test_files_that_continue_each_other_in_a_circle_are_refused() -> None:
    found = read(one='title = "T"\ncontinues = "two"\n', two='title = "T"\ncontinues = "one"\n')
    assert found.scenarios == ()
    assert {problem.file for problem in found.problems} == {"scenarios/one.toml", "scenarios/two.toml"}


def test_files_made_to_harm_are_problems_and_nothing_worse() -> None:
    deep = HEAD + "[[steps]]\nwho = 'lia'\ndoes = 'x'\nwith = {a=" + "[" * 5000 + "]" * 5000 + "}\n"
    huge = "title = '" + "x" * 300_000 + "'"
    for text in (deep, huge, "\x00", "title = '\u202e'"):
        assert read(one=text).problems
    assert scenarios.read({"scenarios/b.toml": b"\xff\xfe"}).problems
