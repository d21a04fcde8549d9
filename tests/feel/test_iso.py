"""Dates, times and durations as ISO 8601 writes them, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine import feel
from engine.feel import DaysTime, YearsMonths
from engine.feel.iso import iso_date, iso_time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P3D", DaysTime(timedelta(days=3))),
        ("PT0S", DaysTime(timedelta())),
        ("-PT30M", DaysTime(timedelta(minutes=-30))),
        ("P2W", DaysTime(timedelta(weeks=2))),
        ("P1DT2H3M4.5S", DaysTime(timedelta(days=1, hours=2, minutes=3, seconds=4.5))),
        ("PT1.S", DaysTime(timedelta(seconds=1))),
        ("PT1.000001S", DaysTime(timedelta(seconds=1, microseconds=1))),
        ("P1Y", YearsMonths(12)),
        ("P1Y6M", YearsMonths(18)),
        ("-P6M", YearsMonths(-6)),
    ],
)
def test_a_duration_is_read(text: str, expected: object) -> None:
    assert feel.iso_duration(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "-P", "P1", "1D", "P1D2H", "P1DT", "PT1D", "P1S", "P-1D", "+P1D", "P1.5D", "p1d", " P1D", "P1D ", "P1M1D", "P1YT1H",
     "P99999999999D", "PT9999999999999H", "P1H", "PT.5S", "P١D", "P1D\n", "P999999999W"],
)  # fmt: skip
def test_what_is_no_duration_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z].*\.$"):
        feel.iso_duration(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-31T09:30:00Z", datetime(2026, 3, 31, 9, 30, tzinfo=UTC)),
        ("2026-03-31T09:30:00.25Z", datetime(2026, 3, 31, 9, 30, 0, 250_000, tzinfo=UTC)),
        ("2026-03-31T09:30:00@Europe/Berlin", datetime(2026, 3, 31, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))),
        ("2026-03-31", datetime.fromisoformat("2026-03-31")),
    ],
)
def test_a_moment_is_read(text: str, expected: datetime) -> None:
    assert feel.iso_datetime(text) == expected
    assert feel.iso_datetime(text).tzinfo == expected.tzinfo


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-02-30", "2026-13-01", "26-01-01", "2026-03-31T24:00:00", "2026-03-31T09:60:00", "2026-03-31 09:30:00",
     "2026-03-31T09:30", "2026-03-31T09:30:00+25:00", "2026-03-31T09:30:00+14:01", "2026-03-31T09:30:00@Nowhere/City",
     "2026-03-31T09:30:00Z@Europe/Berlin",
     "2026-03-31T09:30:00@America", "2026-03-31T09:30:00@../../etc/passwd", "0000-01-01", "２026-03-31", "2026-03-31T09:30:00@/etc/passwd"],
)  # fmt: skip
def test_what_is_no_moment_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z].*\.$"):
        feel.iso_datetime(text)


@pytest.mark.parametrize("text", ["25:00:00", "9:30:00", "09:30", "09:30:61", "now", ""])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        iso_time(text)


@pytest.mark.parametrize("text", ["2026-3-1", "31.03.2026", "2026-02-29", "today", ""])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        iso_date(text)


def test_months_keep_the_wall_time_and_days_keep_the_elapsed_time() -> None:
    before = datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    assert feel.add(before, YearsMonths(1)) == datetime(2026, 4, 28, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    assert feel.add(before, DaysTime(timedelta(days=1))) == datetime(2026, 3, 29, 13, tzinfo=ZoneInfo("Europe/Berlin"))
    assert feel.add(datetime(2026, 1, 31, tzinfo=UTC), YearsMonths(1)) == datetime(2026, 2, 28, tzinfo=UTC)


@pytest.mark.parametrize("duration", [YearsMonths(12 * 9000), DaysTime(timedelta(days=9_000_000)), YearsMonths(-12 * 9000)])
def test_a_moment_outside_the_calendar_is_refused(duration: DaysTime | YearsMonths) -> None:
    with pytest.raises(ValueError, match="1 to 9999"):
        feel.add(datetime(2026, 1, 1, tzinfo=UTC), duration)
