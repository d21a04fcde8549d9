"""Mail in the pack room: when it goes out, its kinds; and what panels ask first, tell the procedure and compare."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from tests.visiting import Visitor
from tests.web.test_changes import begin
from tests.world import World

Visit = Callable[[str], Visitor]


@pytest.fixture
def tom(visit: Visit, library: World) -> Visitor:
    return visit("tom")


@pytest.fixture
def change(tom: Visitor) -> str:
    return begin(tom)


def pack(visitor: Visitor, change: str) -> dict[str, Any]:
    return tomllib.loads(visitor.client.get(f"{change}/files/pack.toml").text)


def test_mail_gets_its_hours_and_kinds_and_saving_it_as_it_is_changes_nothing(tom: Visitor, change: str) -> None:
    tom.see(f"{change}/pack/telling")
    tom.submit("Save", {"quiet": "21:00\n07:00", "digest-0-level": "News", "digest-1-level": "New for you: {count}."})
    notice = next(iter(pack(tom, change)["notices"]))
    tom.see(f"{change}/pack/telling-kinds/new")
    tom.submit("Save", {"label": "News", "key": "news", "notices": notice, "subject": "News", "text": "For {case}", "ways": "mail"}, 422)
    assert "it may hold" in tom.text()
    tom.submit("Save", {"text": "There is news."})
    assert "News" in tom.text()
    found = pack(tom, change)["telling"]
    assert found["quiet"] == ["21:00", "07:00"]
    assert found["digest"] == {"subject": "News", "text": "New for you: {count}."}
    made = {"label": "News", "key": "news", "notices": [notice], "subject": "News", "text": "There is news.", "ways": ["mail"]}
    assert found["kinds"] == [made]
    for page in ("telling", "telling-kinds/entries/0"):
        tom.see(f"{change}/pack/{page}")
        tom.submit("Save")
    assert pack(tom, change)["telling"] == found
    tom.see(f"{change}/pack/telling-kinds/entries/0")
    tom.submit("Take this kind of mail out")
    assert "kinds" not in pack(tom, change)["telling"] or pack(tom, change)["telling"]["kinds"] == []


def test_a_panel_says_what_comes_first_what_it_tells_and_what_it_compares(tom: Visitor, change: str) -> None:
    panel = pack(tom, change)["panels"][0]
    form = panel["forms"][0]
    tom.see(f"{change}/pack/panels/entries/0")
    told = {"tells-0-form": form, "tells-0-when": "=count(earlier) = 1", "tells-0-message": "Noted"}
    first = {"criteria-0-form": form, "criteria-0-records": f"{form}, other", "criteria-0-label": "First this."}
    weighed = {"balance-0-level": form, "balance-2-level": "many"}
    tom.submit("Save", {**told, **first, **weighed})
    found = pack(tom, change)["panels"][0]
    assert found["tells"] == [{"form": form, "when": "=count(earlier) = 1", "message": "Noted"}]
    assert found["criteria"][0]["records"] == [form, "other"]
    assert found["balance"] == {"forms": [form], "limit": "many"}
    assert {key: value for key, value in found.items() if key not in ("tells", "criteria", "balance")} == panel
