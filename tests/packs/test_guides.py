"""Guides of a pack: what is wrong with one is told with its place, and they are compared and translated as everything else."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine import packs
from engine.model.compared import Mark
from engine.model.errors import Problem
from engine.model.packs import Pack
from engine.packs import compare, guides
from tests.packs.writing import toml

LIBRARY = (Path(__file__).parent / "library/pack.toml").read_text()
CARE: dict[str, Any] = {
    "key": "care",
    "title": "Old bindings",
    "text": "- both hands\n- no sun",
    "at": ["form:loan-terms"],
    "when": 'bookClass = "fragile"',
}
Changed = Callable[[Callable[[dict[str, Any]], object]], tuple[Pack | None, tuple[Problem, ...]]]


def test_a_guide_says_for_which_tasks_and_cases_it_is(changed: Changed) -> None:
    pack, problems = changed(lambda raw: raw.update(guides=[CARE | {"until": "2027-01-31", "staff": True}]))
    assert pack is not None
    assert problems == ()
    assert (pack.guides[0].at, str(pack.guides[0].until), pack.guides[0].staff) == (("form:loan-terms",), "2027-01-31", True)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"text": ""}, "bad-value"),
        ({"link": "javascript:alert(1)"}, "bad-value"),
        ({"link": "https://example.org/a b"}, "bad-value"),
        ({"until": "2027-02-31"}, "bad-value"),
        ({"when": "bookClas = 1"}, "unknown-name"),
        ({"when": "bookClass ="}, "bad-expression"),
        ({"at": ["calls:loan"]}, "bad-value"),
        ({"shown": "always"}, "unknown-key"),
    ],
)
def test_a_mistake_of_a_guide_is_told(changed: Changed, wrong: dict[str, Any], code: str) -> None:
    _, problems = changed(lambda raw: raw.update(guides=[CARE | wrong]))
    assert [(problem.code, (problem.element_id or "").partition(".")[0]) for problem in problems] == [(code, "guides")]


def test_a_guide_without_words_and_one_that_is_there_twice_are_told(changed: Changed) -> None:
    empty = {"key": "care", "title": "Nothing"}
    _, problems = changed(lambda raw: raw.update(guides=[CARE, empty]))
    assert [problem.code for problem in problems] == ["guide-empty", "duplicate-key"]


def test_a_guide_for_a_task_that_no_procedure_has_is_told(changed: Changed) -> None:
    pack, _ = changed(lambda raw: raw.update(guides=[CARE | {"at": ["loan/gone", "duty:nothing"]}]))
    assert pack is not None
    assert [problem.code for problem in guides.problems(pack, (), "pack.toml")] == ["unknown-element"] * 2


def test_its_words_are_translated_and_a_change_of_it_is_compared(changed: Changed) -> None:
    pack, _ = changed(lambda raw: raw.update(guides=[CARE], languages=["en", "es"], translations={"es": {"Old bindings": "Viejos"}}))
    assert pack is not None
    assert packs.translated(pack, "es").guides[0].title == "Viejos"
    assert CARE["text"] in packs.texts(pack)
    raw = tomllib.loads(LIBRARY)
    before, after = (toml(raw | {"guides": [one]}).encode() for one in (CARE, CARE | {"until": "2027-01-31"}))
    told = compare.compare(before, after)
    assert [(one.id, one.kind, one.mark, one.facets[0].key) for one in told] == [("guides.care", "guide", Mark.CHANGED, "until")]
