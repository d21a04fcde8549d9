"""From XML to graphs: reads what is drawn without judging it (structure.py and checks.py judge)."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from engine.bpmn import data_flow, resources, xml
from engine.bpmn.graph import Definitions, Event, Flow, Graph, Line, Loop, Node, Scope, Timer


def definitions(root: etree._Element) -> Definitions:
    """The root elements of a file that processes refer to."""
    messages = {}
    for message in xml.children(root, "message"):
        key = xml.own(message).get("correlationKey", "=case.id")
        messages[xml.text(message, "id")] = (xml.text(message, "name") or xml.text(message, "id"), key)
    return Definitions(
        messages=messages,
        signals={xml.text(s, "id"): xml.text(s, "name") or xml.text(s, "id") for s in xml.children(root, "signal")},
        errors={xml.text(e, "id"): xml.text(e, "errorCode") or xml.text(e, "id") for e in xml.children(root, "error")},
        escalations={xml.text(e, "id"): xml.text(e, "escalationCode") or xml.text(e, "id") for e in xml.children(root, "escalation")},
        events={xml.text(e, "id"): e for e in xml.children(root, *xml.EVENT_DEFINITIONS)},
        roles=resources.roles(root),
        items=data_flow.names(root),
    )


def read(process: etree._Element, known: Definitions) -> Graph:
    """The graph of one bpmn:process element."""
    key = xml.text(process, "id")
    lanes = _lanes(process)
    scope = _scope(process, key, None, known, lanes, None)
    drawn = [xml.text(lane, "name") or xml.text(lane, "id") for lane in process.iter(f"{{{xml.BPMN}}}lane")]
    executable = process.get("isExecutable") in (None, "true", "1")
    interface = data_flow.interface(process, known.items)
    return Graph(key, process.get("name") or key, executable, scope, tuple(dict.fromkeys(drawn)), interface)


def _lanes(process: etree._Element) -> dict[str, tuple[str, str | None]]:
    """Lane name and role of each node; the innermost lane wins because nested lanes come later."""
    found: dict[str, tuple[str, str | None]] = {}
    for lane in process.iter(f"{{{xml.BPMN}}}lane"):
        name = xml.text(lane, "name") or xml.text(lane, "id")
        for ref in xml.children(lane, "flowNodeRef"):
            found[xml.words(ref)] = (name, xml.own(lane).get("role"))
    return found


def _scope(
    element: etree._Element,
    key: str,
    node_id: str | None,
    known: Definitions,
    lanes: Mapping[str, tuple[str, str | None]],
    lane: tuple[str, str | None] | None,
) -> Scope:
    scope = Scope(key, node_id, declared=data_flow.declared(element, known.items))
    for child in xml.children(element):
        name = xml.local(child)
        if name in xml.FLOW_NODES:
            node = _node(child, key, known, lanes, lane)
            scope.nodes[node.id] = node
        elif name == "sequenceFlow":
            flow = _flow(child)
            scope.flows[flow.id] = flow
    _connect(scope)
    return scope


def _connect(scope: Scope) -> None:
    for flow in scope.flows.values():
        if flow.source in scope.nodes and flow.target in scope.nodes:
            scope.nodes[flow.source].outgoing.append(flow)
            scope.nodes[flow.target].incoming.append(flow)
    for node in scope.nodes.values():
        if node.attached_to in scope.nodes:
            scope.nodes[node.attached_to].boundaries.append(node)


def _flow(element: etree._Element) -> Flow:
    condition = xml.first(element, "conditionExpression")
    return Flow(
        xml.text(element, "id"),
        xml.text(element, "sourceRef"),
        xml.text(element, "targetRef"),
        None if condition is None else xml.words(condition),
    )


def _node(
    element: etree._Element,
    key: str,
    known: Definitions,
    lanes: Mapping[str, tuple[str, str | None]],
    outer_lane: tuple[str, str | None] | None,
) -> Node:
    name, node_id = xml.local(element) or "", xml.text(element, "id")
    lane = lanes.get(node_id, outer_lane)
    drawn, passed = resources.read(element, known.roles), data_flow.associations(element, known.items)
    node = Node(
        id=node_id,
        type=name,
        name=element.get("name") or "",
        documentation="\n".join(xml.words(d) for d in xml.children(element, "documentation")),
        attributes=resources.attributes(xml.own(element), drawn),
        lane=lane[0] if lane else None,
        role=lane[1] if lane else None,
        default=element.get("default"),
        attached_to=element.get("attachedToRef"),
        events=_events(element, name, known),
        loop=_loop(element, known),
        inputs=_mappings(element, "input") + passed.inputs,
        outputs=_mappings(element, "output") + passed.outputs,
        script=xml.words(xml.first(element, "script")),
        called=xml.plain(element.get("calledElement")),
        event_subprocess=xml.is_true(element.get("triggeredByEvent")),
        instantiate=xml.is_true(element.get("instantiate")),
        refused=_refused(element),
        resources=drawn,
        wrong_data=(*passed.problems, *data_flow.stray(element)),
    )
    if name == "boundaryEvent":
        node.interrupting = element.get("cancelActivity", "true") in ("true", "1")
    elif name == "startEvent":
        node.interrupting = element.get("isInterrupting", "true") in ("true", "1")
    if name == "subProcess":
        node.scope = _scope(element, f"{key}/{node_id}", node_id, known, lanes, lane)
    return node


def _refused(element: etree._Element) -> tuple[str, ...]:
    found = []
    if xml.is_true(element.get("isForCompensation")):
        found.append("isForCompensation")
    for name in ("startQuantity", "completionQuantity"):
        if element.get(name, "1") != "1":
            found.append(name)
    if xml.is_true(element.get("parallelMultiple")):
        found.append("parallelMultiple")
    if element.get("eventGatewayType", "Exclusive") != "Exclusive":
        found.append("eventGatewayType")
    if any(many.get("behavior", "All") != "All" for many in xml.children(element, "multiInstanceLoopCharacteristics")):
        found.append("behavior")
    return tuple(found)


def _mappings(element: etree._Element, kind: str) -> tuple[Line, ...]:
    return tuple(
        Line(xml.text(line, "source"), xml.text(line, "target"))
        for box in xml.extension(element, "ioMapping")
        for line in box.iterchildren(f"{{{xml.PARLEY}}}{kind}")
    )


def _events(element: etree._Element, node_type: str, known: Definitions) -> tuple[Event, ...]:
    if node_type in ("sendTask", "receiveTask"):
        ref = xml.plain(element.get("messageRef"))
        if ref is None:
            return ()
        name, correlation = known.messages.get(ref, (None, "=case.id"))
        return (Event("message", ref=ref, name=name, correlation=correlation),)
    found = list(xml.children(element, *xml.EVENT_DEFINITIONS))
    for reference in xml.children(element, "eventDefinitionRef"):
        target = known.events.get(xml.plain(xml.words(reference)) or "")
        if target is not None:
            found.append(target)
    return tuple(_event(definition, known) for definition in found)


def _event(element: etree._Element, known: Definitions) -> Event:
    name = xml.local(element) or ""
    kind = {"compensateEventDefinition": "compensation"}.get(name, name.removesuffix("EventDefinition"))
    match kind:
        case "message":
            ref = xml.plain(element.get("messageRef"))
            title, correlation = known.messages.get(ref or "", (None, "=case.id"))
            return Event(kind, ref=ref, name=title, correlation=correlation)
        case "signal":
            ref = xml.plain(element.get("signalRef"))
            return Event(kind, ref=ref, name=known.signals.get(ref or ""))
        case "error":
            ref = xml.plain(element.get("errorRef"))
            return Event(kind, ref=ref, code=known.errors.get(ref or ""))
        case "escalation":
            ref = xml.plain(element.get("escalationRef"))
            return Event(kind, ref=ref, code=known.escalations.get(ref or ""))
        case "timer":
            return Event(kind, timer=_timer(element))
        case "link":
            return Event(kind, name=element.get("name"))
        case "conditional":
            return Event(kind, condition=xml.words(xml.first(element, "condition")))
    return Event(kind)


#: The standard's elements for what our attributes name (BPMN 2.0, table 10.32).
_LOOP_DATA = {
    "collection": "loopDataInputRef",
    "elementVariable": "inputDataItem",
    "outputCollection": "loopDataOutputRef",
    "outputElement": "outputDataItem",
}


def _timer(element: etree._Element) -> Timer | None:
    for name, kind in (("timeDate", "date"), ("timeDuration", "duration"), ("timeCycle", "cycle")):
        child = xml.first(element, name)
        if child is not None:
            return Timer(kind, xml.words(child))
    return None


def _many(element: etree._Element, many: etree._Element, known: Definitions) -> Loop:
    own = xml.own(many)
    drawn = {key: data_flow.item(element, many, tag, known.items) for key, tag in _LOOP_DATA.items()}
    cardinality = xml.first(many, "loopCardinality")
    until = xml.first(many, "completionCondition")
    return Loop(
        "sequential" if xml.is_true(many.get("isSequential")) else "parallel",
        collection=own.get("collection", drawn["collection"]),
        cardinality=None if cardinality is None else xml.words(cardinality),
        variable=own.get("elementVariable", drawn["elementVariable"]),
        output=own.get("outputCollection", drawn["outputCollection"]),
        output_item=own.get("outputElement", drawn["outputElement"]),
        until=None if until is None else xml.words(until),
        twice=any(key in own and value is not None and own[key].lstrip("= ") != value for key, value in drawn.items()),
    )


def _loop(element: etree._Element, known: Definitions) -> Loop | None:
    many = xml.first(element, "multiInstanceLoopCharacteristics")
    if many is not None:
        return _many(element, many, known)
    again = xml.first(element, "standardLoopCharacteristics")
    if again is None:
        return None
    condition = xml.first(again, "loopCondition")
    return Loop(
        "standard",
        condition=None if condition is None else xml.words(condition),
        test_before=xml.is_true(again.get("testBefore")),
        maximum=again.get("loopMaximum"),
    )
