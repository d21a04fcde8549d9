"""Errors as problem details (RFC 9457): `application/problem+json` with a stable `code`."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response

from api.errors import status_of
from api.rest.reading import encode
from engine.model.errors import Invalid, ModelRefused, ParleyError

MEDIA_TYPE = "application/problem+json"


def document(error: ParleyError) -> dict[str, Any]:
    """The problem details of an error: type, title, status, detail, code, and its errors or problems in parts."""
    status = status_of(error)
    told: dict[str, Any] = {
        "type": f"urn:parley:problem:{error.code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": error.message,
        "code": error.code,
    }
    if isinstance(error, ModelRefused):
        told["problems"] = [
            {
                "element_id": one.element_id,
                "code": one.code,
                "message": one.message,
                "file": one.file,
                "level": one.level.value,
                "also": one.also,
            }
            for one in error.problems
        ]
    elif isinstance(error, Invalid):
        told["errors"] = [{"path": one.path, "code": one.code, "message": one.message} for one in error.errors]
    return told


def render(error: ParleyError) -> Response:
    """The answer for an error."""
    told = document(error)
    response = Response(encode(told), status=told["status"], mimetype=MEDIA_TYPE)
    if told["status"] == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    if told["status"] == HTTPStatus.TOO_MANY_REQUESTS:
        response.headers["Retry-After"] = "300"
    return response
