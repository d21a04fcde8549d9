"""A record's answers with their titles, as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from engine.forms import drawing, signing
from engine.language import say
from engine.model.files import FileLink, Signed
from engine.model.forms import Field, FieldType, Form
from engine.operations.signing import METHODS

_NOBODY: Mapping[str, str] = MappingProxyType({})


def labelled(form: Form | None, body: Mapping[str, object], people: Mapping[str, str] = _NOBODY) -> tuple[tuple[str, object], ...]:
    """(title, text) pairs in the form's order; a repeat becomes (title, rows), each row such pairs again.

    `people`: what those who can be chosen in it are called, by id; as the reader may see them.
    Answers the form does not know (an older form's, a derived entry) come last under their own names.
    """
    known = {one.name: one for one in form.fields} if form else {}
    listed: list[tuple[str, object]] = [(one.title, shown(one, body[name], people)) for name, one in known.items() if name in body]
    rest: list[tuple[str, object]] = [(name, plain_text(value)) for name, value in body.items() if name not in known]
    return tuple(listed + rest)


def names_people(form: Form | None) -> bool:
    """Whether participants or entries can be chosen in a form, also in its rows."""
    return form is not None and any(_names_people(inner) for one in form.fields for inner in (one, *one.fields))


def shown(one: Field, value: object, people: Mapping[str, str] = _NOBODY) -> object:
    """One answer in words."""
    if _names_people(one) and value:
        return people.get(str(value)) or say("somebody")
    titles = {option.value: option.title for option in one.options}
    if one.type is FieldType.REPEAT and isinstance(value, list):
        return tuple(_row(one, row, people) for row in value if isinstance(row, dict))
    if one.type is FieldType.GROUP and isinstance(value, dict):
        return (_row(one, value, people),)
    if isinstance(value, dict) and isinstance(value.get("signature"), str):
        return _signed(value)
    if isinstance(value, dict) and isinstance(value.get("file"), str):
        return FileLink(value["file"], str(value.get("name", "")), int(value.get("size", 0)), bool(value.get("scanned")))
    if isinstance(value, list):
        return ", ".join(titles.get(str(item), str(item)) for item in value)
    if isinstance(value, bool):
        return say("Yes") if value else say("No")
    return titles.get(str(value), plain_text(value))


def _signed(value: Mapping[str, Any]) -> Signed:
    text = str(value["shown"])
    how = say(METHODS.get(str(value["method"]), ""))
    digest = str(value["digest"])
    drawn = str(value.get("drawn", ""))
    intact = signing.digest(text) == digest and (not drawn or drawing.digest(drawn) == value.get("drawn_digest"))
    return Signed(value["signature"], datetime.fromisoformat(value["at"]), how, text, digest, intact, drawn)


def _names_people(one: Field) -> bool:
    return one.widget.startswith(("participant:", "entry:"))


def _row(one: Field, row: Mapping[str, object], people: Mapping[str, str]) -> tuple[tuple[str, object], ...]:
    return tuple((inner.title, shown(inner, row[inner.name], people)) for inner in one.fields if inner.name in row)


def plain_text(value: object) -> str:
    """Anything else as text."""
    if isinstance(value, bool):
        return say("Yes") if value else say("No")
    return "" if value is None else str(value)
