"""Surveys, for people with an account and for visitors without: one page, sent once.

Nothing of it is kept but numbers, not even a draft.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, request, url_for

from api.web import fields, page, portal
from engine import forms
from engine.language import say
from engine.model.errors import FieldError, FormInvalid, Invalid
from engine.model.forms import Form, Mode
from engine.operations.telling import surveys
from engine.operations.telling.surveys import Asked

blueprint = Blueprint("surveys", __name__)

_Answers = Mapping[str, object]


@blueprint.get("/surveys/<invitation_id>")
def show(invitation_id: str) -> Response:
    """The questions."""
    return _own_page(invitation_id, {}, ())


@blueprint.post("/surveys/<invitation_id>")
def answer(invitation_id: str) -> page.Answer:
    """Count the answers."""
    with page.reading() as (uow, actor):
        answers = _posted(surveys.get(uow, actor, invitation_id).form)
    try:
        page.act(lambda uow, actor: surveys.answer(uow, actor, invitation_id, answers))
    except Invalid as wrong:
        return _own_page(invitation_id, answers, _mistakes(wrong))
    return page.go(url_for("inbox.show_notices"), _thanks())


@portal.blueprint.get("/surveys/<invitation_id>")
def show_survey(invitation_id: str) -> Response:
    """The questions, for a visitor."""
    return _visitors_page(invitation_id, {}, ())


@portal.blueprint.post("/surveys/<invitation_id>")
def answer_survey(invitation_id: str) -> page.Answer:
    """Count a visitor's answers."""
    with portal.visiting() as (uow, visit):
        answers = _posted(surveys.get(uow, visit.actor, invitation_id, visit.case.id).form)
    try:
        portal.act(lambda uow, visit: surveys.answer(uow, visit.actor, invitation_id, answers, visit.case.id))
    except Invalid as wrong:
        return _visitors_page(invitation_id, answers, _mistakes(wrong))
    return page.go(url_for("portal.show"), _thanks())


def _thanks() -> str:
    return say("Thank you. Your answers were counted; nobody can see that they are yours.")


def _own_page(invitation_id: str, answers: _Answers, errors: Sequence[FieldError]) -> Response:
    with page.reading() as (uow, actor):
        asked = surveys.get(uow, actor, invitation_id)
        values = _values(asked, answers, errors)
        return page.render("inbox/survey.html", uow, actor, here="inbox", status=422 if errors else 200, **values)


def _visitors_page(invitation_id: str, answers: _Answers, errors: Sequence[FieldError]) -> Response:
    with portal.visiting() as (uow, visit):
        asked = surveys.get(uow, visit.actor, invitation_id, visit.case.id)
        return portal.render("portal/survey.html", status=422 if errors else 200, visit=visit, **_values(asked, answers, errors))


def _posted(form: Form) -> dict[str, object]:
    return forms.parse_html(form, request.form, Mode.SELF, lambda cls: True)


def _mistakes(wrong: Invalid) -> tuple[FieldError, ...]:
    return wrong.errors if isinstance(wrong, FormInvalid) else (FieldError("", wrong.code, wrong.message),)


def _values(asked: Asked, answers: _Answers, errors: Sequence[FieldError]) -> dict[str, Any]:
    filled = fields.Filled(
        values=answers,
        errors=fields.errors_by_path(errors),
        choices={},
        labels={},
        applying=frozenset(field.name for field in asked.form.fields),
        least_rows={},
    )
    drawn = fields.sections(asked.form, asked.form.fields, filled)
    return {"asked": asked, "sections": drawn, "errors": fields.summary(asked.form, errors)}
