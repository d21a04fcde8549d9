"""Away: when somebody is away and who stands in; one's own page, and for who manages people everybody's."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.web import fields, page
from engine import clock
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import Conflict, FieldError, Invalid
from engine.operations import me
from engine.operations.people import absences
from engine.operations.people.absences import NewStandIn
from engine.store import UnitOfWork

blueprint = Blueprint("away", __name__)

#: lines for people who stand in
_LINES = 3


@blueprint.get("/away")
def show() -> page.Answer:
    """When one is away, or with `person` somebody else."""
    with page.reading() as (uow, actor):
        return _page(uow, actor, ())


@blueprint.post("/away")
def add() -> page.Answer:
    """Say that somebody is away."""
    try:
        page.act(_add)
    except (Invalid, Conflict) as error:
        with page.reading() as (uow, actor):
            return _page(uow, actor, _mistakes(error))
    return page.go(url_for("away.show", person=request.args.get("person")), say("Kept. Your tasks are shown to who stands in meanwhile."))


@blueprint.post("/away/<absence_id>/end")
def end(absence_id: str) -> AnyResponse:
    """Call it off."""
    page.act(lambda uow, actor: absences.end(uow, actor, absence_id))
    return page.go(url_for("away.show", person=request.args.get("person")), say("Ended. Nobody stands in any more."))


def _add(uow: UnitOfWork, actor: Actor) -> None:
    zone = ZoneInfo(me.get(uow, actor).timezone)
    first = _day("first")
    last = _day("last")
    names = ("person", "role", "pack")
    lines = [[request.form.get(f"{name}-{number}", "").strip() or None for name in names] for number in range(_LINES)]
    absences.away(
        uow,
        actor,
        request.args.get("person") or actor.person_id,
        from_at=datetime.combine(first, time(), tzinfo=zone).astimezone(UTC),
        to_at=datetime.combine(last + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC),
        stand_ins=[NewStandIn(person, role, pack) for person, role, pack in lines if person is not None],
    )


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, "").strip())
    except ValueError as wrong:
        message = say("Enter a date as year-month-day.")
        raise Invalid(message, (FieldError(f"/{name}", "date", message),)) from wrong


def _mistakes(error: Invalid | Conflict) -> tuple[FieldError, ...]:
    """What is wrong, at the fields of the page."""
    if isinstance(error, Conflict):
        return (FieldError("/person-0", error.code, error.message),)
    return tuple(FieldError(_place(one.path), one.code, one.message) for one in error.errors) or (
        FieldError("", error.code, error.message),
    )


def _place(path: str) -> str:
    """The field of the page for a path of the operation: a line's `/stand_ins/1/role` is `/role-1`."""
    parts = path.strip("/").split("/")
    if parts[0] != "stand_ins":
        return {"to_at": "/last", "from_at": "/first"}.get(parts[0], path)
    return f"/{parts[2].removesuffix('_id')}-{parts[1]}" if len(parts) == 3 else "/person-0"


def _page(uow: UnitOfWork, actor: Actor, errors: tuple[FieldError, ...]) -> page.Answer:
    other = request.args.get("person") or None
    own = absences.list_(uow, actor, other or actor.person_id)
    manages = actor.administrator or "person.manage" in me.get(uow, actor).acts
    everybody = absences.list_(uow, actor) if manages and other is None else ()
    zone = ZoneInfo(me.get(uow, actor).timezone)
    values: dict[str, Any] = {"form": absences.form(uow, actor), "own": own, "everybody": everybody, "given": request.form}
    values |= {"errors": [(fields.field_id(e.path) if e.path else None, e.message) for e in errors], "lines": range(_LINES)}
    values |= {"wrong": fields.errors_by_path(errors), "today": clock.now().astimezone(zone).date().isoformat(), "other": other}
    values["last_day"] = lambda moment: moment - timedelta(microseconds=1)
    return page.render("people/away.html", uow, actor, status=422 if errors else 200, **values)
