"""Files that a visitor without an account may read: their own, and those of what everybody who takes part can read."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response

from api.web import uploads
from api.web.portal import blueprint, visiting
from engine.operations.cases import portal

#: the address under which pages of this room give a file
ENDPOINT = "portal.open_file"


@blueprint.get("/files/<file_id>")
def open_file(file_id: str) -> Response:
    """A file of the visitor's own case, to be saved. Each part is given only while the visit holds and it may be read."""
    with visiting() as (uow, visit):
        file = portal.file(uow, visit, file_id)
    answer = uploads.saved(file, _content(file_id))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _content(file_id: str) -> Iterator[bytes]:
    number = 0
    while True:
        with visiting() as (uow, visit):
            part = portal.file_part(uow, visit, file_id, number)
        if part is None:
            return
        yield part
        number += 1
