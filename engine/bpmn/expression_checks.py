"""Every expression and timer of a node, read at publish so that it cannot fail to be read later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from engine import feel
from engine.bpmn import repeating, timers, urgency
from engine.bpmn.graph import Node, Timer
from engine.feel.errors import FeelError
from engine.language import kept, reason

Found = tuple[str, str, str]

#: attributes that may be expressions, and what each says
_OPTIONAL = {
    "participant": kept("choice of whom it is for"),
    "assignee": kept("choice of who gets it"),
    "due": "due time",
    "priority": "priority",
    "to": kept("choice of who it is sent to"),
    "retries": kept("number of tries"),
    "backoff": kept("pause between tries"),
    "timeout": kept("time for one try"),
}
_REPEATABLE = ("boundaryEvent", "startEvent")
#: What could take long is not worked out at publish.
_COSTLY = re.compile(r"\.\.|\*\*|\(|\b(?:for|some|every)\b")
#: Literal timers are judged as if set at this moment.
_SAMPLE = datetime(2026, 1, 1, tzinfo=UTC)


def check(node: Node, *, begins: bool = False) -> Iterator[Found]:
    """What is wrong with the expressions and timers of one flow node and of the flows that leave it.

    `begins`: it is a start event of the process itself, whose timer `starting` looks at.
    """
    for what, text in _always(node):
        yield from _readable(node.id, what, text)
    for what, optional in _maybe(node):
        if optional is not None and optional.startswith("="):
            yield from _readable(node.id, what, optional)
    for flow in node.outgoing:
        if (flow.condition or "").strip("= "):
            yield from _readable(flow.id, "condition", flow.condition or "")
        elif flow.condition is not None:
            yield flow.id, "missing-condition", kept("The condition of this way is empty; write one, or remove it.")
    yield from _constant(node)
    yield from _conditions(node)
    due = node.attributes.get("due")
    if due is not None and not due.startswith("="):
        yield from _literal(node.id, due, "due time")
    yield from _priority(node)
    for event in node.events:
        if event.kind == "timer" and not begins:
            yield from _timer(node, event.timer)


def of(node: Node) -> Iterator[tuple[str, str]]:
    """Every expression of a node, and what it is; those of the flows that leave it are left out."""
    yield from _always(node)
    yield from ((what, text) for what, text in _maybe(node) if text is not None and text.startswith("="))


def _priority(node: Node) -> Iterator[Found]:
    text = node.attributes.get("priority")
    if text is None:
        return
    try:
        urgency.read(_known(text) if text.startswith("=") else text)
    except ValueError as wrong:
        yield node.id, "priority-invalid", reason(wrong)


def _conditions(node: Node) -> Iterator[Found]:
    """A condition that is always something else than true or false was meant otherwise."""
    loop = node.loop
    found = [(flow.id, flow.condition) for flow in node.outgoing]
    found += [(node.id, event.condition) for event in node.events]
    found += [(node.id, loop.condition), (node.id, loop.until)] if loop else []
    for element_id, text in found:
        value = _known(text)
        if value is not None and not isinstance(value, bool):
            yield (
                element_id,
                "condition-without-truth",
                kept(
                    "The condition is always {value}, which is neither yes nor no; compare it with something.", value=feel.text(value)[:40]
                ),
            )
    if loop is not None and loop.until is not None and not loop.until.strip("= "):
        yield node.id, "missing-condition", kept("“Over early when” is empty; write a condition, or remove it.")


def _known(text: str | None) -> feel.Value:
    """What an expression gives whatever the variables are; None when that cannot be said."""
    if not text or not text.strip("= ") or _COSTLY.search(text):
        return None
    try:
        compiled = feel.compile(text)
        return None if compiled.names or compiled.maybe_names else compiled.evaluate({}, now=_SAMPLE)
    except FeelError:
        return None  # said by _readable


def _constant(node: Node) -> Iterator[Found]:
    """A number of instances or a collection that can be worked out now has to make sense now."""
    loop = node.loop
    if loop is None:
        return
    for text, fault in ((loop.cardinality, repeating.wrong_count), (loop.collection, repeating.wrong_list)):
        found = _known(text)
        wrong = None if found is None else fault(found)
        if wrong is not None:
            yield node.id, wrong.code, wrong.message


def _always(node: Node) -> Iterator[tuple[str, str]]:
    if node.type == "scriptTask" and node.script.strip("= \n"):
        yield kept("text of what is worked out"), node.script
    for line in (*node.inputs, *node.outputs):
        if line.source.strip("= "):
            yield kept("value that is told or given back"), line.source
    loop = node.loop
    if loop is not None:
        fields = {
            kept("list that it is repeated for"): loop.collection,
            kept("number of times"): loop.cardinality,
            kept("answer that is kept of each"): loop.output_item,
            kept("condition “over early when”"): loop.until,
            kept("condition for repeating"): loop.condition,
        }
        yield from ((what, text) for what, text in fields.items() if text)
    for event in node.events:
        if event.kind == "conditional":
            yield "condition", event.condition or ""


def _maybe(node: Node) -> Iterator[tuple[str, str | None]]:
    yield "name", node.name if node.manual else None
    for key, what in _OPTIONAL.items():
        yield what, node.attributes.get(key)
    for event in node.events:
        yield kept("correlation key"), event.correlation
        yield "timer", event.timer.text if event.timer else None


def _readable(element_id: str, what: str, text: str) -> Iterator[Found]:
    try:
        feel.compile(text)
    except FeelError as wrong:
        yield (
            element_id,
            "expression-syntax",
            kept("The {what} cannot be read as an expression; correct it: {problem}", what=what, problem=wrong.message),
        )


def _timer(node: Node, timer: Timer | None) -> Iterator[Found]:
    if timer is None or not timer.text.strip("= "):
        yield (
            node.id,
            "timer-missing",
            kept("Nothing says when this happens; give a length of time such as 3 days, a date and time, or how often it comes again."),
        )
    elif timer.kind == "cycle":
        if node.type not in _REPEATABLE or node.interrupting:
            yield (
                node.id,
                "timer-repeats",
                (
                    kept(
                        "This can happen only once, as it stops what it happens in; give one length of time, or make it an "
                        "event that stops nothing."
                    )
                ),
            )
        try:
            timers.read_cycle(timer.text)
        except ValueError as wrong:
            yield node.id, "timer-invalid", kept("The timer cannot be used. {wrong}", wrong=wrong)
    elif not timer.text.startswith("="):
        yield from _literal(node.id, timer.text, "timer")
        if timer.kind == "duration" and not timer.text.strip().lstrip("-").startswith("P"):
            yield node.id, "timer-invalid", kept("This length of time cannot be used; in a file, 3 days are written P3D and 4 hours PT4H.")


def _literal(element_id: str, text: str, what: str) -> Iterator[Found]:
    try:
        due = timers.due_at(text, _SAMPLE)
    except ValueError as wrong:
        hint = "" if text.startswith("P") else kept(" In a file, a length of 2 days is written P2D.")
        yield element_id, "timer-invalid", kept("The {what} cannot be used. {wrong}{hint}", what=what, wrong=wrong, hint=hint)
        return
    if due == _SAMPLE and text.startswith("P"):
        yield element_id, "timer-invalid", kept("The {what} cannot be used. It has no length; give a minute or more.", what=what)
