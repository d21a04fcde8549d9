"""When somebody may be told: quiet hours and the hour of the daily mail, in a time zone; pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


def next_at(now: datetime, minute: int, zone: ZoneInfo) -> datetime:
    """The first instant after `now` at which clocks in the zone show a minute of the day (0 to 1439).

    A minute that a change of the clocks leaves out comes as long after midnight as on other days; one that comes twice, once.
    """
    day = now.astimezone(zone).date()
    while True:
        found = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=zone).astimezone(UTC)
        if found > now:
            return found
        day += _DAY


def held(at: datetime, quiet: tuple[int, int], zone: ZoneInfo) -> datetime:
    """An instant, or the end of the quiet hours that it lies in. Quiet hours are minutes of the day, over midnight too; equal: none."""
    begin, end = quiet
    local = at.astimezone(zone)
    minute = local.hour * 60 + local.minute
    within = begin <= minute < end if begin <= end else minute >= begin or minute < end
    return next_at(at, end, zone) if within else at


def minute(hour: str) -> int:
    """The minute of the day of a time such as 07:30."""
    hours, _, rest = hour.partition(":")
    return int(hours) * 60 + int(rest)


def written(minute: int) -> str:
    """A minute of the day as 07:30."""
    return f"{minute // 60:02}:{minute % 60:02}"
