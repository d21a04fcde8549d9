"""An instance taken back to an earlier step, or a look at where it could be taken back to: one function for both.

BPMN knows no such act, so it is done as an interruption: what came out of the step since is cancelled, together with what
is inside of it, and a fresh token stands before the step, with variables as they are now. What runs beside it stays.
"Earlier" is upstream in the drawing of one open scope, loops not followed round.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import blocking, codec, leaving, placing, projections
from engine.bpmn.compiling import Compiled
from engine.bpmn.graph import Node
from engine.bpmn.specs import ScopeSpec
from engine.bpmn.tokens import Child, Instance, Token, place
from engine.model.errors import TokenGone
from engine.model.execution import Env
from engine.model.returns import NoReturn, Return, Stood

#: what somebody works or waits in; what only happens is gone through again on the way
_STEPS = frozenset({"userTask", "manualTask", "task", "receiveTask", "subProcess", "callActivity"})
#: what acts on others each time that a token comes by
_ACTING = frozenset({"sendTask", "serviceTask", "intermediateThrowEvent"})


def returns(compiled: Compiled, env: Env, state: bytes, been: Collection[tuple[str, str]]) -> tuple[Return, ...]:
    """The steps among `been` (process key and element id) that lie before where the instance is, in the order drawn.

    Each is tried on a copy, so that one which cannot be done says why. Raises StateUnreadable.
    """
    found = []
    before = codec.load(compiled, env, state)
    for scope in before.scopes:
        for node in _earlier(scope):
            if (scope.spec.process_key, node.id) in been and _is_step(node):
                found.append(go(before, codec.load(compiled, env, state), _id(scope), node.id))
            found += [_closed(scope, one) for one in _inside(node) if (scope.spec.process_key, one.id) in been]
    return tuple(found)


def _earlier(scope: Instance | Child) -> list[Node]:
    live = _live(scope)
    return [node for node in scope.spec.scope.nodes.values() if _since(scope, node, live)]


def _is_step(node: Node) -> bool:
    return node.type in _STEPS and not node.event_subprocess


def _inside(node: Node) -> Iterator[Node]:
    """Steps inside of a sub-process that is over: nobody can be sent in there alone."""
    for inner in node.scope.everything() if node.scope is not None else ():
        yield from (one for one in inner.nodes.values() if one.manual)


def _closed(scope: Instance | Child, node: Node) -> Return:
    return Return("", scope.spec.process_key, node.id, node.name or node.id, why=NoReturn.CLOSED)


def _id(scope: Instance | Child) -> str:
    return "" if scope.container is None else str(scope.container.id)


def go(before: Instance, instance: Instance, scope_id: str, element_id: str) -> Return:
    """Take `instance` back to a step of an open scope; `before` is the same instance, untouched.

    What cannot be done says why; then `instance` is to be thrown away. Raises TokenGone when there is no such step any more.
    """
    scope = instance if not scope_id else instance.subprocesses.get(scope_id)
    node = scope.spec.scope.nodes.get(element_id) if scope is not None else None
    taken = _since(scope, node, _live(scope)) if scope is not None and node is not None else []
    if scope is None or node is None or not taken or not _is_step(node):
        raise TokenGone
    leaves = tuple(_stood(token) for token in taken)
    why = NoReturn.MOVING if instance.queue else NoReturn.EVENT if _is_way_out(scope, node) else None
    place(scope, scope.spec.node_spec(node.id), memo={"f": node.incoming[0].id} if node.incoming else {})
    for token in taken:
        if token.id in instance.tokens:
            leaving.cancel(token)
    if why is None and any(blocking.check(before, instance)):
        why = NoReturn.BLOCKED
    return Return(scope_id, scope.spec.process_key, node.id, node.name or node.id, leaves, _again(scope, node, leaves), why)


def _live(scope: Instance | Child) -> list[Token]:
    """The tokens of a scope that are somewhere: neither armed events nor turns of a loop, whose wrapper stands for them."""
    return [token for token in scope.tasks.values() if token.memo.keys().isdisjoint({*placing.ARMED, "of"})]


def _since(scope: Instance | Child, node: Node, live: Sequence[Token]) -> list[Token]:
    """What came out of a step since; nothing while somebody stands at it."""
    if any(token.task_spec.node.id == node.id for token in live):
        return []
    down = _downstream(scope.spec)[node.id]
    return [token for token in live if _source(token) in down]


def _source(token: Token) -> str:
    """Where a token is; of one that waits at a join where it came from, as others there came from elsewhere."""
    node = token.task_spec.node
    flow = token.task_spec.scope.flows.get(token.memo.get("f", ""))
    waits = token.state == TaskState.WAITING and node.type in ("parallelGateway", "inclusiveGateway")
    return str(flow.source if waits and flow is not None else node.id)


@lru_cache(maxsize=500)
def _downstream(spec: ScopeSpec) -> Mapping[str, frozenset[str]]:
    """For each node those that can come after it, itself among them, without going round a loop."""
    found: dict[str, frozenset[str]] = {}
    nodes = spec.scope.nodes
    for root in [*spec.scope.starts(), *nodes.values()]:
        path: dict[str, list[str]] = {root.id: _next(root)} if root.id not in found else {}
        while path:
            id = next(reversed(path))
            left = [one for one in path[id] if one not in found and one not in path]
            if left:
                path[left[0]] = _next(nodes[left[0]])
            else:
                del path[id]
                # what is still on the path is a loop's beginning: going there is going round
                found[id] = frozenset({id}).union(*(found[one] for one in _next(nodes[id]) if one in found and one not in path))
    return found


def _next(node: Node) -> list[str]:
    return [flow.target for flow in node.outgoing] + [one.id for one in node.boundaries]


def _is_way_out(scope: Instance | Child, node: Node) -> bool:
    """Whether a step is one of the alternatives behind an event-based gateway: alone it would wait without the others."""
    return any(scope.spec.scope.nodes[flow.source].type == "eventBasedGateway" for flow in node.incoming)


def _again(scope: Instance | Child, node: Node, leaves: Sequence[Stood]) -> tuple[tuple[str, str], ...]:
    down, nodes = _downstream(scope.spec), scope.spec.scope.nodes
    passed = {id for one in leaves if one.element_id in nodes for id in down[node.id] if one.element_id in down[id]}
    passed -= {one.element_id for one in leaves}
    return tuple((id, nodes[id].name or id) for id in nodes if id in passed and nodes[id].type in _ACTING)


def _stood(token: Token) -> Stood:
    node = projections.drawn(token)
    return Stood(token.id, token.workflow.spec.process_key, node.id, node.name or node.id)
