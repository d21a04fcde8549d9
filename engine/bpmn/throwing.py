"""Events that are thrown: messages and signals leave the process, errors and escalations rise (BPMN 2.0, 10.5.1, 10.5.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.bpmn import catching, expressions, leaving, room
from engine.bpmn.tokens import Stop, Token, wrapper
from engine.language import kept
from engine.model.execution import EventKind, Thrown, Value


@dataclass(frozen=True, slots=True)
class Prepared:
    """A throw whose expressions are evaluated."""

    correlation: str | None
    payload: Mapping[str, Value]


def prepare(token: Token) -> Prepared:
    """Evaluate what the throwing node needs. Raises Stop; changes nothing."""
    event = token.task_spec.node.event
    key = catching.correlation(token, event) if event.kind == "message" else None
    return Prepared(key, inputs(token))


def inputs(token: Token) -> dict[str, Value]:
    """The node's input mapping, evaluated. Nothing that is not mapped is handed on."""
    found = {line.target: expressions.value(token, line.source, f"input {line.target}") for line in token.task_spec.node.inputs}
    if found:
        room.claim(token, found.values())
    return found


def throw(token: Token, prepared: Prepared) -> bool:
    """Throw the node's event. False when the token itself was swept away by what it threw."""
    node = token.task_spec.node
    match node.event.kind:
        case "message" | "signal" as kind:
            token.instance.journal.thrown.append(
                Thrown(
                    EventKind(kind),
                    node.event.name or "",
                    prepared.correlation,
                    prepared.payload,
                    node.id,
                    token.workflow.spec.process_key,
                )
            )
        case "escalation":
            return _escalate(token, node.event.code or "", prepared.payload)
        case "error":
            return _fail(token, node.event.code or "", prepared.payload)
    return True


def _escalate(token: Token, code: str, payload: Mapping[str, Value]) -> bool:
    # An escalation that nobody catches is not an error (BPMN 2.0, 10.5.7).
    caught_by = catching.catchers(token, "escalation", code)
    if caught_by is None:
        return True
    if _sweeps(caught_by):
        leaving.end(token)
    catching.fire(caught_by, payload)
    return token.id in token.instance.tokens


def _sweeps(caught_by: Token) -> bool:
    node = caught_by.task_spec.node
    return node.scope.starts()[0].interrupting if node.scope is not None else node.interrupting


def _fail(token: Token, code: str, payload: Mapping[str, Value]) -> bool:
    caught_by = catching.catchers(token, "error", code)
    if caught_by is None:
        raise uncaught(code)
    leaving.end(token)
    catching.fire(caught_by, payload)
    return False


def uncaught(code: str) -> Stop:
    """The fault of an error that no boundary event and no event sub-process catches."""
    return Stop(
        "uncaught-error",
        kept(
            "The error {code} was thrown and nothing catches it. Correct what led to it, then try again; for "
            "cases that begin later, draw a boundary event that catches it.",
            code=code,
        ),
    )


def raise_from(token: Token, code: str) -> bool:
    """An error happened in this activity. False when nothing catches it; then nothing changed."""
    caught_by = catching.on_boundary(token, "error", code) or catching.catchers(wrapper(token), "error", code)
    if caught_by is None:
        return False
    catching.fire(caught_by, {})
    return True


def mapping(found: object) -> dict[str, Value]:
    """A decoded context."""
    return {str(key): value for key, value in found.items()} if isinstance(found, dict) else {}
