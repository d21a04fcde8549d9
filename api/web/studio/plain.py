"""Procedures as numbered sentences: to read, to print, to sign off; in a change, to edit by keyboard alone and without script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, request, url_for

from api.web import page
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.deployments import Definition
from engine.model.errors import Invalid, NotFound
from engine.operations import live
from engine.operations.deploying import definitions
from engine.operations.drafting import change_files, change_problems, changes, plain_editing
from engine.operations.drafting.change_files import StaleDraft
from engine.operations.releasing import comparing
from engine.operations.words import plain_view, sentences
from engine.operations.words.plain_view import Sentence
from engine.store import UnitOfWork

blueprint = Blueprint("plain", __name__, url_prefix="/procedures")

_MEANWHILE = noted(
    "Somebody else saved this diagram meanwhile. What you typed stands below; save again to make just this change in theirs."
)


@dataclass(slots=True)
class Item:
    """A sentence with those indented below it."""

    line: Sentence
    inner: list[Item] = field(default_factory=list)


@blueprint.get("/<key>/plain")
def version(key: str) -> page.Answer:
    """One version of a procedure in words; the newest one unless `?version` says otherwise."""
    with page.reading() as (uow, actor):
        line = definitions.get(uow, actor, key, request.args.get("version", type=int))
        found = line.definition
        diagram = plain_view.read(found.source)
        told = plain_view.tell(diagram, sentences.of_files(comparing.pinned(uow, found)))
        values: dict[str, Any] = {
            "title": found.name or key,
            "items": nested(told),
            "definition": found,
            "intro": next((one.traits.get("documentation", "") for one in diagram.processes if one.id == key), ""),
            "crumbs": [(found.name or key, url_for("studio.definition", key=key, version=found.version))],
        }
        return page.render("studio/plain.html", uow, actor, here="studio", **values)


def outline(uow: UnitOfWork, definition: Definition) -> list[Sentence]:
    """What is done in a procedure, a line a step: what a small screen shows before the diagram."""
    words = sentences.Words(live.pack(uow, definition.program_id, definition.pack) if definition.pack else None)
    return [line for line in plain_view.tell(plain_view.read(definition.source), words) if line.kind in plain_view.DONE]


@blueprint.get("/changes/<change_id>/plain/<path:name>")
def show(change_id: str, name: str) -> page.Answer:
    """One diagram of a change in words; `?edit=ID` opens the fields of one element, `?saved=ID` says there that it was saved."""
    with page.reading() as (uow, actor):
        return _page(uow, actor, change_id, name, request.args.get("edit", ""))


@blueprint.post("/changes/<change_id>/plain/<path:name>")
def save(change_id: str, name: str) -> page.Answer:
    """Change one element by its fields."""
    element, revision = request.form.get("element", ""), request.form.get("revision", 0, type=int)
    given = {key: value for key, value in request.form.items() if key not in ("element", "revision", "csrf_token")}
    try:
        page.act(lambda uow, actor: plain_editing.edit(uow, actor, change_id, name, element, given, revision))
    except Invalid as wrong:
        errors = [(error.path.lstrip("/"), error.message) for error in wrong.errors]
        return _again(change_id, name, element, given, errors or [("name", str(wrong))], 422)
    except StaleDraft:
        said = say(_MEANWHILE)
        return _again(change_id, name, element, given, [("name", said)], 409)
    return page.go(url_for("plain.show", change_id=change_id, name=name, saved=element, _anchor=f"e-{element}"))


def _again(change_id: str, name: str, element: str, given: dict[str, str], errors: list[tuple[str, str]], status: int) -> Response:
    with page.reading() as (uow, actor):
        return _page(uow, actor, change_id, name, element, given=given, errors=errors, status=status)


def _page(
    uow: UnitOfWork,
    actor: Actor,
    change_id: str,
    name: str,
    edit: str,
    *,
    given: dict[str, str] | None = None,
    errors: Iterable[tuple[str, str]] = (),
    status: int = 200,
) -> Response:
    change = changes.get(uow, actor, change_id)
    file = change_files.get(uow, actor, change_id, name)
    if file.kind != "bpmn":
        raise NotFound(say("Only diagrams are told in words here."))
    words = sentences.of_files(change_files.contents(uow, change))
    diagram = plain_view.read(file.content)
    may = change.state == "drawing" and changes.may_draw(uow, actor)
    opened = diagram.elements.get(edit) if may else None
    values: dict[str, Any] = {
        "title": plain_view.title(diagram),
        "items": nested(plain_view.tell(diagram, words)),
        "change": change,
        "file": file,
        "may_draw": may,
        "editing": plain_editing.editable(opened, diagram, words) if opened else None,
        "given": given or {},
        "saved": request.args.get("saved", "") if request.method == "GET" else "",
        "errors": list(errors),
        "problems": [one for one in change_problems.told(uow, actor, change_id) if one.problem.file == name] if may else [],
        "intro": diagram.processes[0].traits.get("documentation", "") if diagram.processes else "",
        "crumbs": [(change.title, url_for("changes.show", change_id=change_id))],
    }
    return page.render("studio/plain.html", uow, actor, here="studio", status=status, **values)


def nested(told: Iterable[Sentence]) -> list[Item]:
    """Sentences with those below them."""
    roots: list[Item] = []
    path: list[Item] = []
    for line in told:
        item = Item(line)
        while path and path[-1].line.depth >= line.depth:
            path.pop()
        (path[-1].inner if path else roots).append(item)
        path.append(item)
    return roots
