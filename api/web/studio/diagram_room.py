"""The rooms where a diagram of a change is drawn and where its decision tables are written."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, current_app, jsonify, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.web import page
from api.web.studio import form_asking
from api.web.studio.changes import ROOMS, room
from engine.language import noted, say, told
from engine.model.errors import BadRequest, Invalid
from engine.model.states import ChangeState
from engine.operations.drafting import change_files, changes, form_changes, new_files
from engine.operations.words import problem_places

blueprint = Blueprint("diagram_room", __name__, url_prefix="/procedures/changes/<change_id>")

ROOMS["bpmn"] = ("diagram_room.show", "Draw")
ROOMS["dmn"] = ("diagram_room.tables", "Decide")

_TAKEN = noted("There is a form of that title already: choose it above, or give this one another title.")
#: stands for a file's name in addresses that the room's script fills in
NAME = "__name__"
#: the buttons over the diagram: act, label, what it does with its key
TOOLS = (
    ("undo", noted("Undo"), noted("Take the last edit back (Ctrl+Z)")),
    ("redo", noted("Redo"), noted("Do it again (Ctrl+Y)")),
    ("append", noted("Add …"), noted("Add a step after what is selected, or anywhere (A or N)")),
    ("find", noted("Find"), noted("Find a step by its name (Ctrl+F)")),
    ("out", noted("Smaller"), noted("Show more of the diagram (Ctrl+-)")),
    ("in", noted("Larger"), noted("Show it larger (Ctrl++)")),
    ("fit", noted("Whole"), noted("Show the whole diagram (Ctrl+0)")),
    ("map", noted("Overview"), noted("Show a small map of the diagram")),
    ("simulate", noted("Try it out"), noted("Let tokens walk through the diagram; nothing is run (T)")),
)


@blueprint.get("/diagram/<path:name>")
def show(change_id: str, name: str) -> page.Answer:
    """The modeler over one diagram."""
    more = {"rooms": rooms(change_id), "plain": _existing(f"/procedures/changes/{change_id}/plain/{name}"), "tools": TOOLS}
    return _room("studio/diagram.html", change_id, name, more)


@blueprint.get("/tables/<path:name>")
def tables(change_id: str, name: str) -> page.Answer:
    """The editor of decision tables over one file."""
    return _room("studio/tables.html", change_id, name, {})


@blueprint.post("/new-files")
def create(change_id: str) -> AnyResponse:
    """A new diagram or decision table, opened in its room; a form is asked for its key first, with the name as its title."""
    kind, name = request.form.get("kind", ""), request.form.get("name", "")
    if kind == "form":
        return page.go(url_for("form_room.ask_new", change_id=change_id, title=name))
    made = page.act(lambda uow, actor: new_files.create(uow, actor, change_id, kind, name))
    return page.go(room(change_id, made.name, made.kind))


@blueprint.post("/diagram-forms")
def new_form(change_id: str) -> Response:
    """`{title}`: a new form for a step, without leaving its diagram; answers `{key, title}`. 422 with a sentence when it cannot be made."""
    body = request.get_json(silent=True)
    title = body.get("title") if isinstance(body, dict) else None
    if not isinstance(title, str):
        raise BadRequest("Send JSON: {title}.")
    try:
        saved = page.act(lambda uow, actor: form_changes.create(uow, actor, change_id, form_asking.key_of(title), title.strip()))
    except Invalid as wrong:
        first = next(iter(wrong.errors), None)
        words = say(_TAKEN) if first and first.code == "taken" else told(first.message if first else wrong.message)
        answer = jsonify(code=wrong.code, message=words)
        answer.status_code = 422
        return answer
    return jsonify(key=saved.name.rsplit("/", 1)[-1].removesuffix(".json"), title=title.strip())


def _room(template: str, change_id: str, name: str, more: dict[str, Any]) -> page.Answer:
    with page.reading() as (uow, actor):
        change, file = changes.get(uow, actor, change_id), change_files.get(uow, actor, change_id, name)
        values: dict[str, Any] = {
            "change": change,
            "file": file,
            "title": problem_places.file_title(name, {name: file.content}),
            "address": url_for("files.get", change_id=change_id, name=name),
            "compare": _compare(change_id, name),
            "may_draw": change.state is ChangeState.DRAWING and changes.may_draw(uow, actor),
        }
        return page.render(template, uow, actor, here="studio", **values, **more)


def rooms(change_id: str) -> dict[str, str]:
    """Where the other rooms of a change are, by what is done there; `NAME` stands for a file's name."""
    change = url_for("changes.show", change_id=change_id)
    found = {
        "tables": change,
        "pack": _existing(f"{change}/pack"),
        "form": _existing(f"{change}/form/{NAME}"),
    }
    return {what: address for what, address in found.items() if address}


def _compare(change_id: str, name: str) -> str | None:
    path = _existing(f"/procedures/changes/{change_id}/compare")
    return f"{path}?{urlencode({'file': name})}" if path else None


def _existing(path: str) -> str | None:
    """The path, when a page answers there."""
    return quote(path) if current_app.url_map.bind("localhost").test(path, "GET") else None
