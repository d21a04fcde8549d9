"""What each token waits for, so that a page can say it in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import catching, codec, joins, liveness, outside, projections
from engine.bpmn.compiling import Compiled
from engine.bpmn.tokens import Instance, Token, dependents
from engine.model.execution import Env, Place, Wait, WaitKind

_EVENTS = {
    "timer": WaitKind.TIMER,
    "message": WaitKind.MESSAGE,
    "signal": WaitKind.SIGNAL,
    "conditional": WaitKind.CONDITION,
}

#: Waits that only something else in the instance can end.
_FROM_INSIDE = (WaitKind.JOIN, WaitKind.CONDITION, WaitKind.EVENT_GATEWAY)


def waits(compiled: Compiled, env: Env, state: bytes) -> tuple[Wait, ...]:
    """What the tokens of a stored instance wait for, in the order they came. Containers of other tokens are left out."""
    instance = codec.load(compiled, env, state)
    found = [wait for token in instance.tokens.values() if (wait := _wait(token)) is not None]
    if not any(wait.kind in _FROM_INSIDE for wait in found):
        return tuple(found)
    dead = liveness.dead(instance)
    return tuple(replace(wait, dead=True) if wait.token_id in dead else wait for wait in found)


def places(instance: Instance) -> tuple[tuple[str, str], ...]:
    """Where tokens stand: process key and element id, one pair a token, in the order they came.

    A call activity with tokens inside counts once, so that every diagram from the outermost in shows them; what only listens
    (boundaries, starts of event sub-processes, the events after an event gateway) holds no token (BPMN 2.0, 13.5).
    """
    found, around = [], {}
    for token in instance.tokens.values():
        if not _stands(token):
            continue
        inner = token.workflow.spec.process_key
        found.append((inner, projections.drawn(token).id))
        for place in _around(token):
            if place.process_key != inner:
                around[place.token_id] = (place.process_key, place.element_id)
            inner = place.process_key
    return (*found, *around.values())


def places_of(compiled: Compiled, env: Env, state: bytes) -> tuple[tuple[str, str], ...]:
    """The same of a stored instance. Raises StateUnreadable."""
    return places(codec.load(compiled, env, state))


def _stands(token: Token) -> bool:
    if "gw" in token.memo or projections.interrupting(token) is not None:
        return False
    if token.state == TaskState.ERROR or projections.is_open(token) or outside.is_open(token):
        return True
    return token.state == TaskState.WAITING and (_is_from_inside(token) or catching.awaited(token).kind in _EVENTS)


def has_dead(instance: Instance) -> bool:
    """Whether something that the instance as such waits for can never come; looked into only where that could be."""
    found = [token for token in instance.tokens.values() if token.state == TaskState.WAITING and _is_from_inside(token)]
    if not found:
        return False
    dead = liveness.dead(instance)
    return any(token.id in dead and projections.interrupting(token) is None for token in found)


def _is_from_inside(token: Token) -> bool:
    if liveness.is_join(token) or token.task_spec.node.type == "eventBasedGateway":
        return True
    return catching.awaited(token).kind == "conditional"


def _wait(token: Token) -> Wait | None:
    if token.state == TaskState.ERROR:
        return replace(_plain(token, WaitKind.INCIDENT), message=token.memo["fault"][1])
    if projections.is_open(token):
        return _user_task(token)
    if outside.is_open(token):
        return replace(_plain(token, WaitKind.JOB), event_name=token.task_spec.node.attributes["job"])
    if token.state != TaskState.WAITING:
        return None
    spec = token.task_spec
    if isinstance(spec, joins.ParallelJoin | joins.InclusiveJoin):
        return _join(token)
    if spec.node.type == "eventBasedGateway":
        ways = tuple(other.task_spec.node.id for other in dependents(token, "gw"))
        return replace(_plain(token, WaitKind.EVENT_GATEWAY), ways_out=ways)
    event = catching.awaited(token)
    kind = _EVENTS.get(event.kind)
    if kind is None:
        return None  # an error or escalation boundary moves only when something inside throws
    due = token.memo["timer"]["due"] if "timer" in token.memo else None
    plain = _plain(token, kind)
    return replace(plain, due_at=datetime.fromisoformat(due) if due else None, event_name=event.name, key=token.memo.get("key"))


def _plain(token: Token, kind: WaitKind) -> Wait:
    node = projections.drawn(token)
    return Wait(
        token_id=token.id,
        element_id=node.id,
        process_key=token.workflow.spec.process_key,
        name=node.name,
        element_type=node.type,
        kind=kind,
        since=projections.since(token),
        attached_to=projections.attached(token),
        inside=tuple(_around(token)),
        interrupting=projections.interrupting(token),
        gateway=token.memo.get("gw"),
        turn=projections.turn(token),
    )


def _around(token: Token) -> Iterator[Place]:
    """The call activities and sub-processes a token is inside of, innermost first."""
    container = token.workflow.container
    while container is not None:
        yield Place(container.id, container.workflow.spec.process_key, projections.drawn(container).id)
        container = container.workflow.container


def _user_task(token: Token) -> Wait:
    details = token.memo["task"]
    due = details.get("due")
    return replace(
        _plain(token, WaitKind.USER_TASK),
        name=details["name"],
        due_at=datetime.fromisoformat(due) if due else None,
    )


def _join(token: Token) -> Wait:
    return replace(_plain(token, WaitKind.JOIN), branches=tuple(dict.fromkeys(_awaited_branches(token))))


def _awaited_branches(token: Token) -> Iterator[str]:
    arrived = joins.arrivals(token)
    if isinstance(token.task_spec, joins.InclusiveJoin):
        yield from (other.task_spec.node.id for other in joins.awaited(token, arrived))
        return
    missing = {flow.id for flow in token.task_spec.node.incoming} - arrived.keys()
    reach = joins.reach(token.workflow.spec, token.task_spec.node)
    for other in token.workflow.tasks.values():
        if other.task_spec is token.task_spec or other.memo.keys() & {"gw", "of"}:
            continue
        if reach.get(other.task_spec.node.id, frozenset()) & missing:
            yield other.task_spec.node.id
