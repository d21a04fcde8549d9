"""Quiet hours and the hour of the daily mail, over midnight and changes of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.operations.telling.telling_hours import held, minute, next_at, written

NEW_YORK = ZoneInfo("America/New_York")
NIGHT = (minute("21:00"), minute("07:00"))
NOON = (minute("12:00"), minute("13:30"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "quiet", "zone", "until"),
    [
        ("2026-03-05T20:59", NIGHT, "UTC", "2026-03-05T20:59"),
        ("2026-03-05T21:00", NIGHT, "UTC", "2026-03-06T07:00"),
        ("2026-03-06T06:59", NIGHT, "UTC", "2026-03-06T07:00"),
        ("2026-03-06T07:00", NIGHT, "UTC", "2026-03-06T07:00"),
        ("2026-03-05T12:30", NOON, "UTC", "2026-03-05T13:30"),
        ("2026-03-05T13:30", NOON, "UTC", "2026-03-05T13:30"),
        ("2026-03-05T03:00", (0, 0), "UTC", "2026-03-05T03:00"),
        ("2026-03-05T03:00", NIGHT, "America/New_York", "2026-03-05T12:00"),
        # the night in which New York's clocks go forward, and the one in which they go back
        ("2026-03-08T03:00", NIGHT, "America/New_York", "2026-03-08T11:00"),
        ("2026-11-01T03:00", NIGHT, "America/New_York", "2026-11-01T12:00"),
    ],
)
def test_quiet_hours_hold_until_they_end(moment: str, quiet: tuple[int, int], zone: str, until: str) -> None:
    assert held(at(moment), quiet, ZoneInfo(zone)) == at(until)


@pytest.mark.parametrize(
    ("now", "hour", "then"),
    [
        ("2026-07-01T11:59", "08:00", "2026-07-01T12:00"),
        ("2026-07-01T12:00", "08:00", "2026-07-02T12:00"),
        ("2026-03-08T06:30", "02:30", "2026-03-08T07:30"),  # 02:30 is left out that night
        ("2026-11-01T05:00", "01:30", "2026-11-01T05:30"),  # 01:30 comes twice that night; the first counts
        ("2026-11-01T05:45", "01:30", "2026-11-02T06:30"),
    ],
)
def test_the_daily_mail_comes_at_its_hour_once_a_day(now: str, hour: str, then: str) -> None:
    assert next_at(at(now), minute(hour), NEW_YORK) == at(then)


def test_hours_are_written_as_they_are_read() -> None:
    assert [written(minute(hour)) for hour in ("00:00", "07:05", "23:59")] == ["00:00", "07:05", "23:59"]
