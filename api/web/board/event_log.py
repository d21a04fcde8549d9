"""The log for process mining, as a file."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from flask import Blueprint, Response, request, stream_with_context

from api.web import page
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import BadRequest
from engine.model.event_logs import LogPlan
from engine.operations.supervision import event_log
from engine.schemas import iso_date
from engine.store import UnitOfWork

blueprint = Blueprint("event_log", __name__)


@blueprint.post("/map/event-log")
def take() -> Response:
    """The log of the cases opened in the days asked for; of all without days."""

    def begin(uow: UnitOfWork, actor: Actor) -> LogPlan:
        numbers = "numbers" in request.form
        return event_log.begin(uow, actor, event_log.question(uow, actor, _day("from"), _day("to"), numbers=numbers))

    plan = page.act(begin)
    answer = Response(stream_with_context(event_log.parts(page.reading, plan)), mimetype="application/xml")
    answer.headers.set("Content-Disposition", "attachment", filename=event_log.NAME)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _day(name: str) -> date | None:
    text = request.form.get(name, "").strip()
    if not text:
        return None
    with suppress(ValueError, OverflowError):
        return iso_date(text)
    raise BadRequest(say("Give two days, the earlier one first, as 2026-11-30."))
