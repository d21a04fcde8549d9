"""How I am told: the ways of each kind of notice, quiet hours, the daily mail; and the link under which a calendar reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, request, url_for
from icalendar import Calendar, Event
from werkzeug.wrappers import Response as AnyResponse

from api.running import running
from api.web import fields, page
from engine import clock
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.errors import FieldError, Invalid
from engine.model.telling import Way
from engine.operations.tasks import calendar_feed
from engine.operations.tasks.calendar_feed import Entry
from engine.operations.telling import choices_of_telling
from engine.store import UnitOfWork

blueprint = Blueprint("telling_page", __name__)

#: what each way is called
WAYS = {
    Way.MAIL: noted("By mail at once"),
    Way.DIGEST: noted("In one mail a day"),
    Way.INBOX: noted("Only here, under Notices"),
    Way.NONE: noted("Not at all"),
}
#: a due date is shown as the half hour before it
_SHOWN = timedelta(minutes=30)


@blueprint.get("/telling")
def show() -> page.Answer:
    """How the signed-in person is told."""
    with page.reading() as (uow, actor):
        return _page(uow, actor)


@blueprint.post("/telling")
def choose() -> page.Answer:
    """Keep the choices."""
    typed = request.form
    ways = {name.removeprefix("way-"): way for name, way in typed.items() if name.startswith("way-")}
    quiet = (typed.get("quiet_from", "").strip(), typed.get("quiet_until", "").strip()) if typed.get("quiet") else None
    daily = typed.get("digest_at", "").strip()
    try:
        page.act(lambda uow, actor: choices_of_telling.choose(uow, actor, ways=ways, digest_at=daily, quiet=quiet))
    except Invalid as error:
        with page.reading() as (uow, actor):
            return _page(uow, actor, error.errors)
    return page.go(url_for("telling_page.show"), say("Saved. It holds from the next notice on."))


@blueprint.post("/telling/calendar")
def renew() -> page.Answer:
    """A new link, shown this once; the one before ends."""
    secret = page.act(calendar_feed.renew)
    with page.reading() as (uow, actor):
        return _page(uow, actor, link=url_for("telling_page.calendar", secret=secret, _external=True))


@blueprint.post("/telling/calendar/end")
def revoke() -> AnyResponse:
    """End the link."""
    page.act(calendar_feed.revoke)
    return page.go(url_for("telling_page.show"), say("The link has ended. Calendars that read it get nothing more."))


@blueprint.get("/calendar/<secret>.ics")
def calendar(secret: str) -> Response:
    """What a calendar reads; needs nobody to be signed in. A link that does not hold is not found."""
    with running().reading() as uow:
        found = calendar_feed.entries(uow, secret)
    return Response(_written(found), mimetype="text/calendar")


def _page(uow: UnitOfWork, actor: Actor, errors: tuple[FieldError, ...] = (), *, link: str | None = None) -> Response:
    values: dict[str, Any] = {"mine": choices_of_telling.mine(uow, actor), "ways": WAYS, "link": link}
    values |= {"typed": request.form if errors else {}, "feed": calendar_feed.link(uow, actor)}
    values["errors"] = [(fields.field_id(one.path), one.message) for one in errors]
    values["wrong"] = fields.errors_by_path(errors)
    return page.render("telling/choices.html", uow, actor, status=422 if errors else 200, **values)


def _written(entries: tuple[Entry, ...]) -> bytes:
    """RFC 5545. Nothing but times and neutral titles; private, so that shared calendars show no more than a time."""
    made = Calendar()
    made.add("prodid", "-//Parley//EN")
    made.add("version", "2.0")
    made.add("x-published-ttl", "PT1H")
    for entry in entries:
        made.add_component(_event(entry))
    return bytes(made.to_ical())


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{entry.id}@parley")
    event.add("dtstamp", _utc(clock.now()))
    event.add("dtstart", _utc(entry.at - _SHOWN if entry.task_id else entry.at))
    event.add("dtend", _utc(entry.until))
    event.add("summary", entry.title)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if entry.task_id else "OPAQUE")
    if entry.task_id:
        event.add("url", url_for("task.show", task_id=entry.task_id, _external=True))
    return event


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
