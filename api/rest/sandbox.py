"""The sandbox's own controls: empty it, move its clock. Anywhere else these addresses do not exist."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from api.auth import current_actor
from api.rest import edge
from api.rest.reading import encode
from api.running import Sandbox, running
from engine import clock
from engine.model.errors import Forbidden, NotFound

blueprint = edge.blueprint("sandbox", "Only in a sandbox: an empty system whose clock can be moved")

#: a hundred years, in seconds
_FAR = 100 * 366 * 86_400


class Advance(Schema):
    """How far the clock moves."""

    advance_seconds = fields.Float(required=True, validate=validate.Range(min=0, max=_FAR))


class Time(Schema):
    """What the sandbox's clock shows."""

    now = fields.AwareDateTime()


@blueprint.post("/sandbox/reset")
@blueprint.response(200, Time)
def reset() -> Response:
    """Empty the sandbox and set its clock to the real time. Its token stays the same."""
    _sandbox().reset()
    return _time()


@blueprint.post("/sandbox/clock")
@blueprint.arguments(Advance)
@blueprint.response(200, Time)
def move_clock(args: dict[str, Any]) -> Response:
    """Move the clock forward. All that becomes due on the way runs at its own time, in order."""
    _sandbox().advance(timedelta(seconds=args["advance_seconds"]))
    return _time()


def _sandbox() -> Sandbox:
    """The sandbox's controls, when it is a sandbox and an administrator asks."""
    parley = running()
    if parley.sandbox is None:
        raise NotFound
    with parley.reading() as uow:
        if not current_actor(uow).administrator:
            raise Forbidden("Only the sandbox's administrator empties it or moves its clock.")
    return parley.sandbox


def _time() -> Response:
    return Response(encode(Time().dump({"now": clock.now()})), mimetype="application/json")
