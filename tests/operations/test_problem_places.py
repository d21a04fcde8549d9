"""Where a problem is, in the names that people gave: diagrams, forms, tables, scenarios and the pack."""

from __future__ import annotations

import pytest

from engine.model.errors import Level, Problem
from engine.operations.words import problem_places
from tests.world import ROOT, pack_files

FILES = pack_files(ROOT / "processes/mediation", ROOT / "forms/mediation")
DIAGRAM = "consent-collection.bpmn"


@pytest.mark.parametrize(
    ("file", "element", "said"),
    [
        (DIAGRAM, "answer_consent_request", "“Answer the consent request”"),
        (DIAGRAM, "which_answer", "“What is the answer?” (choice)"),
        (DIAGRAM, "which_answer__answer_is_in", "The way “yes or no” from “What is the answer?” to “Answer is in”"),
        (DIAGRAM, "consent-collection", "The whole procedure"),
        (DIAGRAM, "no_such_element", ""),
        (DIAGRAM, None, ""),
        ("pack.toml", "roles.party.read.C1", "Role “Party”"),
        ("pack.toml", "settings.consentExpiry", "Setting “A consent request expires after”"),
        ("pack.toml", "deadline_rules.review.rungs.2", "Deadline rule “Review of the case”, step 2"),
        ("pack.toml", "exclusions.1", "Duties that exclude each other, number 1"),
        ("pack.toml", "case.number", "Cases: number, opening, participants"),
        ("review-rating.dmn", "review-rating", "“Review rating”"),
        ("safeguard-plan.json", "nothing_of_this_name", ""),
        ("is-not-there.bpmn", "anything", ""),
    ],
)
def test_a_place_is_told_by_the_name_it_was_given(file: str, element: str | None, said: str) -> None:
    assert problem_places.place(file, element, FILES) == said


def test_an_element_without_a_name_is_told_by_what_it_is_and_what_comes_before() -> None:
    drawn = FILES[DIAGRAM].replace(b'name="What is the answer?"', b"")
    assert problem_places.place(DIAGRAM, "which_answer", {DIAGRAM: drawn}) == "A choice without a name after “Answer the consent request”"


@pytest.mark.parametrize(
    ("file", "title"),
    [
        (DIAGRAM, "Diagram “Consent collection”"),
        ("safeguard-plan.json", "Form “Plan safeguards”"),
        ("review-rating.dmn", "Decision table “Review rating”"),
        ("pack.toml", "Rules, roles and words"),
        ("gone_astray.bpmn", "Diagram “gone astray”"),
        ("notes.txt", "File notes.txt"),
        ("", ""),
    ],
)
def test_a_file_is_told_by_what_people_call_it(file: str, title: str) -> None:
    assert problem_places.file_title(file, FILES) == title


def test_a_question_of_a_form_is_told_by_its_words_also_within_a_repeat() -> None:
    form = b'{"$id": "f", "properties": {"who": {"title": "Who comes?", "items": {"properties": {"name": {"title": "Name"}}}}}}'
    assert problem_places.place("f.json", "who.name", {"f.json": form}) == "“Who comes?” › “Name”"


def test_broken_files_have_places_too() -> None:
    for name in ("a.bpmn", "a.dmn", "a.json", "pack.toml", "scenarios/a.toml"):
        told = problem_places.tell([Problem(name, "x", "code", "Words.", Level.WARN)], {name: b"\xff<"})[0]
        assert told.advice
        assert told.where
