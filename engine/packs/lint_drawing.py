"""Rules on single elements of a diagram: what they read, what they show, whom they ask, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine import feel
from engine.bpmn import expression_checks, timers
from engine.bpmn.graph import Graph, Node, Scope
from engine.feel.errors import FeelError
from engine.language import kept
from engine.model.errors import Problem
from engine.model.execution import ProcessModel
from engine.model.packs import Pack
from engine.packs.checking import grants

Found = tuple[str, str, str]
_MAIL_WORDS = ("subject", "text")


def problems(pack: Pack, content: frozenset[str], model: ProcessModel, graph: Graph, now: datetime) -> Iterator[Problem]:
    """What the rules find in one process. `content` are the names of fields above class C1."""
    local = content - _given(graph)
    for node, items in _with_items(graph.scope, ()):
        found = (
            *_content_read(node, local),
            *_data_in_mail(node),
            *_shows_nothing(pack, node),
            *_time_past(node, now),
            *_asks_another(pack, node, items),
        )
        yield from (Problem(model.file, *one) for one in found)


def _given(graph: Graph) -> frozenset[str]:
    """Names that a diagram gives to something itself, whatever fields are called."""
    found: set[str] = set()
    for _, node in graph.nodes():
        found |= {line.target for line in (*node.inputs, *node.outputs)}
        if node.loop is not None:
            found |= {name for name in (node.loop.variable, node.loop.output) if name}
    return frozenset(found)


def _with_items(scope: Scope, items: tuple[str, ...]) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """Every node with the item variables of the multi-instances around it, the innermost last."""
    for node in scope.nodes.values():
        own = items
        if node.loop is not None and node.loop.kind != "standard" and node.loop.variable:
            own = (*items, node.loop.variable)
        yield node, own
        if node.scope is not None:
            yield from _with_items(node.scope, own)


def _names(text: str) -> frozenset[str]:
    try:
        return feel.compile(text).names
    except FeelError:
        return frozenset()  # said when the diagram was read


def _content_read(node: Node, content: frozenset[str]) -> Iterator[Found]:
    """L3: content is never a variable, so an expression on it never holds, and would let it out if it did."""
    texts = [(node.id, what, text) for what, text in expression_checks.of(node)]
    texts += [(flow.id, "condition", flow.condition) for flow in node.outgoing if flow.condition]
    for element, what, text in texts:
        for name in sorted(_names(text) & content):
            message = kept(
                "The {what} reads “{name}”, which is what people wrote in confidence and never steers a procedure; "
                "work a fact of class C1 out of it in its form, and use that.",
                what=what,
                name=name,
            )
            yield element, "lint-content-read", message


def _data_in_mail(node: Node) -> Iterator[Found]:
    if node.attributes.get("job") != "mail":
        return
    for line in node.inputs:
        if line.target in _MAIL_WORDS and _names(line.source):
            message = kept(
                "The {target} of this mail is made of data, and mail can be read on its way; send a notice, or plain words.",
                target=line.target,
            )
            yield node.id, "lint-data-in-mail", message


def _shows_nothing(pack: Pack, node: Node) -> Iterator[Found]:
    role = pack.roles.get(node.attributes.get("role") or pack.lanes.get(node.lane or "", ""))
    if role is None:
        return
    for cls in node.attributes.get("shows", "").split():
        if not grants(role.read, cls):
            message = kept(
                "“{label}” may not read class {cls}, so opening it for this task shows nothing; give the role that "
                "right, or take the class out of what the task opens.",
                label=role.label,
                cls=cls,
            )
            yield node.id, "lint-shows-nothing", message


def _time_past(node: Node, now: datetime) -> Iterator[Found]:
    """L8: a date in the past is due at once.

    Not of start events: what started then is not started again by the next version, and every later change would be
    refused for a date that once was right.
    """
    if node.type == "startEvent":
        return
    texts = [("due date", node.attributes.get("due"))]
    texts += [("timer", event.timer.text) for event in node.events if event.timer is not None and event.timer.kind == "date"]
    for what, text in texts:
        if text and not text.startswith("="):
            try:
                past = timers.due_at(text, now) < now
            except ValueError:
                continue  # said when the diagram was read
            if past:
                message = kept(
                    "The {what} {text} is in the past, so it would be late at once; give a length of time, a later date, "
                    "or an answer that holds one.",
                    what=what,
                    text=text,
                )
                yield node.id, "lint-time-past", message


def _asks_another(pack: Pack, node: Node, items: tuple[str, ...]) -> Iterator[Found]:
    """L10: one task for each, but bound to something else than whom it is for."""
    if not node.manual or not items or "participant" not in node.attributes:
        return
    role = pack.roles.get(node.attributes.get("role") or pack.lanes.get(node.lane or "", ""))
    bound = node.attributes["participant"]
    if role is not None and not role.staff and not (bound.startswith("=") and _names(bound) & set(items)):
        message = kept(
            "This is repeated for each “{items}”, but always asks the same one ({bound}); choose “{items}” for "
            "whom it is, so that everyone is asked.",
            items=items[-1],
            bound=bound,
        )
        yield node.id, "lint-asks-another", message.replace("=“", "“=")
