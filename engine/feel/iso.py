"""Dates, times and durations as ISO 8601 writes them, with FEEL's zone names (DMN 1.5, 10.3.2.3.4 to 10.3.2.3.8).

Everything here refuses what it does not understand with a ValueError whose message is a sentence.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.feel.values import DaysTime, YearsMonths
from engine.language import kept

_DATE = r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d{1,9}))?"
_ZONE = r"(?:(?P<utc>[Zz])|(?P<sign>[+-])(?P<zh>\d\d):(?P<zm>\d\d)(?::(?P<zs>\d\d))?|@(?P<zone>[A-Za-z][A-Za-z0-9_+\-/]{0,60}))?"
_DATE_PATTERN = re.compile(_DATE)
_TIME_PATTERN = re.compile(_TIME + _ZONE)
_DATE_TIME_PATTERN = re.compile(_DATE + "T" + _TIME + _ZONE)
_DURATION = re.compile(
    r"(?P<sign>-)?P(?:(?P<years>\d{1,9})Y)?(?:(?P<months>\d{1,9})M)?(?:(?P<weeks>\d{1,9})W)?(?:(?P<days>\d{1,9})D)?"
    r"(?P<clock>T(?:(?P<hours>\d{1,12})H)?(?:(?P<minutes>\d{1,12})M)?(?:(?P<seconds>\d{1,12})(?:\.(?P<fraction>\d{0,9}))?S)?)?"
)

#: The largest distance between local time and UTC (XML Schema 1.1, 3.3.7.2: fourteen hours).
MAX_OFFSET = timedelta(hours=14)


@lru_cache(maxsize=256)
def iso_zone(name: str) -> tzinfo:
    """The time zone with this IANA name, e.g. Europe/Berlin."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(kept("{name} is not a time zone; write a name such as Europe/Berlin.", name=f"{name!r}")) from None


def offset_zone(offset: timedelta) -> tzinfo:
    """A zone with a fixed offset from UTC of at most fourteen hours."""
    if abs(offset) > MAX_OFFSET:
        raise ValueError(kept("A time offset is at most fourteen hours."))
    return UTC if not offset else timezone(offset)


def iso_date(text: str) -> date:
    """A calendar date, e.g. 2026-03-31."""
    found = _DATE_PATTERN.fullmatch(text)
    if not found or not text.isascii():
        raise ValueError(kept("{text} is not a date; write it as 2026-03-31.", text=_shown(text)))
    return _date(found)


def iso_time(text: str) -> time:
    """A time of day with an optional offset or zone, e.g. 09:30:00, 09:30:00+02:00, 09:30:00@Europe/Berlin."""
    found = _TIME_PATTERN.fullmatch(text)
    if not found or not text.isascii():
        raise ValueError(kept("{text} is not a time; write it as 09:30:00 or 09:30:00+02:00.", text=_shown(text)))
    return _time(found)


def iso_datetime(text: str) -> datetime:
    """A date and time with an optional offset or zone, e.g. 2026-03-31T09:30:00Z. A date alone is its midnight."""
    found = _DATE_TIME_PATTERN.fullmatch(text)
    if found and text.isascii():
        return datetime.combine(_date(found), _time(found))
    if _DATE_PATTERN.fullmatch(text):
        return datetime.combine(iso_date(text), time())
    raise ValueError(kept("{text} is not a date and time; write it as 2026-03-31T09:30:00+02:00.", text=_shown(text)))


@lru_cache(maxsize=1024)
def iso_duration(text: str) -> DaysTime | YearsMonths:
    """A duration: years and months (P1Y6M), or weeks, days and time (P2W, P3DT4H30M). The two do not mix.

    Weeks are not FEEL's but ISO's, and BPMN authors write them.
    """
    found = _DURATION.fullmatch(text)
    parts = {key: part for key, part in found.groupdict().items() if part} if found else {}
    if not found or not text.isascii() or not parts.keys() - {"sign", "clock"} or parts.get("clock") == "T":
        raise ValueError(kept("{text} is not a duration; write it as P3D, PT4H, P1Y or P6M.", text=_shown(text)))
    months = int(parts.get("years", 0)) * 12 + int(parts.get("months", 0))
    if parts.keys() & {"years", "months"}:
        if parts.keys() & {"weeks", "days", "clock"}:
            raise ValueError(
                kept("{text} mixes months with days; a month has no fixed number of days, so use one of the two.", text=_shown(text))
            )
        return YearsMonths(-months if "sign" in parts else months)
    try:
        length = timedelta(
            weeks=int(parts.get("weeks", 0)),
            days=int(parts.get("days", 0)),
            hours=int(parts.get("hours", 0)),
            minutes=int(parts.get("minutes", 0)),
            seconds=int(parts.get("seconds", 0)),
            microseconds=_microseconds(parts.get("fraction")),
        )
        return DaysTime(-length if "sign" in parts else length)
    except OverflowError:
        raise ValueError(kept("{text} is longer than any duration may be.", text=_shown(text))) from None


def add(moment: datetime, duration: DaysTime | YearsMonths) -> datetime:
    """A moment moved by a duration. Days and time move along the time line (a day is 24 hours, also across a change of
    daylight saving); months move the calendar date and keep the wall time, the day cut to the month's last.

    Raises ValueError outside the years 1 to 9999.
    """
    try:
        if isinstance(duration, YearsMonths):
            return datetime.combine(add_months(moment.date(), duration.months), moment.timetz())
        if moment.tzinfo is None:
            return moment + duration.delta
        return (moment.astimezone(UTC) + duration.delta).astimezone(moment.tzinfo)
    except OverflowError:
        raise ValueError(kept("The result lies outside the years 1 to 9999.")) from None


def add_months(day: date, months: int) -> date:
    """A date moved by months; the day is cut to the last of the month. Raises ValueError outside the years 1 to 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError(kept("The result lies outside the years 1 to 9999."))
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "…")


def _microseconds(fraction: str | None) -> int:
    return int(fraction[:6].ljust(6, "0")) if fraction else 0


def _date(found: re.Match[str]) -> date:
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        raise ValueError(kept("{string} names a day that does not exist.", string=_shown(found.string))) from None


def _time(found: re.Match[str]) -> time:
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"])
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(kept("{string} names a time of day that does not exist.", string=_shown(found.string)))
    return time(hour, minute, second, _microseconds(found["fraction"]), tzinfo=_zone(found))


def _zone(found: re.Match[str]) -> tzinfo | None:
    if found["utc"]:
        return UTC
    if found["zone"]:
        return iso_zone(found["zone"])
    if not found["sign"]:
        return None
    if int(found["zm"]) > 59 or int(found["zs"] or 0) > 59:
        raise ValueError(kept("{string} has an offset that does not exist.", string=_shown(found.string)))
    offset = timedelta(hours=int(found["zh"]), minutes=int(found["zm"]), seconds=int(found["zs"] or 0))
    return offset_zone(-offset if found["sign"] == "-" else offset)
