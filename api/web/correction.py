"""Correcting a variable of a running procedure from its case's page, so that what failed can be tried again."""

from __future__ import annotations

from flask import Blueprint, request, url_for

from api.web import page
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import Invalid
from engine.operations.cases import case_pages
from engine.operations.running import corrections
from engine.store import UnitOfWork

blueprint = Blueprint("correction", __name__)


@blueprint.get("/cases/<case_id>/procedures/<instance_id>/correct")
def ask(case_id: str, instance_id: str) -> page.Answer:
    """Ask for the variable, its new value and the reason."""
    with page.reading() as (uow, actor):
        return _form(uow, actor, case_id, instance_id)


@blueprint.post("/cases/<case_id>/procedures/<instance_id>/correct")
def do(case_id: str, instance_id: str) -> page.Answer:
    """Correct one variable."""
    name, text = request.form.get("variable", "").strip(), request.form.get("value", "").strip()
    reason = request.form.get("reason", "")
    try:
        page.act(lambda uow, actor: corrections.correct_typed(uow, actor, instance_id, name, text, reason=reason))
    except Invalid as wrong:
        message = " ".join(error.message for error in wrong.errors) or wrong.message
        with page.reading() as (uow, actor):
            return _form(uow, actor, case_id, instance_id, message)
    return page.go(page.back(url_for("case.show", case_id=case_id)), say("Corrected. What failed can be tried again."))


def _form(uow: UnitOfWork, actor: Actor, case_id: str, instance_id: str, wrong: str | None = None) -> page.Answer:
    found = case_pages.page(uow, actor, case_id)
    known = corrections.known(uow, actor, instance_id)
    values = {"page": found, "instance_id": instance_id, "known": known, "wrong": wrong}
    values["back"] = page.back(url_for("case.show", case_id=case_id))
    return page.render("case/correct.html", uow, actor, here="cases", status=422 if wrong else 200, **values)
