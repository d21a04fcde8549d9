"""The pack room's pages for messages, retention and what procedures are held to."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from engine.packs.rules import RULES
from tests.visiting import Visitor
from tests.web.test_changes import begin

Visit = Callable[[str], Visitor]


@pytest.fixture
def tom(visit: Visit) -> Visitor:
    return visit("tom")


@pytest.fixture
def change(tom: Visitor) -> str:
    return begin(tom)


def pack(visitor: Visitor, change: str) -> dict[str, Any]:
    return tomllib.loads(visitor.client.get(f"{change}/files/pack.toml").text)


def test_every_rule_that_a_program_can_switch_is_asked_about(tom: Visitor, change: str) -> None:
    page = tom.see(f"{change}/pack/lint")
    assert len(page.xpath("//select[starts-with(@name, 'levels-')]")) == len(RULES)


def test_a_rule_gets_another_level_and_goes_back_to_what_is_usual(tom: Visitor, change: str) -> None:
    place = list(RULES).index("no-due-date")
    tom.see(f"{change}/pack/lint")
    tom.submit("Save", {f"levels-{place}-level": "warn"})
    assert pack(tom, change)["policies"]["lint"]["levels"] == {"no-due-date": "warn"}
    tom.see(f"{change}/pack/lint")
    tom.submit("Save", {f"levels-{place}-level": ""})
    assert "levels" not in pack(tom, change)["policies"].get("lint", {})


def test_what_has_to_come_before_reports_and_exceptions_are_written_line_by_line(tom: Visitor, change: str) -> None:
    tom.see(f"{change}/pack/lint")
    given = {
        "before-0-element": "form:loan-return",
        "before-0-needs": "form:loan-terms",
        "before-1-element": "form:loan-return",
        "before-1-needs": "duty:return-sign-off",
        "reports-0-form": "loan-return",
        "reports-0-fields": "damaged, note",
        "exceptions-0-code": "lint-way-around",
        "exceptions-0-at": "somewhere",
        "exceptions-0-reason": "It is known.",
    }
    tom.send(f"{change}/pack/lint", given | {"was": tom.document().xpath("//input[@name='was']/@value")[0]})
    lint = pack(tom, change)["policies"]["lint"]
    assert lint["before"] == [{"element": "form:loan-return", "needs": ["form:loan-terms", "duty:return-sign-off"]}]
    assert lint["reports"] == {"loan-return": ["damaged", "note"]}
    assert lint["exceptions"] == [{"code": "lint-way-around", "at": "somewhere", "reason": "It is known."}]


def test_a_line_that_is_not_whole_is_said_at_its_field_and_nothing_is_lost(tom: Visitor, change: str) -> None:
    tom.see(f"{change}/pack/lint")
    page = tom.submit("Save", {"exceptions-0-code": "lint-way-around", "exceptions-0-at": "somewhere"}, status=422)
    assert page.xpath("//a[@href='#f-exceptions']")
    assert page.xpath("//input[@value='somewhere']")


def test_a_class_is_kept_for_a_number_of_years(tom: Visitor, change: str) -> None:
    before = pack(tom, change).get("retention", {})
    tom.see(f"{change}/pack/retention")
    row = len(before)
    tom.submit("Save", {f"retention-{row}-code": "C6", f"retention-{row}-number": "2", f"retention-{row}-unit": "Y"})
    assert pack(tom, change)["retention"] == {**before, "C6": "P2Y"}


def test_a_message_is_added_and_says_who_may_send_it(tom: Visitor, change: str) -> None:
    tom.see(f"{change}/pack/messages/new")
    page = tom.submit("Save", {"label": "Ask for more time", "name": "MoreTime"}, status=422)
    assert page.xpath("//a[@href='#f-roles']")
    tom.submit("Save", {"label": "Ask for more time", "name": "MoreTime", "roles": "borrower", "confirm": "The librarian is asked."})
    added = pack(tom, change)["messages"][-1]
    assert added == {"label": "Ask for more time", "name": "MoreTime", "roles": ["borrower"], "confirm": "The librarian is asked."}
