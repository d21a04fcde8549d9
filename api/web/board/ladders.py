"""Ladders of deadlines: for each rule what it did and will do next, by case; one step can be waived."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for

from api.web import page
from engine.language import say
from engine.model.access import Actor
from engine.model.errors import Conflict, Invalid, NotFound
from engine.model.lists import Page
from engine.operations.supervision import rungs
from engine.store import UnitOfWork

blueprint = Blueprint("ladders", __name__)
_LINES = 25
_COMING = ("next", "ahead")


@blueprint.get("/ladders")
def show() -> page.Answer:
    """The tasks on whose ladder a rule stands; of the first rule when none is chosen."""
    with page.reading() as (uow, actor):
        known = rungs.rules(uow, actor)
        chosen = request.args.get("rule") or (known[0].key if known else "")
        ladders = rungs.standing(uow, actor, chosen, cursor=page.cursor(), limit=_LINES) if chosen else Page(())
        return page.render("board/ladders.html", uow, actor, here="board", rules=known, chosen=chosen, ladders=ladders)


@blueprint.get("/ladders/<task_id>/steps/<int:number>/waiver")
def ask(task_id: str, number: int) -> page.Answer:
    """Ask for the reason before a step is waived."""
    with page.reading() as (uow, actor):
        return _ask(uow, actor, task_id, number)


def _ask(uow: UnitOfWork, actor: Actor, task_id: str, number: int, wrong: str = "") -> Response:
    ladder = rungs.of_task(uow, actor, task_id)
    step = next((one for one in ladder.steps if one.number == number and one.state in _COMING), None)
    if step is None and any(one.number == number for one in ladder.steps):
        raise Conflict(say("This step was done or waived already. The case shows its ladder as it is now."))
    if step is None or not ladder.may_waive:
        raise NotFound(say("This step does not come any more. Look at the ladder again."))
    after = next((one for one in ladder.steps if one.state in _COMING and one.at >= step.at and one != step), None)
    values: dict[str, Any] = {"ladder": ladder, "step": step, "after": after, "wrong": wrong}
    values["back"] = page.back(url_for("case.show", case_id=ladder.case_id))
    return page.render("board/waive.html", uow, actor, here="board", status=422 if wrong else 200, **values)


@blueprint.post("/ladders/<task_id>/steps/<int:number>/waiver")
def waive(task_id: str, number: int) -> page.Answer:
    """Waive a step, with a reason."""
    reason = request.form.get("reason", "")
    try:
        ladder = page.act(lambda uow, actor: rungs.waive(uow, actor, task_id, number, reason))
    except Invalid as error:
        with page.reading() as (uow, actor):
            return _ask(uow, actor, task_id, number, error.errors[0].message if error.errors else error.message)
    said = say("Waived. The step will not be done; the others come at their own times.")
    return page.go(page.back(url_for("case.show", case_id=ladder.case_id)), said)
