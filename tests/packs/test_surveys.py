"""Surveys of a pack: what could tell who answered is refused with its place, and answers are told only beside how many gave them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine import forms, packs
from engine.model.errors import Problem
from engine.model.packs import Pack

ASKED: dict[str, Any] = {
    "key": "after",
    "title": "How was it?",
    "form": "opinion",
    "invitation": "due-soon",
    "reminder": "overdue",
    "remind_after": "P7D",
    "open_for": "P30D",
    "split": "Which book",
    "parts": [
        {"key": "fragile", "title": "Fragile", "where": 'bookClass = "fragile"'},
        {"key": "other", "title": "Other", "where": "true"},
    ],
}
RATE: dict[str, Any] = {
    "key": "rate", "title": "Answered", "definition": "Who answered.", "kind": "share", "unit": "answer", "survey": "after", "note": "n",
}  # fmt: skip
SHARE: dict[str, Any] = RATE | {"key": "pleased", "question": "pleased", "fits": "answer >= 4"}
SCALE = {"title": "Pleased", "type": "integer", "minimum": 1, "maximum": 5, "x-class": "C4"}
Changed = Callable[[Callable[[dict[str, Any]], object]], tuple[Pack | None, tuple[Problem, ...]]]


def told(changed: Changed, survey: dict[str, Any] | None = None, *measures: dict[str, Any]) -> tuple[Pack | None, list[str]]:
    def change(raw: dict[str, Any]) -> None:
        raw["surveys"] = [{key: value for key, value in (ASKED | (survey or {})).items() if value is not None}]
        raw["measures"] = [*raw.get("measures", []), *measures]

    pack, problems = changed(change)
    return pack, [problem.code for problem in problems]


def test_a_survey_says_who_is_invited_how_long_and_what_answers_are_told_apart_by(changed: Changed) -> None:
    pack, problems = told(changed, None, RATE, SHARE)
    assert problems == []
    assert pack is not None
    (survey,) = pack.surveys
    assert (survey.invitation, survey.remind_after, survey.open_for) == ("due-soon", timedelta(days=7), timedelta(days=30))
    assert [part.key for measure in pack.measures if measure.survey for part in measure.parts] == ["fragile", "other"] * 2
    assert {"How was it?", "Which book", "Fragile"} <= set(packs.texts(pack))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"invitation": "nobody-wrote-it"}, "unknown-notice"),
        ({"reminder": "nobody-wrote-it"}, "unknown-notice"),
        ({"reminder": "due-soon"}, "survey-notices"),
        ({"remind_after": "P31D"}, "survey-notices"),
        ({"remind_after": "a week"}, "bad-duration"),
        ({"open_for": "P3Y"}, "bad-duration"),
        ({"parts": [{"key": "a", "title": "A", "where": "bookClas = 1"}]}, "unknown-name"),
        ({"parts": [{"key": "a", "title": "A", "where": "bookClass ="}]}, "bad-expression"),
        ({"to": "everybody"}, "unknown-key"),
    ],
)
def test_a_mistake_of_a_survey_is_told(changed: Changed, wrong: dict[str, Any], code: str) -> None:
    assert code in told(changed, wrong)[1]


@pytest.mark.parametrize(
    ("measures", "code"),
    [
        ([SHARE], "survey-rate"),
        ([RATE, SHARE | {"survey": "before"}], "unknown-survey"),
        ([RATE, SHARE | {"by": ["bookClass"]}], "measure-answers"),
        ([RATE, SHARE | {"where": 'bookClass = "fragile"'}], "measure-answers"),
        ([RATE, SHARE | {"kind": "count"}], "measure-answers"),
        ([RATE, SHARE | {"unit": "case"}], "measure-answers"),
        ([RATE | {"fits": "answer >= 4"}], "measure-answers"),
        ([RATE, SHARE | {"fits": 'bookClass = "fragile"'}], "measure-answers"),
        ([RATE, SHARE | {"fits": "answer >="}], "bad-expression"),
    ],
)
def test_a_figure_of_answers_that_would_tell_more_is_refused(changed: Changed, measures: list[dict[str, Any]], code: str) -> None:
    assert code in told(changed, None, *measures)[1]


@pytest.mark.parametrize(
    "field",
    [
        {"title": "Comment", "type": "string", "maxLength": 100, "x-class": "C4"},
        {"title": "Age", "type": "integer", "minimum": 0, "x-class": "C4"},
        {"title": "Age", "type": "integer", "minimum": 0, "maximum": 120, "x-class": "C4"},
        {"title": "Pleased", "type": "integer", "minimum": 1, "maximum": 5, "x-class": "C1"},
    ],
)
def test_a_question_whose_answer_could_be_somebodys_own_is_refused(changed: Changed, field: dict[str, Any]) -> None:
    assert "survey-question" in _checked(changed, pleased=SCALE, own=field)


def test_scales_lists_and_yes_or_no_can_be_asked_and_a_question_must_be_in_the_form(changed: Changed) -> None:
    listed = {"title": "Which", "type": "string", "oneOf": [{"const": "a", "title": "A"}, {"const": "b", "title": "B"}], "x-class": "C4"}
    assert _checked(changed, pleased=SCALE, again={"title": "Again?", "type": "boolean", "x-class": "C4"}, which=listed) == []
    assert _checked(changed, glad=SCALE) == ["unknown-name"]


def _checked(changed: Changed, **fields: dict[str, Any]) -> list[str]:
    """What the check of a pack says of its survey, with a form of these fields."""
    pack, problems = told(changed, None, RATE, SHARE)
    assert (problems, pack is None) == ([], False)
    assert pack is not None
    shape = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "opinion", "title": "Opinion", "x-version": 1}
    written = json.dumps({**shape, "type": "object", "properties": fields, "required": []}).encode()
    form, faults = forms.read(written, file="opinion.json")
    assert form is not None, faults
    every = packs.check(pack, {"opinion": form}, ())
    return sorted({one.code for one in every if (one.element_id or "").startswith(("surveys.", "measures.pleased"))})
