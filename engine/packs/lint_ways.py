"""Whether there is a way to an element that goes around what has to be done before it (L9). Conditions are not looked at:
what they would have to be is a person's question, so every flow counts as a way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from engine.bpmn.graph import Graph, Node, Scope
from engine.language import kept
from engine.model.errors import Problem
from engine.model.execution import ProcessModel
from engine.model.policies import Before
from engine.packs import selecting


def around(
    rule: Before, processes: Sequence[ProcessModel], graphs: Mapping[str, Graph], trusted: Collection[str] = ()
) -> Iterator[Problem]:
    """The elements that a rule means and that a way leads to on which nothing of what it needs is completed.

    `trusted` are ids of flows that are no such way, because a person has looked at their conditions.
    """
    needed = {(model.key, element.id) for selector in rule.needs for model, element in selecting.elements(selector, processes)}
    for model, element in selecting.elements(rule.element, processes):
        if model.key not in graphs:
            continue
        closed = {found for key, found in needed if key == model.key} | set(trusted)
        way = _way(graphs[model.key], element.id, closed)
        if way is not None:
            what = " or ".join(selecting.words(selector) for selector in rule.needs)
            message = kept(
                "A way leads here without {what}: {list}. Lead every way through it first, or record an exception "
                "for a way whose condition makes sure of it (page “Policies”).",
                what=what,
                list=" → ".join(way),
            )
            yield Problem(model.file, element.id, "lint-way-around", message)


def _way(graph: Graph, target: str, closed: Collection[str]) -> list[str] | None:
    """A shortest way from a start to an element, by names, on which nothing closed is completed; None when there is none."""
    came: dict[str, str | None] = dict.fromkeys(_begins(graph.scope))
    nodes = {node.id: (node, scope) for scope, node in graph.nodes()}
    todo = list(came)
    for current in todo:  # grows while it is walked: nearest first
        if current == target:
            return [nodes[one][0].name or one for one in reversed(list(_back(came, current)))]
        node, scope = nodes[current]
        for following in _following(node, scope, graph, closed):
            if following not in came:
                came[following] = current
                todo.append(following)
    return None


def _begins(scope: Scope) -> Iterator[str]:
    inside = [scope, *(inner.scope for inner in scope.event_subprocesses() if inner.scope)]
    yield from (start.id for one in inside for start in one.starts())


def _back(came: Mapping[str, str | None], last: str) -> Iterator[str]:
    current: str | None = last
    while current is not None:
        yield current
        current = came[current]


def _following(node: Node, scope: Scope, graph: Graph, closed: Collection[str]) -> Iterator[str]:
    """Where a token can be next; from what must not be completed, only by its boundary."""
    yield from (boundary.id for boundary in node.boundaries)
    if node.scope is not None:
        yield from _begins(node.scope)
    elif node.id not in closed:
        yield from (flow.target for flow in node.outgoing if flow.id not in closed)
        if node.type == "intermediateThrowEvent" and node.event.kind == "link":
            catches = (one for one in scope.nodes.values() if one.type == "intermediateCatchEvent" and one.event.kind == "link")
            yield from (one.id for one in catches if one.event.name == node.event.name)
        if not node.outgoing and scope.node_id is not None and scope.node_id not in closed:
            # The last of a sub-process: on with what follows the whole.
            holder = next(found for _, found in graph.nodes() if found.id == scope.node_id)
            yield from (flow.target for flow in holder.outgoing if flow.id not in closed)
