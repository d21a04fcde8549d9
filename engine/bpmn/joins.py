"""Gateways that wait for several tokens (BPMN 2.0, 13.4.1 and 13.4.3)."""

from __future__ import annotations

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import leaving
from engine.bpmn.graph import Node
from engine.bpmn.specs import FlowNode, ScopeSpec
from engine.bpmn.tokens import Instance, Token, drop, queue


class ParallelJoin(FlowNode):
    """Fires when a token waits on every incoming flow; takes the earliest of each, others stay for the next time."""

    def enter(self, token: Token) -> bool:
        token._set_state(TaskState.WAITING)
        arrived = arrivals(token)
        if len(arrived) == len(self.node.incoming):
            merge(token, arrived)
        return False


class InclusiveJoin(FlowNode):
    """Fires when no token elsewhere can still come by a flow that has none; looked at when everything else rests."""

    def enter(self, token: Token) -> bool:
        token._set_state(TaskState.WAITING)
        return False


def arrivals(token: Token) -> dict[str, Token]:
    """The earliest token waiting at the same gateway by each incoming flow."""
    found: dict[str, Token] = {}
    for other in token.workflow.tasks.values():
        if other.task_spec is token.task_spec and other.state == TaskState.WAITING:
            found.setdefault(other.memo["f"], other)
    return found


def merge(token: Token, arrived: dict[str, Token]) -> None:
    """Let one token go on for all that arrived."""
    keep = next(iter(arrived.values())) if token not in arrived.values() else token
    for other in arrived.values():
        if other is not keep:
            drop(other)
    leaving.begin(keep)
    queue(keep)


def release(instance: Instance) -> bool:
    """Let one inclusive join fire that waits for nothing any more. False when there is none."""
    for scope in list(instance.scopes):
        for token in list(scope.tasks.values()):
            if token.state == TaskState.WAITING and isinstance(token.task_spec, InclusiveJoin):
                arrived = arrivals(token)
                if not awaited(token, arrived):
                    merge(token, arrived)
                    return True
    return False


def awaited(token: Token, arrived: dict[str, Token]) -> list[Token]:
    """The tokens elsewhere for which an inclusive join still waits.

    The standard's rule (13.4.3): a token counts when it can reach an incoming flow that has no token without passing
    the gateway, and cannot reach one that has a token in the same way.
    """
    spec: ScopeSpec = token.workflow.spec
    reach = spec.reach[token.task_spec.node.id]
    empty = {flow.id for flow in token.task_spec.node.incoming} - arrived.keys()
    found = []
    for other in token.workflow.tasks.values():
        if other.task_spec is token.task_spec or other.memo.keys() & {"on", "esp", "gw"}:
            continue
        ways = reach.get(other.task_spec.node.id, frozenset())
        if ways & empty and not ways & arrived.keys():
            found.append(other)
    return found


def reach(spec: ScopeSpec, gateway: Node) -> dict[str, frozenset[str]]:
    """For each node: the gateway's incoming flows that can be reached from it without passing the gateway."""
    nodes = spec.scope.nodes
    found: dict[str, set[str]] = {}
    for flow in gateway.incoming:
        seen, todo = set(), [flow.source]
        while todo:
            current = todo.pop()
            if current in seen or current == gateway.id:
                continue
            seen.add(current)
            found.setdefault(current, set()).add(flow.id)
            node = nodes[current]
            todo.extend(before.source for before in node.incoming)
            if node.attached_to is not None:
                todo.append(node.attached_to)
        del seen
    return {node_id: frozenset(flows) for node_id, flows in found.items()}
