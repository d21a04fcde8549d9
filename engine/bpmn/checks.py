"""Second look at a process: does every scope and every way through it mean something that can be run?"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import expression_checks, node_checks, rivals, soundness, starting, xml
from engine.bpmn.graph import Graph, Node, Scope
from engine.model.errors import Problem
from engine.model.starts import StartKind

_EVENT_STARTS = frozenset({"message", "timer", "signal", "error", "escalation", "conditional"})


def problems(graph: Graph, file: str) -> Iterator[Problem]:
    """What is wrong with a process whose elements and references are sound."""
    count = sum(1 for _ in graph.nodes())
    if count > xml.MAX_NODES:
        yield Problem(
            file,
            graph.key,
            "too-many-elements",
            f"The process has {count} flow nodes, more than {xml.MAX_NODES}; split it into called processes.",
        )
        return
    for scope in graph.scope.everything():
        found = list(_scope(scope, graph))
        for problem in found or soundness.check(scope):
            yield Problem(file, *problem)
    for name in sorted(graph.scope.declared & node_checks.GIVEN):
        yield Problem(file, graph.key, "reserved-name", f"The name {name} is given by the engine and cannot be set; choose another name.")
    for scope, node in graph.nodes():
        begins = node.type == "startEvent" and scope.node_id is None
        found = [*node_checks.check(node, scope), *expression_checks.check(node, begins=begins)]
        for problem in found or (starting.check(node) if begins else ()):
            yield Problem(file, *problem)


Found = tuple[str, str, str]

#: What is passed without waiting for anything.
_AUTOMATIC = xml.GATEWAYS - {"eventBasedGateway"} | {"scriptTask", "businessRuleTask", "startEvent", "intermediateThrowEvent"}
#: Where no flow may have a condition (BPMN 2.0, 8.3.13, 10.5.2, 10.5.4 and tables 10.51, 10.57).
_NEVER_CHOOSING = xml.EVENTS | {"parallelGateway", "eventBasedGateway"}


def _scope(scope: Scope, graph: Graph) -> Iterator[Found]:
    owner = scope.node_id or graph.key
    if not scope.nodes:
        yield owner, "empty", "Nothing is drawn in here; draw a start event and what follows it."
        return
    yield from _starts(scope, owner, graph)
    yield from _reached(scope)
    yield from _endless(scope)
    yield from _links(scope)
    yield from rivals.check(scope)
    for node in scope.nodes.values():
        yield from _edges(node)


def _starts(scope: Scope, owner: str, graph: Graph) -> Iterator[Found]:
    starts = scope.starts()
    plain = [node for node in starts if node.event.kind == "none"]
    if not starts:
        yield owner, "no-start-event", "There is no start event; draw one."
        return
    if scope.node_id is None:
        if len(plain) > 1:
            yield (
                plain[1].id,
                "several-start-events",
                "There is more than one start event without a trigger; keep one and lead it to a gateway.",
            )
        for node in starts:
            if node.event.kind not in tuple(StartKind):
                yield (
                    node.id,
                    "unsupported-event",
                    f"A process cannot start by this event ({node.event.kind}); use a message, timer, signal or condition, or none.",
                )
        yield from _same_message(starts)
        return
    if _is_event_subprocess(scope, graph):
        if len(starts) != 1 or starts[0].event.kind not in _EVENT_STARTS:
            yield (
                owner,
                "event-subprocess-start",
                "An event sub-process needs exactly one start event, with a message, timer, signal, error, escalation or condition.",
            )
        elif starts[0].event.kind == "error" and not starts[0].interrupting:
            yield starts[0].id, "error-not-interrupting", "An error always interrupts; make the start event interrupting."
    elif len(starts) != 1 or not plain:
        yield owner, "subprocess-start", "A sub-process needs exactly one start event, without a trigger."


def _same_message(starts: list[Node]) -> Iterator[Found]:
    seen: set[str] = set()
    for node in starts:
        if node.event.kind == "message" and node.event.name:
            if node.event.name in seen:
                yield (
                    node.id,
                    "several-start-events",
                    f"Another start event takes the message {node.event.name}, and one message starts once; keep one of them.",
                )
            seen.add(node.event.name)


def _is_event_subprocess(scope: Scope, graph: Graph) -> bool:
    return any(node.event_subprocess for _, node in graph.nodes() if node.scope is scope)


def _reached(scope: Scope) -> Iterator[Found]:
    links = {
        node.event.name: node.id for node in scope.nodes.values() if node.event.kind == "link" and node.type == "intermediateCatchEvent"
    }
    todo = [node.id for node in scope.nodes.values() if node.type == "startEvent" or node.event_subprocess]
    seen: set[str] = set()
    while todo:
        node = scope.nodes[todo.pop()]
        if node.id in seen:
            continue
        seen.add(node.id)
        todo.extend(flow.target for flow in node.outgoing)
        todo.extend(boundary.id for boundary in node.boundaries)
        if node.type == "intermediateThrowEvent" and node.event.kind == "link" and node.event.name in links:
            todo.append(links[node.event.name])
    for node_id in scope.nodes:
        if node_id not in seen:
            yield node_id, "unreachable", "No way leads here from a start event; connect it or remove it."


def _endless(scope: Scope) -> Iterator[Found]:
    """Gateways from which every way goes round without ever waiting or ending."""
    catches = {n.event.name: n.id for n in scope.nodes.values() if n.type == "intermediateCatchEvent" and n.event.kind == "link"}
    before: dict[str, list[str]] = {}
    for node in scope.nodes.values():
        following = [flow.target for flow in node.outgoing]
        if node.type == "intermediateThrowEvent" and node.event.kind == "link":
            following.append(catches.get(node.event.name, ""))
        for target in following:
            before.setdefault(target, []).append(node.id)
    good: set[str] = set()
    todo = [node.id for node in scope.nodes.values() if not _passes(node)]
    while todo:
        node_id = todo.pop()
        if node_id not in good:
            good.add(node_id)
            todo.extend(before.get(node_id, ()))
    for node in scope.nodes.values():
        if node.id not in good and node.type in xml.GATEWAYS:
            yield node.id, "never-ends", "Every way from here goes round without ever waiting or ending; lead one to an end event."


def _passes(node: Node) -> bool:
    if node.event.kind == "link":
        return True
    return node.type in _AUTOMATIC and bool(node.outgoing) and not node.boundaries


def _links(scope: Scope) -> Iterator[Found]:
    halves = [node for node in scope.nodes.values() if node.event.kind == "link"]
    catches = [node.event.name for node in halves if node.type == "intermediateCatchEvent"]
    for node in halves:
        if not node.event.name:
            yield node.id, "link-without-name", "Both halves of a link need the same name; give it one."
        elif node.type == "intermediateThrowEvent" and catches.count(node.event.name) != 1:
            yield (
                node.id,
                "link-without-target",
                f"The link {node.event.name} needs exactly one catching half with that name in the same process.",
            )
        if (node.type == "intermediateThrowEvent" and node.outgoing) or (node.type == "intermediateCatchEvent" and node.incoming):
            yield (
                node.id,
                "link-with-flow",
                "A link ends at its throwing half and begins again at its catching half; remove the flow between.",
            )


def _edges(node: Node) -> Iterator[Found]:
    if node.type in ("startEvent", "boundaryEvent") and node.incoming:
        yield node.id, "flow-into-start", "No flow may lead into a start or boundary event; lead it to what follows."
    if node.type == "endEvent" and node.outgoing:
        yield node.id, "flow-out-of-end", "No flow may leave an end event; use an intermediate event."
    if node.event_subprocess and (node.incoming or node.outgoing or node.boundaries):
        yield (
            node.id,
            "event-subprocess-connected",
            "An event sub-process starts by its own event; remove the flows and boundary events from it.",
        )
    if node.type in xml.GATEWAYS | {"startEvent", "boundaryEvent"} and not node.outgoing:
        yield node.id, "no-way-out", "No flow leaves this element; connect it to what follows."
    yield from _conditions(node)


def _conditions(node: Node) -> Iterator[Found]:
    choosing = node.type in ("exclusiveGateway", "inclusiveGateway")
    for flow in node.outgoing:
        default = flow.id == node.default
        if default and flow.condition is not None:
            yield (
                flow.id,
                "default-with-condition",
                "The default flow has a condition that would never be looked at; remove the condition or the default.",
            )
        if choosing and len(node.outgoing) > 1 and not default and not (flow.condition or "").strip("= "):
            yield flow.id, "missing-condition", "This flow leaves a choice without a condition; write one or make it the default flow."
        if node.type in _NEVER_CHOOSING and flow.condition is not None:
            yield flow.id, "condition-not-allowed", "A condition has no effect behind this element; use an exclusive or inclusive gateway."
    if node.default is not None and node.type in _NEVER_CHOOSING:
        yield node.id, "default-not-allowed", "This element has no default flow; use an exclusive or inclusive gateway."
    if node.type == "eventBasedGateway" and len(node.outgoing) < 2:
        yield node.id, "event-gateway-single", "An event-based gateway needs at least two events to choose from."
