"""The room where a diagram of a change is drawn."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, url_for

from api.web import page
from api.web.studio.changes import ROOMS
from engine.model.states import ChangeState
from engine.operations import change_files, changes

blueprint = Blueprint("diagram_room", __name__, url_prefix="/procedures/changes/<change_id>/diagram")

ROOMS["bpmn"] = ("diagram_room.show", "Draw")

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


@blueprint.get("/<path:name>")
def show(change_id: str, name: str) -> page.Answer:
    """The modeler over one diagram."""
    with page.reading() as (uow, actor):
        change = changes.get(uow, actor, change_id)
        found = change_files.get(uow, actor, change_id, name)
        values: dict[str, Any] = {
            "change": change,
            "file": found,
            "address": url_for("files.get", change_id=change_id, name=name),
            "rooms": rooms(change_id),
            "compare": _address("comparing.change", change_id=change_id, file=name),
            "plain": _address("plain_view.change", change_id=change_id, name=name),
            "tools": TOOLS,
            "may_draw": change.state is ChangeState.DRAWING and changes.may_draw(uow, actor),
        }
        return page.render("studio/diagram.html", uow, actor, here="studio", **values)


def rooms(change_id: str) -> dict[str, str]:
    """Where the other rooms of a change are, by what is done there; `NAME` stands for a file's name."""
    found = {"tables": url_for("changes.show", change_id=change_id)}
    if "form" in ROOMS:
        found["form"] = url_for(ROOMS["form"][0], change_id=change_id, name=NAME)
    if "pack" in ROOMS:
        found["pack"] = url_for(ROOMS["pack"][0], change_id=change_id, name="pack.toml")
    return found


def _address(endpoint: str, **values: str) -> str | None:
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None
