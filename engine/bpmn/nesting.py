"""What is drawn inside what, and who calls whom: how something inside shows on the diagrams around it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn.compiling import Compiled

#: process key and element id
_Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Nesting:
    """The sub-processes and call activities of a closure."""

    #: element → the sub-process that it is drawn in directly
    containers: Mapping[_Place, _Place]
    #: process → the call activities that call it
    callers: Mapping[str, Collection[_Place]]

    def within(self, place: _Place) -> Iterator[_Place]:
        """The sub-processes that a place is drawn in, innermost first."""
        while (outer := self.containers.get(place)) is not None:
            yield outer
            place = outer

    def around(self, place: _Place, standing: Collection[_Place]) -> frozenset[_Place]:
        """All that a place is inside of: its sub-processes, and the call activities around it in which a token stands."""
        found: set[_Place] = set()
        ahead = [place]
        while ahead:
            one = ahead.pop()
            outer = [*self.within(one), *(caller for caller in self.callers.get(one[0], ()) if caller in standing)]
            ahead += [caller for caller in outer if caller not in found]
            found.update(outer)
        return frozenset(found)

    def calls(self, place: _Place) -> bool:
        """Whether an element calls a procedure."""
        return any(place in listed for listed in self.callers.values())

    def inside(self, place: _Place) -> frozenset[_Place]:
        """Everything that is drawn in a sub-process, itself among it."""
        return frozenset({place, *(one for one in self.containers if place in self.within(one))})


def nesting(compiled: Compiled) -> Nesting:
    """The nesting of all processes of a closure."""
    containers: dict[_Place, _Place] = {}
    callers: dict[str, list[_Place]] = defaultdict(list)
    for spec in compiled.scopes.values():
        for node in spec.scope.nodes.values():
            if spec.scope.node_id is not None:
                containers[spec.process_key, node.id] = (spec.process_key, spec.scope.node_id)
            if node.called:
                callers[node.called].append((spec.process_key, node.id))
    return Nesting(containers, {process: tuple(listed) for process, listed in callers.items()})
