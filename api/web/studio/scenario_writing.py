"""Writing scenarios: as text, or by going through the draft, where each thing done becomes a step of the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.web import fields, page
from engine import forms
from engine.language import say
from engine.model.access import Actor
from engine.model.deployments import Change
from engine.model.errors import FieldError, FormInvalid, Invalid, NotFound, ParleyError
from engine.model.forms import Form, Mode
from engine.model.views import TaskPage
from engine.operations.drafting import change_files, changes
from engine.operations.drafting.change_files import ChangeFile, StaleDraft
from engine.operations.scenarios import scenario_mending, scenario_openings, scenario_recording, scenarios
from engine.operations.scenarios.scenario_recording import Chosen
from engine.scenarios import name_of, writing
from engine.scenarios.shape import Wrong
from engine.store import UnitOfWork

blueprint = Blueprint("scenario_writing", __name__, url_prefix="/procedures/changes/<change_id>/scenarios")

_NAME = re.compile(r"[^a-z0-9]+")
Files = dict[str, bytes]


class NotWritten(Invalid):
    """The scenario could not be written; what you entered is still here."""

    code = "scenario-not-written"


@blueprint.post("")
def begin(change_id: str) -> AnyResponse:
    """A new scenario, going on from another or with a case of its own; then it is gone through."""
    title, continues = " ".join(request.form.get("title", "").split()), request.form.get("continues", "")
    name = f"scenarios/{_NAME.sub('-', title.lower()).strip('-')[:60] or 'scenario'}.toml"

    def write(uow: UnitOfWork, actor: Actor) -> None:
        files = scenarios.files(uow, actor, change_id)
        if not title or len(title) > 120:
            raise NotWritten(say("Say in 1 to 120 characters what the scenario shows."))
        if name in files:
            raise NotWritten(say("There is a scenario of that name already; give this one another."))
        text = writing.begin(title, {}, continues=continues) if continues else _fresh(files, title, request.form.get("process", ""))
        change_files.put_many(uow, actor, change_id, {name: text.encode()})

    try:
        page.act(write)
    except NotWritten as wrong:
        return page.go(url_for("scenario_room.list_", change_id=change_id), wrong.message, tone="wrong")
    return page.go(url_for("scenario_writing.play", change_id=change_id, name=name))


def _fresh(files: Mapping[str, bytes], title: str, process: str) -> str:
    """A file that begins a case with a procedure, the pack's own unless said otherwise."""
    known = [key for key, _name in scenario_openings.procedures(files)]
    if not known or (process and process not in known):
        raise NotWritten(say("Choose the procedure that the case begins with; the draft has to have one that can be read and started."))
    begun = scenario_openings.beginning(files, process or known[0])
    return writing.begin(title, begun.people, opening=begun.opening)


@blueprint.get("/text/<path:name>")
def edit(change_id: str, name: str) -> page.Answer:
    """The file as text."""
    with page.reading() as (uow, actor):
        change, file = changes.get(uow, actor, change_id), change_files.get(uow, actor, change_id, name)
        return _text_page(uow, actor, change, file, file.content.decode("utf-8", "replace"))


def _text_page(uow: UnitOfWork, actor: Actor, change: Change, file: ChangeFile, text: str, wrong: str | None = None) -> Response:
    files = {**scenarios.files(uow, actor, change.id), file.name: text.encode()}
    problems = [one for one in scenarios.reading(files).problems if one.file == file.name]
    values: dict[str, Any] = {"change": change, "file": file, "text": text, "problems": problems, "wrong": wrong}
    return page.render("studio/scenario_text.html", uow, actor, here="studio", status=409 if wrong else 200, **values)


@blueprint.post("/text/<path:name>")
def save(change_id: str, name: str) -> page.Answer:
    """Keep the text; what cannot be read is kept too, with what is wrong."""
    text = request.form.get("text", "").replace("\r\n", "\n")
    revision = request.form.get("revision", 0, type=int)
    try:
        page.act(lambda uow, actor: change_files.save(uow, actor, change_id, name, text.encode(), revision))
    except StaleDraft as stale:
        with page.reading() as (uow, actor):
            change, file = changes.get(uow, actor, change_id), change_files.get(uow, actor, change_id, name)
            return _text_page(uow, actor, change, file, text, stale.message)
    return page.go(url_for("scenario_room.show", change_id=change_id, name=name), say("Saved."))


@blueprint.get("/play/<path:name>")
def play(change_id: str, name: str) -> page.Answer:
    """Where the scenario ends or stops now, or stands after so many steps (`at`), and what could happen next."""
    with page.reading() as (uow, actor):
        return _play_page(uow, actor, change_id, name)


def _at() -> int | None:
    return request.values.get("at", type=int)


def _play_page(uow: UnitOfWork, actor: Actor, change_id: str, name: str, wrong: str | None = None) -> Response:
    change, files = changes.get(uow, actor, change_id), scenarios.files(uow, actor, change_id)
    if name not in files:
        raise NotFound(say("This change has no such scenario."))
    values: dict[str, Any] = {"change": change, "file": name, "wrong": wrong, "ahead": None, "result": None, "at": _at()}
    values["problems"] = [one for one in scenarios.reading(files).problems if one.file == name]
    try:
        spot = scenario_recording.spot(files, name_of(name), _at())
        values |= {"result": spot.result, "spot": spot, "failed": spot.result.failed_at}
        if spot.after is not None:
            values["ahead"] = scenario_recording.ahead(files, name_of(name), spot.played)
    except Invalid as refused:
        values["wrong"] = wrong or say("{message} The draft has to be free of refusals first.", message=refused.message)
    except NotFound:
        values["wrong"] = wrong or say("The scenario cannot be read; correct its text.")
    return page.render("studio/scenario_play.html", uow, actor, here="studio", status=422 if wrong else 200, **values)


def _chosen() -> Chosen:
    given = request.values
    return Chosen(given.get("task", ""), given.get("who", ""), given.get("for", ""), given.get("on_behalf") == "1")


@blueprint.get("/task/<path:name>")
def task(change_id: str, name: str) -> page.Answer:
    """The form of an open task, as the one who does it would see it."""
    with page.reading() as (uow, actor):
        files = scenarios.files(uow, actor, change_id)
        found = scenario_recording.form(files, name_of(name), _chosen(), _played(files, name))
        return _task_page(uow, actor, change_id, name, found, {})


def _played(files: Files, name: str) -> int | None:
    return scenario_recording.spot(files, name_of(name), _at()).played


def _mode() -> Mode:
    return Mode.ON_BEHALF if _chosen().on_behalf else Mode.SELF


def _task_page(
    uow: UnitOfWork,
    actor: Actor,
    change_id: str,
    name: str,
    found: TaskPage,
    answers: Mapping[str, object],
    errors: tuple[FieldError, ...] = (),
    least: Mapping[str, int] | None = None,
) -> Response:
    form = found.form if isinstance(found.form, Form) else None
    values: dict[str, Any] = {"change": changes.get(uow, actor, change_id), "file": name, "page": found, "form": form}
    values |= {"chosen": _chosen(), "at": _at(), "sections": (), "errors": ()}
    if form is not None:
        may_write = found.writable.__contains__
        offered = forms.offered_fields(form, _mode(), may_write)
        applying = forms.visible_fields(form, answers, _mode(), may_write)
        filled = fields.Filled(
            values=answers,
            errors=fields.errors_by_path(errors),
            choices=found.choices,
            labels=dict(found.class_labels),
            applying=frozenset(field.name for field in applying),
            least_rows=least or {},
        )
        values |= {"sections": fields.sections(form, offered, filled), "errors": fields.summary(form, errors)}
    return page.render("studio/scenario_task.html", uow, actor, here="studio", status=422 if errors else 200, **values)


@blueprint.post("/task/<path:name>")
def complete(change_id: str, name: str) -> page.Answer:
    """Do the task in the scenario: when the procedure takes the answers, they become the file's next step."""
    with page.reading() as (uow, actor):
        files = scenarios.files(uow, actor, change_id)
        found = scenario_recording.form(files, name_of(name), _chosen(), played := _played(files, name))
        form = found.form if isinstance(found.form, Form) else None
        answers = dict(forms.parse_html(form, request.form, _mode(), found.writable.__contains__)) if form else {}
        if "_add" in request.form:
            added = request.form["_add"]
            rows = answers.get(added)
            return _task_page(uow, actor, change_id, name, found, answers, least={added: len(rows) + 1 if isinstance(rows, list) else 1})
        try:
            if form is not None:
                forms.check(form, answers, mode=_mode(), writable=found.writable.__contains__)
        except FormInvalid as wrong:
            return _task_page(uow, actor, change_id, name, found, answers, wrong.errors)
    step = scenario_recording.step(files, name_of(name), _chosen(), answers, played)
    return _add(change_id, name, step)


@blueprint.post("/next/<path:name>")
def go_on(change_id: str, name: str) -> page.Answer:
    """Something else that happens: time passes, a message is sent, what is open is expected, what is so now becomes what
    has to be true, or a step is taken out."""
    kind = request.form.get("kind", "")
    if kind == "time":
        return _add(change_id, name, {"passes": f"P{request.form.get('days', 1, type=int)}D"})
    if kind == "message":
        step: dict[str, object] = {"who": request.form.get("who", ""), "sends": request.form.get("message", "")}
        return _add(change_id, name, step | ({"for": request.form["for"]} if request.form.get("for") else {}))
    with page.reading() as (uow, actor):
        files = scenarios.files(uow, actor, change_id)
    if kind == "expect":
        return _add(change_id, name, scenario_recording.now_open(files, name_of(name), _played(files, name)))
    if kind == "so":
        number, so = scenario_mending.so_now(files, name_of(name))
        said = say("What is so now is what has to be true there. Whoever approves the change reads that this scenario was changed.")
        return _rewritten(change_id, name, lambda _files, text: writing.expecting(text, number, so), said)
    out = request.form.get("step", type=int)
    if out is None:
        return _rewritten(change_id, name, lambda _files, text: writing.without_last_step(text), say("The last step was dropped."))
    gone = say("Step {number} was taken out.", number=out)
    return _rewritten(change_id, name, lambda _files, text: writing.without_step(text, out), gone)


def _add(change_id: str, name: str, step: Mapping[str, object]) -> page.Answer:
    def put_in(files: Files, text: str) -> str:
        spot = scenario_recording.spot(files, name_of(name), _at())
        if spot.after is None:
            raise NotWritten(say("The scenario fails at its beginning; correct that first, in its text."))
        after = writing.insert_step(text, spot.after + 1, step, takes_over=spot.takes_over)
        _require_played({**files, name: after.encode()}, name_of(name), spot.after + 1)
        return after

    return _rewritten(change_id, name, put_in, say("Added to the scenario."))


def _rewritten(change_id: str, name: str, rewrite: Callable[[Files, str], str], said: str) -> page.Answer:
    """Save the file as it is rewritten; a step that the procedure does not take is not kept."""
    try:
        with page.reading() as (uow, actor):
            files, file = scenarios.files(uow, actor, change_id), change_files.get(uow, actor, change_id, name)
        was = _stopped(files, name)
        after = rewrite(files, file.content.decode("utf-8")).encode()
        page.act(lambda uow, actor: change_files.save(uow, actor, change_id, name, after, file.revision))
    except (Wrong, StaleDraft, NotWritten) as wrong:
        with page.reading() as (uow, actor):
            return _play_page(uow, actor, change_id, name, str(wrong))
    if was and not _stopped({**files, name: after}, name):
        return page.go(url_for("scenario_room.list_", change_id=change_id), said + " " + say("The scenario passes now."))
    at = _at()
    going = None if at is None else at + 1
    return page.go(url_for("scenario_writing.play", change_id=change_id, name=name, at=going), said)


def _stopped(files: Files, name: str) -> bool:
    """Whether a scenario that can be run does not come to its end."""
    found = scenarios.run(files, only=name_of(name)).results
    return bool(found) and not found[0].passed


def _require_played(files: Files, name: str, number: int) -> None:
    """Raises NotWritten unless a scenario can be read and its step of this number is done."""
    reading = scenarios.reading(files)
    problem = next((one for one in reading.problems if name_of(one.file) == name), None)
    if problem is not None:
        raise NotWritten(problem.message)
    try:
        result = scenario_recording.spot(files, name).result
    except ParleyError as wrong:
        raise NotWritten(wrong.message) from wrong
    step = result.failed_at
    if step is not None and (result.stop is None or result.stop < number):
        raise NotWritten(say("Not added: {wrong}", wrong=step.wrong[0]))
