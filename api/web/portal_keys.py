"""Staff let a participant in who has no account: a link by mail, or a code to read out; and end both."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.web import page
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.errors import BadRequest, Invalid, NotFound
from engine.model.portal import KeyKind
from engine.operations.cases import case_pages
from engine.operations.people import portal_keys
from engine.store import UnitOfWork

blueprint = Blueprint("portal_keys", __name__)

KINDS = noted({KeyKind.LINK: "Link by mail", KeyKind.CODE: "Code for the phone"})
STATES = noted({"waiting": "Not used yet", "visiting": "Is looking now", "used": "Used", "expired": "Ran out", "ended": "Ended"})


@blueprint.get("/cases/<case_id>/participants/<participant_id>/entry")
def show(case_id: str, participant_id: str) -> page.Answer:
    """How somebody comes in, and what was made for them so far."""
    with page.reading() as (uow, actor):
        return _page(uow, actor, case_id, participant_id)


@blueprint.post("/cases/<case_id>/participants/<participant_id>/entry")
def make(case_id: str, participant_id: str) -> page.Answer:
    """Send a link, or show a new code this once."""
    try:
        kind = KeyKind(request.form.get("kind", ""))
    except ValueError as wrong:
        raise BadRequest from wrong
    try:
        made = page.act(lambda uow, actor: portal_keys.make(uow, actor, case_id, participant_id, kind))
    except Invalid as error:
        with page.reading() as (uow, actor):
            return _page(uow, actor, case_id, participant_id, wrong=error.message)
    if made.code is None:
        said = say("A link goes out by mail, unless mail is not safe for this person. If none arrives, make a code.")
        return page.go(url_for("portal_keys.show", case_id=case_id, participant_id=participant_id), said)
    with page.reading() as (uow, actor):
        return _page(uow, actor, case_id, participant_id, code=made.code)


@blueprint.post("/cases/<case_id>/participants/<participant_id>/entry/end")
def end(case_id: str, participant_id: str) -> AnyResponse:
    """End links, codes and visits at once."""
    page.act(lambda uow, actor: portal_keys.revoke(uow, actor, case_id, participant_id))
    said = say("Links, codes and visits of this person have ended.")
    return page.go(url_for("portal_keys.show", case_id=case_id, participant_id=participant_id), said)


def _page(uow: UnitOfWork, actor: Actor, case_id: str, participant_id: str, *, wrong: str = "", code: str = "") -> Response:
    keys = [one for one in portal_keys.list_(uow, actor, case_id) if one.participant_id == participant_id]
    found = case_pages.page(uow, actor, case_id)
    somebody = next((one for one in found.participants if one.id == participant_id), None)
    if somebody is None:
        raise NotFound
    values: dict[str, Any] = {"page": found, "one": somebody, "keys": keys, "kinds": KINDS, "states": STATES}
    values |= {"wrong": wrong, "code": f"{code[:4]} {code[4:]}" if code else ""}
    return page.render("case/entry.html", uow, actor, here="cases", status=422 if wrong else 200, **values)
