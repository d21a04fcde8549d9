"""Whether an instance brought to another version would wait at a gateway for ever, for a branch that nobody is on.

Two looks: tokens that nothing can move now (`liveness`), and joins at which a run from here can get stuck though no run
from the start can (`soundness`): a branch that was drawn after the case had passed the split.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from engine.bpmn import joins, liveness, placing, soundness
from engine.bpmn.specs import ScopeSpec
from engine.bpmn.tokens import Child, Instance, Token
from engine.model.migration import Fate, TokenFate, Why

#: steps played for one scope before no verdict is given
_BUDGET = 20_000


def check(old: Instance, new: Instance) -> Iterator[TokenFate]:
    """A fate for each gateway that would block."""
    found = {(token.workflow.spec, token.task_spec.node.id) for token in _dead(new) if token.id not in {one.id for one in _dead(old)}}
    for scope in new.scopes:
        found |= {(scope.spec, node_id) for node_id in _stuck(scope.spec, tuple(sorted(_standing(scope))))}
    for spec, node_id in sorted(found, key=lambda one: (one[0].scope.key, one[1])):
        node = spec.scope.nodes[node_id]
        yield TokenFate("", spec.process_key, node_id, node.name or node_id, node.type, Fate.STRANDED, why=Why.BLOCKED)


def _dead(instance: Instance) -> list[Token]:
    waiting = [token for token in instance.tokens.values() if liveness.is_join(token)]
    dead = liveness.dead(instance) if waiting else set()
    return [token for token in waiting if token.id in dead]


@lru_cache(maxsize=2_000)
def _stuck(spec: ScopeSpec, standing: tuple[str, ...]) -> frozenset[str]:
    return soundness.blocked(spec.scope, standing, _BUDGET) | frozenset(_starved(spec, standing))


def _starved(spec: ScopeSpec, standing: tuple[str, ...]) -> Iterator[str]:
    """Parallel joins that tokens can come to by some of their flows, and by others none ever."""
    for node in spec.scope.nodes.values():
        if node.type != "parallelGateway" or len(node.incoming) < 2:
            continue
        reach = joins.reach(spec, node)
        flows = {flow.id for flow in node.incoming}
        come = {flow for flow in standing if flow in flows}
        for flow in standing:
            if flow not in flows:
                come |= reach.get(spec.scope.flows[flow].target, frozenset())
        if come and come != flows:
            yield node.id


def _standing(scope: Instance | Child) -> Iterator[str]:
    """For each token of a scope a flow by which it could have come to where it is."""
    for token in scope.tasks.values():
        if not token.memo.keys().isdisjoint({*placing.ARMED, "of"}):
            continue
        node = token.task_spec.node
        came = token.memo.get("f")
        if any(flow.id == came for flow in node.incoming):
            yield str(came)
        elif node.incoming:
            yield node.incoming[0].id
        else:
            yield from (flow.id for flow in node.outgoing)
