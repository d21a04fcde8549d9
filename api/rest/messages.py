"""Events from outside: messages for one receiver, signals for all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from api.rest import edge
from api.rest.fields import MAX_LINE, Query, line, listing, plain_object
from engine import feel
from engine.model.access import Actor
from engine.model.content import Sent
from engine.operations.running import messages
from engine.store import UnitOfWork

blueprint = edge.blueprint("events", "Messages and signals from outside")


class Key(fields.Field[str]):
    """A correlation key. Numbers count as their text, as in FEEL's string()."""

    default_error_messages = {"invalid": f"A correlation key is a text of at most {MAX_LINE} characters, or a number."}  # noqa: RUF012 - as in the base class

    def _deserialize(self, value: object, attr: str | None, data: object, **_: Any) -> str:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return feel.text(feel.from_plain(value))
        if isinstance(value, str) and len(value) <= MAX_LINE:
            return value
        raise self.make_error("invalid")


class Duration(fields.Field[timedelta]):
    """An ISO 8601 duration of days and time."""

    default_error_messages = {"invalid": "Give a duration like PT1H or P30D, at most P3660D."}  # noqa: RUF012 - as in the base class
    longest = timedelta(days=3660)

    def _deserialize(self, value: object, attr: str | None, data: object, **_: Any) -> timedelta:
        try:
            found = feel.iso_duration(value) if isinstance(value, str) and len(value) < 40 else None
        except ValueError:
            found = None
        if not isinstance(found, feel.DaysTime) or not timedelta(0) < found.delta <= self.longest:
            raise self.make_error("invalid")
        return found.delta


class Message(Schema):
    """A message for whoever waits for its name and correlation key; kept for a while when nobody waits yet."""

    name = line(required=True)
    correlation = Key(load_default="", metadata={"description": "the correlation key, a text or a number"})
    payload = plain_object(load_default=dict)
    message_id = line(load_default=None, allow_none=True, metadata={"description": "the sender's own id; the same is taken once"})
    ttl = Duration(load_default=None, allow_none=True, metadata={"description": "how long it is kept, an ISO 8601 duration"})


class Signal(Schema):
    """A signal for everybody who waits for its name now, and for every process that starts by it. It has no correlation key."""

    name = line(required=True)
    payload = plain_object(load_default=dict)


class Taken(Schema):
    """It was taken. It reaches each receiver by job, which may follow; who sees none of the cases is told `accepted` alone."""

    accepted = fields.Boolean()
    delivered = fields.Integer(metadata={"description": "how many waiting receivers it goes to"})
    started = fields.Integer(metadata={"description": "how many processes it starts"})
    kept = fields.Boolean(metadata={"description": "nobody waits for it yet; it lies ready until its time to live ends"})


class Filter(Query):
    """Which messages are listed."""

    state = fields.String(load_default="kept", validate=validate.Equal("kept"))


class Kept(Schema):
    """A message that nobody has waited for yet. What it carries is not told."""

    id = fields.String()
    name = fields.String()
    correlation = fields.String()
    message_id = fields.String(allow_none=True)
    received_at = fields.AwareDateTime()
    expires_at = fields.AwareDateTime()


@blueprint.get("/messages")
@blueprint.arguments(Filter, location="query")
@blueprint.response(200, listing(Kept))
def kept(args: dict[str, Any]) -> Response:
    """Messages that lie ready for whoever waits for them next, oldest first; for administrators."""
    return edge.listed(Kept, lambda uow, actor: messages.kept(uow, actor, cursor=args["cursor"], limit=args["limit"]))


@blueprint.post("/messages")
@blueprint.arguments(Message)
@blueprint.response(202, Taken)
def send(args: dict[str, Any]) -> Response:
    """Send a message."""
    return taken(lambda uow, actor: messages.send(uow, actor, **args))


@blueprint.post("/signals")
@blueprint.arguments(Signal)
@blueprint.response(202, Taken)
def signal(args: dict[str, Any]) -> Response:
    """Send a signal."""
    return taken(lambda uow, actor: messages.signal(uow, actor, args["name"], args["payload"]))


def taken(act: Callable[[UnitOfWork, Actor], Sent | None]) -> Response:
    """Do something that answers by itself later, and say that it was taken and what became of it."""

    def done(uow: UnitOfWork, actor: Actor) -> dict[str, object]:
        sent = act(uow, actor)
        told = {} if sent is None else {"delivered": sent.delivered, "started": sent.started, "kept": sent.kept}
        return {"accepted": True, **told}

    return edge.write(Taken(), done, status=202)
