"""Tasks of several cases given to somebody else, from the list of cases; what becomes of each is said before."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for

from api.web import fields, page
from engine.language import say, say_many
from engine.model.errors import FieldError, Invalid
from engine.operations.supervision import reassigning
from engine.operations.supervision.reassigning import Given

blueprint = Blueprint("reassigning", __name__)
#: stands for everybody in the role; no id is like it
_ALL = "nobody"


@blueprint.get("/cases/tasks/assignment")
def ask() -> page.Answer:
    """The open tasks of the chosen cases, and what would become of those that are ticked."""
    return _page(())


@blueprint.post("/cases/tasks/assignment")
def do() -> page.Answer:
    """Give them; those that are refused are named with the reason."""
    tasks, reason = request.form.getlist("task"), request.form.get("reason", "")
    try:
        found = page.act(lambda uow, actor: reassigning.give(uow, actor, tasks, _person(), reason))
    except Invalid as error:
        return _page(error.errors)
    refused = [one for one in found if one.refused]
    said = say_many("{n} task done.", "{n} tasks done.", len(found) - len(refused))
    for one in refused[:5]:
        said += " " + say("Not “{name}”: {why}", name=one.line.task.name if one.line else say("a task"), why=one.refused)
    return page.go(page.back(url_for("all_cases.show")), said, tone="wrong" if refused else "done")


def _person() -> str | None:
    chosen = request.values.get("person", "")
    return None if chosen == _ALL else chosen


def _page(errors: tuple[FieldError, ...]) -> Response:
    cases, tasks = request.values.getlist("case"), request.values.getlist("task")
    found: tuple[Given, ...] = ()
    if request.values.get("person"):
        try:
            found = page.rehearse(lambda uow, actor: reassigning.give(uow, actor, tasks, _person(), "", preview=True))
        except Invalid as error:
            errors = errors or error.errors
    with page.reading() as (uow, actor):
        lines = reassigning.open_tasks(uow, actor, cases)
        people = reassigning.people(uow, actor, [line.task.id for line in lines])
        values: dict[str, Any] = {"lines": lines, "people": people, "cases": cases, "chosen": tasks, "all": _ALL, "found": found}
        values["back"] = page.back(url_for("all_cases.show"))
        values |= {"person": request.values.get("person", ""), "reason": request.values.get("reason", "")}
        values |= {"name": dict(people).get(request.values.get("person", "")), "wrong": fields.errors_by_path(errors)}
        values["errors"] = [(fields.field_id(one.path), one.message) for one in errors]
        return page.render("board/reassign.html", uow, actor, here="cases", status=422 if errors else 200, **values)
