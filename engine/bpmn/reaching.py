"""What no case ever comes to: a scope without a start, and the parts of a drawing that no way leads to.

One problem a part, at the place where a way is missing, however many steps hang on it: they are solved together.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.graph import Graph, Node, Scope
from engine.language import kept
from engine.model.errors import Problem


def check(scope: Scope, graph: Graph, file: str) -> Iterator[Problem]:
    """A scope that nothing starts, or the parts of it that cannot be reached."""
    if not scope.nodes:
        return
    if not scope.starts():
        owner, waiting = scope.node_id or graph.key, tuple(node.id for node in scope.nodes.values() if not node.event_subprocess)
        message = kept("Nothing says where this begins; draw a start.")
        if len(waiting) > 1:
            message = kept(
                "Nothing says where this begins, so no case ever comes to the {number} elements drawn in here; draw "
                "a start, and a way from it to the first step.",
                number=len(waiting),
            )
        yield Problem(file, owner, "no-start-event", message, also=waiting)
        return
    for part in _parts(scope, _unreached(scope)):
        first, *rest = part
        message = kept("No way leads here from a start; connect it, or take it out.")
        if rest:
            hang = kept("the element that hangs") if len(rest) == 1 else kept("the {number} elements that hang", number=len(rest))
            message = kept(
                "No way leads here from a start, so no case ever comes here or to {hang} on it; connect it, or take it all out.", hang=hang
            )
        yield Problem(file, first, "unreachable", message, also=tuple(rest))


def _unreached(scope: Scope) -> dict[str, Node]:
    todo = [node.id for node in scope.nodes.values() if node.type == "startEvent" or node.event_subprocess]
    seen: set[str] = set()
    links = _links(scope)
    while todo:
        node = scope.nodes[todo.pop()]
        if node.id not in seen:
            seen.add(node.id)
            todo.extend(_next(node, links))
    return {id: node for id, node in scope.nodes.items() if id not in seen}


def _links(scope: Scope) -> dict[str | None, str]:
    """Where each link goes on, by its name."""
    return {n.event.name: n.id for n in scope.nodes.values() if n.event.kind == "link" and n.type == "intermediateCatchEvent"}


def _next(node: Node, links: dict[str | None, str]) -> list[str]:
    found = [flow.target for flow in node.outgoing] + [boundary.id for boundary in node.boundaries]
    jumps = node.type == "intermediateThrowEvent" and node.event.kind == "link" and node.event.name in links
    return [*found, links[node.event.name]] if jumps else found


def _parts(scope: Scope, lost: dict[str, Node]) -> Iterator[list[str]]:
    """What hangs together of what is lost; first in each part what no way leads to, else what was drawn first."""
    links = _links(scope)
    after = {id: [other for other in _next(node, links) if other in lost] for id, node in lost.items()}
    near: dict[str, set[str]] = {id: set(others) for id, others in after.items()}
    for id, others in after.items():
        for other in others:
            near[other].add(id)
    led_to = {other for others in after.values() for other in others}
    seen: set[str] = set()
    for id in lost:
        if id not in seen:
            part = _together(id, near)
            seen |= part
            ordered = [one for one in lost if one in part]
            yield sorted(ordered, key=lambda one: one in led_to)


def _together(first: str, near: dict[str, set[str]]) -> set[str]:
    part, todo = set[str](), [first]
    while todo:
        id = todo.pop()
        if id not in part:
            part.add(id)
            todo.extend(near[id])
    return part
