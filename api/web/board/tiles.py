"""The board: the numbers that the packs declare, each leading to its list, and what to look at first."""

from __future__ import annotations

import hashlib

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response as AnyResponse

from api.web import page
from engine.model.access import Actor
from engine.model.lists import Page
from engine.model.tiles import CaseQuestion, TileView
from engine.model.views import CaseLine
from engine.operations.supervision import lists, tiles
from engine.store import UnitOfWork

blueprint = Blueprint("board", __name__)

#: lines below the tiles
_FIRST = 10
_FIRST_ASKED = CaseQuestion()


@blueprint.get("/board")
def show() -> page.Answer:
    """The tiles, then the first of the list of cases."""
    with page.reading() as (uow, actor):
        seen, lines = _seen(uow, actor)
        return page.render("board/board.html", uow, actor, here="board", tiles=seen, lines=lines, mark=_mark(seen, lines))


@blueprint.get("/board/mark")
def mark() -> AnyResponse:
    """A mark of what `show` gives: another one when it changed; 304 while it did not."""
    with page.reading() as (uow, actor):
        answer = make_response(_mark(*_seen(uow, actor)))
    answer.mimetype = "text/plain"
    answer.set_etag(answer.get_data(as_text=True))
    answer.headers["Cache-Control"] = "no-cache, private"
    return answer.make_conditional(request)


def _seen(uow: UnitOfWork, actor: Actor) -> tuple[tuple[TileView, ...], Page[CaseLine]]:
    return tiles.board(uow, actor), lists.answer(uow, actor, _FIRST_ASKED, limit=_FIRST)


def _mark(seen: tuple[TileView, ...], lines: Page[CaseLine]) -> str:
    """Another one as soon as a number differs, or what stands below; sentences tell times, so they are left out."""
    told = [(line.id, line.status, line.overdue, line.nobody, line.next_due_at) for line in lines.items]
    return hashlib.sha256(repr((seen, told)).encode()).hexdigest()[:32]
