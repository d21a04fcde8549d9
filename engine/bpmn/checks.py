"""Second look at a process: does every scope and every way through it mean something that can be run?"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import expression_checks, node_checks, reaching, rivals, soundness, starting, xml
from engine.bpmn.graph import Graph, Node, Scope
from engine.language import kept
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
            kept("The procedure has {count} steps, choices and events, more than {max_nodes}; move some of them into "
                 "a procedure that this one calls.", count=count, max_nodes=xml.MAX_NODES),
        )
        return
    for scope in graph.scope.everything():
        unsound = [*(Problem(file, *one) for one in _scope(scope, graph)), *reaching.check(scope, graph, file)]
        yield from unsound or (Problem(file, *one) for one in soundness.check(scope))
    for name in sorted(graph.scope.declared & node_checks.GIVEN):
        yield Problem(
            file,
            graph.key,
            "reserved-name",
            kept("“{name}” always means something else here (the case, the settings or this run); choose another name.", name=name),
        )
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
        yield owner, "empty", kept("Nothing is drawn in here; draw a start and what follows it.")
        return
    yield from _starts(scope, owner, graph)
    yield from _endless(scope)
    yield from _links(scope)
    yield from rivals.check(scope)
    for node in scope.nodes.values():
        yield from _edges(node)


def _starts(scope: Scope, owner: str, graph: Graph) -> Iterator[Found]:
    starts = scope.starts()
    plain = [node for node in starts if node.event.kind == "none"]
    if not starts:
        return
    if scope.node_id is None:
        if len(plain) > 1:
            yield (
                plain[1].id,
                "several-start-events",
                kept("There are several plain starts; keep one, and let a choice behind it lead the different ways."),
            )
        for node in starts:
            if node.event.kind not in tuple(StartKind):
                yield (
                    node.id,
                    "unsupported-event",
                    (
                        kept("A procedure cannot begin by this kind of start ({kind}); use a plain start, or one with a message, "
                             "a timer, a signal or a condition.", kind=node.event.kind)
                    ),
                )
        yield from _same_message(starts)
        return
    if _is_event_subprocess(scope, graph):
        if len(starts) != 1 or starts[0].event.kind not in _EVENT_STARTS:
            yield (
                owner,
                "event-subprocess-start",
                (
                    kept("A part that begins by an event (event sub-process) needs exactly one start, with a message, timer, "
                         "signal, error, escalation or condition; draw that one.")
                ),
            )
        elif starts[0].event.kind == "error" and not starts[0].interrupting:
            stops = kept("An error always stops what it happens in; make this start an interrupting one.")
            yield starts[0].id, "error-not-interrupting", stops
    elif len(starts) != 1 or not plain:
        yield (
            owner,
            "subprocess-start",
            kept("Steps that are drawn as one part (sub-process) need exactly one plain start inside; draw it, or "
                 "take out the others."),
        )


def _same_message(starts: list[Node]) -> Iterator[Found]:
    seen: set[str] = set()
    for node in starts:
        if node.event.kind == "message" and node.event.name:
            if node.event.name in seen:
                yield (
                    node.id,
                    "several-start-events",
                    kept(
                        "Another start takes the message “{name}” too, and one message begins one thing; keep one of them.",
                        name=node.event.name,
                    ),
                )
            seen.add(node.event.name)


def _is_event_subprocess(scope: Scope, graph: Graph) -> bool:
    return any(node.event_subprocess for _, node in graph.nodes() if node.scope is scope)


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
            yield (
                node.id,
                "never-ends",
                kept("Every way from here goes round in a circle without a person, a wait or an end on it; lead one way "
                     "to an end."),
            )


def _passes(node: Node) -> bool:
    if node.event.kind == "link":
        return True
    return node.type in _AUTOMATIC and bool(node.outgoing) and not node.boundaries


def _links(scope: Scope) -> Iterator[Found]:
    halves = [node for node in scope.nodes.values() if node.event.kind == "link"]
    catches = [node.event.name for node in halves if node.type == "intermediateCatchEvent"]
    for node in halves:
        if not node.event.name:
            yield node.id, "link-without-name", kept("A link jumps from one place to another of the same name; give both the same name.")
        elif node.type == "intermediateThrowEvent" and catches.count(node.event.name) != 1:
            yield (
                node.id,
                "link-without-target",
                (
                    kept("The link “{name}” needs exactly one place where it goes on, with that name and in the same "
                         "procedure; draw it.", name=node.event.name)
                ),
            )
        if (node.type == "intermediateThrowEvent" and node.outgoing) or (node.type == "intermediateCatchEvent" and node.incoming):
            yield (
                node.id,
                "link-with-flow",
                kept("A link jumps by itself from where it is thrown to where it goes on; remove the arrow between the "
                     "two."),
            )


def _edges(node: Node) -> Iterator[Found]:
    if node.type in ("startEvent", "boundaryEvent") and node.incoming:
        into = kept("No way may lead into a start or into an event on the edge of a step; lead it to what follows.")
        yield node.id, "flow-into-start", into
    if node.type == "endEvent" and node.outgoing:
        yield (
            node.id,
            "flow-out-of-end",
            kept("No way may leave an end; remove the arrow, or make the end an event on the way (intermediate event)."),
        )
    if node.event_subprocess and (node.incoming or node.outgoing or node.boundaries):
        yield (
            node.id,
            "event-subprocess-connected",
            kept("This part begins by its own event, not by a way; remove the arrows and events on its edge."),
        )
    if node.type in xml.GATEWAYS | {"startEvent", "boundaryEvent"} and not node.outgoing:
        yield node.id, "no-way-out", kept("It does not go on from here; draw a way to what follows.")
    yield from _conditions(node)


def _conditions(node: Node) -> Iterator[Found]:
    choosing = node.type in ("exclusiveGateway", "inclusiveGateway")
    for flow in node.outgoing:
        default = flow.id == node.default
        if default and flow.condition is not None:
            yield (
                flow.id,
                "default-with-condition",
                (
                    kept("This way is taken when no other fits, so its condition would never be looked at; remove the "
                         "condition, or let another way be the one that is taken otherwise.")
                ),
            )
        if choosing and len(node.outgoing) > 1 and not default and not (flow.condition or "").strip("= "):
            yield (
                flow.id,
                "missing-condition",
                (
                    kept("Nothing says when this way is taken; give it a condition, or make it the way that is taken when no "
                         "other fits.")
                ),
            )
        if node.type in _NEVER_CHOOSING and flow.condition is not None:
            yield (
                flow.id,
                "condition-not-allowed",
                (
                    kept("A condition has no effect here, as this does not choose between ways; remove the condition, or draw "
                         "a choice (exclusive gateway) before this way.")
                ),
            )
    if node.default is not None and node.type in _NEVER_CHOOSING:
        yield (
            node.id,
            "default-not-allowed",
            (
                kept("This does not choose between ways, so none can be the one that is taken otherwise; make it a plain "
                     "way, or draw a choice (exclusive gateway).")
            ),
        )
    if node.type == "eventBasedGateway" and len(node.outgoing) < 2:
        yield (
            node.id,
            "event-gateway-single",
            kept("Here the procedure waits for whatever comes first, but there is only one thing to wait for; draw "
                 "another one, or remove this."),
        )
