"""All cases that the reader may list, each with what it waits for; what nobody can do stands on top."""

from __future__ import annotations

from flask import Blueprint, request

from api.web import page
from engine.operations import cases

blueprint = Blueprint("board", __name__)

_STATES = (("open", "Open"), ("closed", "Closed"), ("all", "All"))


@blueprint.get("/cases")
def show() -> page.Answer:
    """Cases by state and text."""
    asked = request.args.get("state", "open")
    state = asked if asked in dict(_STATES) else "open"
    text = request.args.get("q", "").strip()
    with page.reading() as (uow, actor):
        lines = cases.list_(uow, actor, state=None if state == "all" else state, text=text, cursor=page.cursor(), limit=50)
        return page.render("board/cases.html", uow, actor, here="cases", lines=lines, state=state, states=_STATES, text=text)
