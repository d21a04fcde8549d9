"""Signatures drawn on a form: each comes in a hidden input called `_drawn:` and the field, as a PNG in a data address.

Nothing of one is kept before the form is sent: until then the text that it stands under could be written anew. A page that
comes back, with mistakes or because a file was added, holds it still.
"""

from __future__ import annotations

import base64
import binascii

from flask import request

from engine.forms import drawing
from engine.model.errors import FormInvalid
from engine.operations.content import readings

_PREFIX = "_drawn:"
_ADDRESS = "data:image/png;base64,"


def posted() -> dict[str, bytes]:
    """What was drawn, by field; what is no drawing comes as nothing, which is refused like one that cannot be read."""
    given = {name.removeprefix(_PREFIX): value for name, value in request.form.items() if name.startswith(_PREFIX) and value}
    return {field: _decoded(value) for field, value in given.items()}


def again() -> dict[str, str]:
    """What a page that comes back shows of it, by field, as data addresses."""
    return {field: address for field, png in posted().items() if (address := _address(field, png))}


def beside_draft() -> bool:
    """Whether a post says how something is signed, which no draft holds: a page that kept the draft has to come back with it."""
    return bool(posted() or request.form.get(readings.CODE) or request.form.get("_signed") == "screen")


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value.removeprefix(_ADDRESS), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _address(field: str, png: bytes) -> str:
    try:
        return _ADDRESS + base64.b64encode(drawing.cleaned(field, png)).decode()
    except FormInvalid:
        return ""
