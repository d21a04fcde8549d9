"""Uploaded files by name."""

from __future__ import annotations

from werkzeug.datastructures import FileStorage

from api.rest.reading import check_text
from engine.model.errors import FieldError, Invalid


def contents(uploads: list[FileStorage]) -> dict[str, bytes]:
    """Files by their own names, without folders. Raises Invalid when two have the same name or one has none."""
    found: dict[str, bytes] = {}
    for place, upload in enumerate(uploads):
        name = (upload.filename or "").replace("\\", "/").rpartition("/")[2]
        check_text(name)
        if not name or not name.isprintable() or len(name) > 200:
            raise Invalid(errors=(FieldError(f"/files/{place}", "name", "A file needs a readable name of at most 200 characters."),))
        if name in found:
            raise Invalid(errors=(FieldError(f"/files/{place}", "doubled", "Two files have the same name."),))
        upload.stream.seek(0)
        found[name] = upload.stream.read()
    return found
