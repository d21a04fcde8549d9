"""Reminders of a step for the diagram room: they belong to the pack, and are given where the step is drawn."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request

from api.web import page
from api.web.studio import knowledge
from engine.language import told
from engine.model.access import Actor
from engine.model.errors import BadRequest
from engine.model.packs import DeadlineRule
from engine.operations.drafting import reminders
from engine.operations.drafting.reminders import NoReminder, Reminder, When
from engine.store import UnitOfWork

blueprint = Blueprint("pack_reminders", __name__, url_prefix="/procedures/changes/<change_id>/reminders/<process>/<element>")

_SHAPE = "Send JSON: {when: after, before or late, length, times, to, notice, due}."


@blueprint.post("")
def add(change_id: str, process: str, element: str) -> Response:
    """`{when, length, times, to, notice?, due?}`: one more reminder. Answers all deadline rules, 422 with a sentence for what is none."""
    wanted = _wanted()
    return _answer(lambda uow, actor: reminders.add(uow, actor, change_id, f"{process}/{element}", wanted))


@blueprint.delete("/<int:number>")
def take_out(change_id: str, process: str, element: str, number: int) -> Response:
    """Take one out; `?was=` is the mark of the ladder that was looked at. 409 when it is another one meanwhile."""
    was = request.args.get("was", "")
    return _answer(lambda uow, actor: reminders.take_out(uow, actor, change_id, f"{process}/{element}", number, was))


@blueprint.delete("")
def share(change_id: str, process: str, element: str) -> Response:
    """Give up the step's own ones for those of all other steps."""
    return _answer(lambda uow, actor: reminders.share(uow, actor, change_id, f"{process}/{element}"))


def _wanted() -> Reminder:
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or body.get("when") not in list(When):
        raise BadRequest(_SHAPE)
    texts = [body.get(name) for name in ("length", "to", "notice", "due")]
    times = body.get("times", 1)
    if not all(one is None or isinstance(one, str) for one in texts) or not isinstance(times, int) or isinstance(times, bool):
        raise BadRequest(_SHAPE)
    length, to, notice, due = texts
    return Reminder(When(body["when"]), length or "", times, to or "assignee", notice or None, due or None)


def _answer(work: Callable[[UnitOfWork, Actor], tuple[DeadlineRule, ...]]) -> Response:
    try:
        rules = page.act(work)
    except NoReminder as wrong:
        answer = jsonify(code=wrong.code, message=told(wrong.message))
        answer.status_code = 422
        return answer
    return jsonify(deadline_rules=knowledge.deadline_rules(rules))
