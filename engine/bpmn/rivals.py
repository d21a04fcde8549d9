"""Two events that wait for the same thing in the same place, of which only one could ever act.

BPMN gives no order between them (2.0, 10.5.4 to 10.5.6): an error or escalation rises to one catcher, a message goes to one
receiver, and of several events that interrupt the same activity the first leaves nothing to interrupt. Two signals, timers or
conditions that do not both interrupt may be drawn: each acts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.bpmn.graph import Event, Node, Scope
from engine.language import kept

Found = tuple[str, str, str]
#: The element that waits, its event, and whether it alone ends what is waited at.
_Catch = tuple[Node, Event, bool]

#: Kinds of which one catcher gets it, whether it interrupts or not.
_SOLE = frozenset({"error", "escalation", "message"})


def check(scope: Scope) -> Iterator[Found]:
    """What waits twice for the same on one activity, behind one event gateway, or as event sub-processes of one scope."""
    handlers = [(node, start) for node in scope.event_subprocesses() if node.scope for start in node.scope.starts()]
    yield from _same(((node, start.event, start.interrupting) for node, start in handlers), kept("in this procedure or part"))
    for node in scope.nodes.values():
        yield from _same(((b, b.event, b.interrupting) for b in node.boundaries), kept("on “{name}”", name=node.name or node.id))
        if node.type == "eventBasedGateway":
            targets = (scope.nodes[flow.target] for flow in node.outgoing)
            yield from _same(((t, t.event, True) for t in targets), kept("behind “{name}”", name=node.name or node.id))


def _same(catches: Iterable[_Catch], where: str) -> Iterator[Found]:
    seen: dict[tuple[str, ...], _Catch] = {}
    for node, event, ends in catches:
        trigger = _trigger(event)
        if trigger is None:
            continue
        first, _, first_ends = seen.setdefault(trigger, (node, event, ends))
        if first is not node and (event.kind in _SOLE or (ends and first_ends)):
            yield (
                node.id,
                "same-trigger-twice",
                kept(
                    "“{name}” waits for the same {event} {where}, and only one of the two could happen; remove one.",
                    name=first.name or first.id,
                    event=_named(event),
                    where=where,
                ),
            )


def _trigger(event: Event) -> tuple[str, ...] | None:
    """What has to be equal for two events to be the same; None for what is refused elsewhere."""
    match event.kind:
        case "error" | "escalation":
            return event.kind, "all" if event.code is None else f"={event.code}"
        case "message":
            return event.kind, event.name or "", _text(event.correlation)
        case "signal":
            return event.kind, event.name or ""
        case "timer" if event.timer is not None:
            return event.kind, event.timer.kind, _text(event.timer.text)
        case "conditional":
            return event.kind, _text(event.condition)
        case _:
            return None


def _text(written: str | None) -> str:
    return (written or "").removeprefix("=").strip()


def _named(event: Event) -> str:
    match event.kind:
        case "error" | "escalation":
            return (
                kept("{kind} {code}", kind=event.kind, code=event.code)
                if event.code is not None
                else kept("{kind} of any code", kind=event.kind)
            )
        case "message" | "signal":
            return kept("{kind} {name}", kind=event.kind, name=event.name)
        case "timer" if event.timer is not None:
            return kept("timer {text}", text=event.timer.text[:60])
        case _:
            return "condition"
