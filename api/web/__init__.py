"""The pages, one blueprint a room. They work without script, except the diagrams."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, Response, g, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from api import auth
from api.web import (
    assets,
    away,
    batch,
    board,
    case,
    correction,
    drafting,
    entry_drafts,
    help,
    inbox,
    opening,
    outgoing,
    page,
    panels,
    papers,
    people,
    portal_keys,
    portal_tasks,
    prose,
    reports,
    rhythm,
    session,
    speech,
    studio,
    surveys,
    task,
    telling,
    uploads,
    walls,
    words,
)
from api.web.board import acts
from api.web.errors import error_page
from engine.model.calendars import Calendar
from engine.model.starts import Start

__all__ = ["begin", "error_page", "register"]

#: an answer to a question for a date, or for a date and time
_DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?")
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#1f5fbf" '
    'stroke-width="2" stroke-linejoin="round"><path d="M4 5h9a3 3 0 0 1 3 3v2a3 3 0 0 1-3 3H9l-4 3v-3H4z'
    'M16 9h1a3 3 0 0 1 3 3v2a3 3 0 0 1-3 3v3l-4-3h-2"/></svg>'
)

blueprint = Blueprint("web", __name__, template_folder="templates")


@blueprint.get("/")
def home() -> AnyResponse:
    """The inbox is where everybody begins."""
    return redirect(url_for("inbox.show"))


@blueprint.get("/icon.svg")
def icon() -> Response:
    """The sign in the browser's tab."""
    answer = Response(_ICON, mimetype="image/svg+xml")
    answer.cache_control.max_age = 86_400
    return answer


def begin(app: Flask) -> None:
    """What each request begins with, before anything of it is read or refused: its language, and how large it may be."""
    speech.begin(app)
    uploads.init_app(app)


def register(app: Flask) -> None:
    """Add every room, and the words and addresses that templates use, to an app."""
    rooms = (
        *(session, inbox, batch, opening, case, reports, papers, panels, entry_drafts, correction, task, drafting),
        *(uploads, people, away, portal_keys, portal_tasks, surveys, walls, telling, outgoing, help, assets),
    )
    for one in (blueprint, *(room.blueprint for room in rooms), *board.blueprints, *studio.blueprints):
        app.register_blueprint(one)
    speech.init_app(app)
    app.jinja_env.globals.update(csrf_token=auth.csrf_token, asset=assets.url, more=page.more)
    app.jinja_env.filters.update(prose=prose.shown)
    app.jinja_env.filters.update(short=_short, full=_full, day=_day, dates=_dates, due=_due, again=_again, rhythm=_rhythm)
    app.jinja_env.filters.update(act_page=acts.href)
    app.jinja_env.filters.update(age=words.age, count=words.count, spaced=words.spaced, code=words.code)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _zone() -> ZoneInfo:
    """The program's time zone, which `page.frame` sets for each request; UTC on pages outside a program."""
    zone = g.get("zone")
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")


def _short(moment: datetime) -> str:
    return words.short(moment, _zone())


def _full(moment: datetime) -> str:
    return words.full(moment, _zone())


def _day(moment: datetime) -> str:
    return words.day(moment, _zone())


def _dates(text: object) -> object:
    """An answer that is a date, or a date and time, as this reader writes them; times without a zone are meant as they stand."""
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    zone = _zone()
    if "T" not in text:
        return words.day(moment.replace(tzinfo=zone), zone)
    return words.full(moment.replace(tzinfo=zone) if moment.tzinfo is None else moment, zone)


def _due(moment: datetime, calendar: Calendar | None = None) -> words.Due:
    return words.due(moment, _zone(), calendar)


def _again(moment: datetime, calendar: Calendar | None = None) -> str:
    return words.again(moment, _zone(), calendar)


def _rhythm(start: Start) -> str:
    return rhythm.phrase(start, _zone())
