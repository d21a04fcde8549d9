"""Working time: calendars with weekly hours, holidays, recesses and days of their own. Pure.

What a length means (published with its vectors in tests/calendars/vectors.toml):

- **P5D is five working days**, never 120 open hours. The day of the start is not counted (as in US Federal Rule of Civil
  Procedure 6(a)(1)(A)); the result lies on the fifth working day after it, at the same wall time, moved into that day's
  hours: before opening → opening, after closing → closing, in a break → the end of the break. Friday 16:00 + P1D is
  Monday 16:00, and Monday's closing when Monday closes at noon. A half day is a working day.
- **From a day off** the result is the closing of its day: Saturday + P1D is Monday's closing, not Tuesday.
- **PT4H is four open hours**: time outside hours does not count. What ends with a span ends at its closing, not at the next
  opening. PT24H is 24 open hours; only D counts days. P1DT4H counts the day first.
- **Backward is the mirror image**: the same wall time that many working days before; from a day off the opening; hours are
  counted back, and what begins with a span begins at its opening.
- **P0D** adds nothing: the moment itself, open or not.
- **Daylight saving**: hours are wall time of the zone, lengths of open time are real time. An hour the clocks skip does not
  count, one they repeat counts twice. A wall time that does not exist is an hour later.
- An own day comes before a recess, a recess before a holiday, a holiday before the week.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from engine.feel import DaysTime, YearsMonths, iso_duration
from engine.model.calendars import PLAIN, Calendar, Hours, Length

#: the most working days of one length, about twenty years
MOST_DAYS = 5_000
#: days looked at before a calendar counts as one that is not open long enough
_LOOKED_AT = 10_000
_DAY = timedelta(days=1)
_NEVER = "The calendar “{}” has no such working time within 27 years; shorten the length or open more days."


def hours_of(calendar: Calendar, day: date) -> Hours:
    """The open spans of a day, in minutes since its midnight; none on a day off."""
    own = next((one for one in calendar.days if one.day == day), None)
    if own is not None:
        return own.hours
    if any(one.first <= day <= one.last for one in calendar.recesses):
        return ()
    if calendar.holidays and day in holidays_of(calendar.holidays, day.year):
        return ()
    return calendar.week[day.weekday()]


def why_closed(calendar: Calendar, day: date) -> str | None:
    """What a day off, or a day with hours of its own, is called; None for an ordinary day of the week."""
    own = next((one.label for one in calendar.days if one.day == day), None)
    recess = next((one.label for one in calendar.recesses if one.first <= day <= one.last), None)
    holiday = holidays_of(calendar.holidays, day.year).get(day) if calendar.holidays else None
    return own or recess or holiday


@lru_cache(maxsize=512)
def holidays_of(place: str, year: int) -> dict[date, str]:
    """The public holidays of a country or subdivision ("US", "US-NY") in a year, observed days too. Raises ValueError.

    What was not yet decided for a far year is as the `holidays` package estimates it; after 2100 it knows none.
    """
    country, _, subdivision = place.partition("-")
    # Loaded when the first calendar with holidays is read: it takes eleven megabytes and a tenth of a second.
    package = importlib.import_module("holidays")
    try:
        found = package.country_holidays(country, subdiv=subdivision or None, years=year)
    except NotImplementedError:
        raise ValueError(f"There are no holidays known for {place!r}; write a country such as US, or US-NY with its subdivision.") from None
    return {day: str(name) for day, name in sorted(found.items())}


def read_length(given: str | DaysTime | YearsMonths) -> Length:
    """A length of working time of a text such as P5D, -P1D, PT4H or P1DT4H, or of a duration whose whole days are days.

    Parts of a second do not count. Raises ValueError for weeks, months and years, which have no number of working days.
    """
    found = iso_duration(given) if isinstance(given, str) else given
    if isinstance(found, YearsMonths) or (isinstance(given, str) and "W" in given):
        raise ValueError("Working time is counted in days and hours, such as P5D or PT4H; a week or month has no fixed number of them.")
    back = found.delta < timedelta(0)
    whole = abs(found.delta)
    # In a text PT24H is 24 open hours; of a duration that was worked out nobody can tell, so that whole days are days.
    clock = _clock_part(given) if isinstance(given, str) else whole % _DAY
    days = (whole - clock) // _DAY
    if days > MOST_DAYS:
        raise ValueError(f"A length of working time has at most {MOST_DAYS:,} days.")
    sign = -1 if back else 1
    return Length(sign * days, sign * int(clock.total_seconds()))


def _clock_part(text: str) -> timedelta:
    _, mark, clock = text.partition("T")
    found = iso_duration(f"PT{clock}") if mark else DaysTime(timedelta(0))
    return found.delta if isinstance(found, DaysTime) else timedelta(0)


def written(length: Length) -> str:
    """A length as ISO 8601, such as -P1DT4H; what `read_length` reads as the same length."""
    hours, rest = divmod(abs(length.seconds), 3600)
    minutes, seconds = divmod(rest, 60)
    parts = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if number)
    days = f"{abs(length.days)}D" if length.days or not parts else ""
    return ("-" if length.is_backward else "") + "P" + days + (f"T{parts}" if parts else "")


def add(calendar: Calendar, moment: datetime, length: Length) -> datetime:
    """The moment a length of working time away, in UTC. Raises ValueError when the calendar has no such time."""
    if length.days:
        moment = _add_days(calendar, moment, length.days)
    if length.seconds > 0:
        moment = _forward(calendar, moment, timedelta(seconds=length.seconds))
    elif length.seconds < 0:
        moment = _backward(calendar, moment, timedelta(seconds=-length.seconds))
    return moment.astimezone(UTC)


def between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The open time between two moments; negative when the second is the earlier one."""
    if end < start:
        return -between(calendar, end, start)
    first, last = _local(calendar, start).date(), _local(calendar, end).date()
    found = timedelta(0)
    while first <= last:
        for opens, closes in spans(calendar, first):
            found += max(min(closes, end) - max(opens, start), timedelta(0))
        first += _DAY
    return found


def days_between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Working days after the day of the start up to and including the day of the end; negative when it is the earlier one."""
    if end < start:
        return -days_between(calendar, end, start)
    first, last = _local(calendar, start).date(), _local(calendar, end).date()
    return sum(bool(spans(calendar, first + timedelta(days=one))) for one in range(1, (last - first).days + 1))


def is_working(calendar: Calendar, moment: datetime) -> bool:
    """Whether a moment is open; the moment of closing is not."""
    return any(opens <= moment < closes for opens, closes in spans(calendar, _local(calendar, moment).date()))


def next_working(calendar: Calendar, moment: datetime) -> datetime:
    """The moment itself when it is open, else the next opening, in UTC. Raises ValueError when there is none."""
    for day in _days(calendar, _local(calendar, moment).date(), 1):
        for opens, closes in spans(calendar, day):
            if moment < closes:
                return max(moment, opens).astimezone(UTC)
    raise ValueError(_NEVER.format(calendar.label))


def given_back(calendar: Calendar, moment: datetime, paused: datetime, resumed: datetime) -> datetime:
    """A due moment after a pause: the open time that passed in the pause is added to it."""
    lost = between(calendar, paused, resumed)
    return add(calendar, moment, Length(0, int(lost.total_seconds()))) if lost > timedelta(0) else moment


def spans(calendar: Calendar, day: date) -> list[tuple[datetime, datetime]]:
    """The open spans of a day as moments in UTC; what the clocks skip is left out."""
    zone = ZoneInfo(calendar.zone)
    found = [(_at(day, first, zone), _at(day, last, zone)) for first, last in hours_of(calendar, day)]
    return [(opens, closes) for opens, closes in found if opens < closes]


def _at(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    if minutes == 24 * 60:
        day, minutes = day + _DAY, 0
    return datetime.combine(day, time(minutes // 60, minutes % 60), zone).astimezone(UTC)


def _local(calendar: Calendar, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(calendar.zone))


def _days(calendar: Calendar, day: date, step: int) -> Iterator[date]:
    """Days from one on, that one included. Raises ValueError when so many are not worth looking at."""
    for number in range(_LOOKED_AT):
        try:
            yield day + number * step * _DAY
        except OverflowError:
            break
    raise ValueError(_NEVER.format(calendar.label))


def _add_days(calendar: Calendar, moment: datetime, number: int) -> datetime:
    local = _local(calendar, moment)
    back = number < 0
    began_open = bool(spans(calendar, local.date()))
    left = abs(number)
    for day in _days(calendar, local.date(), -1 if back else 1):
        if day == local.date() or not spans(calendar, day):
            continue
        left -= 1
        if not left:
            open_then = spans(calendar, day)
            if not began_open:
                return open_then[0][0] if back else open_then[-1][1]
            wall = datetime.combine(day, local.time().replace(fold=0), ZoneInfo(calendar.zone)).astimezone(UTC)
            return _into(open_then, wall)
    raise ValueError(_NEVER.format(calendar.label))


def _into(open_then: list[tuple[datetime, datetime]], wall: datetime) -> datetime:
    """A moment moved into spans: forward to the next opening, and to the last closing when there is none."""
    for opens, closes in open_then:
        if wall <= closes:
            return max(wall, opens)
    return open_then[-1][1]


def _forward(calendar: Calendar, moment: datetime, left: timedelta) -> datetime:
    for day in _days(calendar, _local(calendar, moment).date(), 1):
        for opens, closes in spans(calendar, day):
            begin = max(opens, moment)
            if begin < closes:
                if left <= closes - begin:
                    return begin + left
                left -= closes - begin
    raise ValueError(_NEVER.format(calendar.label))


def _backward(calendar: Calendar, moment: datetime, left: timedelta) -> datetime:
    for day in _days(calendar, _local(calendar, moment).date(), -1):
        for opens, closes in reversed(spans(calendar, day)):
            end = min(closes, moment)
            if opens < end:
                if left <= end - opens:
                    return end - left
                left -= end - opens
    raise ValueError(_NEVER.format(calendar.label))


def is_plain(key: str | None) -> bool:
    """Whether a name of a calendar means calendar time: every moment counts."""
    return key in (None, "", PLAIN)
