"""Walls: who is kept from which case; put one up, take one down with a second person."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.web import fields, page
from engine import clock
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import Conflict, FieldError, Invalid, NotFound
from engine.operations import me
from engine.operations.cases import wall_acts
from engine.store import UnitOfWork

blueprint = Blueprint("keeping", __name__)


@blueprint.get("/walls")
def show() -> page.Answer:
    """All walls, with how often somebody ran into them."""
    with page.reading() as (uow, actor):
        lines = wall_acts.list_(uow, actor, cursor=page.cursor(), limit=50)
        between = wall_acts.between(uow, actor) if page.cursor() is None else ()
        return page.render("people/walls.html", uow, actor, here="walls", lines=lines, between=between)


@blueprint.get("/walls/new")
def ask() -> page.Answer:
    """Who, from which case, why. The case comes first, since its page part depends on it."""
    with page.reading() as (uow, actor):
        return _form_page(uow, actor, ())


@blueprint.post("/walls/new")
def add() -> page.Answer:
    """Put a wall up."""
    try:
        page.act(_add)
    except (Invalid, Conflict) as error:
        with page.reading() as (uow, actor):
            return _form_page(uow, actor, _mistakes(error))
    return page.go(url_for("keeping.show"), say("The wall is put up: from its first day on the person sees nothing of it."))


def _add(uow: UnitOfWork, actor: Actor) -> None:
    reach, other = request.form.get("reach", "case"), request.args.get("other")
    wall_acts.add(
        uow,
        actor,
        person_id=request.form.get("person_id", ""),
        reason=request.form.get("reason", ""),
        case=request.args.get("case") if reach == "case" and not other else None,
        participant_id=reach if reach != "case" and not other else None,
        other_id=other or None,
        since=_start_of(request.form.get("since", ""), me.get(uow, actor).timezone),
        until=_end_of(request.form.get("until", ""), me.get(uow, actor).timezone),
    )


def _start_of(day: str, zone: str) -> datetime | None:
    """The beginning of a day in the program's time zone, today's is now; None for no day."""
    begins = _midnight(day, 0, zone, "/since")
    if begins is not None and begins < datetime.combine(clock.now().astimezone(ZoneInfo(zone)), time(), tzinfo=ZoneInfo(zone)):
        message = say("Choose today or a day to come, or leave it empty.")
        raise Invalid(message, (FieldError("/since", "past", message),))
    return begins


def _end_of(day: str, zone: str) -> datetime | None:
    """The end of a day in the program's time zone; None for no day."""
    return _midnight(day, 1, zone, "/until")


def _midnight(day: str, after: int, zone: str, path: str) -> datetime | None:
    if not day.strip():
        return None
    try:
        found = datetime.strptime(day.strip(), "%Y-%m-%d").date()  # noqa: DTZ007 - the zone follows
        return datetime.combine(found + timedelta(days=after), time(), tzinfo=ZoneInfo(zone))
    except (ValueError, OverflowError) as wrong:
        message = say("Enter a date as year-month-day, or leave it empty.")
        raise Invalid(message, (FieldError(path, "date", message),)) from wrong


@blueprint.post("/walls/<wall_id>/clearing")
def ask_clearing(wall_id: str) -> AnyResponse:
    """Ask to take it down."""
    page.act(lambda uow, actor: wall_acts.ask_clearing(uow, actor, wall_id))
    return page.go(url_for("keeping.show"), say("Asked. It stands until somebody else agrees."))


@blueprint.post("/walls/<wall_id>/keeping")
def keep(wall_id: str) -> AnyResponse:
    """Let it stand."""
    page.act(lambda uow, actor: wall_acts.keep(uow, actor, wall_id))
    return page.go(url_for("keeping.show"), say("The wall stays."))


@blueprint.post("/walls/<wall_id>/clearance")
def clear(wall_id: str) -> AnyResponse:
    """Agree as a second person."""
    page.act(lambda uow, actor: wall_acts.clear(uow, actor, wall_id))
    return page.go(url_for("keeping.show"), say("The wall came down. Who should work on the case again has to be added to it."))


@blueprint.get("/still")
def still() -> page.Answer:
    """Whether a case, or a task of it, may still be seen: what open pages ask, so that access ends in them too. 204 or 404."""
    case_id, task_id = request.args.get("case_id", ""), request.args.get("task")
    with page.reading() as (uow, actor):
        return Response(status=204 if wall_acts.still_seen(uow, actor, case_id, task_id) else 404)


def _mistakes(error: Invalid | Conflict) -> tuple[FieldError, ...]:
    if isinstance(error, Conflict):
        return (FieldError("", error.code, error.message),)
    return error.errors or (FieldError("", error.code, error.message),)


def _form_page(uow: UnitOfWork, actor: Actor, errors: tuple[FieldError, ...]) -> page.Answer:
    """The form; a number that no case has is told at the field where it was typed."""
    number = request.args.get("case", "").strip()
    try:
        form = wall_acts.form(uow, actor, case=number or None, other=request.args.get("other") or None)
    except NotFound as error:
        if not number:
            raise
        form = wall_acts.form(uow, actor)
        errors = (FieldError("/case", error.code, error.message),)
    values: dict[str, object] = {"form": form, "number": number, "given": request.form, "reasons": wall_acts.REASONS}
    values |= {"errors": [(fields.field_id(e.path) if e.path else None, e.message) for e in errors]}
    values |= {"wrong": fields.errors_by_path(errors)}
    return page.render("people/wall.html", uow, actor, here="walls", status=422 if errors else 200, **values)
