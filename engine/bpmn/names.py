"""Which expressions a process has, and which variables it makes: so that a name that nothing ever makes can be found at publish."""

from __future__ import annotations

from collections.abc import Iterator

from engine import feel
from engine.bpmn.graph import Graph, Node
from engine.feel.errors import FeelError

#: Extension attributes that may be expressions.
_OPTIONAL = ("participant", "assignee", "due", "priority", "to", "retries", "backoff", "timeout")
#: What a loop shows to its own expressions (BPMN 2.0, tables 10.31 and 10.33).
_COUNTERS = (
    "loopCounter",
    "numberOfInstances",
    "numberOfCompletedInstances",
    "numberOfActiveInstances",
    "numberOfTerminatedInstances",
)


def expressions(graph: Graph) -> Iterator[tuple[str, str]]:
    """Element and text of each expression that sees the variables where it stands.

    Output mappings are left out: they see what an answer or a called process gives, too.
    """
    for _scope, node in graph.nodes():
        for text in _of(node):
            if text and text.strip("= \n"):
                yield node.id, text
        for flow in node.outgoing:
            if flow.condition and flow.condition.strip("= \n"):
                yield flow.id, flow.condition


def _of(node: Node) -> Iterator[str | None]:
    optional = [*(node.attributes.get(key) for key in _OPTIONAL), node.name if node.manual else None]
    loop = node.loop
    if node.type == "scriptTask":
        yield node.script
    yield from (line.source for line in node.inputs)
    if loop is not None:
        yield from (loop.collection, loop.cardinality, loop.output_item, loop.until, loop.condition)
    for event in node.events:
        yield event.condition
        optional += [event.correlation, event.timer.text if event.timer else None]
    yield from (text for text in optional if text is not None and text.startswith("="))


def made(graph: Graph) -> frozenset[str]:
    """Variables that the process itself declares, sets or hands on; more rather than fewer."""
    found: set[str] = set(graph.scope.declared)
    for _scope, node in graph.nodes():
        found |= _made(node)
    if graph.interface is not None:
        found |= graph.interface.inputs
    return frozenset(found)


def _made(node: Node) -> set[str]:
    found = {line.target for line in (*node.inputs, *node.outputs)}
    if node.scope is not None:
        found |= node.scope.declared
    if node.loop is not None:
        found |= {name for name in (node.loop.variable, node.loop.output) if name}
        found.update(_COUNTERS)
    if node.type == "businessRuleTask":
        found.add(node.attributes.get("result") or node.attributes.get("decision", ""))
    if node.type == "scriptTask":
        found |= _keys(node.script)
    return found


def _keys(script: str) -> frozenset[str]:
    try:
        return feel.compile(script).keys()
    except FeelError:
        return frozenset()  # said by expression_checks
