"""The tiles of a pack: their shape in pack.toml, reading them, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeAlias

from engine.feel import iso_duration
from engine.feel.values import DaysTime
from engine.language import kept
from engine.model.errors import Problem
from engine.model.execution import ProcessModel
from engine.model.packs import Pack, ValueType
from engine.model.tiles import AT_ELEMENTS, WITHIN, Counting, Tile
from engine.packs import selecting

_Schema: TypeAlias = dict[str, object]
#: how far a tile looks at most
_FARTHEST = timedelta(days=3660)
_KEY: _Schema = {"type": "string", "pattern": r"^[a-z0-9][a-z0-9_-]{0,63}$"}

#: an entry of the list [[tiles]]
SHAPE: _Schema = {
    "type": "object",
    "properties": {
        "key": _KEY,
        "title": {"type": "string", "minLength": 1, "maxLength": 80},
        "counts": {"enum": [one.value for one in Counting]},
        "at": {"type": "array", "maxItems": 100, "items": {"type": "string", "pattern": r"^[^\s/:]+/[^\s/]+$"}},
        "rule": _KEY,
        "buckets": {"type": "array", "minItems": 1, "maxItems": 6, "items": {"type": "integer", "minimum": 1, "maximum": 3650}},
        "within": {"type": "string", "minLength": 1, "maxLength": 64},
        "note": {"type": "string", "minLength": 1, "maxLength": 400},
        "roles": {"type": "array", "maxItems": 100, "items": _KEY},
    },
    "required": ["key", "title", "counts", "note"],
    "additionalProperties": False,
}


def read(raw: Mapping[str, Any]) -> Tile:
    """An entry of [[tiles]], after it was checked against the shape."""
    return Tile(
        key=raw["key"],
        title=raw["title"],
        counts=Counting(raw["counts"]),
        at=tuple(raw.get("at", ())),
        rule=raw.get("rule"),
        buckets=tuple(raw.get("buckets", ())),
        within=raw.get("within"),
        note=raw["note"],
        roles=tuple(raw.get("roles", ())),
    )


def length(pack: Pack, tile: Tile) -> DaysTime | None:
    """How far a tile looks ahead or back: as written, or as its setting says; None when it says nothing that can be read."""
    rule = pack.settings.get(tile.within or "")
    text = str(rule.default) if rule is not None else tile.within or ""
    try:
        found = iso_duration(text)
    except ValueError:
        return None
    return found if isinstance(found, DaysTime) and timedelta(0) < found.delta <= _FARTHEST else None


def inner(pack: Pack, file: str) -> Iterator[Problem]:
    """What contradicts the rest of the pack in a tile."""
    for tile in pack.tiles:
        for code, message in (*_places(pack, tile), *_times(pack, tile), *_readers(pack, tile)):
            yield Problem(file, f"tiles.{tile.key}", code, message)
    yield from _intensity(pack, file)


def _places(pack: Pack, tile: Tile) -> Iterator[tuple[str, str]]:
    if tile.at and tile.rule:
        yield "tile-places", kept("This tile names both tasks and a deadline rule; keep one of them.")
    if (tile.at or tile.rule) and tile.counts not in AT_ELEMENTS:
        yield "tile-places", kept("What this tile counts stands at no step of a procedure; take the tasks and the rule out.")
    if tile.rule and tile.counts is Counting.EXPIRING:
        yield "tile-places", kept("A deadline rule stands on tasks, but this tile counts timers; name the timers instead.")
    if tile.rule and all(rule.key != tile.rule for rule in pack.deadline_rules):
        yield "unknown-rule", kept("There is no deadline rule “{rule}”; choose another one.", rule=tile.rule)


def _times(pack: Pack, tile: Tile) -> Iterator[tuple[str, str]]:
    if tile.counts in WITHIN and tile.within is None:
        yield "missing-key", kept("This tile needs a length of time; choose a setting, or write one such as P3D.")
    elif tile.within is not None and tile.counts not in WITHIN:
        yield "tile-times", kept("What this tile counts needs no length of time; take it out.")
    elif tile.within is not None and tile.within not in pack.settings and length(pack, tile) is None:
        yield (
            "bad-duration",
            kept("“{within}” is neither a length of time such as P3D nor a setting that holds one; correct it.", within=tile.within),
        )
    setting = pack.settings.get(tile.within or "")
    if setting is not None and setting.type is not ValueType.DURATION:
        yield "bad-duration", kept("The setting “{label}” is no length of time; choose another one.", label=setting.label)
    if tile.buckets and tile.counts is not Counting.OVERDUE:
        yield "tile-times", kept("Only what is late has groups of days; take them out.")
    if list(tile.buckets) != sorted(set(tile.buckets)):
        yield "tile-times", kept("The groups of days have to rise, each last day once; correct their order.")


def _readers(pack: Pack, tile: Tile) -> Iterator[tuple[str, str]]:
    for key in tile.roles:
        if key not in pack.roles:
            yield (
                "unknown-role",
                kept(
                    "There is no role “{key}”; choose one of these: {list}.",
                    key=key,
                    list=", ".join(role.label for role in pack.roles.values()),
                ),
            )
        elif "case.list" not in pack.roles[key].may:
            yield (
                "tile-unseen",
                kept(
                    "The role “{label}” does not list all cases, so it would not see this tile; leave it out.", label=pack.roles[key].label
                ),
            )


def _intensity(pack: Pack, file: str) -> Iterator[Problem]:
    key = pack.case.intensity
    if key is not None and (key not in pack.variables or not pack.variables[key].fact):
        message = kept(
            "“{key}” is not a fact that is kept for lists, so it cannot be the intensity; choose a fact of the page “Facts”.", key=key
        )
        yield Problem(file, "case.intensity", "unknown-name", message)


def problems(pack: Pack, processes: Sequence[ProcessModel], file: str) -> Iterator[Problem]:
    """Steps that tiles count at and that no procedure has."""
    for tile in pack.tiles:
        for selector in tile.at:
            if next(selecting.elements(selector, processes), None) is None:
                message = kept(
                    "No procedure has {selector}, so nothing would be counted there; choose another step.",
                    selector=selecting.words(selector),
                )
                yield Problem(file, f"tiles.{tile.key}", "unknown-element", message)
