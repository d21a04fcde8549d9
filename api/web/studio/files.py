"""Files of a change, for the rooms' scripts: read, save with a revision, check without saving, who else is here.

A revision is the file's ETag. A save repeats it in If-Match; a stale one answers 409 `stale-draft` and loses nothing.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from api.web import page
from engine.model.access import Actor
from engine.model.errors import BadRequest
from engine.operations import naming
from engine.operations.drafting import change_files, change_problems
from engine.operations.words.problem_places import Told
from engine.store import UnitOfWork

blueprint = Blueprint("files", __name__, url_prefix="/procedures/changes/<change_id>")

_TYPES = {"bpmn": "application/xml", "dmn": "application/xml", "form": "application/json", "pack": "text/plain", "scenario": "text/plain"}


@blueprint.get("/files/<path:name>")
def get(change_id: str, name: str) -> Response:
    """One file as the change has it; `?before` gives what it was."""
    with page.reading() as (uow, actor):
        found = change_files.get(uow, actor, change_id, name)
    content = (found.before or b"") if "before" in request.args else found.content
    answer = Response(content, mimetype=_TYPES[found.kind])
    answer.headers["Content-Security-Policy"] = "sandbox"
    answer.headers["Cache-Control"] = "no-store"
    answer.set_etag(str(found.revision))
    return answer


@blueprint.put("/files/<path:name>")
def put(change_id: str, name: str) -> Response:
    """Save one file, whether it can be run or not."""
    revision, content = _revision(), request.get_data()
    saved = page.act(lambda uow, actor: change_files.save(uow, actor, change_id, name, content, revision))
    answer = jsonify(revision=saved.revision, changed=saved.changed)
    answer.set_etag(str(saved.revision))
    return answer


def _revision() -> int:
    tags = request.if_match.as_set()
    if len(tags) != 1 or not (tag := tags.pop()).isdigit():
        raise BadRequest('Say in If-Match which revision you read, as "3"; "0" for a file that the change does not have yet.')
    return int(tag)


@blueprint.post("/check")
def check(change_id: str) -> Response:
    """Everything that stands against the change, with files that are not saved yet: `{files: {name: text}}`."""
    body = request.get_json(silent=True)
    files = body.get("files", {}) if isinstance(body, dict) else None
    if not isinstance(files, dict) or not all(isinstance(text, str) for text in files.values()):
        raise BadRequest("Send JSON: {files: {name: text}}.")
    unsaved = {str(name): text.encode() for name, text in files.items()}
    with page.reading() as (uow, actor):
        found = change_problems.told(uow, actor, change_id, with_=unsaved)
    return jsonify(problems=[_problem(one) for one in found])


def _problem(one: Told) -> dict[str, Any]:
    found = one.problem
    told = {"file": found.file, "element_id": found.element_id, "code": found.code, "message": one.message, "level": found.level.value}
    return {**told, "also": found.also, "file_title": one.file, "place": one.place}


@blueprint.post("/editing/<path:name>")
def editing(change_id: str, name: str) -> Response:
    """Say that this file is open here; answers with the names of the others who have it open."""

    def seen(uow: UnitOfWork, actor: Actor) -> list[str]:
        others = change_files.editing(uow, actor, change_id, name)
        return [naming.of_person(uow, person) for person in others]

    return jsonify(others=page.act(seen))
