"""Signing in and out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api import auth
from api.running import Mode, running
from api.web import page, speech
from engine import language
from engine.language import noted, say
from engine.model.errors import Invalid, NotSignedIn, TooManyAttempts
from engine.operations.people import accounts, languages, people, showing

blueprint = Blueprint("session", __name__)

_WRONG = noted("The sign-in name or the password is not right. Check both and try again.")


@blueprint.get("/sign-in")
def sign_in() -> Response:
    """The sign-in page; the demo lists its made-up people."""
    return _page("", (), 200, request.args.get("next", ""))


@blueprint.post("/sign-in")
def enter() -> page.Answer:
    """Begin a session and go to where the person was heading."""
    login, target, chosen = request.form.get("login", ""), request.form.get("next", ""), speech.chosen()
    try:
        with running().unit_of_work() as uow:
            if "demo" in request.form and running().config.mode is Mode.DEMO:
                auth.try_as(uow, login)
            else:
                auth.sign_in(uow, login, request.form.get("password", ""))
            uow.commit()
    except NotSignedIn:
        return _page(login, (("login", say(_WRONG)),), 422, target)
    except TooManyAttempts as error:
        return _page(login, ((None, say(error.message)),), 429, target)
    for tag in chosen:
        speech.choose(tag)
    return page.go(_inside(target))


@blueprint.post("/language")
def visit_in() -> AnyResponse:
    """Read this visit in another language, before one signs in and after."""
    speech.choose(request.form.get("language", ""))
    return page.go(url_for("session.sign_in", next=request.form.get("next") or None))


@blueprint.post("/sign-out")
def sign_out() -> AnyResponse:
    """End the session in this browser, which forgets what it kept of things typed and not saved."""
    auth.sign_out()
    answer = page.go(url_for("session.sign_in"), say("You are signed out."))
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


@blueprint.get("/account")
def account() -> page.Answer:
    """One's own account: a new password, and the language that one reads."""
    return _account_page((), 200)


@blueprint.post("/account/language")
def change_language() -> page.Answer:
    """Read another language from now on."""
    asked = request.form.get("language", "")
    try:
        page.act(lambda uow, actor: languages.choose(uow, actor, asked))
    except Invalid as error:
        return _account_page((("f-language", error.message),))
    speech.forget()
    with page.reading():
        return page.go(url_for("session.account"), say("Your language was changed."))


@blueprint.post("/account")
def change_password() -> page.Answer:
    """Set a new password after the present one was given; every other session of the account ends."""
    try:
        _change_password(request.form.get("current", ""), request.form.get("new", ""))
    except NotSignedIn:
        return _account_page((("f-current", say("This is not your present password.")),))
    except Invalid as error:
        return _account_page((("f-new", error.errors[0].message if error.errors else error.message),))
    return page.go(url_for("session.account"), say("Your password was changed. Other places where you were signed in are signed out."))


def _change_password(current: str, new: str) -> None:
    with page.reading() as (uow, actor):
        login = people.get(uow, actor, actor.person_id).login or ""
    with running().unit_of_work() as uow:
        known = auth.sign_in(uow, login, current)
        assert known.account_id is not None
        accounts.set_password(uow, known, known.account_id, new)
        uow.commit()
    with running().unit_of_work() as uow:
        auth.sign_in(uow, login, new)
        uow.commit()


def _account_page(errors: tuple[tuple[str, str], ...], status: int = 422) -> Response:
    with page.reading() as (uow, actor):
        values: dict[str, Any] = {
            "errors": errors,
            "wrong": {"/" + id.removeprefix("f-"): message for id, message in errors},
            "least": accounts.LEAST,
            "languages": list(speech.readable(uow, actor).items()),
            "language": next(iter(speech.chosen()), languages.read_by(uow, actor)),
        }
        return page.render("session/account.html", uow, actor, status=status, **values)


def _page(login: str, errors: tuple[tuple[str | None, str], ...], status: int, target: str) -> Response:
    demo: tuple[tuple[str, str, str], ...] = ()
    if running().config.mode is Mode.DEMO:
        with running().reading() as uow:
            demo = showing.logins(uow)
    values = {"login": login, "errors": errors, "next": target, "demo": demo, "here": "sign-in", "languages": language.names()}
    return make_response(render_template("session/sign_in.html", **values), status)


def _inside(target: str) -> str:
    """An address on this site; anything else becomes the inbox, so that a link cannot lead away after signing in."""
    return page.inside(target, url_for("inbox.show"))
