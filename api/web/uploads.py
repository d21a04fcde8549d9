"""Files that come with a task's form, and files opened from records. A form's file inputs are called `_file:` and the field."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import Blueprint, Flask, Response, request, stream_with_context

from api import auth
from api.running import running
from api.web import page
from engine import forms
from engine.model.access import Actor
from engine.model.errors import BadRequest, FieldError, FormInvalid
from engine.model.files import File
from engine.model.forms import Form
from engine.model.views import TaskPage
from engine.operations.content import files
from engine.schemas import pointer
from engine.store import UnitOfWork

blueprint = Blueprint("upload", __name__)

#: the largest form with its files, in bytes; what says that it is larger is refused before any of it is read
MAX_UPLOAD = 40 * 1000 * 1000
_PREFIX = "_file:"
_TAKES_FILES = frozenset({"task.complete", "task-files.add", "opening.send"})
_VISITED = "portal.answer"


Answers = dict[str, object]


def init_app(app: Flask) -> None:
    """Let what brings files of tasks be larger than other requests, for who is signed in; before anything reads them."""

    @app.before_request
    def widen() -> None:
        if request.mimetype != "multipart/form-data":
            return  # other forms bring no files, and are read into memory at once
        visited = request.endpoint == _VISITED and auth.visited_key() is not None
        if visited or (request.endpoint in _TAKES_FILES and auth.signed_in()):
            request.max_content_length = MAX_UPLOAD


@dataclass(frozen=True, slots=True)
class Desk:
    """Where files are handed in: how something is read and done for who is there, with an account or on a visit."""

    reading: Callable[[], AbstractContextManager[tuple[UnitOfWork, Actor]]]
    act: Callable[[Callable[[UnitOfWork, Actor], str | None]], str | None]


_SIGNED_IN = Desk(page.reading, page.act)


def take(found: TaskPage, answers: Answers, desk: Desk = _SIGNED_IN) -> tuple[Answers, tuple[FieldError, ...]]:
    """Keep the files that a post brings beside the draft; the answers with them, and what is wrong with others."""
    return taken(answers, lambda field, name, content: _keep(desk, found.line.task.id, field, name, content))


def taken(answers: Answers, keep: Callable[[str, str, BinaryIO], str | None]) -> tuple[Answers, tuple[FieldError, ...]]:
    """The answers with the files that a post brings; `keep` takes an input's field, the file's name and content, gives its id."""
    errors: list[FieldError] = []
    for name, given in request.files.items(multi=True):
        if not name.startswith(_PREFIX) or not given.filename:
            continue
        field = name.removeprefix(_PREFIX)
        try:
            kept = keep(field, given.filename, cast(BinaryIO, given.stream))
        except FormInvalid as error:
            errors += error.errors
        except BadRequest as error:
            errors.append(FieldError(pointer(forms.files.path_of(field)), error.code, error.message))
        else:
            answers = forms.files.put(answers, forms.files.path_of(field), kept)
        finally:
            given.close()
    return answers, tuple(errors)


def drop(found: TaskPage, answers: Answers, name: str, desk: Desk = _SIGNED_IN) -> Answers:
    """Take the file of a field away again, that was not sent yet."""
    return dropped(found.form, answers, name, lambda gone: desk.act(lambda uow, actor: files.remove(uow, actor, found.line.task.id, gone)))


def dropped(form: object, answers: Answers, name: str, remove: Callable[[set[str]], object]) -> Answers:
    """The answers without the file of a field; `remove` takes its id."""
    path = forms.files.path_of(name)
    gone = {str(value) for place, _, value in forms.files.given(form, answers) if place == path} if isinstance(form, Form) else set()
    if gone:
        remove(gone)
    return forms.files.put(answers, path, None)


@blueprint.get("/files/<file_id>")
def get(file_id: str) -> Response:
    """A file, to be saved: nothing of it is shown inside our pages. Each part is given only while it may be read."""
    with page.reading() as (uow, actor):
        file = files.get(uow, actor, file_id)
        page.opens(uow, actor, file.case_id)
    return saved(file, _content(file_id))


def saved(file: File, parts: Iterator[bytes]) -> Response:
    """The answer that gives a file to be saved under its name, and to be nothing else."""
    answer = Response(stream_with_context(parts), mimetype=file.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file.name)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.content_length = file.size
    return answer


def _content(file_id: str) -> Iterator[bytes]:
    number = 0
    while True:
        with running().reading() as uow:
            part = files.part(uow, auth.current_actor(uow), file_id, number)
        if part is None:
            return
        yield part
        number += 1


def _keep(desk: Desk, task_id: str, field: str, name: str, content: BinaryIO) -> str | None:
    with desk.reading() as (uow, actor):
        files.rule(uow, actor, task_id, field)
    scanner = running().config.scanner
    if scanner is not None:
        files.require_harmless(scanner, field, name, content)

    def add(uow: UnitOfWork, actor: Actor) -> str:
        content.seek(0, io.SEEK_SET)
        return files.add(uow, actor, task_id, field, (name, content), scanned=scanner is not None).id

    return desk.act(add)
