"""What can be known at a place of a diagram: the variables that anything before it may have set.

Drawn things only: nothing is run, and a diagram with problems is read as far as it can be. Scopes as in BPMN 2.0, 10.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from engine import feel
from engine.bpmn import parsing, xml
from engine.bpmn.graph import Event, Graph, Node, Scope
from engine.feel.errors import FeelError

Names: TypeAlias = frozenset[str]
_NO: Names = frozenset()
#: the turn or instance of a loop, which the engine counts
_COUNTER = "loopCounter"
_CATCHING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})


@dataclass(frozen=True, slots=True)
class Sources:
    """What sets variables beside the diagram: facts of forms by key, what events bring, and what processes begin with."""

    forms: Mapping[str, Names] = field(default_factory=dict)
    #: payloads by kind of event and its name or code
    events: Mapping[tuple[str, str], Names] = field(default_factory=dict)
    #: variables that a process begins with, by its key
    starts: Mapping[str, Names] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outline:
    """One process of a file, for those who ask what they may write there."""

    key: str
    name: str
    lanes: tuple[str, ...]
    duties: Names
    messages: Names
    #: what it says it takes, when it says so
    inputs: Names
    #: what it passes on: called processes → names
    passes: Mapping[str, Names]
    #: what its events bring: kind and name or code → names in their payload
    sends: Mapping[tuple[str, str], Names]
    graph: Graph


def outlines(data: bytes) -> tuple[Outline, ...]:
    """The processes of one file; none of a file that is no BPMN."""
    try:
        root = xml.parse(data)
    except xml.Unreadable:
        return ()
    known = parsing.definitions(root)
    return tuple(_outline(parsing.read(one, known)) for one in xml.children(root, "process") if one.get("id"))


def _outline(graph: Graph) -> Outline:
    nodes = [node for _, node in graph.nodes()]
    passes: dict[str, Names] = {}
    sends: dict[tuple[str, str], Names] = {}
    for node in nodes:
        given = frozenset(line.target for line in node.inputs)
        if node.called:
            passes[node.called] = passes.get(node.called, _NO) | given
        for event in node.events:
            if key := _bearer(event):
                sends[key] = sends.get(key, _NO) | given
    return Outline(
        key=graph.key,
        name=graph.name,
        lanes=graph.lanes,
        duties=frozenset(duty for node in nodes if (duty := node.attributes.get("duty"))),
        messages=frozenset(name for kind, name in sends if kind == "message"),
        inputs=graph.interface.inputs if graph.interface else _NO,
        passes=passes,
        sends=sends,
        graph=graph,
    )


def _bearer(event: Event) -> tuple[str, str] | None:
    name = event.name or event.code
    return (event.kind, name) if name and event.kind != "link" else None


def at(outline: Outline, sources: Sources) -> dict[str, Names]:
    """By the id of each element and flow: the variables that can be set when a token comes there.

    A flow's are those behind the element it leaves, so that its condition sees what that element sets.
    """
    walk = _Walk(sources)
    walk.scope(outline.graph.scope, sources.starts.get(outline.key, _NO) | outline.inputs | outline.graph.scope.declared)
    return walk.found


class _Walk:
    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.found: dict[str, Names] = {}

    def scope(self, scope: Scope, given: Names) -> Names:
        """Look at everything drawn in a scope, and what is inside; gives all names that can be set when it is over."""
        before = {node.id: given for node in scope.nodes.values() if not node.incoming}
        behind: dict[str, Names] = {}
        todo = list(scope.nodes.values())
        while todo:
            node = todo.pop()
            before[node.id] = before.get(node.id, _NO).union(
                *(behind.get(flow.source, _NO) for flow in node.incoming), *_aside(scope, node, before, behind)
            )
            after = before[node.id] | self.sets(node, before[node.id])
            if behind.get(node.id) != after:
                behind[node.id] = after
                todo += _following(scope, node)
        everything = given.union(*behind.values())
        for node in scope.nodes.values():
            known = everything if node.event_subprocess else before[node.id]
            self.found[node.id] = known | _items(node)
            self.found |= {flow.id: behind[node.id] for flow in node.outgoing}
            if node.scope is not None:
                self.scope(node.scope, known | _items(node) | node.scope.declared)
        return everything

    def sets(self, node: Node, known: Names) -> Names:
        """The variables that an element sets when it is completed; of instances only what they give back."""
        found = self._own(node) if node.scope is None else self._inside(node.scope)
        if node.loop is None or node.loop.kind == "standard":
            return found
        # What an instance writes stays with it, unless the name was there before (BPMN 2.0, 10.4.7).
        return (found & known) | (frozenset({node.loop.output}) if node.loop.output else _NO)

    def _inside(self, scope: Scope) -> Names:
        return _NO.union(*(self.sets(node, _NO) for node in scope.nodes.values()))

    def _own(self, node: Node) -> Names:
        found = {line.target for line in node.outputs}
        if node.manual:
            found |= self.sources.forms.get(node.attributes.get("form", ""), _NO)
        if node.type == "businessRuleTask":
            found |= {node.attributes.get("result", "")} - {""}
        if node.type == "scriptTask":
            found |= _entries(node.script)
        if node.type in _CATCHING:
            found = found.union(*(self.sources.events.get(key, _NO) for event in node.events if (key := _bearer(event))))
        return frozenset(found)


def _aside(scope: Scope, node: Node, before: Mapping[str, Names], behind: Mapping[str, Names]) -> Iterator[Names]:
    """What comes to a node by no flow: from the activity it sits on, from the other halves of a link."""
    host = scope.nodes.get(node.attached_to or "")
    if host is not None:
        # Of an activity with parts some may be over when the event comes.
        yield (before if host.scope is None else behind).get(host.id, _NO)
    if node.type == "intermediateCatchEvent" and node.event.kind == "link":
        throws = (one for one in scope.nodes.values() if one.type == "intermediateThrowEvent" and one.event.kind == "link")
        yield from (behind.get(one.id, _NO) for one in throws if one.event.name == node.event.name)


def _following(scope: Scope, node: Node) -> Iterator[Node]:
    yield from (scope.nodes[flow.target] for flow in node.outgoing if flow.target in scope.nodes)
    yield from node.boundaries
    if node.type == "intermediateThrowEvent" and node.event.kind == "link":
        catches = (one for one in scope.nodes.values() if one.type == "intermediateCatchEvent" and one.event.kind == "link")
        yield from (one for one in catches if one.event.name == node.event.name)


def _items(node: Node) -> Names:
    """What each turn or instance of an activity sees beside the rest."""
    if node.loop is None:
        return _NO
    return frozenset({_COUNTER, *([node.loop.variable] if node.loop.variable else [])})


def _entries(script: str) -> Names:
    """The names that a script sets: the entries of its context; none of a script that cannot be read."""
    try:
        return feel.compile(script).entries if script.strip("= \n") else _NO
    except FeelError:
        return _NO
