"""Times in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api.web import words
from engine import clock
from engine.model.calendars import Calendar

BERLIN = ZoneInfo("Europe/Berlin")
#: Monday, 10:00 in Berlin
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _stands_still() -> None:
    clock.use(clock.MovableClock(NOW, frozen=True))


@pytest.mark.parametrize(
    ("ahead", "text", "tone"),
    [
        (timedelta(minutes=-1), "Late since 09:59", "overdue"),
        (timedelta(hours=-30), "1 day late", "overdue"),
        (timedelta(days=-2), "2 days late", "overdue"),
        (timedelta(hours=3), "Today, 13:00", "soon"),
        (timedelta(hours=15), "Tomorrow, 01:00", "soon"),
        (timedelta(days=2), "In 2 days", "soon"),
        (timedelta(days=9), "In 9 days", "later"),
    ],
)
def test_a_due_time_is_said_from_now_in_the_programs_days(ahead: timedelta, text: str, tone: str) -> None:
    assert words.due(NOW + ahead, BERLIN) == words.Due(text, tone)


def test_a_date_names_its_year_only_when_it_is_another_one() -> None:
    assert words.short(NOW, BERLIN) == "Mon 2 Mar, 10:00"
    assert words.short(NOW - timedelta(days=365), BERLIN) == "Sun 2 Mar 2025, 10:00"
    assert words.full(NOW, BERLIN) == "Monday 2 March 2026, 10:00 CET"
    assert words.day(NOW, BERLIN) == "2 Mar 2026"


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=61), "2 months ago"),
        (timedelta(days=800), "2 years ago"),
    ],
)
def test_an_age_is_said_in_words(ago: timedelta, text: str) -> None:
    assert words.age(NOW - ago) == text


@pytest.mark.parametrize(("name", "text"), [("userTask", "User task"), ("exclusiveGateway", "Exclusive gateway"), ("x", "X"), ("", "")])
def test_bpmns_names_become_words(name: str, text: str) -> None:
    assert words.spaced(name) == text


def test_a_due_time_with_a_calendar_is_said_in_working_days() -> None:
    office = Calendar("office", "Office", "Europe/Berlin", (((540, 1020),),) * 5 + ((), ()))
    assert words.due(NOW + timedelta(days=9), BERLIN, office) == words.Due("In 7 working days", "later")
    assert words.due(NOW + timedelta(days=2), BERLIN, office) == words.Due("In 2 working days", "soon")
    assert words.due(NOW - timedelta(days=4), BERLIN, office) == words.Due("2 working days late", "overdue")
