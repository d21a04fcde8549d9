"""One act on one task or many, with one page that says before what becomes of each; and how urgent a task is.

Handing over and looking again later lead here from a task's own page too.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.web import fields, page
from engine import clock
from engine.language import noted, say, say_many
from engine.model.access import Actor
from engine.model.errors import BadRequest, FieldError, Invalid
from engine.operations import me
from engine.operations.people import walls
from engine.operations.tasks import handing_over, task_batches, task_lists
from engine.operations.tasks.task_batches import NOBODY, Batch, BatchAct, Outcome
from engine.store import UnitOfWork

blueprint = Blueprint("batch", __name__)

TITLES = noted({
    BatchAct.CLAIM: "Take these tasks?",
    BatchAct.RELEASE: "Give these tasks back?",
    BatchAct.HAND_OVER: "Hand over",
    BatchAct.FOLLOW_UP: "Look again later",
})
BECOMES = noted({
    BatchAct.CLAIM: "It becomes yours.",
    BatchAct.RELEASE: "It goes back to everybody in its role.",
    BatchAct.HAND_OVER: "It goes to {person}.",
    BatchAct.FOLLOW_UP: "It comes up again.",
})
BUTTONS = noted({
    BatchAct.CLAIM: "Take them",
    BatchAct.RELEASE: "Give them back",
    BatchAct.HAND_OVER: "Hand over",
    BatchAct.FOLLOW_UP: "Look again then",
})
#: the words for a priority, with the number that each stands for
URGENCIES = noted({90: "High", 50: "As usual", 10: "It can wait"})
#: the hour, in the program's time zone, at which a task comes up again
_MORNING = time(8)


@blueprint.get("/inbox/batch")
def ask() -> page.Answer:
    """What would become of each chosen task, and what the act still needs to know; without an act, the list to choose in."""
    return _page(()) if request.args.get("act") else redirect(url_for("inbox.show"))


@blueprint.post("/inbox/batch")
def do() -> page.Answer:
    """Do it to each; those that are refused are named with the reason."""
    try:
        batch = _batch(page.rehearse(_zone))
        found = page.act(lambda uow, actor: task_batches.act(uow, actor, batch))
    except Invalid as error:
        return _page(error.errors)
    refused = [one for one in found if one.refused]
    said = say_many("{n} task done.", "{n} tasks done.", len(found) - len(refused))
    for one in refused[:5]:
        said += " " + say("Not “{name}”: {why}", name=one.line.task.name if one.line else say("a task"), why=one.refused)
    return page.go(_back(found), said, tone="wrong" if refused else "done")


@blueprint.get("/tasks/<task_id>/priority")
def ask_priority(task_id: str) -> page.Answer:
    """Choose how urgent a task is."""
    with page.reading() as (uow, actor):
        found = task_lists.page(uow, actor, task_id)
        return page.render("task/priority.html", uow, actor, here="inbox", page=found, urgencies=URGENCIES)


@blueprint.post("/tasks/<task_id>/priority")
def set_priority(task_id: str) -> AnyResponse:
    """Set how urgent a task is."""
    typed = request.form.get("priority", "")
    if not typed.isdecimal():
        raise BadRequest(say("Choose how urgent the task is."))
    page.act(lambda uow, actor: handing_over.prioritise(uow, actor, task_id, int(typed[:4])))
    return page.go(url_for("task.show", task_id=task_id), say("Saved."))


def _zone(uow: UnitOfWork, actor: Actor) -> ZoneInfo:
    return ZoneInfo(me.get(uow, actor).timezone)


def _batch(zone: ZoneInfo) -> Batch:
    """What was asked for; no date given yet is tomorrow, an empty one means no more.

    Raises BadRequest for an act that nobody offers, Invalid for what is no date.
    """
    given = request.values
    act = next((one for one in BatchAct if one == given.get("act")), None)
    if act is None:
        raise BadRequest(say("Choose in the inbox what is to be done with the tasks."))
    at = _morning(given.get("at", _tomorrow(zone)).strip(), zone) if act is BatchAct.FOLLOW_UP else None
    return Batch(act, tuple(given.getlist("task")), given.get("person") or None, given.get("note", "").replace("\r\n", "\n"), at)


def _tomorrow(zone: ZoneInfo) -> str:
    return (clock.now().astimezone(zone) + timedelta(days=1)).date().isoformat()


def _morning(text: str, zone: ZoneInfo) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), _MORNING, zone).astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        message = say("Enter a date as year-month-day.")
        raise Invalid(message, (FieldError("/at", "date", message),)) from wrong


def _page(errors: tuple[FieldError, ...]) -> Response:
    """The one page that asks for confirmation; what is still open stands on it as a field."""
    found: tuple[Outcome, ...] = ()
    zone = page.rehearse(_zone)
    offered: dict[str, Any] = {"takers": (), "goes_back": False}
    try:
        batch = _batch(zone)
        if batch.act is BatchAct.HAND_OVER:
            offered = page.rehearse(lambda uow, actor: _offered(uow, actor, batch))
        if batch.act is not BatchAct.HAND_OVER or batch.person_id or not batch.task_ids:
            found = page.rehearse(lambda uow, actor: task_batches.act(uow, actor, batch))
    except Invalid as error:
        errors = errors or error.errors
    act = BatchAct(request.values["act"])
    for case_id in {one.walled for one in found if one.walled}:
        _write_down(case_id)
    person = request.values.get("person", "")
    becomes = BatchAct.RELEASE if act is BatchAct.HAND_OVER and person == NOBODY else act
    values: dict[str, Any] = {"act": act, "found": found, "ids": tuple(dict.fromkeys(request.values.getlist("task"))), **offered}
    values |= {"title": TITLES[act], "becomes": BECOMES[becomes], "go_on": BUTTONS[becomes], "given": request.values, "back": _back(found)}
    values |= {"person": dict(offered["takers"]).get(person), "wrong": fields.errors_by_path(errors), "nobody": NOBODY}
    values["at"] = request.values.get("at", _tomorrow(zone))
    values["errors"] = [(fields.field_id(one.path) if one.path in ("/person", "/at", "/note") else None, one.message) for one in errors]
    with page.reading() as (uow, actor):
        return page.render("inbox/batch.html", uow, actor, here="inbox", status=422 if errors else 200, **values)


def _offered(uow: UnitOfWork, actor: Actor, batch: Batch) -> dict[str, Any]:
    """To whom the tasks can go, and whether any can go back to its role."""
    takers = task_batches.takers(uow, actor, batch.task_ids)
    return {"takers": takers, "goes_back": task_batches.can_go_back(uow, actor, batch.task_ids)}


def _write_down(case_id: str) -> None:
    """That somebody asked for a task behind a wall; what is only tried out keeps nothing."""
    page.act(lambda uow, actor: walls.met(uow, actor, case_id, "task_batch"))


def _back(found: tuple[Outcome, ...]) -> str:
    """To the list where the tasks were chosen; a single one that stays in sight back to its page."""
    if request.values.get("from") == "task" and len(found) == 1 and not found[0].refused and request.values.get("act") == "follow-up":
        return url_for("task.show", task_id=found[0].task_id)
    return url_for("inbox.show")
