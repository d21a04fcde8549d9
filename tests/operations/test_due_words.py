"""When something is due, in words that count the days on which somebody works."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine import clock
from engine.model.calendars import Calendar, OwnDay
from engine.operations import wording
from engine.operations.words import due_words
from engine.store import Store
from tests.operations import acts
from tests.operations.conftest import cast
from tests.operations.test_working_time import files

#: nine to five from Monday to Friday, but not on Wednesday the 25th
OFFICE = Calendar("office", "Office", "UTC", (((540, 1020),),) * 5 + ((), ()), days=(OwnDay(date(2026, 11, 25), (), "Closed"),))


@pytest.fixture
def friday() -> Iterator[None]:
    """Friday 20 November, two in the afternoon."""
    with clock.within(lambda: datetime(2026, 11, 20, 14, tzinfo=UTC)):
        yield


@pytest.mark.parametrize(
    ("due", "working", "plain"),
    [
        ("2026-11-20T16:00", "Today, 16:00", "Today, 16:00"),
        ("2026-11-21T16:00", "Tomorrow, 16:00", "Tomorrow, 16:00"),
        ("2026-11-22T16:00", "In 2 days", "In 2 days"),
        ("2026-11-23T09:00", "In 1 working day", "In 3 days"),
        ("2026-11-24T09:00", "In 2 working days", "In 4 days"),
        ("2026-11-26T09:00", "In 3 working days", "In 6 days"),
        ("2026-11-20T13:00", "Late since 13:00", "Late since 13:00"),
        ("2026-11-19T16:00", "1 working day late", "1 day late"),
        ("2026-11-18T16:00", "2 working days late", "2 days late"),
        ("2026-11-14T16:00", "5 working days late", "6 days late"),
    ],
)
@pytest.mark.usefixtures("friday")
def test_due_and_late_are_told_in_working_days_and_in_calendar_days(due: str, working: str, plain: str) -> None:
    moment = datetime.fromisoformat(due).replace(tzinfo=UTC)
    told = due_words.told(moment, OFFICE, ZoneInfo("UTC"))
    assert (told.text, told.is_late) == (working, "late" in working.lower())
    assert due_words.told(moment, None, ZoneInfo("UTC")).text == plain


def test_what_was_due_on_friday_is_not_a_working_day_late_on_sunday() -> None:
    due = datetime(2026, 11, 20, 16, tzinfo=UTC)
    with clock.within(lambda: datetime(2026, 11, 22, 12, tzinfo=UTC)):
        told = due_words.told(due, OFFICE, ZoneInfo("UTC"))
    assert (told.text, told.days) == ("Late since Fri 20 Nov", 0)


@pytest.mark.usefixtures("friday")
def test_days_are_those_of_who_reads() -> None:
    due = datetime(2026, 11, 21, 1, tzinfo=UTC)
    assert due_words.told(due, None, ZoneInfo("America/New_York")).text == "Today, 20:00"
    assert due_words.told(due, None, ZoneInfo("Europe/Vienna")).text == "Tomorrow, 02:00"


def test_a_task_is_told_in_the_calendar_that_it_was_worked_out_by(empty: Store) -> None:
    world = cast(empty, files())
    task = world.task(acts.started(world, "tidying"), "tidy")
    with world.store.reading() as uow:
        told = due_words.of_task(uow, task)
    assert told is not None
    assert told.text == "In 3 working days"


def test_a_day_of_another_year_is_told_with_its_year(friday: None) -> None:
    here = clock.now()
    assert wording.day(here, "UTC") == "Fri 20 Nov"
    assert wording.day(here + timedelta(days=365), "UTC") == "Sat 20 Nov 2027"
    assert wording.moment(here + timedelta(days=365), "UTC") == "Sat 20 Nov 2027, 14:00"
