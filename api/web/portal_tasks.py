"""A participant's own task on a small page: only the fields that apply to the answers so far, the next ones after “Continue”."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from flask import Response, request, url_for

from api.web import drafting, drawn, fields, page, portal_files, uploads
from api.web.portal import act, blueprint, onward, render, visiting
from engine import clock, forms
from engine.language import Pattern, dated, say
from engine.model.access import Actor
from engine.model.errors import FieldError, FormChanged, FormInvalid, Invalid, NotFound, NotRunning, PreconditionFailed, TaskNotOpen
from engine.model.forms import Field, Form, Mode
from engine.model.views import TaskPage
from engine.operations import labels, signing
from engine.operations.cases import portal
from engine.operations.cases.portal import Visit
from engine.store import UnitOfWork

_Answers = Mapping[str, object]
#: names of the conditional fields that a page had, so that the ones that came to apply are shown before anything is sent
_HAD = "_had"
#: buttons that keep what was typed: for later, and to add or take away a file
_KEEPING = frozenset({"_keep", "_attach", "_detach"})


@blueprint.get("/tasks/<task_id>")
def show_task(task_id: str) -> page.Answer:
    """The task, with what was typed before."""
    try:
        with visiting() as (uow, visit):
            found = portal.task(uow, visit, task_id)
            return _page(visit, found, found.draft if found.draft is not None else _fresh(found, visit))
    except TaskNotOpen:
        return _over(task_id)


@blueprint.post("/tasks/<task_id>")
def answer(task_id: str) -> page.Answer:
    """Go on to the next fields, keep it for later, or send it. Sent twice, it says twice that it came."""
    try:
        with visiting() as (uow, visit):
            found = portal.task(uow, visit, task_id)
            answers = _posted(found)
        answers, wrong = uploads.take(found, answers, _DESK)
        with visiting() as (uow, visit):
            found = portal.task(uow, visit, task_id)
            if wrong:
                return _page(visit, found, answers, errors=wrong)
            if "_add" in request.form or "_remove" in request.form or (not _KEEPING & request.form.keys() and _news(found, answers)):
                return _page(visit, found, _with_rows(answers), went_on=True, began=drafting.began())
            if drafting.is_stale(found, answers):
                return _page(visit, found, answers, stale=True)
            drafting.require_same_edition(found)
        if "_detach" in request.form:
            answers = uploads.drop(found, answers, request.form["_detach"], _DESK)
        if _KEEPING & request.form.keys():
            _keep(task_id, answers)
            if "_keep" not in request.form:
                if drawn.beside_draft():
                    return _again(task_id, answers, ())
                return page.go(url_for("portal.show_task", task_id=task_id))
            return page.go(url_for("portal.show"), say("What you typed is kept. You can go on with a new link or code, too."))
        signed, edition = signing.Way(drawn=drawn.posted()), drafting.edition() or ""
        act(lambda uow, visit: portal.complete(uow, visit, task_id, answers, signed, edition))
    except (FormChanged, NotRunning) as changed:
        return _again(task_id, answers, (FieldError("", changed.code, changed.message),), status=409)
    except FormInvalid as error:
        return _again(task_id, answers, error.errors)
    except Invalid as error:
        return _again(task_id, answers, (FieldError("", error.code, error.message), *error.errors))
    except PreconditionFailed:
        return _again(task_id, answers, (), stale=True)
    except TaskNotOpen:
        return _over(task_id)
    return onward(url_for("portal.show_done", task_id=task_id), "answered")


def _keep(task_id: str, answers: _Answers) -> None:
    began = drafting.began()
    act(lambda uow, visit: portal.keep(uow, visit, task_id, answers, expected_version=began))


@contextmanager
def _reading() -> Iterator[tuple[UnitOfWork, Actor]]:
    with visiting() as (uow, visit):
        yield uow, visit.actor


_DESK = uploads.Desk(_reading, lambda work: act(lambda uow, visit: work(uow, visit.actor)))


@blueprint.get("/tasks/<task_id>/done")
def show_done(task_id: str) -> page.Answer:
    """Thanks, with the time at which the answer came."""
    with visiting() as (uow, visit):
        found = portal.done(uow, visit, task_id)
        at = dated((found.ended_at or clock.now()).astimezone(ZoneInfo(visit.timezone)), Pattern.FULL)
        return render("portal/done.html", visit=visit, at=at)


def _over(task_id: str) -> page.Answer:
    """A task that is no longer open: the visitor's own answer came, or the procedure moved on."""
    with visiting() as (uow, visit):
        try:
            portal.done(uow, visit, task_id)
        except NotFound:
            return render("portal/over.html", visit=visit, status=409)
    return page.go(url_for("portal.show_done", task_id=task_id))


def _again(task_id: str, answers: _Answers, errors: Sequence[FieldError], *, stale: bool = False, status: int | None = None) -> Response:
    with visiting() as (uow, visit):
        return _page(visit, portal.task(uow, visit, task_id), answers, errors=errors, stale=stale, status=status)


def _form(found: TaskPage) -> Form | None:
    return found.form if isinstance(found.form, Form) else None


def _posted(found: TaskPage) -> dict[str, object]:
    form = _form(found)
    return {} if form is None else dict(forms.parse_html(form, request.form, Mode.SELF, found.writable.__contains__))


def _fresh(found: TaskPage, visit: Visit) -> dict[str, object]:
    form = _form(found)
    now = clock.now().astimezone(ZoneInfo(visit.timezone))
    if form is None:
        return {}
    begun = forms.initial(form, now=now, actor=visit.name, mode=Mode.SELF, writable=found.writable.__contains__)
    return {**begun, **found.begins}


def _applying(found: TaskPage, answers: _Answers) -> tuple[Field, ...]:
    form = _form(found)
    return () if form is None else forms.visible_fields(form, answers, Mode.SELF, found.writable.__contains__)


def _news(found: TaskPage, answers: _Answers) -> bool:
    """Whether fields apply to these answers that the page did not have."""
    had = set(request.form.getlist(_HAD))
    return any(field.show_if is not None and field.name not in had for field in _applying(found, answers))


def _with_rows(answers: dict[str, object]) -> dict[str, object]:
    """One row more, or one less, of a repeat."""
    added, removed = request.form.get("_add"), request.form.get("_remove", "")
    if added:
        given = answers.get(added)
        return {**answers, added: [*(given if isinstance(given, list) else [{}]), {}]}
    name, _, number = removed.rpartition("-")
    rows = answers.get(name)
    if not isinstance(rows, list) or not number.isdecimal():
        return answers
    return {**answers, name: [row for n, row in enumerate(rows) if n != int(number)]}


def _page(
    visit: Visit,
    found: TaskPage,
    answers: _Answers,
    *,
    errors: Sequence[FieldError] = (),
    went_on: bool = False,
    began: int | None = None,
    stale: bool = False,
    status: int | None = None,
) -> Response:
    """`began`: the draft that the answers go on from, when it is not the newest; `stale`: the newest is shown beside them."""
    values: dict[str, object] = {"task": found, "sections": (), "errors": (), "had": (), "more": False, "went_on": went_on}
    values["began"] = found.draft_version if began is None else began
    form = _form(found)
    if form is not None:
        applying = _applying(found, answers)
        values["edition"] = found.edition
        values["sections"] = fields.sections(form, applying, _filled(found, answers, applying, errors))
        values["errors"] = fields.summary(form, errors)
        values["had"] = [field.name for field in applying if field.show_if is not None]
        values["elsewhere"] = labels.labelled(form, found.draft, fields.people(found.choices)) if stale and found.draft else ()
        values["signs"] = any(field.widget == forms.signing.WIDGET for field in applying)
        values["takes_files"] = forms.files.has_files(form)
        values["more"] = len(applying) < len(forms.offered_fields(form, Mode.SELF, found.writable.__contains__))
        values["audiences"] = [(found.class_labels.get(cls, cls), found.audiences.get(cls, "")) for cls in _classes(applying)]
    return render("portal/task.html", visit=visit, status=status or (422 if errors else 409 if stale else 200), **values)


def _filled(found: TaskPage, answers: _Answers, applying: Sequence[Field], errors: Sequence[FieldError]) -> fields.Filled:
    return fields.Filled(
        values=answers,
        errors=fields.errors_by_path(errors),
        choices=found.choices,
        labels=dict(found.class_labels),
        files=found.files,
        drawn=drawn.again(),
        opens=portal_files.ENDPOINT,
        applying=frozenset(field.name for field in applying),
        least_rows={},
    )


def _classes(applying: Sequence[Field]) -> list[str]:
    return sorted({field.cls for field in applying} - {"C0", "C1"})
