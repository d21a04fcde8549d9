"""Logs for process mining."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, stream_with_context
from marshmallow import EXCLUDE, Schema, fields

from api.auth import current_actor
from api.rest import edge
from api.running import running
from engine.model.access import Actor
from engine.operations.supervision import event_log
from engine.store import UnitOfWork

blueprint = edge.blueprint("event-logs", "Which steps cases went through and when, for process mining")


class Asked(Schema):
    """Which cases, by the days on which they were opened, in the program's time zone."""

    class Meta:
        """Parameters that are not known are passed over, as the web does."""

        unknown = EXCLUDE

    since = fields.Date(load_default=None, data_key="from", metadata={"description": "cases opened on this day or later"})
    until = fields.Date(load_default=None, data_key="to", metadata={"description": "cases opened on this day or before"})
    numbers = fields.Boolean(load_default=False, metadata={"description": "name cases by their numbers, for who reads the audit trail"})


@blueprint.post("/event-logs")
@blueprint.arguments(Asked, location="query")
@blueprint.response(200, {"type": "string"}, content_type="application/xml")
def take(args: dict[str, Any]) -> Response:
    """The log as XES (IEEE 1849): steps and times only, people under names made up for this log; that it was taken out is written down."""
    with running().unit_of_work() as uow:
        actor = current_actor(uow)
        plan = event_log.begin(uow, actor, event_log.question(uow, actor, args["since"], args["until"], numbers=args["numbers"]))
        uow.commit()
    answer = Response(stream_with_context(event_log.parts(_reading, plan)), mimetype="application/xml")
    answer.headers.set("Content-Disposition", "attachment", filename=event_log.NAME)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@contextmanager
def _reading() -> Iterator[tuple[UnitOfWork, Actor]]:
    with running().reading() as uow:
        yield uow, current_actor(uow)
