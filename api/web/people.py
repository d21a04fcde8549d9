"""People and their roles in the program: add, change, deactivate; every change is audited."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.web import fields, page, speech
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import Conflict, FieldError, Invalid
from engine.model.views import PersonLine
from engine.operations.people import accounts, people
from engine.store import UnitOfWork

blueprint = Blueprint("people", __name__)


@blueprint.get("/people")
def show() -> page.Answer:
    """Everybody, with roles."""
    text = request.args.get("q", "").strip()
    with page.reading() as (uow, actor):
        lines = people.list_(uow, actor, text=text, cursor=page.cursor(), limit=50)
        labels = dict(people.roles(uow, actor))
        return page.render("people/list.html", uow, actor, here="people", lines=lines, labels=labels, text=text)


@blueprint.get("/people/new")
def ask() -> page.Answer:
    """An empty person."""
    with page.reading() as (uow, actor):
        return _new_page(uow, actor, {}, ())


@blueprint.post("/people/new")
def add() -> page.Answer:
    """Add a person, with roles and, when a sign-in name is given, an account."""
    form = request.form

    def work(uow: UnitOfWork, actor: Actor) -> str:
        person = people.add(
            uow, actor, name=_text("name") or "", email=_text("email"), phone=_text("phone"),
            language=form.get("language", "en"), staff=bool(form.get("staff")), roles=tuple(form.getlist("roles")),
        )  # fmt: skip
        if login := _text("login"):
            accounts.add_account(uow, actor, person.id, login, form.get("password") or None)
        return person.id

    try:
        person_id = page.act(work)
    except (Invalid, Conflict) as error:
        with page.reading() as (uow, actor):
            return _new_page(uow, actor, form, _mistakes(error))
    return page.go(url_for("people.person", person_id=person_id), say("Added."))


@blueprint.get("/people/<person_id>")
def person(person_id: str) -> page.Answer:
    """One person: contacts, roles, account."""
    with page.reading() as (uow, actor):
        return _person_page(uow, actor, person_id, None, ())


@blueprint.post("/people/<person_id>")
def change(person_id: str) -> page.Answer:
    """Change name and contacts."""
    changes = {name: request.form.get(name, "").strip() for name in ("name", "email", "phone")}
    try:
        page.act(lambda uow, actor: people.change(uow, actor, person_id, **changes))
    except Invalid as error:
        with page.reading() as (uow, actor):
            return _person_page(uow, actor, person_id, changes, _mistakes(error))
    return page.go(url_for("people.person", person_id=person_id), say("Saved."))


@blueprint.post("/people/<person_id>/roles")
def give_role(person_id: str) -> AnyResponse:
    """Give a program role."""
    page.act(lambda uow, actor: people.give_role(uow, actor, person_id, request.form.get("role", "")))
    return page.go(url_for("people.person", person_id=person_id), say("The role was given."))


@blueprint.post("/people/<person_id>/roles/<role>/end")
def end_role(person_id: str, role: str) -> AnyResponse:
    """End a program role now."""
    page.act(lambda uow, actor: people.end_role(uow, actor, person_id, role))
    return page.go(url_for("people.person", person_id=person_id), say("The role has ended."))


@blueprint.post("/people/<person_id>/account")
def give_account(person_id: str) -> page.Answer:
    """Let somebody sign in, or give whoever does a new password; all their sessions end then."""
    login, password = _text("login"), request.form.get("password") or None

    def work(uow: UnitOfWork, actor: Actor) -> None:
        found = people.get(uow, actor, person_id)
        if found.account_id is None:
            accounts.add_account(uow, actor, person_id, login or "", password)
        else:
            accounts.set_password(uow, actor, found.account_id, password or "")

    try:
        page.act(work)
    except (Invalid, Conflict) as error:
        with page.reading() as (uow, actor):
            return _person_page(uow, actor, person_id, None, _mistakes(error))
    return page.go(url_for("people.person", person_id=person_id), say("Saved; the person signs in with it from now on."))


@blueprint.post("/people/<person_id>/deactivation")
def deactivate(person_id: str) -> AnyResponse:
    """End the person's access at once; their open tasks say that nobody can do them."""
    page.act(lambda uow, actor: people.deactivate(uow, actor, person_id))
    return page.go(url_for("people.person", person_id=person_id), say("Deactivated: the person can no longer sign in."))


@blueprint.post("/people/<person_id>/reactivation")
def reactivate(person_id: str) -> AnyResponse:
    """Let the person sign in again."""
    page.act(lambda uow, actor: people.reactivate(uow, actor, person_id))
    return page.go(url_for("people.person", person_id=person_id), say("Active again."))


def _mistakes(error: Invalid | Conflict) -> tuple[FieldError, ...]:
    """What is wrong, at its fields; the one conflict there can be is a sign-in name that is taken."""
    if isinstance(error, Conflict):
        return (FieldError("/login", error.code, error.message),)
    return error.errors or (FieldError("", error.code, error.message),)


def _text(name: str) -> str | None:
    return request.form.get(name, "").strip() or None


def _summary(errors: tuple[FieldError, ...]) -> list[tuple[str | None, str]]:
    return [(fields.field_id(e.path) if e.path else None, e.message) for e in errors]


def _new_page(uow: UnitOfWork, actor: Actor, given: object, errors: tuple[FieldError, ...]) -> Response:
    values: dict[str, object] = {"given": given, "roles": people.roles(uow, actor), "languages": speech.readable(uow, actor).items()}
    values |= {"errors": _summary(errors), "wrong": fields.errors_by_path(errors), "least": accounts.LEAST}
    return page.render("people/new.html", uow, actor, here="people", status=422 if errors else 200, **values)


def _person_page(uow: UnitOfWork, actor: Actor, person_id: str, given: object, errors: tuple[FieldError, ...]) -> Response:
    found: PersonLine = people.get(uow, actor, person_id)
    values: dict[str, object] = {"person": found, "given": given or found, "roles": people.roles(uow, actor)}
    values |= {"errors": _summary(errors), "tried": _text("login")}
    values |= {"wrong": fields.errors_by_path(errors), "least": accounts.LEAST}
    return page.render("people/person.html", uow, actor, here="people", status=422 if errors else 200, **values)
