"""All cases that the reader may list, each with what it waits for; what nobody can do stands on top."""

from __future__ import annotations

from flask import Blueprint, request

from api.web import page
from engine.language import noted
from engine.model.lists import Page
from engine.model.views import CaseLine
from engine.operations import cases

blueprint = Blueprint("board", __name__)

_STATES = (("open", noted("Open")), ("late", noted("Overdue or stuck")), ("closed", noted("Closed")), ("all", noted("All")))


def _late(lines: Page[CaseLine]) -> Page[CaseLine]:
    """Only what is overdue or stuck. These come first in the list, so the first page that ends without one is the last."""
    late = tuple(line for line in lines.items if line.overdue or line.nobody)
    return Page(late, lines.next if late and late[-1] is lines.items[-1] else None)


@blueprint.get("/cases")
def show() -> page.Answer:
    """Cases by state and text."""
    asked = request.args.get("state", "open")
    state = asked if asked in dict(_STATES) else "open"
    text = request.args.get("q", "").strip()
    with page.reading() as (uow, actor):
        wanted = {"all": None, "late": "open"}.get(state, state)
        lines = cases.list_(uow, actor, state=wanted, text=text, cursor=page.cursor(), limit=50)
        lines = _late(lines) if state == "late" else lines
        return page.render("board/cases.html", uow, actor, here="cases", lines=lines, state=state, states=_STATES, text=text)
