"""Who carries how much, who is away soon, and who can take a case."""

from __future__ import annotations

from flask import Blueprint, request

from api.web import page
from engine.model.errors import NotFound
from engine.model.measures import Takers
from engine.operations.measuring import caseload

blueprint = Blueprint("caseload", __name__)


@blueprint.get("/caseload")
def show() -> page.Answer:
    """Everybody's load; with the number of a case, who can take it and why others cannot."""
    number = request.args.get("case", "").strip()
    with page.reading() as (uow, actor):
        loads = caseload.loads(uow, actor)
        wrong = ""
        found: tuple[Takers, ...] = ()
        if number:
            try:
                found = caseload.takers(uow, actor, number)
            except NotFound as error:
                wrong = error.message
        return page.render("board/caseload.html", uow, actor, here="figures", loads=loads, found=found, number=number, wrong=wrong)
