"""Changes as pages: begin one, see what it touches and what stands against it, send it, take it back, give it up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.web import page
from api.web.studio import arriving, background, touched
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.errors import Invalid, ModelRefused, Problem
from engine.model.packs import Act
from engine.model.states import ChangeState
from engine.operations import naming
from engine.operations.deploying import ladder_changes
from engine.operations.drafting import change_files, changes, new_packs
from engine.operations.drafting.change_files import ChangeFile
from engine.operations.releasing import comparing, publishing, unheld
from engine.operations.scenarios import scenarios, trials
from engine.operations.words import problem_places
from engine.store import UnitOfWork

blueprint = Blueprint("changes", __name__, url_prefix="/procedures/changes")

#: the room that a kind of file is worked on in: (endpoint, what is done there)
ROOMS: dict[str, tuple[str, str]] = {}
#: how the kinds are called, in the order they are shown
KINDS = noted({"bpmn": "Diagrams", "pack": "Rules, roles and words", "form": "Forms", "dmn": "Decision tables", "scenario": "Scenarios"})


@blueprint.get("/new")
def ask_new() -> page.Answer:
    """Say what is to change."""
    with page.reading() as (uow, actor):
        return _new_page(uow, actor, request.args.get("pack", ""))


@blueprint.post("/new")
def begin() -> page.Answer:
    """Begin a change."""
    pack, title, why = (request.form.get(name, "") for name in ("pack", "title", "why"))
    try:
        change = page.act(lambda uow, actor: changes.start(uow, actor, title, pack=pack or None, why=why))
    except Invalid as wrong:
        with page.reading() as (uow, actor):
            return _new_page(uow, actor, pack, wrong)
    return page.go(url_for("changes.show", change_id=change.id))


def _new_page(uow: UnitOfWork, actor: Actor, pack: str, wrong: Invalid | None = None) -> Response:
    errors = [(error.path.lstrip("/"), error.message) for error in wrong.errors] if wrong else []
    values: dict[str, Any] = {"pack": pack, "packs": changes.packs(uow, actor), "given": request.form, "errors": errors}
    return page.render("studio/change_new.html", uow, actor, here="studio", status=422 if wrong else 200, **values)


@blueprint.get("/new-procedure")
def ask_procedure() -> page.Answer:
    """Say what a procedure that is to stand on its own is called, and who takes part in it."""
    with page.reading() as (uow, actor):
        return _procedure_page(uow, actor)


@blueprint.post("/new-procedure")
def begin_procedure() -> page.Answer:
    """Begin it: a change with a pack of its own and an empty diagram."""
    name, why = request.form.get("name", ""), request.form.get("why", "")
    taken, named = request.form.getlist("taken"), request.form.get("roles", "").splitlines()
    try:
        change = page.act(lambda uow, actor: new_packs.propose(uow, actor, name, why=why, taken=taken, named=named))
    except Invalid as wrong:
        with page.reading() as (uow, actor):
            return _procedure_page(uow, actor, wrong)
    return page.go(url_for("changes.show", change_id=change.id), say("Begun. Open the diagram and draw the first step."))


def _procedure_page(uow: UnitOfWork, actor: Actor, wrong: Invalid | None = None) -> Response:
    errors = [(error.path.lstrip("/"), error.message) for error in wrong.errors] if wrong else []
    offered = new_packs.roles(uow, actor)
    chosen = request.form.getlist("taken") if request.form else [one.key for one in offered if one.opens]
    values: dict[str, Any] = {"offered": offered, "chosen": chosen, "given": request.form, "errors": errors}
    return page.render("studio/procedure_new.html", uow, actor, here="studio", status=422 if wrong else 200, **values)


@blueprint.post("/of/<key>")
def of_procedure(key: str) -> AnyResponse:
    """Begin a change in the room of a procedure's diagram; who has one open is asked first whether to go on with it."""
    with page.reading() as (uow, actor):
        _, own = changes.own_of_procedure(uow, actor, key)
    if own and "new" not in request.form:
        return page.go(url_for("changes.ask_which", key=key))
    change, name = page.act(lambda uow, actor: changes.for_procedure(uow, actor, key))
    return page.go(room(change.id, name, "bpmn"))


@blueprint.get("/of/<key>")
def ask_which(key: str) -> page.Answer:
    """Go on with an open change of one's own, or begin a new one."""
    with page.reading() as (uow, actor):
        procedure, own = changes.own_of_procedure(uow, actor, key)
        open_ = [(one, room(one.id, procedure.file, "bpmn"), touched.titles(change_files.list_(uow, actor, one.id))) for one in own]
        return page.render("studio/change_which.html", uow, actor, here="studio", procedure=procedure, open=open_)


def room(change_id: str, name: str, kind: str) -> str:
    """Where a file of a change is worked on; the change's own page for what has no room."""
    if kind not in ROOMS:
        return url_for("changes.show", change_id=change_id)
    return url_for(ROOMS[kind][0], change_id=change_id, name=name)


@blueprint.get("/<change_id>")
def show(change_id: str) -> page.Answer:
    """One change: its files, what stands against it, and what can be done with it."""
    with page.reading() as (uow, actor):
        return _change_page(uow, actor, change_id)


def _change_page(
    uow: UnitOfWork, actor: Actor, change_id: str, problems: tuple[Problem, ...] | None = None, wrong: Invalid | None = None
) -> Response:
    change = changes.get(uow, actor, change_id)
    found = change_files.list_(uow, actor, change_id)
    drawing = change.state is ChangeState.DRAWING
    if problems is None:
        problems = change_files.check(uow, actor, change_id) if drawing else ()
    compared, removed = comparing.of_change(uow, actor, change_id), change_files.removed(uow, actor, change_id)
    base = publishing.base_of(uow, actor, change_id) if removed else {}
    files = {**base, **{file.name: file.content for file in found}}
    values: dict[str, Any] = {
        "change": change,
        "touched": touched.lines(found, removed, compared, files),
        "groups": _groups(found, files),
        "problems": problem_places.tell(problems, {file.name: file.content for file in found}),
        "wrong": [(error.path.lstrip("/"), error.message) for error in wrong.errors] if wrong else [],
        "given": request.form,
        "author": naming.of_person(uow, change.created_by),
        "deciders": naming.who_may(uow, actor, Act.DEFINITION_APPROVE),
        "outdated": drawing and publishing.newer(uow, change) is not None,
        "deadlines": ladder_changes.of_change(uow, actor, change_id),
        "unheld": unheld.advice(uow, actor, change.pack, compared) if drawing else (),
        "may_draw": drawing and changes.may_draw(uow, actor),
        "standing": scenarios.standing({file.name: file.content for file in found}) if drawing else None,
        "rooms": {(file.name): room(change.id, file.name, file.kind) for file in found if file.kind in ROOMS},
    }
    return page.render("studio/change.html", uow, actor, here="studio", status=422 if wrong else 200, **values)


def _groups(found: tuple[ChangeFile, ...], files: Mapping[str, bytes]) -> list[tuple[str, list[tuple[str, ChangeFile]]]]:
    """The files that the change leaves as they are, each with what people call it, by kind and name."""
    same = [(problem_places.file_title(file.name, files), file) for file in found if not file.changed and not file.revision]
    groups = [(label, sorted((one for one in same if one[1].kind == kind), key=lambda one: one[0])) for kind, label in KINDS.items()]
    return [(say(label), lines) for label, lines in groups if lines]


@blueprint.post("/<change_id>/description")
def describe(change_id: str) -> AnyResponse:
    """Another title or reason."""
    title, why = request.form.get("title"), request.form.get("why")
    page.act(lambda uow, actor: changes.describe(uow, actor, change_id, title=title, why=why))
    return page.go(url_for("changes.show", change_id=change_id), say("Saved."))


@blueprint.post("/<change_id>/request")
def ask(change_id: str) -> page.Answer:
    """Send the change to a second person, with its title and reason. Scenarios that have not run run first; when that takes
    long, their page says how far they are and is where it is sent."""
    title, why = request.form.get("title"), request.form.get("why")
    try:
        if title is not None or why is not None:
            page.act(lambda uow, actor: changes.describe(uow, actor, change_id, title=title, why=why))
        with page.reading() as (uow, actor):
            publishing.require_reason(changes.get(uow, actor, change_id))
    except Invalid as wrong:
        with page.reading() as (uow, actor):
            return _change_page(uow, actor, change_id, wrong=wrong)
    with page.reading() as (uow, actor):
        files, before = scenarios.files(uow, actor, change_id), publishing.base_of(uow, actor, change_id)
    if scenarios.untried(files):
        over = background.start(files).over.wait(background.PATIENCE)
        if not over or scenarios.untried(files):
            return page.go(url_for("scenario_room.list_", change_id=change_id))
    trials.run_dropped(before, files)  # remembered by content, so that nobody waits for them in the transaction
    try:
        change = page.act(lambda uow, actor: publishing.ask(uow, actor, change_id))
    except ModelRefused as refused:
        with page.reading() as (uow, actor):
            answer = _change_page(uow, actor, change_id, refused.problems)
            answer.status_code = 422
            return answer
    said = (
        say("Sent. A second person has to approve it.")
        if change.state is ChangeState.ASKED
        else say("It is live: new cases start with it.")
    )
    return page.go(url_for("changes.show", change_id=change_id), said)


@blueprint.post("/<change_id>/taking-back")
def take_back(change_id: str) -> AnyResponse:
    """Take a sent change back."""
    page.act(lambda uow, actor: publishing.take_back(uow, actor, change_id))
    return page.go(url_for("changes.show", change_id=change_id), say("Taken back. You can go on drawing."))


@blueprint.post("/<change_id>/withdrawal")
def withdraw(change_id: str) -> AnyResponse:
    """Give a change up."""
    page.act(lambda uow, actor: changes.withdraw(uow, actor, change_id))
    return page.go(url_for("studio.show"), say("The change was given up. What was drawn can still be read."))


@blueprint.post("/<change_id>/update")
def update(change_id: str) -> AnyResponse:
    """Bring a change up to date with what is live."""

    def bring(uow: UnitOfWork, actor: Actor) -> str:
        return _called(uow, actor, change_id, publishing.update(uow, actor, change_id).both)

    both = page.act(bring)
    said = say("Up to date. Others changed {both} too: compare, your content was kept.", both=both) if both else say("Up to date.")
    return page.go(url_for("changes.show", change_id=change_id), said)


@blueprint.post("/<change_id>/uploads")
def upload(change_id: str) -> AnyResponse:
    """Take files into the change: .bpmn, .dmn, .json, pack.toml, scenarios, or a .zip of them."""
    files = arriving.unpacked(request.files.getlist("files"))

    def take(uow: UnitOfWork, actor: Actor) -> str:
        return _called(uow, actor, change_id, change_files.put_many(uow, actor, change_id, files))

    names = page.act(take)
    return page.go(
        url_for("changes.show", change_id=change_id), say("Taken in: {names}.", names=names) if names else say("Choose at least one file.")
    )


def _called(uow: UnitOfWork, actor: Actor, change_id: str, names: Iterable[str]) -> str:
    """Files of a change by what people call them, also those that it takes out."""
    files = {
        **publishing.base_of(uow, actor, change_id),
        **{file.name: file.content for file in change_files.list_(uow, actor, change_id)},
    }
    return ", ".join(problem_places.file_title(name, files) for name in names)


def _done(change_id: str, name: str, act: Callable[[UnitOfWork, Actor, str, str], None]) -> str:
    """Do something with one file; gives what it was called before, as it may be gone then."""

    def work(uow: UnitOfWork, actor: Actor) -> str:
        called = _called(uow, actor, change_id, [name])
        act(uow, actor, change_id, name)
        return called

    return page.act(work)


@blueprint.post("/<change_id>/restoring")
def restore(change_id: str) -> AnyResponse:
    """Take back what the change did to one file."""
    name = request.form.get("name", "")
    called = _done(change_id, name, change_files.restore)
    return page.go(url_for("changes.show", change_id=change_id), say("{name} is as it was.", name=called))


@blueprint.post("/<change_id>/removal")
def remove(change_id: str) -> AnyResponse:
    """Take one file out of the pack."""
    name = request.form.get("name", "")
    called = _done(change_id, name, change_files.remove)
    return page.go(url_for("changes.show", change_id=change_id), say("{name} is taken out by this change.", name=called))


@blueprint.post("/<change_id>/copies")
def copy(change_id: str) -> AnyResponse:
    """One file once more under another name."""
    name, to = request.form.get("name", ""), request.form.get("to", "")
    page.act(lambda uow, actor: change_files.copy(uow, actor, change_id, name, to))
    return page.go(url_for("changes.show", change_id=change_id), say("{to} is a copy of {name}.", to=to, name=name))
