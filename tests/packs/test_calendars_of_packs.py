"""[calendars.NAME] of a pack: read whole, and every mistake told at its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from engine.model.calendars import OwnDay, Recess
from engine.model.errors import Problem
from engine.model.packs import Pack

Changed = Callable[[Callable[[dict[str, Any]], object]], tuple[Pack | None, tuple[Problem, ...]]]

_DESK = {
    "label": "Desk hours",
    "zone": "Europe/Vienna",
    "week": {"monday": "09:00-12:00 13:00-17:00", "saturday": "10:00 – 24:00"},
    "holidays": "AT",
    "days": [{"on": "2026-12-07", "hours": "09:00-12:00", "label": "Half day"}, {"on": "2026-12-14"}],
    "recesses": [{"from": "2026-12-24", "to": "2027-01-06", "label": "Winter"}],
    "pauses": ["on_hold"],
}


def with_desk(**changes: Any) -> Callable[[dict[str, Any]], object]:
    def change(raw: dict[str, Any]) -> None:
        raw["calendars"] = {"desk": {**_DESK, **changes}}
        raw["calendar"] = "desk"

    return change


def test_a_calendar_is_read_whole(changed: Changed) -> None:
    pack, problems = changed(with_desk())
    assert problems == ()
    assert pack is not None
    desk = pack.calendars["desk"]
    assert (desk.week[0], desk.week[1], desk.week[5]) == (((540, 720), (780, 1020)), (), ((600, 1440),))
    assert desk.days == (OwnDay(date(2026, 12, 7), ((540, 720),), "Half day"), OwnDay(date(2026, 12, 14), (), ""))
    assert desk.recesses == (Recess(date(2026, 12, 24), date(2027, 1, 6), "Winter"),)
    assert (desk.label, desk.zone, desk.holidays, desk.pauses) == ("Desk hours", "Europe/Vienna", "AT", ("on_hold",))
    assert pack.calendar == "desk"


def test_a_deadline_rule_counts_in_the_calendar_that_it_names(changed: Changed) -> None:
    def change(raw: dict[str, Any]) -> None:
        with_desk()(raw)
        raw["deadline_rules"][0]["working"] = "desk"

    pack, problems = changed(change)
    assert problems == ()
    assert pack is not None
    assert pack.deadline_rules[0].working == pack.calendars["desk"]
    assert pack.deadline_rules[1].working is None


@pytest.mark.parametrize(
    ("changes", "place", "code"),
    [
        ({"zone": "Vienna"}, "calendars.desk.zone", "unknown-zone"),
        ({"zone": "../etc/passwd"}, "calendars.desk.zone", "unknown-zone"),
        ({"holidays": "XX"}, "calendars.desk.holidays", "unknown-holidays"),
        ({"holidays": "US-QQ"}, "calendars.desk.holidays", "unknown-holidays"),
        ({"holidays": "Austria"}, "calendars.desk.holidays", "bad-value"),
        ({"week": {"monday": "9-5"}}, "calendars.desk.week.monday", "bad-hours"),
        ({"week": {"monday": "17:00-09:00"}}, "calendars.desk.week.monday", "bad-hours"),
        ({"week": {"monday": "09:00-12:00 11:00-17:00"}}, "calendars.desk.week.monday", "bad-hours"),
        ({"week": {"monday": ""}}, "calendars.desk.week", "never-open"),
        ({"week": {"funday": "09:00-17:00"}}, "calendars.desk.week.funday", "unknown-key"),
        ({"days": [{"on": "2026-02-30"}]}, "calendars.desk.days.1.on", "bad-date"),
        ({"days": [{"on": "2026-02-03", "hours": "noon"}]}, "calendars.desk.days.1.hours", "bad-hours"),
        ({"days": [{"on": "2026-02-03"}, {"on": "2026-02-03"}]}, "calendars.desk.days.2.on", "duplicate-key"),
        ({"recesses": [{"from": "2026-02-03", "to": "2026-02-01"}]}, "calendars.desk.recesses.1", "bad-date"),
    ],
)
def test_a_mistake_in_a_calendar_is_told_at_its_place(changed: Changed, changes: dict[str, Any], place: str, code: str) -> None:
    _pack, problems = changed(with_desk(**changes))
    assert (place, code) in [(one.element_id, one.code) for one in problems]
    assert all(one.message.endswith((".", "?")) for one in problems)


def test_a_calendar_that_is_not_there_is_a_problem_where_it_is_named(changed: Changed) -> None:
    def change(raw: dict[str, Any]) -> None:
        raw["calendar"] = "office"
        raw["deadline_rules"][0]["working"] = "office"

    _pack, problems = changed(change)
    assert [one.code for one in problems] == ["unknown-calendar", "unknown-calendar"]
    assert "plain" in problems[0].message


def test_plain_is_calendar_time_and_cannot_be_given_hours(changed: Changed) -> None:
    _pack, problems = changed(lambda raw: raw.update(calendars={"plain": _DESK}))
    assert [(one.element_id, one.code) for one in problems] == [("calendars.plain", "bad-name")]


def test_a_ladder_in_working_time_has_no_months(changed: Changed) -> None:
    def change(raw: dict[str, Any]) -> None:
        with_desk()(raw)
        raw["deadline_rules"][0]["working"] = "desk"
        raw["deadline_rules"][0]["rungs"] = [{"offset": "P1M", "act": "remind", "to": "assignee", "notice": next(iter(raw["notices"]))}]

    _pack, problems = changed(change)
    assert [one.code for one in problems] == ["rung-time"]
