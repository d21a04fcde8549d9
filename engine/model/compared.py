"""What is different between two versions of a file: values, as the comparing parts of each language give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """What happened to a thing between two versions."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Facet:
    """One trait of a thing, as written: `before` is None when it is new, `after` when it is gone."""

    key: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is new, gone or different. `id` is stable in its file, `kind` what it is in the file's language."""

    id: str
    kind: str
    name: str
    mark: Mark
    facets: tuple[Facet, ...] = ()


def facets(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Facet, ...]:
    """The traits that differ, those of `before` first, in the order of the file."""
    keys = [*before, *(key for key in after if key not in before)]
    return tuple(Facet(key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key))


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of a file that can be told apart from others by its id."""

    id: str
    kind: str
    name: str
    facets: Mapping[str, str]


def differences(before: Mapping[str, Thing], after: Mapping[str, Thing]) -> tuple[Difference, ...]:
    """What is different between two files' things, in the order of the second; what is gone comes last."""
    found = [_difference(before.get(id), thing) for id, thing in after.items()]
    gone = [thing for id, thing in before.items() if id not in after]
    removed = [Difference(one.id, one.kind, one.name, Mark.REMOVED, facets(one.facets, {})) for one in gone]
    return tuple(one for one in (*found, *removed) if one is not None)


def _difference(before: Thing | None, after: Thing) -> Difference | None:
    if before is None:
        return Difference(after.id, after.kind, after.name, Mark.ADDED, facets({}, after.facets))
    changed = facets({"name": before.name, "kind": before.kind, **before.facets}, {"name": after.name, "kind": after.kind, **after.facets})
    return Difference(after.id, after.kind, before.name or after.name, Mark.CHANGED, changed) if changed else None
