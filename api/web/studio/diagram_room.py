"""The rooms where a diagram of a change is drawn and where its decision tables are written."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, url_for

from api.web import page
from api.web.studio.changes import ROOMS
from engine.model.states import ChangeState
from engine.operations import change_files, changes

blueprint = Blueprint("diagram_room", __name__, url_prefix="/procedures/changes/<change_id>")

ROOMS["bpmn"] = ("diagram_room.show", "Draw")
ROOMS["dmn"] = ("diagram_room.tables", "Decide")

#: stands for a file's name in addresses that the room's script fills in
NAME = "__name__"
#: the buttons over the diagram: act, label, what it does with its key
TOOLS = (
    ("undo", "Undo", "Take the last edit back (Ctrl+Z)"),
    ("redo", "Redo", "Do it again (Ctrl+Y)"),
    ("append", "Add …", "Add a step after what is selected, or anywhere (A or N)"),
    ("find", "Find", "Find a step by its name (Ctrl+F)"),
    ("out", "Smaller", "Show more of the diagram (Ctrl+-)"),
    ("in", "Larger", "Show it larger (Ctrl++)"),
    ("fit", "Whole", "Show the whole diagram (Ctrl+0)"),
    ("map", "Overview", "Show a small map of the diagram"),
    ("simulate", "Try it out", "Let tokens walk through the diagram; nothing is run (T)"),
)


@blueprint.get("/diagram/<path:name>")
def show(change_id: str, name: str) -> page.Answer:
    """The modeler over one diagram."""
    more = {"rooms": rooms(change_id), "plain": _address("plain_view.change", change_id=change_id, name=name), "tools": TOOLS}
    return _room("studio/diagram.html", change_id, name, more)


@blueprint.get("/tables/<path:name>")
def tables(change_id: str, name: str) -> page.Answer:
    """The editor of decision tables over one file."""
    return _room("studio/tables.html", change_id, name, {})


def _room(template: str, change_id: str, name: str, more: dict[str, Any]) -> page.Answer:
    with page.reading() as (uow, actor):
        change = changes.get(uow, actor, change_id)
        values: dict[str, Any] = {
            "change": change,
            "file": change_files.get(uow, actor, change_id, name),
            "address": url_for("files.get", change_id=change_id, name=name),
            "compare": _address("comparing.change", change_id=change_id, file=name),
            "may_draw": change.state is ChangeState.DRAWING and changes.may_draw(uow, actor),
        }
        return page.render(template, uow, actor, here="studio", **values, **more)


def rooms(change_id: str) -> dict[str, str]:
    """Where the other rooms of a change are, by what is done there; `NAME` stands for a file's name."""
    found = {"tables": url_for("changes.show", change_id=change_id)}
    if "form" in ROOMS:
        found["form"] = url_for(ROOMS["form"][0], change_id=change_id, name=NAME)
    if "pack" in ROOMS:
        found["pack"] = url_for(ROOMS["pack"][0], change_id=change_id, name="pack.toml")
    return found


def _address(endpoint: str, **values: Any) -> str | None:
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None
