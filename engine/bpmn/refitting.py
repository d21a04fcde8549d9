"""What tokens remember, made to fit another version of the process: titles, correlation, events waited for beside them.

What a timer or due date has left is kept. What is waited for anew begins now.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import blocking, catching, joins, placing, timers
from engine.bpmn.activities import HumanTask
from engine.bpmn.graph import Event, Node, Timer
from engine.bpmn.placing import Mapped
from engine.bpmn.tokens import Child, Instance, Stop, Token, dependents, queue
from engine.bpmn.tokens import place as put
from engine.model.migration import Fate, TokenFate, Why

#: details of a task, and the attribute that each comes from ("" stands for the element's name)
_DETAILS = {"name": "", "participant": "participant", "assignee": "assignee", "due": "due", "priority": "priority", "working": "due"}


def refit(old: Instance, new: Instance, mapping: Mapped) -> Iterator[TokenFate]:
    """Bring the tokens of `new`, whose memories are those of `old`, in line with their version; gives what is said of it."""
    for token in list(new.tokens.values()):
        try:
            _remember(old.tokens[token.id], token)
            yield from _arm_beside(old.tokens[token.id], token, mapping)
        except Stop:
            yield placing.fate(old.tokens[token.id], Fate.STRANDED, why=Why.VALUE)
    for scope in list(new.scopes):
        try:
            yield from _arm_scope(old, scope, mapping)
        except Stop:
            yield placing.fate(old.tokens[next(iter(scope.tasks))], Fate.STRANDED, why=Why.VALUE)
    yield from blocking.check(old, new)
    _wake(new)


def _remember(before: Token, token: Token) -> None:
    was, now = catching.awaited(before), catching.awaited(token)
    memo = token.memo
    if "timer" in memo and now.timer is not None and was.timer != now.timer:
        memo["timer"] = _timer(memo["timer"], now.timer, token)
    if "key" in memo and (was.correlation, was.name) != (now.correlation, now.name):
        memo["key"] = catching.correlation(token, now)
    if "held" in memo and was.condition != now.condition:
        memo["held"] = 0
    if "n" in memo and token.task_spec.repeats and "out" not in memo:
        loop = token.task_spec.node.loop
        if loop is not None and (loop.output or loop.until):
            memo["out"] = []
    if "task" in memo and isinstance(token.task_spec, HumanTask):
        memo["task"] = _details(before.task_spec.node, token)


def _timer(memo: dict[str, Any], timer: Timer, token: Token) -> dict[str, Any]:
    """The time that is left stays; a repeating timer goes on by the new rule, and what it fired already counts."""
    due, now = memo["due"], token.instance.env.now
    if timer.kind != "cycle":
        return {"due": due, "anchor": memo["anchor"], "rule": timer.text}
    times, start, _ = timers.read_cycle(timer.text)
    if start is not None:
        return timers.plan(timer, timer.text, now)
    spent = _spent(memo)
    left = None if times is None else max(1, times - spent)
    return {"due": due, "anchor": due, "rule": timer.text, "left": left, "step": 0}


def _spent(memo: dict[str, Any]) -> int:
    times = timers.read_cycle(memo["rule"])[0] if "left" in memo else None
    return times - int(memo["left"]) if times is not None and memo["left"] is not None else 0


def _details(was: Node, token: Token) -> dict[str, Any]:
    spec = token.task_spec
    assert isinstance(spec, HumanTask)
    changed = {key for key, name in _DETAILS.items() if _written(was, name) != _written(spec.node, name)}
    kept: dict[str, Any] = {key: value for key, value in token.memo["task"].items() if key not in changed}
    if not changed:
        return kept
    found = spec.details(token)
    if "due" in changed and "due" in found and "due" in token.memo["task"]:
        found["due"] = token.memo["task"]["due"]
        found.pop("working", None)
    return {key: value for key in _DETAILS if (value := (found if key in changed else kept).get(key)) is not None}


def _written(node: Node, name: str) -> str | None:
    return node.attributes.get(name) if name else node.name


def _arm_beside(before: Token, token: Token, mapping: Mapped) -> Iterator[TokenFate]:
    """Events at the boundary of an activity, or behind an event-based gateway, that the version before did not have."""
    node = token.task_spec.node
    if not _is_open(token):
        return
    if node.type == "eventBasedGateway" and token.state == TaskState.WAITING:
        key, beside = "gw", [token.task_spec.scope.nodes[flow.target] for flow in node.outgoing]
        known = [before.task_spec.scope.nodes[flow.target] for flow in before.task_spec.node.outgoing]
    elif node.boundaries and not token.task_spec.inner:
        key, beside, known = "on", node.boundaries, before.task_spec.node.boundaries
    else:
        return
    process = token.workflow.spec.process_key
    spent = {placing.target(mapping, process, one.id): one.event for one in known}
    here = {other.task_spec.node.id for other in dependents(token, key)}
    for one in beside:
        if one.id not in here and not _same(spent.get(one.id), one.event):
            put(token.workflow, token.workflow.spec.node_spec(one.id), TaskState.WAITING, {**catching.watch(token, one), key: token.id})
            yield _added(one, process)


def _is_open(token: Token) -> bool:
    memo = token.memo
    if not memo.keys().isdisjoint(placing.ARMED):
        return False
    return "e" in memo or "n" in memo


def _same(before: Event | None, now: Event) -> bool:
    return before is not None and before.kind == now.kind


def _arm_scope(old: Instance, scope: Instance | Child, mapping: Mapped) -> Iterator[TokenFate]:
    """Event sub-processes that the version before did not have; none where an interrupting one already runs."""
    before = old if scope.container is None else old.subprocesses[scope.container.id]
    tokens = list(scope.tasks.values())
    handlers = (token for token in tokens if token.task_spec.node.event_subprocess and "esp" not in token.memo)
    if any(_start(token.task_spec.node).interrupting for token in handlers) or not any(_past_start(token) for token in tokens):
        return
    process = scope.spec.process_key
    known = {placing.target(mapping, process, node.id): _start(node).event for node in before.spec.scope.event_subprocesses()}
    here = {token.task_spec.node.id for token in tokens if "esp" in token.memo}
    seen_from = min(tokens, key=lambda token: "of" in token.memo)
    for node in scope.spec.scope.event_subprocesses():
        if node.id not in here and not _same(known.get(node.id), _start(node).event):
            memo = catching.watch(seen_from, _start(node))
            put(scope, scope.spec.node_spec(node.id), TaskState.WAITING, {**memo, "esp": 1})
            yield _added(_start(node), process)


def _start(node: Node) -> Node:
    assert node.scope is not None
    return node.scope.starts()[0]


def _past_start(token: Token) -> bool:
    return "esp" not in token.memo and (token.task_spec.node.type != "startEvent" or "l" in token.memo)


def _added(node: Node, process_key: str) -> TokenFate:
    return TokenFate("", process_key, node.id, node.name or node.id, node.type, Fate.ADDED)


def _wake(instance: Instance) -> None:
    """Let joins that have all they wait for go on with the next turn."""
    for token in list(instance.tokens.values()):
        if token.state != TaskState.WAITING or token.task_spec.node.type not in ("parallelGateway", "inclusiveGateway"):
            continue
        alone = not isinstance(token.task_spec, joins.ParallelJoin | joins.InclusiveJoin)
        full = isinstance(token.task_spec, joins.ParallelJoin) and len(joins.arrivals(token)) == len(token.task_spec.node.incoming)
        if alone or full:
            for other in list(token.workflow.tasks.values()):
                if other.task_spec is token.task_spec and other.state == TaskState.WAITING:
                    queue(other, TaskState.FUTURE)


def goes_on(instance: Instance) -> bool:
    """Whether something can move at once."""
    if instance.queue:
        return True
    for token in instance.tokens.values():
        if token.state != TaskState.WAITING:
            continue
        if isinstance(token.task_spec, joins.InclusiveJoin) and not joins.awaited(token, joins.arrivals(token)):
            return True
        if token.memo.get("held") == 0 and _holds(token):
            return True
    return False


def _holds(token: Token) -> bool:
    try:
        return catching.holds(token, catching.awaited(token))
    except Stop:
        return True  # the next turn says why it cannot be told
