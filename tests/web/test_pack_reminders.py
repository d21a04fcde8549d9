"""Reminders of a step, changed by the script of a diagram's room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.visiting import Visitor
from tests.web.test_changes import TOKEN, begin

Visit = Callable[[str], Visitor]
STEP = "reminders/loan/check-return"
HEADERS = {"X-CSRF-Token": TOKEN}
WANTED = {"when": "after", "length": "P3D", "times": 1, "to": "assignee"}


def add(visitor: Visitor, change: str, body: object) -> int:
    visitor.answer = visitor.client.post(f"{change}/{STEP}", json=body, headers=HEADERS)
    return visitor.answer.status_code


def rules(visitor: Visitor) -> dict[str, Any]:
    assert visitor.answer is not None
    return {rule["key"]: rule for rule in visitor.answer.get_json()["deadline_rules"]}


def test_a_reminder_is_added_taken_out_and_given_up(visit: Visit) -> None:
    tom = visit("tom")
    change = begin(tom)
    before = tom.client.get(f"{change}/files/pack.toml").data
    assert add(tom, change, WANTED) == 200
    own = rules(tom)["check-return"]
    assert own["rungs"][0] == {"number": 1, "after": "P3D", "act": "remind", "to": "assignee", "notice": "due-soon"}
    tom.answer = tom.client.delete(f"{change}/{STEP}/1?was={own['mark']}", headers=HEADERS)
    assert len(rules(tom)["check-return"]["rungs"]) == 2
    assert tom.client.delete(f"{change}/{STEP}/1?was={own['mark']}", headers=HEADERS).status_code == 409
    tom.answer = tom.client.delete(f"{change}/{STEP}", headers=HEADERS)
    assert list(rules(tom)) == ["terms", "standard"]
    assert tom.client.get(f"{change}/files/pack.toml").data == before


@pytest.mark.parametrize("more", [{"length": "soon"}, {"length": ""}, {"times": 99}, {"to": "role:nobody"}, {"notice": "nothing"}])
def test_what_is_no_reminder_is_refused_in_words(visit: Visit, more: dict[str, object]) -> None:
    tom = visit("tom")
    change = begin(tom)
    assert add(tom, change, WANTED | more) == 422
    assert tom.answer is not None
    assert tom.answer.get_json()["message"].endswith(".")
    assert tom.client.get(f"{change}/files/pack.toml").get_etag() == ("0", False)


@pytest.mark.parametrize("body", [[], {}, {"when": []}, WANTED | {"length": 3}, WANTED | {"times": True}, WANTED | {"when": "never"}])
def test_what_has_another_shape_is_told_so(visit: Visit, body: object) -> None:
    tom = visit("tom")
    assert add(tom, begin(tom), body) == 400


def test_only_who_may_draw_gives_reminders(visit: Visit) -> None:
    change = begin(visit("tom"))
    assert add(visit("lia"), change, WANTED) in (403, 404)
