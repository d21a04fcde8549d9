"""Two versions of a form: fields, derived entries, rules and sections that are new, gone or different; also of forms with mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from engine.model.compared import Difference, Thing, differences

#: what is told apart by a name of its own or is one, and is no trait of the whole form
_PARTS = frozenset({"title", "properties", "required", "x-derive", "x-rules", "x-sections"})


class Unreadable(ValueError):
    """The file is not well-formed JSON."""


def compare(before: bytes, after: bytes) -> tuple[Difference, ...]:
    """How one version of a form differs from another; empty bytes stand for no form. Raises Unreadable."""
    return differences(things(before), things(after))


def things(data: bytes) -> dict[str, Thing]:
    """Everything in a form that is told apart, by id, in the order of the file. Raises Unreadable."""
    return _things(_read(data))


def _read(data: bytes) -> Mapping[str, Any]:
    if not data:
        return {}
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError as wrong:
        raise Unreadable(str(wrong)) from wrong
    if not isinstance(found, dict):
        raise Unreadable("A form is a JSON object.")
    return found


def _things(raw: Mapping[str, Any]) -> dict[str, Thing]:
    if not raw:
        return {}
    found = [Thing("", "form", str(raw.get("title", "")), _traits({key: raw[key] for key in raw if key not in _PARTS}))]
    found += _fields(raw, "")
    found += [Thing(f"={name}", "derived entry", name, _traits(entry)) for name, entry in _entries(raw.get("x-derive"))]
    for number, rule in enumerate(_list(raw.get("x-rules")), 1):
        found.append(Thing(f"!{_at(rule, 'expression')}", "rule", _at(rule, "message") or f"rule {number}", _traits(rule)))
    for section in _list(raw.get("x-sections")):
        found.append(Thing(f"#{_at(section, 'title')}", "section", _at(section, "title"), _traits(section)))
    return {one.id: one for one in found}


def _fields(raw: Mapping[str, Any], outer: str) -> Iterator[Thing]:
    required = raw.get("required")
    for name, entry in _entries(raw.get("properties")):
        must = isinstance(required, list) and name in required
        inner = entry.get("items") if isinstance(entry.get("items"), dict) else entry
        own = {key: value for key, value in entry.items() if key not in ("properties", "required", "items", "title")}
        if isinstance(entry.get("items"), dict) and "properties" not in entry["items"]:
            own["items"] = entry["items"]
        title = str(entry.get("title") or name)
        yield Thing(f"{outer}{name}", "field", title, {"required": "yes" if must else "no"} | _traits(own))
        yield from _fields(inner if isinstance(inner, dict) else {}, f"{outer}{name}.")


def _traits(value: Any) -> dict[str, str]:
    """An object as flat texts; answers to choose from are one trait each."""
    return dict(_flat(value, ""))


def _flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and "const" in value and "title" in value:
        yield f"{path} {value['const']}".strip(), str(value["title"])
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{path} {key}".strip())
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for number, inner in enumerate(value, 1):
            named = isinstance(inner, dict) and "const" in inner
            yield from _flat(inner, path if named else f"{path} {number}")
    elif isinstance(value, list):
        yield path, ", ".join(str(one) for one in value)
    else:
        yield path, {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _entries(value: Any) -> list[tuple[str, dict[str, Any]]]:
    return [(str(name), entry) for name, entry in value.items() if isinstance(entry, dict)] if isinstance(value, dict) else []


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _at(value: Any, key: str) -> str:
    return str(value.get(key, "")) if isinstance(value, dict) else str(value)
