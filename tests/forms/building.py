"""Small forms for tests."""

from __future__ import annotations

from typing import Any

import orjson

from engine import forms
from engine.model.errors import Problem
from engine.model.forms import Form

YES = [{"const": "yes", "title": "Yes"}, {"const": "no", "title": "No"}]


def read(properties: dict[str, Any], **top: Any) -> tuple[Form | None, tuple[Problem, ...]]:
    """A form file with these fields, read."""
    body = {"$id": "small", "title": "Small", "type": "object", "properties": properties, **top}
    return forms.read(orjson.dumps(body), file="small.json")


def form(properties: dict[str, Any], **top: Any) -> Form:
    """A form with these fields that reads clean."""
    made, problems = read(properties, **top)
    assert problems == ()
    assert made is not None
    return made


def field(type: str, **rest: Any) -> dict[str, Any]:
    """One field that is above C1 unless said otherwise."""
    return {"type": type, "title": "Field", "x-class": "C3", **rest}


def text(**rest: Any) -> dict[str, Any]:
    """A field of free text."""
    return field("string", maxLength=100, **rest)
