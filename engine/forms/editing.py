"""Changing a form file by its fields: text in, text out. What is not touched keeps its order and its words.

A path is the name of a field, or `outer.name` inside a group or rows. Whether the result is a good form is for
`forms.read` to say: a draft may be incomplete.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.forms.shape import FORM
from engine.language import say
from engine.model.errors import Conflict, FieldError, Invalid, NotFound
from engine.packs.shape import NAME
from engine.schemas import Fault, canonical, faults, matches, pointer, sentence

_Raw = dict[str, Any]

#: what people choose from, and what it means in the file
KINDS: Mapping[str, _Raw] = {
    "text": {"type": "string", "maxLength": 200, "x-widget": "text"},
    "long": {"type": "string", "maxLength": 2000, "x-widget": "long"},
    "one": {"type": "string", "oneOf": [], "x-widget": "radio"},
    "list": {"type": "string", "oneOf": [], "x-widget": "select"},
    "several": {"type": "array", "items": {"type": "string", "oneOf": []}, "uniqueItems": True, "x-widget": "checkboxes"},
    "yes-no": {"type": "boolean", "x-widget": "yes-no"},
    "tick": {"type": "boolean", "x-widget": "checkbox"},
    "number": {"type": "number", "x-widget": "number"},
    "whole": {"type": "integer", "x-widget": "number"},
    "rating": {"type": "integer", "minimum": 1, "maximum": 5, "x-widget": "rating"},
    "date": {"type": "string", "format": "date", "x-widget": "date"},
    "datetime": {"type": "string", "format": "date-time", "x-widget": "datetime"},
    "email": {"type": "string", "format": "email", "maxLength": 200},
    "web": {"type": "string", "format": "uri", "maxLength": 500},
    "signature": {"type": "string", "maxLength": 200, "x-widget": "signature"},
    "file": {"type": "string", "x-widget": "file"},
    "rows": {"type": "array", "maxItems": 20, "items": {"type": "object", "properties": {}}},
    "group": {"type": "object", "properties": {}},
}
#: kinds that are about text, choices or numbers, for the page that asks about them
WITH_CHOICES = frozenset({"one", "list", "several"})
WITH_LENGTH = frozenset({"text", "long", "email", "web", "signature"})
WITH_BOUNDS = frozenset({"number", "whole", "rating"})
INSIDE = frozenset({"rows", "group"})


@dataclass(frozen=True, slots=True)
class Edit:
    """What a page says about one field. None leaves a keyword out."""

    title: str
    help: str = ""
    #: a text that is read with the question
    read: str = ""
    required: bool = False
    cls: str = "C1"
    choices: tuple[tuple[str, str], ...] = ()
    longest: int | None = None
    least: float | None = None
    most: float | None = None
    show_field: str = ""
    show_values: tuple[object, ...] = ()
    on_behalf: bool = False
    #: kinds of files that it takes, and how large one may be in megabytes
    takes: tuple[str, ...] = ()
    most_mb: int | None = None


def blank(key: str, title: str) -> bytes:
    """A new form without fields. Raises Invalid for a key that no form may have."""
    if matches(key, r"^[a-z0-9][a-z0-9_-]{0,63}$") is not True:
        raise _wrong("key", say("A form's key has small letters, digits and hyphens, such as first-contact."))
    schema = "https://json-schema.org/draft/2020-12/schema"
    return written({"$schema": schema, "$id": key, "title": _title(title), "x-version": 1, "type": "object", "properties": {}})


def raw(data: bytes) -> _Raw:
    """The file as plain JSON. Raises Invalid when it is no JSON object with fields."""
    try:
        found = json.loads(data)
        canonical(found)  # lone surrogates and numbers without end can be read, but not kept
    except (ValueError, TypeError, RecursionError) as wrong:
        raise Invalid(say("This file is not well-formed JSON, so it cannot be edited field by field; take a sound one in.")) from wrong
    if not isinstance(found, dict) or not isinstance(found.get("properties"), dict):
        raise Invalid(say("This file has no fields (properties), so it cannot be edited as a form; take a sound one in."))
    odd = next((fault for fault in faults(FORM, found) if not _can_be_edited(fault)), None)
    if odd is not None:
        raise Invalid(
            say(
                "This file cannot be edited field by field: {pointer}: {sentence} Take a sound one in.",
                pointer=pointer(odd.path),
                sentence=sentence(odd),
            )
        )
    return found


def _can_be_edited(fault: Fault) -> bool:
    """Whether what is wrong is only missing or unfinished, not of another shape than a form's."""
    odd = fault.keyword in ("enum", "const") and isinstance(fault.value, (list, dict))
    strange = fault.keyword == "additionalProperties" and fault.path[-1] in ("properties", "items")
    return fault.keyword != "type" and not odd and not strange


def written(form: _Raw) -> bytes:
    """A form as its file is laid out."""
    return (json.dumps(form, ensure_ascii=False, indent=2) + "\n").encode()


def describe(data: bytes, title: str, description: str) -> bytes:
    """Another title and introduction."""

    def change(form: _Raw) -> None:
        form["title"] = _title(title)
        _put(form, "description", description.strip()[:4000])

    return _changed(data, change)


def read_first(data: bytes, keys: Sequence[str]) -> bytes:
    """The forms whose newest record is read before this one is filled in, in this order; none drops the word."""

    def change(form: _Raw) -> None:
        _put(form, "x-reads", list(dict.fromkeys(keys)) or None)

    return _changed(data, change)


def add(data: bytes, outer: str, kind: str, name: str, edit: Edit) -> bytes:
    """A new field at the end of the form, or of the group or rows `outer`. Raises Conflict for a name that is taken."""
    if kind not in KINDS:
        raise _wrong("kind", say("Choose what kind of answer is asked for."))
    if matches(name, NAME) is not True:
        raise _wrong("name", say("A field's name begins with a letter and has letters, digits and underscores only, such as firstContact."))

    def change(form: _Raw) -> None:
        holder = _holder(form, outer)
        if name in holder["properties"]:
            raise Conflict(say("There is a field “{name}” already; choose another name.", name=name))
        holder["properties"][name] = {"title": "", **json.loads(json.dumps(KINDS[kind]))}
        _apply(holder, name, edit, inside=bool(outer))
        if not outer and form.get("x-sections"):
            form["x-sections"][-1]["fields"].append(name)

    return _changed(data, change)


def change(data: bytes, path: str, edit: Edit) -> bytes:
    """Another title, help, choices, bounds, condition of a field. Raises NotFound."""

    def work(form: _Raw) -> None:
        outer, name = _split(path)
        holder = _holder(form, outer)
        _field(holder, name)
        _apply(holder, name, edit, inside=bool(outer))

    return _changed(data, work)


def move(data: bytes, path: str, by: int) -> bytes:
    """A field earlier (-1) or later (1) among its neighbours; at an end nothing changes."""

    def work(form: _Raw) -> None:
        outer, name = _split(path)
        holder = _holder(form, outer)
        _field(holder, name)
        names = list(holder["properties"])
        at = names.index(name)
        to = min(max(at + by, 0), len(names) - 1)
        names.insert(to, names.pop(at))
        holder["properties"] = {key: holder["properties"][key] for key in names}

    return _changed(data, work)


def remove(data: bytes, path: str) -> bytes:
    """Drop a field; what depended on it is named by the checks."""

    def work(form: _Raw) -> None:
        outer, name = _split(path)
        holder = _holder(form, outer)
        _field(holder, name)
        del holder["properties"][name]
        _required(holder, name, required=False)
        if not outer:
            for section in form.get("x-sections", []):
                section["fields"] = [one for one in section["fields"] if one != name]
            form["x-sections"] = [section for section in form.get("x-sections", []) if section["fields"]]
            if not form["x-sections"]:
                del form["x-sections"]

    return _changed(data, work)


def derive(data: bytes, name: str, type: str, expression: str, cls: str = "C1") -> bytes:
    """A fact worked out from the answers; an empty expression drops it."""
    if matches(name, NAME) is not True:
        raise _wrong("name", say("A derived fact's name begins with a letter and has letters, digits and underscores only."))

    def work(form: _Raw) -> None:
        derived = form.setdefault("x-derive", {})
        if expression.strip():
            derived[name] = {"class": cls, "type": type, "expression": expression.strip()}
        else:
            derived.pop(name, None)
        if not derived:
            del form["x-derive"]

    return _changed(data, work)


def kind_of(entry: Mapping[str, Any]) -> str:
    """What kind of answer a field asks for, as `KINDS` calls it; "other" for what only the file can say."""
    items = entry.get("items", {})
    match entry.get("type"):
        case "array":
            return "rows" if items.get("type") == "object" else "several"
        case "object":
            return "group"
        case "boolean":
            return "tick" if entry.get("x-widget") == "checkbox" else "yes-no"
        case "number":
            return "number"
        case "integer":
            return "rating" if entry.get("x-widget") == "rating" else "whole"
        case "string":
            return _kind_of_text(entry)
        case _:
            return "other"


def _kind_of_text(entry: Mapping[str, Any]) -> str:
    if "oneOf" in entry:
        return "list" if entry.get("x-widget") == "select" else "one"
    by_format = {"date": "date", "date-time": "datetime", "email": "email", "uri": "web"}.get(entry.get("format", ""))
    if by_format is not None:
        return by_format
    widget = entry.get("x-widget", "text")
    return widget if widget in KINDS else "other" if ":" in widget or widget == "candidate" else "text"


def edit_of(form: Mapping[str, Any], path: str) -> Edit:
    """What a page shows of a field now. Raises NotFound."""
    outer, name = _split(path)
    holder = _holder(dict(form), outer)
    entry = _field(holder, name)
    shown = entry.get("x-show-if", {})
    values = shown.get("in") or ([shown["equals"]] if "equals" in shown else [])
    options = entry.get("oneOf") or entry.get("items", {}).get("oneOf") or []
    return Edit(
        title=entry.get("title", ""),
        help=entry.get("x-help", ""),
        read=entry.get("x-read", ""),
        required=name in holder.get("required", []),
        cls=entry.get("x-class", "C1"),
        choices=tuple((one.get("const", ""), one.get("title", "")) for one in options),
        longest=entry.get("maxLength"),
        least=entry.get("minimum"),
        most=entry.get("maximum"),
        show_field=shown.get("field", ""),
        show_values=tuple(values),
        on_behalf=entry.get("x-only") == "on-behalf",
        takes=tuple(entry.get("x-files", {}).get("kinds", ())),
        most_mb=entry.get("x-files", {}).get("most_mb"),
    )


def _changed(data: bytes, work: Callable[[_Raw], None]) -> bytes:
    form = raw(data)
    work(form)
    return written(form)


def _split(path: str) -> tuple[str, str]:
    outer, dot, name = path.rpartition(".")
    return (outer, name) if dot else ("", path)


def _holder(form: _Raw, outer: str) -> _Raw:
    """Where fields stand: the form, a group, or one row of rows."""
    if not outer:
        return form
    entry = _field(form, outer)
    held: _Raw = entry.get("items", entry) if entry.get("type") == "array" else entry
    if not isinstance(held.get("properties"), dict):
        raise NotFound(say("That field holds no others."))
    return held


def _field(holder: Mapping[str, Any], name: str) -> _Raw:
    found = holder["properties"].get(name)
    if not isinstance(found, dict):
        raise NotFound(say("The form has no such field any more."))
    return found


def _apply(holder: _Raw, name: str, edit: Edit, *, inside: bool) -> None:
    entry, kind = holder["properties"][name], kind_of(holder["properties"][name])
    entry["title"] = _title(edit.title)
    _put(entry, "x-help", edit.help.strip())
    _put(entry, "x-read", edit.read.replace("\r\n", "\n").strip())
    if not inside:
        entry["x-class"] = edit.cls
    if kind in WITH_CHOICES:
        (entry["items"] if kind == "several" else entry)["oneOf"] = _choices(edit.choices)
    if kind in WITH_LENGTH:
        _put(entry, "maxLength", edit.longest)
    if kind in WITH_BOUNDS:
        _put(entry, "minimum", edit.least)
        _put(entry, "maximum", edit.most)
    if kind == "file":
        asked = {"kinds": list(edit.takes) or None, "most_mb": edit.most_mb}
        _put(entry, "x-files", {key: value for key, value in asked.items() if value is not None} or None)
    _put(entry, "x-only", "on-behalf" if edit.on_behalf else None)
    if "not" not in entry.get("x-show-if", {}) or edit.show_field:
        _put(entry, "x-show-if", _condition(edit))
    _required(holder, name, required=edit.required and kind not in INSIDE | {"tick"})


def _condition(edit: Edit) -> _Raw | None:
    if not edit.show_field:
        return None
    if not edit.show_values:
        raise _wrong("show_values", say("Say which answer makes this field appear."))
    return {"field": edit.show_field, **({"equals": edit.show_values[0]} if len(edit.show_values) == 1 else {"in": list(edit.show_values)})}


def _choices(choices: tuple[tuple[str, str], ...]) -> list[_Raw]:
    if not choices:
        raise _wrong("choices", say("Give at least one answer to choose from, one a line."))
    codes = [code for code, _ in choices]
    if len(set(codes)) != len(codes):
        raise _wrong("choices", say("Two answers have the same code; give each its own."))
    return [{"const": code, "title": title} for code, title in choices]


def _required(holder: _Raw, name: str, *, required: bool) -> None:
    names = [one for one in holder.get("required", []) if one != name]
    kept = [*names, name] if required else names
    holder["required"] = [one for one in holder["properties"] if one in kept] + [one for one in kept if one not in holder["properties"]]
    if not holder["required"]:
        del holder["required"]


def _title(text: str) -> str:
    found = " ".join(text.split())
    if not 0 < len(found) <= 400:
        raise _wrong("title", say("Write what is asked, in at most 400 characters."))
    return found


def _put(entry: _Raw, keyword: str, value: Any) -> None:
    if value is None or value == "":
        entry.pop(keyword, None)
    else:
        entry[keyword] = value


def _wrong(place: str, message: str) -> Invalid:
    return Invalid(message, (FieldError(f"/{place}", place, message),))
