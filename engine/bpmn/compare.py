"""Two versions of a diagram: what is new, gone or different, element by element; what only moved is counted, not listed."""

from __future__ import annotations

from dataclasses import dataclass

from engine.bpmn import drawn
from engine.bpmn.drawn import Diagram
from engine.model.compared import Difference, Thing, differences


@dataclass(frozen=True, slots=True)
class Compared:
    """`moved` counts the elements that are the same but drawn elsewhere."""

    differences: tuple[Difference, ...]
    moved: int


def compare(before: bytes, after: bytes) -> Compared:
    """How one version of a diagram differs from another; empty bytes stand for no diagram. Raises `xml.Unreadable`."""
    return drawings(_read(before), _read(after))


def drawings(old: Diagram, new: Diagram) -> Compared:
    """The same of diagrams that are read already."""
    found = differences(_things(old), _things(new))
    listed = {one.id for one in found}
    moved = sum(old.places.get(id) != place for id, place in new.places.items() if id in old.places and id not in listed)
    return Compared(found, moved)


def _read(data: bytes) -> Diagram:
    return drawn.read(data) if data else Diagram({})


def _things(diagram: Diagram) -> dict[str, Thing]:
    return {
        one.id: Thing(one.id, one.kind, one.name, ({"lane": one.lane} if one.lane else {}) | dict(one.traits))
        for one in diagram.elements.values()
    }
