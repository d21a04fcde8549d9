"""What is signed, to be printed or kept: for staff and participants with an account, and for a visitor."""

from __future__ import annotations

from flask import Blueprint, Response

from api.web import page, portal
from engine.operations.cases import papers

blueprint = Blueprint("papers", __name__)


@blueprint.get("/cases/<case_id>/papers/<record_id>")
def show(case_id: str, record_id: str) -> Response:
    """One version with its code and its signatures."""
    with page.reading() as (uow, actor):
        found = papers.read(uow, actor, case_id, record_id)
        page.opens(uow, actor, case_id)
        return page.render("case/paper.html", uow, actor, here="cases", paper=found)


@portal.blueprint.get("/papers/<record_id>")
def copy(record_id: str) -> page.Answer:
    """A visitor's own copy of what takes part in their case."""
    with portal.visiting() as (uow, visit):
        found = papers.read(uow, visit.actor, visit.case.id, record_id)
        return portal.render("portal/paper.html", visit=visit, paper=found)
