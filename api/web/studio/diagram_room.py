"""The room where a diagram of a change is drawn."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for

from api.web import page
from api.web.studio.changes import ROOMS
from engine.operations import change_files, changes

blueprint = Blueprint("diagram_room", __name__, url_prefix="/procedures/changes/<change_id>/diagram")

ROOMS["bpmn"] = ("diagram_room.show", "Draw")


@blueprint.get("/<path:name>")
def show(change_id: str, name: str) -> page.Answer:
    """The modeler over one diagram."""
    with page.reading() as (uow, actor):
        change = changes.get(uow, actor, change_id)
        found = change_files.get(uow, actor, change_id, name)
        address = url_for("files.get", change_id=change_id, name=name)
        values: dict[str, Any] = {"change": change, "file": found, "address": address}
        return page.render("studio/diagram.html", uow, actor, here="studio", **values)
