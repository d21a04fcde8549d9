"""Files of tasks and cases: put beside a draft, sent with the form by their ids, opened by whoever reads their class."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from flask import Response, stream_with_context
from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate
from werkzeug.datastructures import FileStorage

from api.auth import current_actor
from api.rest import edge
from api.rest.fields import Query, line, listing
from api.running import running
from engine.model.access import Actor
from engine.model.views import Page
from engine.operations.content import files
from engine.store import UnitOfWork

blueprint = edge.blueprint("task-files", "Files that people give with a form")


class GivenFile(Schema):
    """One file, of at most as many bytes as its field takes."""

    files = fields.List(Upload(), required=True, validate=validate.Length(equal=1, error="Send one file at a time."))


class Field(Query):
    """Where in the form it belongs."""

    field = line(required=True, metadata={"description": "name of the field; OUTER-NUMBER-INNER in a row, OUTER.INNER in a group"})


class File(Schema):
    """A file, without its content. In the answers of a form its id stands for it."""

    id = fields.String()
    case_id = fields.String()
    task_id = fields.String()
    field = fields.String()
    name = fields.String()
    media_type = fields.String(metadata={"description": "told from the content, not from the name"})
    size = fields.Integer(metadata={"description": "in bytes"})
    digest = fields.String(metadata={"description": "SHA-256, hexadecimal"})
    cls = fields.String(metadata={"description": "confidentiality class"})
    scanned = fields.Boolean(metadata={"description": "whether it was checked for harmful content"})
    at = fields.AwareDateTime()
    sent_at = fields.AwareDateTime(allow_none=True, metadata={"description": "null: it lies beside the caller's draft"})


@blueprint.get("/user-tasks/<id:task_id>/files")
@blueprint.response(200, listing(File))
def list_unsent(task_id: str) -> Response:
    """What the caller put beside the draft of a task."""
    return edge.listed(File, lambda uow, actor: Page(files.unsent(uow, actor, task_id)))


@blueprint.post("/user-tasks/<id:task_id>/files")
@blueprint.arguments(GivenFile, location="files")
@blueprint.arguments(Field, location="query")
@blueprint.response(201, File)
def add(sent: dict[str, Any], args: dict[str, Any], task_id: str) -> Response:
    """Put a file beside the draft of a task. It is kept when the task is completed with its id, and goes with the task else."""
    given: FileStorage = sent["files"][0]
    try:
        return _add(task_id, args["field"], given.filename or "", cast(BinaryIO, given.stream))
    finally:
        given.close()


def _add(task_id: str, field: str, name: str, content: BinaryIO) -> Response:
    with running().reading() as uow:
        files.rule(uow, current_actor(uow), task_id, field)
    scanner = running().config.scanner
    if scanner is not None:
        files.require_harmless(scanner, field, name, content)

    def put(uow: UnitOfWork, actor: Actor) -> object:
        content.seek(0)
        return files.add(uow, actor, task_id, field, (name, content), scanned=scanner is not None)

    return edge.write(File, put, status=201)


@blueprint.delete("/user-tasks/<id:task_id>/files/<id:file_id>")
@blueprint.response(204)
def remove(task_id: str, file_id: str) -> Response:
    """Take a file of one's own away again that was not sent."""
    return edge.write(None, lambda uow, actor: files.remove(uow, actor, task_id, {file_id}), status=204)


@blueprint.get("/cases/<id:case_id>/files")
@blueprint.response(200, listing(File))
def list_of_case(case_id: str) -> Response:
    """The files of a case that were sent and that the caller may open, oldest first."""
    return edge.listed(File, lambda uow, actor: Page(files.of_case(uow, actor, case_id)))


@blueprint.get("/files/<id:file_id>")
@blueprint.response(200, File)
def get(file_id: str) -> Response:
    """One file, without its content."""
    return edge.read(File, lambda uow, actor: files.get(uow, actor, file_id))


@blueprint.get("/files/<id:file_id>/content")
@blueprint.response(200, content_type="application/octet-stream")
def content(file_id: str) -> Response:
    """What is in a file. Each part of it is given only while the caller may read it."""
    with running().reading() as uow:
        file = files.get(uow, current_actor(uow), file_id)
    answer = Response(stream_with_context(_parts(file_id)), mimetype=file.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file.name)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "no-store"
    answer.content_length = file.size
    return answer


def _parts(file_id: str) -> Iterator[bytes]:
    number = 0
    while True:
        with running().reading() as uow:
            part = files.part(uow, current_actor(uow), file_id, number)
        if part is None:
            return
        yield part
        number += 1
