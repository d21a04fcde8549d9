"""The map: every procedure with the tokens in it now, and how long its steps took."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, request, url_for

from api.web import page, words
from engine import clock
from engine.language import noted, say
from engine.model.maps import ProcedureMap, StepLine
from engine.operations import me, wording
from engine.operations.supervision import maps
from engine.schemas import iso_date

blueprint = Blueprint("map", __name__)

#: days that can be chosen with one click; the first one is what is shown first
_PERIODS = (90, 30, 365)
#: the key of a map's colours
_LEVELS = noted(("Short", "Rather short", "Rather long", "Longest"))


@blueprint.get("/map")
def list_() -> page.Answer:
    """Every procedure and how much stands in it."""
    with page.reading() as (uow, actor):
        return page.render("board/maps.html", uow, actor, here="board", lines=maps.list_(uow, actor))


@blueprint.get("/map/<key>")
def show(key: str) -> page.Answer:
    """One procedure; `version` keeps to one, `days` or `from` and `to` choose the time."""
    with page.reading() as (uow, actor):
        zone = wording.zone(me.get(uow, actor).timezone)
        since, until, wrong = _period(zone)
        found = maps.of_procedure(uow, actor, key, since=since, until=until, version=request.args.get("version", type=int))
        values: dict[str, Any] = {
            "map": found,
            "since": since.astimezone(zone).date(),
            "last": (until - timedelta(days=1)).astimezone(zone).date(),
            "wrong": wrong,
            "overlays": _overlays(found),
            "length": words.length,
            "periods": _PERIODS,
            "levels": _LEVELS,
        }
        return page.render("board/map.html", uow, actor, here="board", status=400 if wrong else 200, **values)


def _period(zone: ZoneInfo) -> tuple[datetime, datetime, str]:
    """The whole days that were asked for, and what is wrong with them."""
    today = clock.now().astimezone(zone).date()
    days = request.args.get("days", type=int)
    first = today - timedelta(days=days if days in _PERIODS else _PERIODS[0])
    last, wrong = today, ""
    try:
        asked = [iso_date(text) for text in (request.args.get("from", ""), request.args.get("to", "")) if text]
        if len(asked) == 2:
            first, last = asked
            if last < first:
                raise ValueError(last)
    except (ValueError, OverflowError):
        first, last = today - timedelta(days=_PERIODS[0]), today
        wrong = say("Give two days, the earlier one first, as 2026-11-30.")
    begin = datetime.combine(first, time(), zone)
    return begin.astimezone(UTC), datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC), wrong


def _overlays(found: ProcedureMap) -> dict[str, object]:
    """What the viewer draws onto the diagram."""
    here = [step for step in found.steps if not step.gone]
    warm = {step.element_id: _heat(step) for step in here if step.level}
    return {
        "tokens": {step.element_id: step.standing for step in here if step.standing},
        "marks": {step.element_id: "overdue" for step in here if step.overdue},
        "late": {step.element_id: step.overdue for step in here if step.overdue},
        "heat": warm,
        "links": {step.element_id: _cases(found, step) for step in here if step.standing},
    }


def _cases(found: ProcedureMap, step: StepLine) -> str:
    return url_for("all_cases.show", element=f"{found.key}/{step.element_id}")


def _heat(step: StepLine) -> dict[str, object]:
    median, ninetieth = words.length(step.stays.median), words.length(step.stays.ninetieth)
    told = say("{n} stays: half within {median}, nine of ten within {ninetieth}", n=step.stays.number, median=median, ninetieth=ninetieth)
    if step.stays.with_due:
        told += "; " + say("{late} of {n} late", late=step.stays.late, n=step.stays.with_due)
    if step.stays.again:
        told += "; " + say("there again: {n}", n=step.stays.again)
    return {"level": step.level, "text": median, "title": told}
