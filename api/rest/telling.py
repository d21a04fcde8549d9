"""How the caller is told: ways by kind, quiet hours, the daily mail, the calendar's link; and the mail of the program."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from marshmallow import Schema, fields, validate

from api.rest import edge
from api.rest.fields import Query, line, listing
from engine.model.access import Actor
from engine.model.telling import MailState, Way
from engine.operations.mail import outgoing
from engine.operations.tasks import calendar_feed
from engine.operations.telling import choices_of_telling
from engine.store import UnitOfWork

blueprint = edge.blueprint("telling", "How people are told outside of the pages")


class KindChoice(Schema):
    """One kind of notice."""

    key = fields.String()
    label = fields.String()
    way = fields.String(metadata={"description": ", ".join(Way)})
    ways = fields.List(fields.String(), metadata={"description": "those that may be chosen"})
    subject = fields.String(metadata={"description": "what stands above its mail"})


class Telling(Schema):
    """How the caller is told. Times are written as 07:30 in the program's time zone."""

    kinds = fields.List(fields.Nested(KindChoice))
    digest_at = fields.String(metadata={"description": "when the daily mail comes"})
    quiet_from = fields.String(allow_none=True, metadata={"description": "mail is held from then; null: no quiet hours"})
    quiet_until = fields.String(allow_none=True)
    email = fields.String(allow_none=True, metadata={"description": "null: nowhere to send mail to"})
    timezone = fields.String()


class Chosen(Schema):
    """What changes; what is left out stays."""

    ways = fields.Dict(keys=line(longest=64), values=fields.String(validate=validate.OneOf(list(Way))), metadata={"description": "by kind"})
    digest_at = line(longest=5)
    quiet_from = line(longest=5, allow_none=True, metadata={"description": "null: no quiet hours"})
    quiet_until = line(longest=5, allow_none=True)


class CalendarLink(Schema):
    """A link for the caller's calendar. Its address is told once, when it is made."""

    url = fields.String()


class CalendarState(Schema):
    """Whether the caller has a link."""

    made_at = fields.AwareDateTime(allow_none=True, metadata={"description": "null: none"})


class Filter(Query):
    """Which mail is listed."""

    state = fields.String(load_default=None, validate=validate.OneOf(list(MailState)))


class Mail(Schema):
    """A mail of the program. What it says is told only where mail is kept and not sent (demo, sandbox)."""

    id = fields.String()
    person = fields.String()
    kind = fields.String(allow_none=True, metadata={"description": "null: the daily mail"})
    state = fields.String()
    created_at = fields.AwareDateTime()
    due_at = fields.AwareDateTime()
    ended_at = fields.AwareDateTime(allow_none=True)
    attempts = fields.Integer()
    error_code = fields.String(allow_none=True)
    record = fields.Raw(allow_none=True)


@blueprint.get("/telling")
@blueprint.response(200, Telling)
def get() -> Response:
    """How the caller is told."""
    return edge.read(Telling(), choices_of_telling.mine)


@blueprint.patch("/telling")
@blueprint.arguments(Chosen)
@blueprint.response(200, Telling)
def choose(args: dict[str, Any]) -> Response:
    """Choose how to be told from now on."""

    def act(uow: UnitOfWork, actor: Actor) -> choices_of_telling.MyTelling:
        now = choices_of_telling.mine(uow, actor)
        begin, end = args.get("quiet_from", now.quiet_from), args.get("quiet_until", now.quiet_until)
        quiet = (begin or "", end or "") if begin or end else None
        choices_of_telling.choose(uow, actor, ways=args.get("ways", {}), digest_at=args.get("digest_at", now.digest_at), quiet=quiet)
        return choices_of_telling.mine(uow, actor)

    return edge.write(Telling(), act)


@blueprint.get("/calendar-link")
@blueprint.response(200, CalendarState)
def calendar() -> Response:
    """Whether the caller has a link for a calendar."""

    def state(uow: UnitOfWork, actor: Actor) -> dict[str, object]:
        found = calendar_feed.link(uow, actor)
        return {"made_at": found.created_at if found else None}

    return edge.read(CalendarState(), state)


@blueprint.post("/calendar-link")
@blueprint.response(201, CalendarLink)
def renew_calendar() -> Response:
    """Make a link; one that was there ends. Its address is in this answer and nowhere else."""

    def act(uow: UnitOfWork, actor: Actor) -> dict[str, str]:
        return {"url": url_for("telling_page.calendar", secret=calendar_feed.renew(uow, actor), _external=True)}

    return edge.write(CalendarLink(), act, status=201, secret="url")  # noqa: S106 - the name of a field


@blueprint.delete("/calendar-link")
@blueprint.response(204)
def end_calendar() -> Response:
    """End the link."""
    return edge.write(None, calendar_feed.revoke, status=204)


@blueprint.get("/mails")
@blueprint.arguments(Filter, location="query")
@blueprint.response(200, listing(Mail))
def mails(args: dict[str, Any]) -> Response:
    """The program's mail, newest first, for administrators."""
    state = MailState(args.pop("state")) if args.get("state") else args.pop("state", None)
    return edge.listed(Mail(), lambda uow, actor: outgoing.list_(uow, actor, state=state, **args))


@blueprint.post("/mails/<id:mail_id>/retry")
@blueprint.response(204)
def retry(mail_id: str) -> Response:
    """Send a mail that was given up once more."""
    return edge.write(None, lambda uow, actor: outgoing.retry(uow, actor, mail_id), status=204)
