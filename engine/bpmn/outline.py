"""A diagram as an outline: its elements in the order of the flow, branches and sub-processes indented, each element once.

Ways that lead to what was told already are jumps to its number; what no way reaches comes last. For any diagram, also one
that cannot be run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.bpmn.drawn import Diagram, Drawn

#: branches inside of branches that are told indented; deeper ones are told after the rest of their part
DEEPEST = 5
_WHOLES = frozenset({"subProcess", "transaction", "adHocSubProcess"})


class EntryKind(StrEnum):
    """step: an element; way: the beginning of a branch; meanwhile: a boundary event; unreached: what no way leads to."""

    STEP = "step"
    WAY = "way"
    MEANWHILE = "meanwhile"
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the outline. `number` counts elements from 1; ways have none.

    `flow` is the sequence flow that a way tells of; `jumps` are the numbers at which it goes on when that is not the next line.
    `over`: nothing follows here.
    """

    kind: EntryKind
    depth: int
    element: Drawn | None
    number: int | None = None
    flow: Drawn | None = None
    jumps: tuple[int, ...] = ()
    over: bool = False


@dataclass(slots=True)
class _Line:
    kind: EntryKind
    depth: int
    element: Drawn | None
    flow: Drawn | None = None
    #: ids where it goes on
    to: tuple[str, ...] = ()
    over: bool = False


def outline(diagram: Diagram) -> tuple[Entry, ...]:
    """All flow nodes of all processes of a diagram, each exactly once, in the order in which they are come by."""
    lines = [line for process in diagram.processes for line in _Part(diagram, process.id, 0).lines()]
    numbers: dict[str, int] = {}
    for line in lines:
        if line.element is not None and line.kind is not EntryKind.WAY:
            numbers[line.element.id] = len(numbers) + 1
    return tuple(_entries(lines, numbers))


def _entries(lines: Sequence[_Line], numbers: Mapping[str, int]) -> Iterator[Entry]:
    for place, line in enumerate(lines):
        number = numbers[line.element.id] if line.element is not None and line.kind is not EntryKind.WAY else None
        following = _following(lines, place)
        jumps = tuple(numbers[id] for id in line.to if id in numbers)
        if len(jumps) == 1 and following is not None and jumps[0] == numbers.get(following.id):
            jumps = ()
        yield Entry(line.kind, line.depth, line.element, number, line.flow, jumps, line.over)


def _following(lines: Sequence[_Line], place: int) -> Drawn | None:
    """The element to which a reader comes next anyway: the first of a branch, or the next step at the same depth."""
    here = lines[place]
    inward = here.kind is not EntryKind.STEP
    for there in lines[place + 1 :]:
        if there.depth < here.depth or (inward and there.depth != here.depth + 1):
            return None
        if inward or there.depth == here.depth:
            return there.element if there.kind is EntryKind.STEP else None
    return None


class _Part:
    """One process or sub-process while it is told."""

    def __init__(self, diagram: Diagram, scope: str, depth: int) -> None:
        self._diagram, self._depth = diagram, depth
        nodes = diagram.inside(scope)
        self._nodes = {node.id: node for node in nodes}
        self._ways: dict[str, list[Drawn]] = {id: [] for id in self._nodes}
        self._entered: set[str] = set()
        for flow in diagram.flows(scope):
            source, target = flow.traits.get("sourceRef", ""), flow.traits.get("targetRef", "")
            if source in self._nodes and target in self._nodes:
                self._ways[source].append(flow)
                self._entered.add(target)
        self._links = _links(nodes)
        self._entered |= set(self._links.values())
        self._attached: dict[str, list[Drawn]] = {}
        for node in nodes:
            if node.kind == "boundaryEvent" and node.traits.get("attachedToRef") in self._nodes:
                self._attached.setdefault(node.traits["attachedToRef"], []).append(node)
        self._told: set[str] = set()
        self._later: list[tuple[str, int]] = []

    def lines(self) -> Iterator[_Line]:
        """Everything in it: from its starts on, then event sub-processes, then what is not reached."""
        hosted = {event.id for events in self._attached.values() for event in events}
        free = [node for node in self._nodes.values() if node.id not in self._entered and node.id not in hosted]
        triggered = [node for node in free if node.traits.get("triggeredByEvent") in ("true", "1")]
        begun = [node for node in free if node not in triggered and (node.kind == "startEvent" or self._ways[node.id])]
        for node in (*sorted(begun, key=lambda one: one.kind != "startEvent"), *triggered):
            yield from self._from(node.id, frozenset(), 0)
            yield from self._put_off()
        for node in tuple(self._nodes.values()):
            if node.id not in self._told:
                yield from self._unreached(node)

    def _put_off(self) -> Iterator[_Line]:
        while self._later:
            id, _ = self._later.pop(0)
            yield from self._from(id, frozenset(), 0)

    def _unreached(self, node: Drawn) -> Iterator[_Line]:
        self._told.add(node.id)
        yield _Line(EntryKind.UNREACHED, self._depth, node, to=tuple(self._targets(node.id)))
        yield from self._within(node, 0)
        for event in self._attached.get(node.id, ()):
            yield from self._meanwhile(event, frozenset(), 0)

    def _from(self, id: str, stops: frozenset[str], nested: int) -> Iterator[_Line]:
        """Tell elements from one on, until one that was told, that is told elsewhere, or the end."""
        current: str | None = id
        while current is not None and current not in self._told and current not in stops:
            node = self._nodes[current]
            self._told.add(current)
            line = _Line(EntryKind.STEP, self._depth + nested, node)
            yield line
            yield from self._within(node, nested)
            targets = self._targets(current)
            events = self._attached.get(current, ())
            ahead = self._reach(targets) if events else frozenset()
            for event in events:
                yield from self._meanwhile(event, stops | ahead, nested)
            if len(self._ways[current]) > 1:
                meeting = self._meeting(targets, stops)
                yield from self._branches(node, stops, meeting, nested)
                current = meeting
            else:
                line.over, line.to = not targets, tuple(targets)
                current = targets[0] if targets else None

    def _within(self, node: Drawn, nested: int) -> Iterator[_Line]:
        if node.kind in _WHOLES:
            yield from _Part(self._diagram, node.id, self._depth + nested + 1).lines()

    def _meanwhile(self, event: Drawn, stops: frozenset[str], nested: int) -> Iterator[_Line]:
        if event.id in self._told:
            return
        self._told.add(event.id)
        depth = self._depth + nested + 1
        targets = self._targets(event.id)
        line = _Line(EntryKind.MEANWHILE, depth, event, to=tuple(targets), over=not targets)
        yield line
        for target in targets:
            yield from self._branch(target, stops, nested + 1)

    def _branches(self, node: Drawn, stops: frozenset[str], meeting: str | None, nested: int) -> Iterator[_Line]:
        default = node.traits.get("default", "")
        ends = stops | {meeting} if meeting else stops
        for flow in sorted(self._ways[node.id], key=lambda one: one.id == default):
            target = flow.traits["targetRef"]
            yield _Line(EntryKind.WAY, self._depth + nested + 1, node, flow, (target,))
            yield from self._branch(target, ends, nested + 1)

    def _branch(self, target: str, stops: frozenset[str], nested: int) -> Iterator[_Line]:
        if nested >= DEEPEST:
            if target not in self._told and target not in stops:
                self._later.append((target, 0))
            return
        yield from self._from(target, stops, nested + 1)

    def _targets(self, id: str) -> list[str]:
        found = [flow.traits["targetRef"] for flow in self._ways[id]]
        return [*found, self._links[id]] if id in self._links else found

    def _meeting(self, targets: Iterable[str], stops: frozenset[str]) -> str | None:
        """Where most branches come together again; the longest branch when none do, so that it is told without indenting."""
        wanted = list(dict.fromkeys(targets))
        reached = [self._distances(one, stops) for one in wanted]
        times = Counter(id for found in reached for id in found)
        most = max(times.values(), default=0)
        if most > 1:
            shared = [id for id, number in times.items() if number == most]
            return min(shared, key=lambda one: max(found.get(one, 0) for found in reached))
        lengths = {one: len(found) for one, found in zip(wanted, reached, strict=True)}
        longest = max(lengths, key=lambda one: lengths[one], default=None)
        return longest if longest is not None and lengths[longest] > 1 else None

    def _distances(self, start: str, stops: frozenset[str]) -> dict[str, int]:
        """What can be reached without what was told already: id → steps."""
        if start in self._told or start in stops:
            return {}
        found, edge = {start: 0}, [start]
        for id in edge:
            hosted = [target for event in self._attached.get(id, ()) for target in self._targets(event.id)]
            for target in (*self._targets(id), *hosted):
                if target not in found and target not in self._told and target not in stops:
                    found[target] = found[id] + 1
                    edge.append(target)
        return found

    def _reach(self, targets: Iterable[str]) -> frozenset[str]:
        return frozenset(id for target in targets for id in self._distances(target, frozenset()))


def _links(nodes: Sequence[Drawn]) -> dict[str, str]:
    """Throwing link events with the catching one of the same name."""
    catching = {
        one.traits.get("linkEventDefinition name", one.name): one.id
        for one in nodes
        if one.kind == "intermediateCatchEvent" and _is_link(one)
    }
    found = {}
    for one in nodes:
        label = one.traits.get("linkEventDefinition name", one.name)
        if one.kind == "intermediateThrowEvent" and _is_link(one) and label in catching:
            found[one.id] = catching[label]
    return found


def _is_link(node: Drawn) -> bool:
    return any(key.startswith("linkEventDefinition") for key in node.traits)
