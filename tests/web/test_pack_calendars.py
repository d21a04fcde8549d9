"""Working time in the pack room: a calendar is changed on a page, and the change says which deadlines that moves."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from tests.operations import acts
from tests.operations.test_working_time import files
from tests.visiting import Visitor
from tests.web.test_changes import begin
from tests.world import World

Visit = Callable[[str], Visitor]


@pytest.fixture
def tom(visit: Visit, library: World) -> Visitor:
    library.deploy(files())
    return visit("tom")


@pytest.fixture
def change(tom: Visitor) -> str:
    return begin(tom)


def pack(visitor: Visitor, change: str) -> dict[str, Any]:
    return tomllib.loads(visitor.client.get(f"{change}/files/pack.toml").text)


def test_a_calendar_is_told_in_few_words_and_saving_it_as_it_is_changes_nothing(tom: Visitor, change: str) -> None:
    before = pack(tom, change)
    tom.see(f"{change}/pack/calendars")
    assert "Office hours" in tom.text()
    assert "Mon–Fri 09:00-17:00" in tom.text()
    tom.see(f"{change}/pack/calendars/entries/office")
    tom.submit("Save")
    assert pack(tom, change) == before


def test_other_hours_tell_on_the_change_which_deadlines_move(tom: Visitor, library: World, change: str) -> None:
    acts.started(library, "tidying")
    tom.see(f"{change}/pack/calendars/entries/office")
    tom.submit("Save", {"week-4-level": "", "days-1-on": "2026-03-05", "days-1-hours": "09:00-12:00", "days-1-label": "Half day"})
    office = pack(tom, change)["calendars"]["office"]
    assert "friday" not in office["week"]
    assert office["days"][1] == {"on": "2026-03-05", "hours": "09:00-12:00", "label": "Half day"}
    tom.see(change)
    assert "Running deadlines that this moves" in tom.text()
    assert "Tidy up" in tom.text()
    assert "Due" in tom.text()


def test_a_new_calendar_gets_a_name_and_can_be_the_usual_one_and_that_of_a_ladder(tom: Visitor, change: str) -> None:
    tom.see(f"{change}/pack/calendars/new")
    tom.submit("Save", {"label": "Night desk", "zone": "Europe/Vienna", "week-0-level": "20:00-24:00", "holidays": "AT"})
    assert pack(tom, change)["calendars"]["night-desk"] == {
        "label": "Night desk",
        "zone": "Europe/Vienna",
        "week": {"monday": "20:00-24:00"},
        "holidays": "AT",
    }
    tom.see(f"{change}/pack/calendar")
    tom.submit("Save", {"calendar": "night-desk"})
    assert pack(tom, change)["calendar"] == "night-desk"
    tom.see(f"{change}/pack/deadline_rules/entries/0")
    counted = tom.document().xpath("//label[contains(., 'Counted in')]/following::select[1]/option")
    assert [one.text for one in counted][:1] == ["Calendar time: every day counts"]  # once, and not beside “None”
    assert "None" not in [one.text for one in counted]
    tom.submit("Save", {"working": "night-desk"})
    assert pack(tom, change)["deadline_rules"][0]["working"] == "night-desk"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"zone": "Mars"}, "zone"),
        ({"week-0-level": "9 to 5"}, "week"),
        ({"holidays": "ZZ"}, "holidays"),
        ({"days-1-on": "tomorrow"}, "days"),
        ({"recesses-0-from": "2026-05-01", "recesses-0-to": "2026-04-01"}, "recesses"),
        ({"zone": "\x00"}, "zone"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_is_saved(tom: Visitor, change: str, typed: dict[str, str], field: str) -> None:
    before = pack(tom, change)
    tom.see(f"{change}/pack/calendars/entries/office")
    page = tom.submit("Save", dict(typed), status=422)
    assert page.xpath(f"//*[@id='f-{field}-error']")
    assert pack(tom, change) == before


def test_what_a_calendar_means_is_shown_by_year_and_can_be_tried(tom: Visitor, change: str) -> None:
    tom.see(f"{change}/pack/calendars/entries/office")
    tom.see(f"{change}/pack/calendars/entries/office/days?year=2026&from=2026-03-03T16:00&length=P1D")
    assert "Stocktaking" in tom.text()
    assert "Then it is 2026-03-05 16:00 in UTC." in tom.text()


@pytest.mark.parametrize(
    "asked", ["year=0", "year=99999", "from=soon", "length=P1M", "length=%00", "from=0001-01-01T00:00&length=-P5D", "year=²"]
)
def test_what_cannot_be_tried_is_told_in_words(tom: Visitor, change: str, asked: str) -> None:
    tom.see(f"{change}/pack/calendars/entries/office/days?{asked}")
    assert ("Give a day and time" in tom.text()) == (not asked.startswith("year"))


def test_a_calendar_that_is_not_there_has_no_days(tom: Visitor, change: str) -> None:
    tom.see(f"{change}/pack/calendars/entries/none/days", status=404)
