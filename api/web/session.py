"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api import auth
from api.running import Mode, running
from api.web import page
from engine.model.errors import NotSignedIn, TooManyAttempts
from engine.operations import showing

blueprint = Blueprint("session", __name__)

_WRONG = "The sign-in name or the password is not right. Check both and try again."


@blueprint.get("/sign-in")
def sign_in() -> Response:
    """The sign-in page; the demo lists its made-up people."""
    return _page("", (), 200, request.args.get("next", ""))


@blueprint.post("/sign-in")
def enter() -> page.Answer:
    """Begin a session and go to where the person was heading."""
    login, target = request.form.get("login", ""), request.form.get("next", "")
    try:
        with running().unit_of_work() as uow:
            if "demo" in request.form and running().config.mode is Mode.DEMO:
                auth.try_as(uow, login)
            else:
                auth.sign_in(uow, login, request.form.get("password", ""))
            uow.commit()
    except NotSignedIn:
        return _page(login, (("login", _WRONG),), 422, target)
    except TooManyAttempts as error:
        return _page(login, ((None, error.message),), 429, target)
    return page.go(_inside(target))


@blueprint.post("/sign-out")
def sign_out() -> AnyResponse:
    """End the session in this browser."""
    auth.sign_out()
    return page.go(url_for("session.sign_in"), "You are signed out.")


def _page(login: str, errors: tuple[tuple[str | None, str], ...], status: int, target: str) -> Response:
    demo: tuple[tuple[str, str, str], ...] = ()
    if running().config.mode is Mode.DEMO:
        with running().reading() as uow:
            demo = showing.logins(uow)
    values = {"login": login, "errors": errors, "next": target, "demo": demo, "here": "sign-in"}
    return make_response(render_template("session/sign_in.html", **values), status)


def _inside(target: str) -> str:
    """An address on this site; anything else becomes the inbox, so that a link cannot lead away after signing in."""
    inside = target.startswith("/") and not target.startswith("//") and "\\" not in target and target.isprintable()
    return target if inside else url_for("inbox.show")
