"""When timers are due (BPMN 2.0, 10.5.5.11; ISO 8601). Calendar time from the moment the timer is set.

A repeating timer that was missed several times fires once; the missed occurrences count as spent. One whose start names a
time zone keeps that zone's wall time when its distance is whole days or months (ISO 8601: a day is a calendar day).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from engine import feel
from engine.bpmn import expressions, working
from engine.bpmn.graph import Timer
from engine.bpmn.tokens import Stop, Token
from engine.feel import DaysTime, YearsMonths
from engine.language import kept, reason
from engine.model.execution import Value

#: Shortest distance between two occurrences of a repeating timer, in seconds.
MIN_CYCLE = 60
#: Latest year a timer may be due in.
LAST_YEAR = 2200
_TOO_LATE = kept("A timer may not lie beyond the year {last_year}.", last_year=LAST_YEAR)
_CYCLE = re.compile(r"R([0-9]{0,6})/(?:([^/P].*)/)?(P[^/]+)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY = timedelta(days=1)


def set_timer(token: Token, timer: Timer) -> dict[str, Any]:
    """What is remembered of a timer set now at a token. Raises Stop when its expression gives no time."""
    now = token.instance.env.now
    found = timer.text if timer.kind == "cycle" else expressions.literal_or(token, timer.text, "timer")
    try:
        planned = plan(timer, found, now)
        how = working.of(timer.text, datetime.fromisoformat(planned["due"]), token.instance.env.worked)
        return planned if how is None else {**planned, "working": how}
    except ValueError as wrong:
        why = reason(wrong) if timer.kind == "cycle" or not expressions.is_expression(timer.text) else _WANTED
        raise Stop("timer-invalid", kept("The timer gives no usable time. {why}", why=why)) from wrong


def plan(timer: Timer, found: Value, now: datetime) -> dict[str, Any]:
    """What is remembered of a timer that is set now and whose rule gives this value. Raises ValueError."""
    if timer.kind == "cycle":
        return _plan_cycle(str(found), now)
    return {"due": due_at(found, now).isoformat(), "anchor": now.isoformat(), "rule": timer.text}


_WANTED = kept("Its expression has to give a duration that is not negative, or a date and time.")


def due_at(found: Value, now: datetime) -> datetime:
    """The instant meant by a duration from now, a date (its end, UTC) or a date and time. Raises ValueError."""
    if isinstance(found, str):
        text = found.strip()
        found = _read(text)
    if isinstance(found, DaysTime | YearsMonths):
        due = _later(now, found)
    elif isinstance(found, datetime):
        due = found if found.tzinfo else found.replace(tzinfo=UTC)
    elif isinstance(found, date):
        due = datetime.combine(found, time(23, 59, 59), UTC)
    else:
        raise ValueError(kept("Give a length of time, such as 3 days (P3D in a file), or a date and time."))
    try:
        due = due.astimezone(UTC)
    except OverflowError:
        raise ValueError(kept("The moment lies before the year 1.")) from None
    if due.year > LAST_YEAR:
        raise ValueError(_TOO_LATE)
    return due


def _read(text: str) -> Value:
    if text[:2].lstrip("-").startswith("P"):
        return feel.iso_duration(text)
    return feel.iso_date(text) if _DATE.fullmatch(text) else feel.iso_datetime(text)


def _later(now: datetime, length: DaysTime | YearsMonths) -> datetime:
    due = feel.add(now, length)
    if due < now:
        raise ValueError(kept("A length below zero lies in the past; give one above zero."))
    return due


def read_cycle(text: str) -> tuple[int | None, datetime | None, DaysTime | YearsMonths]:
    """Repetitions (None: without end), start and distance of `R3/P1D` or `R/2026-03-31T09:00:00Z/P1D`. Raises ValueError."""
    found = _CYCLE.fullmatch(text.strip())
    if found is None:
        raise ValueError(kept("What comes again is written R/P1D (every day, without end) or R3/P1D (every day, three times)."))
    times = int(found[1]) if found[1] else None
    start = feel.iso_datetime(found[2]) if found[2] else None
    every = feel.iso_duration(found[3])
    if times == 0:
        raise ValueError(kept("Zero times is never; give a number above zero, or none for again and again."))
    base = datetime(2026, 1, 1, tzinfo=UTC)
    later = feel.add(base, every)
    if later.year > LAST_YEAR or (start is not None and start.year > LAST_YEAR):
        raise ValueError(_TOO_LATE)
    if (later - base).total_seconds() < MIN_CYCLE:
        raise ValueError(kept("Again every few seconds is too often; make it {min_cycle} seconds or more.", min_cycle=MIN_CYCLE))
    return times, start, every


def _plan_cycle(text: str, now: datetime) -> dict[str, Any]:
    times, start, every = read_cycle(text)
    anchor = now if start is None else _aware(start)
    step = 1 if start is None else 0
    due = _nth(anchor, every, step, "T" in text.rsplit("/", 1)[1])
    return {"due": due.isoformat(), "anchor": anchor.isoformat(), "rule": text, "left": times, "step": step}


def next_occurrence(memo: dict[str, Any], now: datetime) -> dict[str, Any] | None:
    """The repeating timer after it fired now; None when it has no occurrence left or never repeated."""
    if "left" not in memo:
        return None
    _, start, every = read_cycle(memo["rule"])
    # The rule as written knows the zone, the stored anchor only its offset.
    anchor = datetime.fromisoformat(memo["anchor"]) if start is None else _aware(start)
    step, left = int(memo["step"]), memo["left"]
    exact = "T" in memo["rule"].rsplit("/", 1)[1]
    following = step + 1
    if isinstance(every, DaysTime):
        # One less, as the clocks may have been put forward or back in between.
        following = max(following, (now - anchor) // every.delta - 1)
    try:
        while (due := _nth(anchor, every, following, exact)) <= now:
            following += 1
    except ValueError:
        return None
    if left is not None:
        left -= following - step
        if left <= 0:
            return None
    return {**memo, "due": due.isoformat(), "left": left, "step": following}


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _nth(anchor: datetime, every: DaysTime | YearsMonths, count: int, exact: bool) -> datetime:
    # Counted from the anchor, so that the 31st comes back after a short month. P1D is a calendar day, PT24H is 24 hours.
    try:
        if isinstance(every, YearsMonths):
            due = feel.add(anchor, YearsMonths(every.months * count))
        elif exact or every.delta % _DAY:
            due = feel.add(anchor, DaysTime(every.delta * count))
        else:
            due = anchor + every.delta * count
        due = due.astimezone(UTC)
    except OverflowError:
        raise ValueError(_TOO_LATE) from None
    if due.year > LAST_YEAR:
        raise ValueError(_TOO_LATE)
    return due
