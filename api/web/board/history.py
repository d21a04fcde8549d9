"""How one case went, moment by moment, on the diagrams that it went through."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, request

from api.web import page, words
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import BadRequest
from engine.model.maps import CaseHistory, Drawing, Moment
from engine.operations import me, wording
from engine.operations.cases import case_history
from engine.store import UnitOfWork

blueprint = Blueprint("history", __name__)


@blueprint.get("/cases/<case_id>/history")
def history(case_id: str) -> page.Answer:
    """Where a case stood at a past moment: `moment` counts from 1, the last one is where it stands now."""
    with page.reading() as (uow, actor):
        return _history(uow, actor, case_history.of_case(uow, actor, case_id))


def _history(uow: UnitOfWork, actor: Actor, found: CaseHistory) -> page.Answer:
    if not found.moments:
        raise BadRequest(say("Nothing has moved in this case yet."))
    number = min(max(request.args.get("moment", len(found.moments), type=int), 1), len(found.moments))
    moment = found.moments[number - 1]
    drawing = _drawing(found, moment)
    values: dict[str, Any] = {
        "history": found,
        "number": number,
        "moment": moment,
        "drawing": drawing,
        "standing": [(one, _names(one, moment)) for one in found.drawings if _tokens(one, moment)],
        "overlays": {"tokens": _tokens(drawing, moment) if drawing else {}},
        "frames": _frames(found, drawing, wording.zone(me.get(uow, actor).timezone)) if drawing else [],
    }
    return page.render("board/history.html", uow, actor, here="cases", **values)


def _drawing(found: CaseHistory, moment: Moment) -> Drawing | None:
    """The diagram asked for, else the innermost one in which something stands, else the first."""
    asked = request.args.get("diagram", "")
    chosen = [one for one in found.drawings if f"{one.instance_id}/{one.process_key}" == asked]
    standing = [one for one in found.drawings if _tokens(one, moment)]
    return next(iter([*chosen, *standing[-1:], *found.drawings]), None)


def _tokens(drawing: Drawing, moment: Moment) -> dict[str, int]:
    return dict(moment.tokens.get((drawing.instance_id, drawing.process_key), {}))


def _names(drawing: Drawing, moment: Moment) -> list[tuple[str, int]]:
    return [(drawing.names.get(id) or say("A step that has no name"), number) for id, number in _tokens(drawing, moment).items()]


def _frames(found: CaseHistory, drawing: Drawing, zone: ZoneInfo) -> list[dict[str, object]]:
    """Every moment for the script that moves the slider without asking the server."""
    return [{"when": words.short(one.at, zone), "told": one.told, "tokens": _tokens(drawing, one)} for one in found.moments]
