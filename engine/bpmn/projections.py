"""What waits in an instance, in words the rest of the engine understands: author's ids, no specs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import catching, scopes, working
from engine.bpmn.graph import Node
from engine.bpmn.tokens import Instance, Token
from engine.model.execution import EventKind, Fault, OpenTask, RunStatus, WaitingEvent, WaitingTimer


def status(instance: Instance) -> RunStatus:
    """Where the instance stands."""
    if any(token.state == TaskState.ERROR for token in instance.tokens.values()):
        return RunStatus.INCIDENT
    return RunStatus.RUNNING if instance.tokens else RunStatus.COMPLETED


def is_open(token: Token) -> bool:
    """Whether a person can complete this token's task."""
    return bool(token.state == TaskState.READY and token.task_spec.node.manual and not token.task_spec.repeats and "l" not in token.memo)


def open_tasks(instance: Instance) -> Iterator[OpenTask]:
    """The tasks that wait for a person."""
    for token in instance.tokens.values():
        if is_open(token):
            yield _open_task(token)


def _open_task(token: Token) -> OpenTask:
    node, details = token.task_spec.node, token.memo["task"]
    own, due = node.attributes, details.get("due")
    return OpenTask(
        token_id=token.id,
        element_id=node.id,
        process_key=token.workflow.spec.process_key,
        name=details["name"],
        lane=node.lane,
        form=own.get("form"),
        role=own.get("role") or node.role,
        duty=own.get("duty"),
        participant=details.get("participant"),
        assignee=details.get("assignee"),
        due_at=datetime.fromisoformat(due) if due else None,
        priority=details.get("priority", 50),
        variables=scopes.visible(token),
        loop=turn(token),
        since=since(token),
        documentation=node.documentation,
        working=working.read(details.get("working")),
    )


def turn(token: Token) -> tuple[int, int | None] | None:
    """Which item (from 1) of how many the token is inside of; None outside of loops."""
    current: Token | None = token
    while current is not None:
        if "of" in current.memo:
            return int(current.memo["i"]), current.instance.tokens[current.memo["of"]].memo["n"]
        current = None if current.workflow.spec.wall else current.workflow.container
    return None


def since(token: Token) -> datetime:
    """When the token came to where it is."""
    return datetime.fromisoformat(token.memo["since"])


def drawn(token: Token) -> Node:
    """The node that a waiting token is shown at: of an event sub-process its start event."""
    node = token.task_spec.node
    return node.scope.starts()[0] if "esp" in token.memo and node.scope is not None else node


def attached(token: Token) -> str | None:
    """The element whose boundary a waiting event sits on."""
    return token.task_spec.node.attached_to if "on" in token.memo else None


def interrupting(token: Token) -> bool | None:
    """Whether a waiting boundary or event sub-process start interrupts; None for other events."""
    return drawn(token).interrupting if "on" in token.memo or "esp" in token.memo else None


def timers(instance: Instance) -> Iterator[WaitingTimer]:
    """The timers somebody has to fire."""
    for token in instance.tokens.values():
        if "timer" in token.memo and token.state == TaskState.WAITING:
            memo, node = token.memo["timer"], drawn(token)
            yield WaitingTimer(
                token_id=token.id,
                element_id=node.id,
                process_key=token.workflow.spec.process_key,
                name=node.name,
                due_at=datetime.fromisoformat(memo["due"]),
                anchor_at=datetime.fromisoformat(memo["anchor"]),
                rule=memo["rule"],
                interrupting=interrupting(token),
                attached_to=attached(token),
                repeats="left" in memo and memo["left"] != 1,
                working=working.read(memo.get("working")),
            )


def subscriptions(instance: Instance) -> Iterator[WaitingEvent]:
    """The messages and signals that are waited for."""
    for token in instance.tokens.values():
        kind = awaited_kind(token)
        if kind is not None:
            node = drawn(token)
            yield WaitingEvent(
                token_id=token.id,
                element_id=node.id,
                process_key=token.workflow.spec.process_key,
                name_of_element=node.name,
                kind=kind,
                name=catching.awaited(token).name or "",
                correlation=token.memo.get("key"),
                attached_to=attached(token),
                interrupting=interrupting(token),
            )


def awaited_kind(token: Token) -> EventKind | None:
    """Which kind of outside event would move this token."""
    if token.state != TaskState.WAITING:
        return None
    event = catching.awaited(token)
    return EventKind(event.kind) if event.kind in ("message", "signal") else None


def faults(instance: Instance) -> Iterator[Fault]:
    """Why tokens are stopped."""
    for token in instance.tokens.values():
        if token.state == TaskState.ERROR:
            code, message = token.memo["fault"]
            yield Fault(token.task_spec.node.id, token.workflow.spec.process_key, code, message, token.id)
