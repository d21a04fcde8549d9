"""What an error of the engine, or of reading a request, means in HTTP. The one table; REST and pages both read it."""

from __future__ import annotations

from werkzeug.exceptions import HTTPException

from engine.model.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    NotSignedIn,
    ParleyError,
    PreconditionFailed,
    TooLarge,
    TooManyAttempts,
)


class CrossSite(Forbidden):
    """This came from another site, or from a page that was open for too long; reload the page and send it again."""

    code = "cross-site-request"


class MethodNotAllowed(ParleyError):
    """This address does not take that method."""

    code = "method-not-allowed"


class WrongMediaType(ParleyError):
    """The body has a content type that is not accepted here; send application/json."""

    code = "unsupported-media-type"


class Unexpected(ParleyError):
    """Something went wrong on our side; nothing was saved. Try again, and tell whoever looks after this system."""

    code = "unexpected"


#: The first class that an error belongs to counts.
STATUS: tuple[tuple[type[ParleyError], int], ...] = (
    (BadRequest, 400),
    (NotSignedIn, 401),
    (Forbidden, 403),
    (NotFound, 404),
    (MethodNotAllowed, 405),
    (Conflict, 409),
    (PreconditionFailed, 412),
    (TooLarge, 413),
    (WrongMediaType, 415),
    (Invalid, 422),
    (TooManyAttempts, 429),
    (ParleyError, 500),
)

_OF_HTTP: dict[int, type[ParleyError]] = {
    401: NotSignedIn,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    409: Conflict,
    412: PreconditionFailed,
    413: TooLarge,
    415: WrongMediaType,
    422: Invalid,
    429: TooManyAttempts,
}


def status_of(error: ParleyError) -> int:
    """The HTTP status of an error."""
    return next(status for kind, status in STATUS if isinstance(error, kind))


def from_http(error: HTTPException) -> ParleyError:
    """The same as an error of ours; what a client did wrong and has no name of its own is a BadRequest."""
    status = error.code or 500
    if status >= 500:
        return Unexpected()
    return _OF_HTTP.get(status, BadRequest)()
