"""What a pack says about mail: neutral words, ways that can be chosen, appointments and the field that says what is safe."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from engine import packs
from engine.model.errors import Problem
from engine.model.packs import Pack
from engine.model.telling import ContactRule, Telling, Way
from engine.packs import translating
from engine.packs.compare import compare
from tests.forms.building import form, text
from tests.operations.telling import TELLING

Change = Callable[[dict[str, Any]], object]
Changed = Callable[[Change], tuple[Pack | None, tuple[Problem, ...]]]
CHOICES = {"type": "array", "items": {"type": "string", "oneOf": [{"const": "email", "title": "E-mail"}]}, "uniqueItems": True}


def told(**changes: Any) -> Change:
    """The library with [telling], some of it changed: `kind` entries of the first kind, others of the table."""

    def change(raw: dict[str, Any]) -> None:
        telling = tomllib.loads(TELLING)["telling"]
        telling["kinds"][0] |= changes.pop("kind", {})
        raw["telling"] = {key: value for key, value in {**telling, **changes}.items() if value is not None}

    return change


def test_a_pack_without_it_tells_people_in_their_inbox_only(library: Pack) -> None:
    assert library.telling == Telling()


def test_all_of_it_is_read(changed: Changed) -> None:
    pack, problems = changed(told(quiet=["21:30", "06:00"]))
    assert problems == ()
    assert pack is not None
    dates = pack.telling.kind_of("due-soon")
    assert dates is not None
    assert (dates.way, len(dates.ways), dates.roles) == (Way.MAIL, 4, frozenset())
    assert (pack.telling.quiet, pack.telling.digest_at) == ((21 * 60 + 30, 6 * 60), 8 * 60)
    assert pack.telling.kind_of("unheard-of") is None


def test_its_words_are_among_those_to_be_translated(changed: Changed) -> None:
    pack, _ = changed(told())
    assert pack is not None
    assert {"Something is due soon", "What is new for you", "Something is due", "Reminders"} <= set(translating.texts(pack))


@pytest.mark.parametrize(
    ("changes", "code", "element"),
    [
        ({"kind": {"subject": "About {case}"}}, "bad-placeholder", "telling.kinds.dates.subject"),
        ({"kind": {"text": "See {task}"}}, "bad-placeholder", "telling.kinds.dates.text"),
        ({"digest": {"subject": "New", "text": "{names}"}}, "bad-placeholder", "telling.digest.text"),
        ({"kind": {"notices": ["no-such"]}}, "unknown-notice", "telling.kinds.dates"),
        ({"kind": {"notices": ["overdue"]}}, "duplicate-key", "telling.kinds"),
        ({"kind": {"key": "late"}}, "duplicate-key", "telling.kinds.late"),
        ({"kind": {"roles": ["nobody"]}}, "unknown-role", "telling.kinds.dates"),
        ({"kind": {"way": "none", "ways": ["mail"]}}, "bad-value", "telling.kinds.dates"),
        ({"kind": {"way": "pigeon"}}, "bad-value", "telling.kinds.0.way"),
        ({"digest": None}, "missing-key", "telling.digest"),
        ({"quiet": ["9 pm", "07:00"]}, "bad-value", "telling.quiet.0"),
        ({"appointments": [{"variable": "bookClass", "title": "A date"}]}, "not-an-appointment", "telling.appointments.bookClass"),
        ({"appointments": [{"variable": "odd", "title": "A date"}]}, "not-an-appointment", "telling.appointments.odd"),
    ],
)
def test_what_would_tell_too_much_or_makes_no_sense_is_refused(changed: Changed, changes: dict[str, Any], code: str, element: str) -> None:
    _, problems = changed(told(**changes))
    assert (code, element) in {(problem.code, problem.element_id) for problem in problems}


def test_the_field_that_says_what_is_safe_has_to_be_able_to(library: Pack) -> None:
    ways = {"title": "Safe ways", "x-class": "C2", "x-widget": "checkboxes", **CHOICES}
    small = form({"ways": ways, "note": text(**{"x-class": "C2"})})

    def codes(field: str, mail: str, key: str = "small") -> set[str]:
        pack = replace(library, telling=Telling(contact=ContactRule(key, field, mail)))
        return {problem.code for problem in packs.check(pack, {"small": small}, [])}

    assert "unknown-contact-field" not in codes("ways", "email")
    for wrong in (("ways", "fax"), ("note", "email"), ("odd", "email"), ("ways", "email", "other")):
        assert "unknown-contact-field" in codes(*wrong)


@pytest.mark.parametrize(
    ("instead", "codes"),
    [
        ({"instead": "due-soon", "to": ["role:keeper"]}, set()),
        ({"instead": "due-soon"}, {"missing-key"}),
        ({"to": ["role:keeper"]}, {"missing-key"}),
        ({"instead": "none-such", "to": ["role:keeper"]}, {"unknown-notice"}),
        ({"instead": "due-soon", "to": ["case-role:nobody"]}, {"unknown-role"}),
    ],
)
def test_what_is_told_in_place_of_a_mail_and_to_whom_has_to_be_there(changed: Changed, instead: dict[str, Any], codes: set[str]) -> None:
    _, problems = changed(told(contact={"form": "loan-terms", "field": "ways", "mail": "email", **instead}))
    assert {one.code for one in problems if (one.element_id or "").startswith("telling.contact")} == codes


def test_what_changes_in_mail_is_told_kind_by_kind() -> None:
    later = TELLING.replace('subject = "Something is late"', 'subject = "Something waits"').replace('"08:00"', '"09:00"')
    found = {(one.kind, one.name): [(facet.key, facet.after) for facet in one.facets] for one in compare(TELLING.encode(), later.encode())}
    assert found == {("mail", "every kind"): [("digest_at", "09:00")], ("mail", "What is late"): [("subject", "Something waits")]}
