"""Events that are waited for: arming them, and what happens when one comes (BPMN 2.0, 10.5.1 to 10.5.6, 13.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine import feel
from engine.bpmn import expressions, leaving, scopes, timers
from engine.bpmn.graph import Event, Node
from engine.bpmn.tokens import Stop, Token, dependents, drop, place, queue, wrapper
from engine.feel.values import coerce
from engine.language import kept
from engine.model.execution import Value


def watch(token: Token, node: Node) -> dict[str, Any]:
    """What is remembered while the node's event is waited for, as seen from the token. Raises Stop."""
    event = node.event
    if event.kind == "timer" and event.timer is not None:
        return {"timer": timers.set_timer(token, event.timer)}
    if event.kind == "message":
        return {"key": correlation(token, event)}
    if event.kind == "conditional":
        # A condition that is true from the start counts as having become true.
        token.instance.changed = True
        return {"held": 0}
    return {}


def holds(token: Token, event: Event) -> bool:
    """Whether the condition of a conditional event is true now."""
    return expressions.value(token, event.condition or "", "condition of the event") is True


def correlation(token: Token, event: Event) -> str:
    """The text that has to be equal on both sides of a message (BPMN 2.0, 8.4.2). Raises Stop when there is none."""
    found = expressions.literal_or(token, event.correlation, "correlation key")
    text = expressions.as_text(found)
    if text is None:
        raise Stop(
            "correlation-empty",
            kept(
                "The correlation key of the message {name} has no value here, so the message could never be matched. "
                "Correct the variable, then try again.",
                name=event.name,
            ),
        )
    return text


def boundaries(token: Token) -> list[tuple[Node, dict[str, Any]]]:
    """What to arm around an activity about to start. Raises Stop; changes nothing."""
    return [(node, watch(token, node)) for node in token.task_spec.node.boundaries]


def arm(token: Token, prepared: list[tuple[Node, dict[str, Any]]], key: str) -> None:
    """Let events wait on behalf of a token: `on` an activity's boundary, or behind an event `gw` gateway."""
    for node, memo in prepared:
        place(token.workflow, token.workflow.spec.node_spec(node.id), TaskState.WAITING, {**memo, key: token.id})


def event_subprocesses(token: Token) -> list[tuple[Node, dict[str, Any]]]:
    """What to arm in a scope whose first token is at its start event. Raises Stop; changes nothing."""
    found = []
    for node in token.workflow.spec.scope.event_subprocesses():
        assert node.scope is not None
        found.append((node, watch(token, node.scope.starts()[0])))
    return found


def fire(token: Token, payload: Mapping[str, Value]) -> None:
    """The event that this waiting token stands for has happened."""
    memo = token.memo
    if "on" in memo:
        _fire_boundary(token, payload)
    elif "esp" in memo:
        _fire_event_subprocess(token, payload)
    else:
        if "gw" in memo:
            _choose_alternative(token)
        caught(token, payload)


def caught(token: Token, payload: Mapping[str, Value]) -> None:
    """Go on from a catching element with what came."""
    scopes.write(token, payload)
    token.memo.pop("timer", None)
    token.memo["l"] = 1
    queue(token)


def _choose_alternative(token: Token) -> None:
    gateway = token.instance.tokens[token.memo.pop("gw")]
    for other in dependents(gateway, "gw"):
        drop(other)
    leaving.end(gateway)
    drop(gateway)


def _fire_boundary(armed: Token, payload: Mapping[str, Value]) -> None:
    node = armed.task_spec.node
    host = armed.instance.tokens[armed.memo["on"]]
    if node.interrupting:
        del armed.memo["on"]
        leaving.cancel(host)
        caught(armed, payload)
        return
    fired = place(armed.workflow, armed.task_spec, TaskState.WAITING)
    rearm(armed)
    caught(fired, payload)


def _fire_event_subprocess(armed: Token, payload: Mapping[str, Value]) -> None:
    scope = armed.workflow
    assert armed.task_spec.node.scope is not None
    if armed.task_spec.node.scope.starts()[0].interrupting:
        leaving.cancel_all(scope, but=armed)
        drop(armed)
    else:
        rearm(armed)
    handler = place(scope, armed.task_spec)
    handler.memo["with"] = feel.to_json(coerce(payload))


def rearm(armed: Token) -> None:
    """What becomes of a non-interrupting event after it fired: it waits again, unless its timer has no occurrence left."""
    if "timer" in armed.memo:
        following = timers.next_occurrence(armed.memo["timer"], armed.instance.env.now)
        if following is None:
            drop(armed)
        else:
            armed.memo["timer"] = following


def catchers(token: Token, kind: str, code: str) -> Token | None:
    """Who catches an error or escalation that left the token's scope; innermost first, a specific code before catch-all.

    Event sub-processes of a scope come before the boundary of the activity that holds it. A handler that throws again
    what it was started by means those outside (BPMN 2.0, 10.5.6), else it would start itself without end.
    """
    current: Token | None = token
    while current is not None:
        passed_on = current.task_spec.node.event_subprocess and _fits(current, kind, code)
        found = None if passed_on else _matching([t for t in current.workflow.tasks.values() if "esp" in t.memo], kind, code)
        if found is None and current.workflow.container is not None:
            found = on_boundary(current.workflow.container, kind, code)
        if found is not None:
            return found
        current = current.workflow.container
    return None


def on_boundary(token: Token, kind: str, code: str) -> Token | None:
    """Who catches it on the boundary of the token's own activity."""
    return _matching(dependents(wrapper(token), "on"), kind, code)


def _matching(armed: list[Token], kind: str, code: str) -> Token | None:
    fitting = [t for t in armed if _fits(t, kind, code)]
    return min(fitting, key=lambda t: awaited(t).code is None, default=None)


def _fits(token: Token, kind: str, code: str) -> bool:
    event = awaited(token)
    return event.kind == kind and event.code in (None, code)


def awaited(token: Token) -> Event:
    """The event a waiting token waits for."""
    node = token.task_spec.node
    if node.event_subprocess and node.scope is not None:
        return node.scope.starts()[0].event
    return node.event
