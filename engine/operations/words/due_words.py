"""When something is due, in words: in the working time of the task, or of its pack, where there is one.

"Tomorrow, 16:00" is tomorrow's date whether anybody works then; "in 3 working days" and "2 working days late" count the
days on which somebody works, the day that is due included and today left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine import calendars, clock, store
from engine.language import Pattern, dated, say, say_many
from engine.model.calendars import PLAIN, Calendar
from engine.model.instances import UserTask
from engine.model.packs import Pack
from engine.operations import live, wording
from engine.store import UnitOfWork

#: days in a row for which no calendar is closed
_LONGEST_CLOSED = 366


@dataclass(frozen=True, slots=True)
class DueWords:
    """When something is due, seen from now."""

    text: str
    is_late: bool
    #: days on which somebody works until then, or since then when it is late; calendar days without a calendar
    days: int


def of_task(uow: UnitOfWork, task: UserTask) -> DueWords | None:
    """When an open task is due; None for one without a due date. Of many tasks each pack and program is read once."""
    if task.due_at is None:
        return None
    case = store.cases.get(uow, task.case_id)
    zone = store.programs.get(uow, task.program_id).timezone
    return told(task.due_at, calendar_of(live.pack(uow, task.program_id, case.pack), task.due_calendar), ZoneInfo(zone))


def calendar_of(pack: Pack | None, key: str | None = None) -> Calendar | None:
    """The calendar that a due date is told in: the one it was worked out by, else the usual one of the pack; None: every day counts."""
    known = pack.calendars if pack is not None else {}
    return known.get(key or "") or known.get(pack.calendar if pack is not None else PLAIN)


def told(due: datetime, calendar: Calendar | None, zone: ZoneInfo) -> DueWords:
    """The words for a moment, now, for somebody in a time zone."""
    now = clock.now()
    here, today = due.astimezone(zone), now.astimezone(zone).date()
    apart = (here.date() - today).days
    time = dated(here, Pattern.TIME)
    number = calendars.days_between(calendar, *sorted((due, now))) if calendar is not None else abs(apart)
    if due < now:
        return DueWords(_late(number, apart, here, counted=calendar is not None), True, number)
    if apart == 0:
        return DueWords(say("Today, {time}", time=time), False, number)
    if apart == 1:
        return DueWords(say("Tomorrow, {time}", time=time), False, number)
    if calendar is None or not number:
        return DueWords(say_many("In {n} day", "In {n} days", apart), False, number)
    return DueWords(say_many("In {n} working day", "In {n} working days", number), False, number)


def how_late(due: datetime, calendar: Calendar | None, zone: ZoneInfo) -> str:
    """How late something is, inside a sentence that tells its day: in the days of `told`, on the same day in hours or minutes."""
    words, passed = told(due, calendar, zone), clock.now() - due
    if words.days:
        return words.text
    if due.astimezone(zone).date() != clock.now().astimezone(zone).date():
        return say("late since then")
    if hours := passed // timedelta(hours=1):
        return say_many("{n} hour late", "{n} hours late", hours)
    if minutes := passed // timedelta(minutes=1):
        return say_many("{n} minute late", "{n} minutes late", minutes)
    return say("just now")


def late_since(calendar: Calendar | None, zone: ZoneInfo, days: int) -> datetime:
    """What was due at this moment or later is at most so many days late, as `told` counts them."""
    if calendar is None:
        return datetime.combine(clock.now().astimezone(zone).date() - timedelta(days=days), time(), zone)
    there = ZoneInfo(calendar.zone)
    day, left = clock.now().astimezone(there).date(), days
    # a calendar that is closed for good counts nothing: then this ends at some day long ago
    for _ in range(3 * days + _LONGEST_CLOSED):
        left -= bool(calendars.spans(calendar, day))
        if left < 0:
            break
        day -= timedelta(days=1)
    return datetime.combine(day, time(), there)


def _late(number: int, apart: int, here: datetime, *, counted: bool) -> str:
    if number and counted:
        return say_many("{n} working day late", "{n} working days late", number)
    if number:
        return say_many("{n} day late", "{n} days late", number)
    if apart == 0:
        return say("Late since {time}", time=dated(here, Pattern.TIME))
    return say("Late since {day}", day=wording.weekday(here))
