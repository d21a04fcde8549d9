"""Errors as problem details (RFC 9457): `application/problem+json` with a stable `code`."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response

from api.errors import status_of
from api.rest.reading import encode
from engine.language import say, told
from engine.model.errors import Invalid, ModelRefused, ParleyError

MEDIA_TYPE = "application/problem+json"


def document(error: ParleyError) -> dict[str, Any]:
    """The problem details of an error: type, title, status, detail, code, its errors or problems in parts; in the language spoken now."""
    status = status_of(error)
    said: dict[str, Any] = {
        "type": f"urn:parley:problem:{error.code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": say(error.message),
        "code": error.code,
    }
    if isinstance(error, ModelRefused):
        said["problems"] = [
            {
                "element_id": one.element_id,
                "code": one.code,
                "message": told(one.message),
                "file": one.file,
                "level": one.level.value,
                "also": one.also,
            }
            for one in error.problems
        ]
    elif isinstance(error, Invalid):
        said["errors"] = [{"path": one.path, "code": one.code, "message": told(one.message)} for one in error.errors]
    return said


def render(error: ParleyError) -> Response:
    """The answer for an error."""
    said = document(error)
    response = Response(encode(said), status=said["status"], mimetype=MEDIA_TYPE)
    if said["status"] == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    if said["status"] == HTTPStatus.TOO_MANY_REQUESTS:
        response.headers["Retry-After"] = "300"
    return response
