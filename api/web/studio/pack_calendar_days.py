"""What a calendar of a change means: the days of a year that are not as usual, and a length of time tried out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, request

from api.web import page
from api.web.studio.pack_calendars import DAYS
from engine import calendars, clock
from engine.language import noted, say
from engine.model.calendars import Calendar
from engine.model.errors import NotFound
from engine.operations.drafting import changes, pack_changes
from engine.packs.calendars import written

blueprint = Blueprint("pack_calendar_days", __name__, url_prefix="/procedures/changes/<change_id>/pack/calendars/entries/<key>/days")

_YEARS = range(2000, 2101)
_WRONG = noted("Give a day and time, and a length in working days or hours such as P3D or PT4H.")


@blueprint.get("")
def show(change_id: str, key: str) -> page.Answer:
    """`?year=`, and `?from=&length=` to try one; what cannot be tried is told in a sentence."""
    with page.reading() as (uow, actor):
        found = pack_changes.get(uow, actor, change_id).pack
        if found is None or key not in found.calendars:
            raise NotFound(say("The pack cannot be read, or has no such calendar; look at its problems first."))
        calendar = found.calendars[key]
        now = clock.now().astimezone(ZoneInfo(calendar.zone))
        asked = request.args.get("year", "")
        year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 and int(asked) in _YEARS else now.year
        begin = request.args.get("from") or now.strftime("%Y-%m-%dT%H:%M")
        length = request.args.get("length") or "P3D"
        values: dict[str, Any] = {"calendar": calendar, "year": year, "days": _days(calendar, year), "begin": begin, "length": length}
        values |= {
            "result": _tried(calendar, begin, length),
            "wrong": say(_WRONG),
            "names": DAYS,
            "change": changes.get(uow, actor, change_id),
        }
        return page.render("studio/pack_calendar_days.html", uow, actor, here="studio", **values)


def _days(calendar: Calendar, year: int) -> list[tuple[date, str, str]]:
    """The days with other hours than their weekday's: (day, hours, what it is)."""
    every = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
    others = ((day, calendars.hours_of(calendar, day)) for day in every if day.year == year)
    unusual = ((day, hours) for day, hours in others if hours != calendar.week[day.weekday()])
    return [(day, written(hours), calendars.why_closed(calendar, day) or "") for day, hours in unusual]


def _tried(calendar: Calendar, begin: str, length: str) -> datetime | None:
    """The moment a length after another, on the calendar's wall clock; None for what is no moment or no length."""
    try:
        start = datetime.fromisoformat(begin)
        aware = start if start.tzinfo else start.replace(tzinfo=ZoneInfo(calendar.zone))
        return calendars.add(calendar, aware, calendars.read_length(length)).astimezone(ZoneInfo(calendar.zone))
    except (ValueError, OverflowError):
        return None
