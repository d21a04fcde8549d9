"""What each kind of flow node needs, and what it cannot have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.bpmn import job_checks, resources, xml
from engine.bpmn.graph import Node, Scope
from engine.language import kept

Found = tuple[str, str, str]

#: Which event definitions are supported where (BPMN 2.0, tables 10.84 to 10.93); starts are looked at by scope.
_KINDS = {
    "intermediateCatchEvent": {"message", "timer", "signal", "link", "conditional"},
    "intermediateThrowEvent": {"none", "message", "signal", "escalation", "link"},
    "endEvent": {"none", "message", "signal", "error", "escalation", "terminate"},
    "boundaryEvent": {"message", "timer", "signal", "error", "escalation", "conditional"},
}
_HUMAN = {"form", "role", "participant", "assignee", "due", "priority", "duty", "shows"}
#: Extension attributes of `urn:parley:bpmn:1` by kind of node; every node may have a milestone and be discreet.
_ATTRIBUTES = {
    "userTask": _HUMAN,
    "manualTask": _HUMAN,
    "task": _HUMAN,
    "businessRuleTask": {"decision", "result"},
    "serviceTask": {"operation", *job_checks.ATTRIBUTES},
    "sendTask": {"notice", "to", *job_checks.ATTRIBUTES},
}
#: Names that every expression sees and no process may set.
GIVEN = frozenset({"case", "settings", "instance"})
_INSTEAD = {
    "behavior": kept("leave it at All and draw an event inside the step instead"),
    "isForCompensation": kept("draw what undoes the work as a step of its own"),
    "parallelMultiple": kept("draw one event for each, all behind an “at the same time” (parallel gateway)"),
    "eventGatewayType": kept("wait for the events one by one behind an “at the same time” (parallel gateway)"),
}
#: What FEEL can read as a name (DMN 1.5, 10.3.1.2).
_NAME = re.compile(r"[^\W\d][\w '.\-/+*]{0,99}")
_WAITS = ("message", "timer", "signal", "conditional")


def check(node: Node, scope: Scope) -> Iterator[Found]:
    """What is wrong with one flow node."""
    yield from _attributes(node)
    yield from resources.check(node.id, node.manual, node.attributes, node.resources)
    for code, message in node.wrong_data:
        yield node.id, code, message
    yield from _mapping(node)
    yield from _names(node)
    if node.type in xml.EVENTS:
        yield from _event(node)
    if node.loop is not None:
        yield from _loop(node)
    match node.type:
        case "eventBasedGateway":
            yield from _event_gateway(node, scope)
        case "serviceTask":
            yield from job_checks.service(node)
        case "businessRuleTask" if not node.attributes.get("decision"):
            yield node.id, "decision-missing", kept("Nothing says which decision table decides here; choose one.")
        case "sendTask" if "job" not in node.attributes:
            yield from _send(node)
        case "sendTask":
            yield from job_checks.send(node)
        case "receiveTask" if not node.events:
            yield node.id, "message-missing", kept("Nothing says which message is waited for; choose one.")
        case "scriptTask" if not node.script.strip("= \n"):
            yield (
                node.id,
                "script-missing",
                kept("Nothing says what is worked out here; write it as names with values, such as { total: a + b }."),
            )
        case "callActivity" if not node.called or node.called.startswith("="):
            yield node.id, "called-missing", kept("Nothing says which procedure runs here; choose one.")


def _attributes(node: Node) -> Iterator[Found]:
    for attribute in node.refused:
        yield (
            node.id,
            "unsupported-attribute",
            kept(
                "This uses “{attribute}”, which is not run here; {attribute2}.",
                attribute=attribute,
                attribute2=_INSTEAD.get(attribute, kept("remove it")),
            ),
        )
    for attribute in sorted(node.attributes.keys() - _ATTRIBUTES.get(node.type, set()) - {"milestone", "discreet"}):
        yield (
            node.id,
            "unknown-attribute",
            kept(
                "The file says “parley:{attribute}” here, which has no effect on a {type}; remove it, or correct its name.",
                attribute=attribute,
                type=node.type,
            ),
        )
    if node.instantiate:
        yield (
            node.id,
            "unsupported-attribute",
            kept("Waiting for a message cannot begin a procedure; draw a start with the message instead."),
        )


def _mapping(node: Node) -> Iterator[Found]:
    throws = node.event.kind in ("message", "signal", "error", "escalation") and node.type in ("intermediateThrowEvent", "endEvent")
    if node.inputs and not throws and node.type not in ("callActivity", "serviceTask", "sendTask"):
        yield (
            node.id,
            "mapping-not-allowed",
            kept("What is told to this element has no effect on it ({type}); remove those lines.", type=node.type),
        )
    if node.outputs and node.type != "callActivity" and "job" not in node.attributes:
        yield (
            node.id,
            "mapping-not-allowed",
            kept("This element ({type}) gives nothing back; remove the lines that say so.", type=node.type),
        )
    for line in (*node.inputs, *node.outputs):
        if not line.source.strip("= ") or not line.target.strip():
            yield (
                node.id,
                "mapping-incomplete",
                kept("A line of what is told or given back is only half filled in; say both where it comes from and what it is called."),
            )


def _names(node: Node) -> Iterator[Found]:
    loop = node.loop
    chosen = [line.target for line in (*node.inputs, *node.outputs)] if node.type == "callActivity" else []
    chosen += [line.target for line in node.outputs] if "job" in node.attributes else []
    chosen += [name for name in (node.attributes.get("result"), loop and loop.variable, loop and loop.output) if name]
    chosen += sorted(node.scope.declared) if node.scope is not None else []
    for name in chosen:
        if name in GIVEN or (loop and name == loop.variable == "loopCounter"):
            yield (
                node.id,
                "reserved-name",
                kept("“{name}” always means something else here (the case, the settings or this run); choose another name.", name=name),
            )
        elif not _NAME.fullmatch(name):
            yield (
                node.id,
                "invalid-name",
                kept("“{name}” cannot be the name of an answer; begin with a letter and use no brackets or signs.", name=name[:80]),
            )


def _event(node: Node) -> Iterator[Found]:
    if len(node.events) > 1:
        yield node.id, "several-events", kept("This event is set off by several things; draw one event for each.")
        return
    event = node.event
    if node.type != "startEvent" and event.kind not in _KINDS[node.type]:
        yield (
            node.id,
            "unsupported-event",
            (
                kept(
                    "An event here cannot be set off {which}; choose another kind for it.",
                    which=kept("by nothing") if event.kind == "none" else kept("like this ({kind})", kind=event.kind),
                )
            ),
        )
        return
    if event.kind in ("message", "signal") and (event.ref is None or not event.name):
        yield node.id, f"{event.kind}-missing", kept("Nothing says which {kind} is meant; choose one that has a name.", kind=event.kind)
    throwing = node.type in ("endEvent", "intermediateThrowEvent")
    if event.kind in ("error", "escalation") and throwing and event.ref is None:
        yield node.id, f"{event.kind}-missing", kept("Nothing says which {kind} is meant; choose one.", kind=event.kind)
    if event.kind == "error" and node.type == "boundaryEvent" and not node.interrupting:
        yield (
            node.id,
            "error-not-interrupting",
            kept("An error always stops the step that it happens in; make this event an interrupting one."),
        )


def _event_gateway(node: Node, scope: Scope) -> Iterator[Found]:
    for flow in node.outgoing:
        target = scope.nodes[flow.target]
        fits = target.type == "receiveTask" or (target.type == "intermediateCatchEvent" and target.event.kind in _WAITS)
        if not fits:
            yield (
                target.id,
                "event-gateway-target",
                (
                    kept(
                        "Before this, the procedure waits for whatever comes first, so only waits may follow there (a "
                        "message, a timer, a signal, a condition); put this step behind one of them."
                    )
                ),
            )
        elif len(target.incoming) > 1 or target.boundaries or target.loop is not None:
            yield (
                target.id,
                "event-gateway-target",
                (
                    kept(
                        "This is one of several things that are waited for, so no other way may lead into it and nothing may "
                        "be on its edge; draw a wait of its own."
                    )
                ),
            )


def _send(node: Node) -> Iterator[Found]:
    notice = node.attributes.get("notice")
    if bool(node.events) == bool(notice):
        yield node.id, "send-what", kept("This has to send one thing: a message, or a notice to somebody; choose one of the two.")
    elif notice and not node.attributes.get("to"):
        yield node.id, "recipient-missing", kept("Nothing says who gets the notice; choose that.")


def _loop(node: Node) -> Iterator[Found]:
    loop = node.loop
    assert loop is not None
    if node.event_subprocess:
        yield node.id, "loop-not-allowed", kept("A part that begins by an event cannot be repeated; repeat a step inside it.")
    if loop.kind == "standard":
        if not (loop.condition or "").strip("= ") and loop.maximum is None:
            yield node.id, "loop-without-end", kept("It would be repeated without end; say until when, or how often at most.")
        if loop.maximum is not None and not (loop.maximum.isascii() and loop.maximum.isdigit() and 0 < int(loop.maximum[:9]) <= 100_000):
            yield node.id, "loop-maximum", kept("How often it is repeated at most has to be a whole number from 1 to 100000.")
        return
    if bool(loop.collection) == bool((loop.cardinality or "").strip("= ")):
        yield (
            node.id,
            "multi-instance-what",
            (kept("This is repeated for a list (“for each of …”), or a number of times; choose one of the two.")),
        )
    if loop.twice:
        yield (
            node.id,
            "multi-instance-twice",
            kept("The file says twice, and differently, what this is repeated for; keep one of them."),
        )
    if bool(loop.output) != bool(loop.output_item):
        yield (
            node.id,
            "multi-instance-output",
            (
                kept(
                    "What is kept of each answer and the list that it is collected in belong together; fill in both "
                    "(outputElement and outputCollection), or neither."
                )
            ),
        )
