"""One user task: what to do and why, its form, drafts, and sending it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api import auth
from api.web import drafting, drawn, fields, page, uploads
from engine import clock, forms
from engine.language import Pattern, dated, say, told
from engine.model.access import Actor
from engine.model.errors import FieldError, FormChanged, FormInvalid, Invalid, NotRunning, PreconditionFailed, TaskNotOpen
from engine.model.forms import Form, Mode
from engine.model.instances import UserTask
from engine.model.views import TaskPage
from engine.operations import labels, me, signing
from engine.operations.content import readings
from engine.operations.tasks import task_lists, user_tasks
from engine.schemas import pointer
from engine.store import UnitOfWork

blueprint = Blueprint("task", __name__)

#: from more fields than this on, a form is saved section by section
_MANY = 8
#: buttons that keep the draft and stay on the page: for later, and to add or take away a file
_KEEPING = frozenset({"_save", "_attach", "_detach"})

#: answers by name, as far as they could be read
Answers = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a task page shows beside what operations answer: answers, mistakes, and rows asked for without script."""

    answers: Answers
    errors: tuple[FieldError, ...] = ()
    least_rows: Mapping[str, int] | None = None
    status: int = 200
    #: another draft was kept after the page was made, and is shown beside these answers
    stale: bool = False
    #: these answers come out of the browser and are in no draft yet
    restored: bool = False


@blueprint.get("/tasks/<task_id>")
def show(task_id: str) -> page.Answer:
    """The task with what was typed into it before."""
    with page.reading() as (uow, actor):
        found = task_lists.page(uow, actor, task_id)
        page.opens(uow, actor, found.line.task.case_id)
        who = me.get(uow, actor)
        answers = found.draft if found.draft is not None else _fresh(found, who.name, who.timezone)
        return _render(uow, actor, found, Shown(answers))


@blueprint.post("/tasks/<task_id>")
def complete(task_id: str) -> page.Answer:
    """Send the form, or keep it for later; with mistakes the page comes back with everything that was typed."""
    with page.reading() as (uow, actor):
        found = task_lists.page(uow, actor, task_id)
    answers, wrong = uploads.take(found, drafting.posted(found))
    with page.reading() as (uow, actor):
        found = task_lists.page(uow, actor, task_id) if request.files else found
        if wrong:
            return _render(uow, actor, found, Shown(answers, wrong, status=422))
        if "_add" in request.form or "_remove" in request.form:
            return _render(uow, actor, found, _with_rows(answers))
        if "_restore" in request.form:
            return _render(uow, actor, found, Shown(answers, restored=True))
        if drafting.is_stale(found, answers):
            return _render(uow, actor, found, Shown(answers, status=409, stale=True))
        try:
            drafting.require_same_edition(found)
        except FormChanged as changed:
            return _render(uow, actor, found, _changed(answers, changed))
    if "_detach" in request.form:
        answers = uploads.drop(found, answers, request.form["_detach"])
    if _KEEPING & request.form.keys():
        return _save(found, answers)
    try:
        done = page.act(lambda uow, actor: _complete(uow, actor, found, answers))
    except FormChanged as changed:  # between the look above and the act
        return _again(task_id, _changed(answers, changed))
    except NotRunning as stopped:
        return _again(task_id, _changed(answers, stopped))
    except FormInvalid as error:
        return _again(task_id, Shown(answers, error.errors, status=422))
    except Invalid as error:
        whole = (FieldError("", error.code, error.message), *error.errors)
        return _again(task_id, Shown(answers, whole, status=422))
    except TaskNotOpen:
        if not _was_mine(task_id):
            raise
        said = say("You sent this task before, and that arrived. Nothing was sent a second time.")
        return page.go(url_for("task.show", task_id=task_id), said, tone="wrong")
    return page.go(url_for("inbox.show"), say("Done: “{name}” is complete and the procedure has moved on.", name=done.name))


def _was_mine(task_id: str) -> bool:
    """Whether who sends this again completed the task: a button pressed twice, or a page from before."""
    with page.reading() as (uow, actor):
        return task_lists.page(uow, actor, task_id).line.task.completed_by == actor.person_id


def offer_again(task_id: str) -> Response:
    """The page with what was typed, after its writer signed in anew: nothing of it was kept or sent yet."""
    with page.reading() as (uow, actor):
        found = task_lists.page(uow, actor, task_id)
        answers = drafting.posted(found)
        anew = FieldError("", "signed-in-anew", say("You signed in anew after this page was opened. Look through it, then send it."))
        return _render(uow, actor, found, Shown(answers, (anew,), status=409, stale=drafting.is_stale(found, answers)))


def _complete(uow: UnitOfWork, actor: Actor, found: TaskPage, answers: Answers) -> UserTask:
    task_id, way = found.line.task.id, drafting.mode(found)
    edition = drafting.edition() or ""
    return user_tasks.complete(uow, actor, task_id, answers, mode=way, signed=_signed(), edition=edition)


def _changed(answers: Answers, changed: FormChanged | NotRunning) -> Shown:
    return Shown(answers, (FieldError("", changed.code, changed.message),), status=409)


def _signed() -> signing.Way:
    given = request.form.get("_signed", "")
    return signing.Way(given if given in signing.METHODS else "", drawn.posted(), request.form.get(readings.CODE, ""))


def _save(found: TaskPage, answers: dict[str, object]) -> page.Answer:
    """Keep the draft and go on with the section after the one whose button was pressed."""
    task_id = found.line.task.id
    try:
        drafting.keep(found, answers)
    except PreconditionFailed:
        return _again(task_id, Shown(answers, status=409, stale=True))
    following = request.form.get("_save", "")
    anchor = f"section-{following}" if following.isdecimal() and len(following) < 4 else None
    if field := request.form.get("_attach") or request.form.get("_detach"):
        anchor = fields.field_id(pointer(forms.files.path_of(field)))
    with page.reading() as (uow, actor):
        now = clock.now().astimezone(ZoneInfo(me.get(uow, actor).timezone))
    said = say("Saved {time}", time=dated(now, Pattern.TIME))
    if drawn.beside_draft():
        flash(told(said), "done")
        return _again(task_id, Shown(answers))
    target = url_for("task.show", task_id=task_id, mode=request.form.get("_mode") or None, _anchor=anchor)
    return page.go(target, said)


def _again(task_id: str, shown: Shown) -> Response:
    with page.reading() as (uow, actor):
        return _render(uow, actor, task_lists.page(uow, actor, task_id), shown)


@blueprint.post("/tasks/<task_id>/claim")
def claim(task_id: str) -> AnyResponse:
    """Take a task that is offered to one's roles."""
    page.act(lambda uow, actor: user_tasks.claim(uow, actor, task_id))
    return page.go(url_for("task.show", task_id=task_id), say("The task is yours now."))


@blueprint.post("/tasks/<task_id>/release")
def release(task_id: str) -> AnyResponse:
    """Give a task back to its role."""
    page.act(lambda uow, actor: user_tasks.release(uow, actor, task_id))
    return page.go(url_for("inbox.show"), say("You gave the task back; others in the role can take it."))


def _form(found: TaskPage) -> Form | None:
    return found.form if isinstance(found.form, Form) else None


def _fresh(found: TaskPage, name: str, zone: str) -> dict[str, object]:
    """What stands in a form that nobody has typed into yet."""
    form = _form(found)
    if form is None:
        return {}
    now = clock.now().astimezone(ZoneInfo(zone))
    begun = forms.initial(form, now=now, actor=name, mode=drafting.mode(found), writable=found.writable.__contains__)
    return {**begun, **found.begins}


def _with_rows(answers: Answers) -> Shown:
    """The same answers with one row more, or one less, of a repeat; for pages without script."""
    added, removed = request.form.get("_add"), request.form.get("_remove", "")
    if added:
        given = answers.get(added)
        return Shown(answers, least_rows={added: (len(given) if isinstance(given, list) else 0) + 1})
    name, _, number = removed.rpartition("-")
    rows = answers.get(name)
    if not isinstance(rows, list) or not number.isdecimal():
        return Shown(answers)
    return Shown({**answers, name: [row for n, row in enumerate(rows) if n != int(number)]})


def _render(uow: UnitOfWork, actor: Actor, found: TaskPage, shown: Shown) -> Response:
    form = _form(found)
    values: dict[str, object] = {"page": found, "form": form, "mode": drafting.mode(found), "sections": (), "errors": (), "shown": shown}
    if form is not None:
        may_write = found.writable.__contains__
        offered = forms.offered_fields(form, drafting.mode(found), may_write)
        applying = forms.visible_fields(form, shown.answers, drafting.mode(found), may_write)
        classes = sorted({field.cls for field in offered})
        filled = fields.Filled(
            values=shown.answers,
            errors=fields.errors_by_path(shown.errors),
            choices=found.choices,
            labels=dict(found.class_labels),
            applying=frozenset(field.name for field in applying),
            least_rows=shown.least_rows or {},
            files=found.files,
            drawn=drawn.again(),
        )
        values["sections"] = fields.sections(form, offered, filled)
        values["errors"] = fields.summary(form, shown.errors)
        values["elsewhere"] = labels.labelled(form, found.draft, fields.people(found.choices)) if shown.stale and found.draft else ()
        values["edition"] = found.edition
        values["whose"] = auth.mark(found.line.task.id)
        values["signs"] = bool(forms.signing.fields(form)) and drafting.mode(found) is Mode.ON_BEHALF
        values["signed_way"] = request.form.get("_signed", "")
        values["paper_code"] = request.form.get(readings.CODE, "")
        values["takes_files"] = forms.files.has_files(form)
        values["by_section"] = len(form.sections) > 1 and len(offered) > _MANY
        values["audiences"] = [(cls, found.class_labels.get(cls, cls), found.audiences.get(cls, "")) for cls in classes]
    return page.render("task/page.html", uow, actor, here="inbox", status=shown.status, **values)
