"""Two versions of a pack: roles, settings, rules, rungs, words that are new, gone or different; also of packs with mistakes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from engine.model.compared import Difference, Thing, differences

#: tables of entries with a name of their own → what one entry is
_NAMED = {
    "roles": "role",
    "variables": "variable",
    "settings": "setting",
    "notices": "notice",
    "milestones": "milestone",
    "lanes": "lane",
    "classes": "class",
    "retention": "retention",
    "calendars": "calendar",
}
#: lists of entries → what one entry is, and the entry that names it
_LISTED = {
    "deadline_rules": ("deadline rule", "key"),
    "messages": ("message", "name"),
    "panels": ("panel", "key"),
    "tiles": ("tile", "key"),
    "measures": ("measure", "key"),
    "surveys": ("survey", "key"),
    "guides": ("guide", "key"),
    "exclusions": ("exclusion", "between"),
}


class Unreadable(ValueError):
    """The file is not well-formed TOML."""


def compare(before: bytes, after: bytes) -> tuple[Difference, ...]:
    """How one version of a pack differs from another; empty bytes stand for no pack. Raises Unreadable.

    The id of a difference is its path in the file; rungs of a ladder are things of their own, by act and addressee.
    """
    return differences(_things(before), _things(after))


def _things(data: bytes) -> dict[str, Thing]:
    if not data:
        return {}
    try:
        raw = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise Unreadable(str(wrong)) from wrong
    return {one.id: one for one in _of(raw)}


def _of(raw: Mapping[str, Any]) -> Iterator[Thing]:
    rest = {key: value for key, value in raw.items() if key not in _NAMED and key not in _LISTED and key != "telling"}
    yield Thing("pack", "pack", str(raw.get("title", "")), dict(_flat(rest, "")))
    for table, kind in _NAMED.items():
        entries = raw.get(table)
        for key, entry in entries.items() if isinstance(entries, dict) else ():
            yield _named(table, kind, str(key), entry)
    for table, (kind, by) in _LISTED.items():
        entries = raw.get(table)
        for number, entry in enumerate(entries if isinstance(entries, list) else (), 1):
            if isinstance(entry, dict):
                yield from _listed(table, kind, _key(entry.get(by), number), entry)
    yield from _of_telling(raw)


def _of_telling(raw: Mapping[str, Any]) -> Iterator[Thing]:
    """The mail that goes with notices: each kind a thing of its own, and what holds for all of them."""
    telling = raw.get("telling")
    if not isinstance(telling, dict):
        return
    kinds = telling.get("kinds")
    yield Thing("telling", "mail", "every kind", dict(_flat({key: value for key, value in telling.items() if key != "kinds"}, "")))
    for number, entry in enumerate(kinds if isinstance(kinds, list) else (), 1):
        if isinstance(entry, dict):
            name, own = _titled(entry, str(number))
            yield Thing(f"telling.kinds.{_key(entry.get('key'), number)}", "mail", name, dict(_flat(own, "")))


def _named(table: str, kind: str, key: str, entry: Any) -> Thing:
    if not isinstance(entry, dict):
        return Thing(f"{table}.{key}", kind, key, {"value": _text(entry)})
    name, own = _titled(entry, key)
    return Thing(f"{table}.{key}", kind, name, dict(_flat(own, "")))


def _titled(entry: Mapping[str, Any], key: str) -> tuple[str, dict[str, Any]]:
    """What people call an entry, and its other traits."""
    by = next((name for name in ("label", "title") if entry.get(name)), None)
    return str(entry[by]) if by else key, {name: value for name, value in entry.items() if name != by}


def _key(value: Any, number: int) -> str:
    return " and ".join(str(one) for one in value) if isinstance(value, list) else str(value or number)


def _listed(table: str, kind: str, key: str, entry: Mapping[str, Any]) -> Iterator[Thing]:
    rungs = entry.get("rungs")
    own = {name: value for name, value in entry.items() if name != "rungs"}
    name, own = _titled(own, key)
    yield Thing(f"{table}.{key}", kind, name, dict(_flat(own, "")))
    seen: dict[str, int] = {}
    for rung in rungs if isinstance(rungs, list) else ():
        if isinstance(rung, dict):
            what = " ".join(str(rung[part]) for part in ("act", "to", "notice", "process") if part in rung)
            seen[what] = seen.get(what, 0) + 1
            yield Thing(f"{table}.{key}.{what} {seen[what]}", "rung", key, dict(_flat(rung, "")))


def _flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}" if path else str(key))
    else:
        yield path, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(_text(one) for one in value.values())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(_text(one) for one in value) if isinstance(value, list) else str(value)
