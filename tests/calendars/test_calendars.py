"""Working time: the published vectors, the same minute by minute, and what holds for every calendar."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as some

from engine import calendars
from engine.feel import DaysTime, YearsMonths
from engine.model.calendars import Calendar, Length
from engine.packs.calendars import read
from tests.calendars.oracle import Slow

_FILE: dict[str, Any] = tomllib.loads((Path(__file__).parent / "vectors.toml").read_text(encoding="utf-8"))
_CALENDARS = {key: read(key, raw) for key, raw in _FILE["calendars"].items()}
_VECTORS: list[list[str]] = _FILE["vectors"]


def _moment(calendar: Calendar, text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=_zone(calendar))).astimezone(UTC)


def _zone(calendar: Calendar) -> Any:
    return Slow({"zone": calendar.zone}).zone


def _counted(kind: str, calendar: Calendar, at: datetime, given: str) -> object:
    match kind:
        case "add":
            return calendars.add(calendar, at, calendars.read_length(given))
        case "between":
            return calendars.between(calendar, at, _moment(calendar, given)) / timedelta(minutes=1)
        case "days":
            return calendars.days_between(calendar, at, _moment(calendar, given))
        case "next":
            return calendars.next_working(calendar, at)
        case _:
            return calendars.is_working(calendar, at)


def _slowly(kind: str, slow: Slow, calendar: Calendar, at: datetime, given: str) -> object:
    match kind:
        case "add":
            length = calendars.read_length(given)
            return slow.add_minutes(slow.add_days(at, length.days), length.seconds // 60)
        case "between":
            return slow.open_minutes(at, _moment(calendar, given))
        case "days":
            return slow.days_between(at, _moment(calendar, given))
        case "next":
            return slow.next_open(at)
        case _:
            return slow.is_open(at)


def _expected(kind: str, calendar: Calendar, text: str) -> object:
    if kind in ("add", "next"):
        return _moment(calendar, text)
    return text == "yes" if kind == "open" else int(text)


def test_at_least_two_hundred_vectors_are_published_for_every_kind_and_calendar() -> None:
    assert len(_VECTORS) >= 200
    assert {vector[0] for vector in _VECTORS} == {"add", "between", "days", "next", "open"}
    assert {vector[1] for vector in _VECTORS} == _CALENDARS.keys()


@pytest.mark.parametrize("vector", _VECTORS, ids=lambda vector: " ".join(vector[:4]))
def test_a_vector_holds(vector: list[str]) -> None:
    kind, key, at, given, expected, why = vector
    calendar = _CALENDARS[key]
    assert _counted(kind, calendar, _moment(calendar, at), given) == _expected(kind, calendar, expected), why


@pytest.mark.parametrize("key", sorted(_CALENDARS))
def test_the_vectors_hold_minute_by_minute_too(key: str) -> None:
    slow, calendar = Slow(_FILE["calendars"][key]), _CALENDARS[key]
    wrong = [
        vector
        for vector in _VECTORS
        if vector[1] == key
        and _slowly(vector[0], slow, calendar, _moment(calendar, vector[2]), vector[3]) != _expected(vector[0], calendar, vector[4])
    ]
    assert wrong == []


_moments = some.datetimes(datetime(2024, 1, 1), datetime(2029, 12, 31), timezones=some.just(UTC))  # noqa: DTZ001 - hypothesis asks for these
_keys = some.sampled_from(sorted(_CALENDARS))
_lengths = some.builds(lambda days, minutes: Length(days, minutes * 60), some.integers(0, 40), some.integers(0, 3000))


@settings(max_examples=60)
@given(_keys, _moments, _moments, _lengths)
def test_who_begins_later_is_never_due_earlier(key: str, one: datetime, other: datetime, length: Length) -> None:
    first, second = sorted((one, other))
    assert calendars.add(_CALENDARS[key], first, length) <= calendars.add(_CALENDARS[key], second, length)


@settings(max_examples=60)
@given(_keys, _moments, some.integers(1, 6000), some.integers(1, 6000))
def test_open_time_that_was_added_lies_between(key: str, at: datetime, one: int, other: int) -> None:
    calendar = _CALENDARS[key]
    due = calendars.add(calendar, at, Length(0, one * 60))
    assert calendars.between(calendar, at, due) == timedelta(minutes=one)
    assert calendars.between(calendar, due, at) == -timedelta(minutes=one)
    in_two = calendars.add(calendar, due, Length(0, other * 60))
    assert in_two == calendars.add(calendar, at, Length(0, (one + other) * 60)), "in one go or in two"
    back = calendars.add(calendar, due, Length(0, -one * 60))
    assert calendars.between(calendar, at, back) == timedelta(0), "back where it began, but for closed time"


@settings(max_examples=60)
@given(_keys, _moments, some.integers(1, 60))
def test_working_days_that_were_added_are_counted_again(key: str, at: datetime, number: int) -> None:
    calendar = _CALENDARS[key]
    due = calendars.add(calendar, at, Length(number, 0))
    assert calendars.days_between(calendar, at, due - timedelta(seconds=1)) == number, "the due day is the last that counts"
    spans = [calendars.spans(calendar, (due - timedelta(seconds=1)).astimezone(_zone(calendar)).date())]
    assert any(opens <= due <= closes for day in spans for opens, closes in day), "and due while somebody is there"


@settings(max_examples=40)
@given(_keys, _moments, _lengths)
def test_working_it_out_again_changes_nothing(key: str, at: datetime, length: Length) -> None:
    assume(length.days or length.seconds)
    assert calendars.read_length(calendars.written(length)) == length
    due = calendars.add(_CALENDARS[key], at, length)
    assert due == calendars.add(_CALENDARS[key], at.astimezone(_zone(_CALENDARS[key])), length), "whatever zone the moment is told in"


def test_a_pause_gives_back_the_open_time_that_it_took() -> None:
    office = _CALENDARS["office"]
    friday, wednesday = _moment(office, "2026-11-13T15:00"), _moment(office, "2026-11-18T11:00")
    due = _moment(office, "2026-11-17T12:00")
    assert calendars.given_back(office, due, friday, wednesday) == _moment(office, "2026-11-19T16:00")
    saturday = _moment(office, "2026-11-14T08:00")
    assert calendars.given_back(office, due, saturday, saturday + timedelta(hours=20)) == due, "nobody would have worked"


@pytest.mark.parametrize("text", ["P1M", "P1Y", "P2W", "P5001D", "five days", "P1DT"])
def test_a_length_that_has_no_working_time_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        calendars.read_length(text)


def test_a_duration_that_was_worked_out_counts_its_whole_days_as_days() -> None:
    assert calendars.read_length(DaysTime(timedelta(days=2, hours=4))) == Length(2, 4 * 3600)
    assert calendars.read_length(DaysTime(-timedelta(days=1))) == Length(-1, 0)
    assert calendars.read_length("PT24H") == Length(0, 24 * 3600)
    with pytest.raises(ValueError, match="no fixed number"):
        calendars.read_length(YearsMonths(1))


def test_a_calendar_that_closes_for_good_says_so_instead_of_searching_for_ever() -> None:
    office = read("office", {**_FILE["calendars"]["office"], "days": [], "recesses": [{"from": "2026-01-01", "to": "2199-12-31"}]})
    at = _moment(office, "2026-11-13T16:00")
    for length in (Length(1, 0), Length(0, 60)):
        with pytest.raises(ValueError, match="within 27 years"):
            calendars.add(office, at, length)
    with pytest.raises(ValueError, match="within 27 years"):
        calendars.next_working(office, at)


def test_an_ordinary_day_has_no_name_and_a_day_off_has_one() -> None:
    office = _CALENDARS["office"]
    names = [calendars.why_closed(office, datetime.fromisoformat(f"2026-{day}").date()) for day in ("11-24", "11-25", "11-26", "12-28")]
    assert names == [None, "Half day before Thanksgiving", "Thanksgiving Day", "Winter recess"]
