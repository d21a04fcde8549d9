"""What is typed into a task's form before it is sent: kept as a draft, told to other tabs, and sealed in the browser.

A page names the draft it began from in `_version`. When a newer one was kept meanwhile, from another tab or device,
nothing is overwritten: the page is told, and both texts stay.
"""

from __future__ import annotations

import base64
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, make_response, request

from api import auth
from api.running import running
from api.web import page
from engine import clock, forms
from engine.language import Pattern, dated, say
from engine.model.errors import PreconditionFailed, TaskNotOpen
from engine.model.forms import Form, Mode
from engine.model.states import UserTaskState
from engine.model.views import TaskPage
from engine.operations import me
from engine.operations.content import readings
from engine.operations.people import accounts
from engine.operations.tasks import task_lists, user_tasks

blueprint = Blueprint("draft", __name__)

_Data: TypeAlias = dict[str, object]


@blueprint.put("/tasks/<task_id>/draft")
def save(task_id: str) -> Response:
    """Keep what was typed so far; answers the words that the page shows beside the form, the version as its ETag."""
    with page.reading() as (uow, actor):
        found = task_lists.page(uow, actor, task_id)
        answers = posted(found)
        zone = ZoneInfo(me.get(uow, actor).timezone)
    try:
        version = keep(found, answers)
    except PreconditionFailed:
        return elsewhere(found.draft_at, found.draft_version, zone)
    return saved(version, zone)


@blueprint.get("/tasks/<task_id>/draft/key")
def key(task_id: str) -> Response:
    """What seals typed words in this browser: a key for this account and task, given out only while the task can be worked on.

    Beside it stand whose key it is, as a code, and the token of the session, which a page that stayed open over a new
    sign-in needs.
    """
    with page.reading() as (uow, actor):
        found = task_lists.page(uow, actor, task_id)
        if found.line.task.state is not UserTaskState.OPEN or not found.modes:
            raise TaskNotOpen
    return grant(task_id)


def grant(place: str) -> Response:
    """The key for what is typed in one place by whoever is signed in; who calls has looked whether they may type there."""
    sealing = base64.b64encode(auth.key_of_session(f"typed into {place}")).decode()
    owner = auth.key_of_session("who types").hex()[:16]
    return jsonify(key=sealing, owner=owner, csrf_token=auth.csrf_token())


def saved(version: int, zone: ZoneInfo) -> Response:
    """Tells a page that what is typed was saved as this version."""
    return _tell(say("Saved {time}", time=dated(clock.now().astimezone(zone), Pattern.TIME)), version, 200)


def elsewhere(at: datetime | None, version: int, zone: ZoneInfo) -> Response:
    """Tells a page that a newer draft was saved from another one."""
    time = dated((at or datetime.min.replace(tzinfo=zone)).astimezone(zone), Pattern.TIME)
    words = say("This form was also filled in in another tab or on another device, at {time}. What you typed here stays here.", time=time)
    return _tell(words, version, 412)


def keep(found: TaskPage, answers: _Data) -> int:
    """Store a draft over the one that the page began from; its version. Raises PreconditionFailed when there is a newer one."""
    task_id, version = found.line.task.id, began()
    return page.act(lambda uow, actor: user_tasks.save_draft(uow, actor, task_id, answers, expected_version=version)).version


def keep_of(account_id: str, epoch: int, task_id: str) -> int:
    """Store what a page brings whose sign-in ran out as the draft of whom it was made for; its version.

    Raises NotSignedIn when that account may not sign in like this any more, PreconditionFailed when there is a newer draft,
    and as looking at the task does.
    """
    with running().unit_of_work() as uow:
        actor = accounts.actor_for_account(uow, account_id, epoch, via="page")
        found = task_lists.page(uow, actor, task_id)
        answers = posted(found)
        if found.draft == answers:
            return found.draft_version
        version = user_tasks.save_draft(uow, actor, task_id, answers, expected_version=began()).version
        uow.commit()
    return version


def is_stale(found: TaskPage, answers: _Data) -> bool:
    """Whether other answers than these were kept after the page was made."""
    version = began()
    return version is not None and found.draft_version > version and found.draft != answers


def require_same_edition(found: TaskPage) -> None:
    """Raises FormChanged, saying what changed, when the page showed other words or versions than there are now."""
    given = edition()
    if given is not None and isinstance(found.form, Form):
        readings.require_same(found.form, found.reads, given)


def edition() -> str | None:
    """What the posted page says that it showed."""
    return request.form.get("_form")


def posted(found: TaskPage) -> _Data:
    """The answers that a post of the form brings."""
    form = found.form
    if not isinstance(form, Form):
        return {}
    return dict(forms.parse_html(form, request.form, mode(found), found.writable.__contains__))


def mode(found: TaskPage) -> Mode:
    """For whom the form is filled in, as the address or the post says, among the ways that the reader has."""
    asked = request.form.get("_mode") or request.args.get("mode", "")  # a field of a form may be called mode
    return Mode(asked) if asked in found.modes else Mode(found.modes[0] if found.modes else "self")


def began() -> int | None:
    """The version of the draft that the page was made with."""
    given = request.form.get("_version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _tell(words: str, version: int, status: int) -> Response:
    answer = make_response(words, status)
    answer.mimetype = "text/plain"
    answer.set_etag(str(version))
    return answer
