"""Which waits nothing can end: everything that could move a token is itself waiting for ever.

Said only when it is certain. What somebody outside can do (a task, a timer, a message, a signal, outside work, a retry) is
taken as able to happen; what such a token may reach in the drawing is taken as able to be reached.
"""

from __future__ import annotations

from collections.abc import Mapping

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import catching, joins, projections
from engine.bpmn.graph import Node, Scope
from engine.bpmn.tokens import Child, Instance, Token, dependents, wrapper

_OUTSIDE = ("timer", "message", "signal")


def dead(instance: Instance) -> set[str]:
    """Ids of the tokens that nothing can move any more, unless somebody changes the case by hand."""
    return _Look(instance).dead()


def is_join(token: Token) -> bool:
    """Whether the token waits at a gateway for others."""
    return token.state == TaskState.WAITING and isinstance(token.task_spec, joins.ParallelJoin | joins.InclusiveJoin)


class _Look:
    """One look at an instance; `live` grows until nothing is added."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.live = {token.id for token in instance.tokens.values() if _from_outside(token)}
        self.reach: dict[str, Mapping[str, frozenset[str]]] = {}
        self.ends: dict[tuple[str, str], bool] = {}

    def dead(self) -> set[str]:
        rest = [token for token in self.instance.tokens.values() if token.id not in self.live]
        while True:
            grown = [token for token in rest if self._moves(token) or self._swept(token)]
            if not grown:
                return {token.id for token in rest}
            self.live.update(token.id for token in grown)
            rest = [token for token in rest if token.id not in self.live]

    def _moves(self, token: Token) -> bool:
        if is_join(token):
            return self._fills(token) if isinstance(token.task_spec, joins.ParallelJoin) else self._clears(token)
        child = self.instance.subprocesses.get(token.id)
        if child is not None:
            return all(other.id in self.live for other in child.tasks.values() if "esp" not in other.memo)
        if token.task_spec.repeats:
            loop = token.task_spec.node.loop
            enough = any if loop is not None and loop.until is not None else all
            return enough(other.id in self.live for other in dependents(token, "of"))
        if token.task_spec.node.type == "eventBasedGateway":
            return any(other.id in self.live for other in dependents(token, "gw"))
        # Conditions, errors and escalations: anything that still happens in the instance may bring them about.
        return bool(self.live)

    def _fills(self, token: Token) -> bool:
        """Whether a live token can still come by each incoming flow of a parallel join that has none."""
        node, spec = token.task_spec.node, token.workflow.spec
        if node.id not in self.reach:
            self.reach[node.id] = joins.reach(spec, node)
        missing = {flow.id for flow in node.incoming} - joins.arrivals(token).keys()
        for other in token.workflow.tasks.values():
            if missing and other.id in self.live and other.task_spec is not token.task_spec:
                missing -= self.reach[node.id].get(other.task_spec.node.id, frozenset())
        return not missing

    def _clears(self, token: Token) -> bool:
        """Whether all that an inclusive join waits for can still go somewhere."""
        return all(other.id in self.live for other in joins.awaited(token, joins.arrivals(token)))

    def _swept(self, token: Token) -> bool:
        """Whether something live may take the token away, alone or with a scope around it."""
        host = token.memo.get("on") or token.memo.get("gw") or token.memo.get("of")
        if host in self.live:
            return True
        current: Token | None = token
        while current is not None:
            scope, around = current.workflow, wrapper(current)
            if any(other is not current and self._ends(other) for other in scope.tasks.values()):
                return True
            if any(other.id in self.live and other.task_spec.node.interrupting for other in dependents(around, "on")):
                return True
            current = scope.container
            if current is not None and current.id in self.live:
                return True
        return False

    def _ends(self, token: Token) -> bool:
        """Whether a live token may end its whole scope: an interrupting event sub-process, an end that terminates or throws."""
        if token.id not in self.live:
            return False
        if "esp" in token.memo:
            return projections.drawn(token).interrupting
        scope = token.workflow.spec.scope
        key = (scope.key, token.task_spec.node.id)
        if key not in self.ends:
            self.ends[key] = _reaches_end(scope, token.task_spec.node, self._called(token.workflow))
        return self.ends[key]

    def _called(self, scope: Instance | Child) -> bool:
        # What a called process throws is not drawn here; any call is taken as able to throw.
        return any(node.type == "callActivity" for node in scope.spec.scope.nodes.values())


def _from_outside(token: Token) -> bool:
    if token.state == TaskState.STARTED:
        return token.id not in token.instance.subprocesses and not token.task_spec.repeats
    if token.state != TaskState.WAITING:
        return True  # a person, the engine or a retry moves it
    return not is_join(token) and catching.awaited(token).kind in _OUTSIDE


def _reaches_end(scope: Scope, node: Node, calls: bool) -> bool:
    """Whether a way leads from the node to an end that terminates, or to something that throws an error or escalation."""
    todo, seen = [node], set()
    while todo:
        current = todo.pop()
        if current.id in seen:
            continue
        seen.add(current.id)
        inside = [inner for part in current.scope.everything() for inner in part.nodes.values()] if current.scope is not None else []
        if any(_sweeps(one) for one in (current, *inside)) or (calls and current.type == "callActivity"):
            return True
        todo += [scope.nodes[flow.target] for flow in current.outgoing]
        todo += current.boundaries
    return False


def _sweeps(node: Node) -> bool:
    return node.type in ("endEvent", "intermediateThrowEvent") and node.event.kind in ("terminate", "error", "escalation")
