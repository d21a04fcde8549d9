"""Working time in expressions: what `working duration` gives, and how it is remembered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine import feel
from engine.bpmn import working
from engine.bpmn.tokens import Stop
from engine.model.calendars import Calendar, Working

#: a Friday afternoon in Vienna
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
DESK = Calendar("desk", "Desk", "Europe/Vienna", (((540, 1020),),) * 5 + ((), ()), days=())


def value(text: str, **more: object) -> tuple[feel.Result, dict[datetime, Working]]:
    worked: dict[datetime, Working] = {}
    context = {**working.names({"desk": DESK}, "desk", NOW, worked), **more}
    return feel.evaluate_detail(text, context, now=NOW), worked


@pytest.mark.parametrize(
    ("text", "days", "hours"),
    [
        ('working duration("P1D", "desk")', 3, 0),
        ('working duration("P1D", calendar)', 3, 0),
        ('working duration("P1D")', 3, 0),
        ('working duration(duration("P1D"), calendar)', 3, 0),
        ("working duration(length, calendar)", 3, 0),
        ('working duration("PT2H", "desk")', 2, 18),
        ('working duration("P1D", "plain")', 1, 0),
        ('working duration("-P1D", "desk")', -1, 0),
        ('now() + working duration("P1D", "desk") - now()', 3, 0),
        ('working duration(duration: "P1D", from: at)', 2, 7),
    ],
)
def test_a_working_duration_is_the_time_to_its_end(text: str, days: int, hours: int) -> None:
    at = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    found, _ = value(text, length=feel.iso_duration("P1D"), at=at)
    assert found.value == feel.DaysTime(timedelta(days=days, hours=hours))


@pytest.mark.parametrize("text", ['working duration("P1M")', 'working duration("P1D", "sea")', 'working duration("soon", "plain")'])
def test_what_cannot_be_counted_stops_the_step_instead_of_being_null(text: str) -> None:
    with pytest.raises(Stop, match=r"working time.+\.$|Working time.+\.$"):
        value(text)


def test_how_a_moment_was_worked_out_is_remembered_and_gives_it_again() -> None:
    text = '=working duration("P5D", calendar)'
    found, worked = value(text)
    assert isinstance(found.value, feel.DaysTime)
    due = NOW + found.value.delta
    kept = working.of(text, due, worked)
    assert kept == ["P5D", "desk", "2026-11-20T15:00:00+00:00"]
    again = working.read(kept)
    assert again == Working("P5D", "desk", NOW)
    assert working.again(again, {"desk": DESK}) == due
    assert working.again(again, {}) is None, "a calendar that is gone moves nothing"
    assert working.of("P7D", due, worked) is None
    assert working.of(text, due + timedelta(hours=1), worked) is None, "not by working time alone"
