"""Parallel joins that no run can make fire: found by playing every choice, within a budget (BPMN 2.0, 13.4.1).

Tokens stand on flows. What leaves no choice is moved at once; where there is one, every answer is followed. An
inclusive join is played as if it let each token pass, so that the verdict "never" is only given when it is certain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations

from engine.bpmn.graph import Node, Scope
from engine.language import kept

#: Flows looked at after which no verdict is given, so that publishing takes seconds at most.
BUDGET = 300_000
#: More tokens than this on one flow tell nothing new.
_ENOUGH = 2
#: Most outgoing flows of which every subset is tried.
_SUBSETS = 4

Found = tuple[str, str, str]
Marking = frozenset[tuple[str, int]]


def check(scope: Scope) -> Iterator[Found]:
    """The joins of a scope that can only block. The scope must be sound in its edges."""
    joins = [node.id for node in scope.nodes.values() if _is_join(node)]
    if not joins:
        return
    play = _Play(scope)
    if not play.through():
        return
    for node_id in joins:
        if node_id not in play.fired:
            yield (
                node_id,
                "join-never-fires",
                (
                    kept(
                        "Here all ways have to arrive before it goes on, but no way through the diagram ever brings them "
                        "all, so cases would wait for ever. Let the ways come together at a plain choice (exclusive gateway) "
                        "instead."
                    )
                ),
            )


def _is_join(node: Node) -> bool:
    return node.type == "parallelGateway" and len(node.incoming) > 1


def blocked(scope: Scope, standing: Iterable[str], budget: int) -> frozenset[str]:
    """The parallel joins at which a run can get stuck that begins with tokens on these flows, but no run from the start.

    `standing` names a flow for each token: one by which it came to where it waits. Empty without a verdict within the budget.
    """
    if not any(_is_join(node) for node in scope.nodes.values()):
        return frozenset()
    usual, now = _Play(scope, budget), _Play(scope, budget)
    if not now.through([Counter(standing)]) or not now.stuck or not usual.through():
        return frozenset()
    # Inclusive joins are played as letting each token pass, so that many a join seems to get stuck from the start as well;
    # it is blocked all the same when nothing makes it fire from here.
    never = (now.stuck & usual.fired) - now.fired
    return frozenset((now.stuck - usual.stuck) | never)


class _Play:
    def __init__(self, scope: Scope, budget: int = BUDGET) -> None:
        self.scope = scope
        self.fired: set[str] = set()
        #: joins that tokens waited at when a run had come to its end
        self.stuck: set[str] = set()
        self.budget = budget
        self.answers = {node.id: _answers(node) for node in scope.nodes.values()}
        self.joins = {node.id for node in scope.nodes.values() if _is_join(node)}
        self.links = {
            node.event.name: node for node in scope.nodes.values() if node.type == "intermediateCatchEvent" and node.event.kind == "link"
        }

    def through(self, first: Iterable[Counter[str]] | None = None) -> bool:
        """Play every choice, from each of the start events or from these flows. False when the budget ran out before the end."""
        if first is None:
            first = (Counter(flow.id for flow in start.outgoing) for start in self.scope.starts())
        todo = [self.freeze(marking) for marking in first]
        seen: set[Marking] = set()
        while todo:
            marking = Counter(dict(todo.pop()))
            chosen = self.settle(marking)
            frozen = self.freeze(marking)
            if self.budget <= 0:
                return False
            if chosen is None:
                self.stuck |= {self.scope.flows[flow].target for flow in marking}
            if chosen is None or frozen in seen:
                continue
            seen.add(frozen)
            for answer in self.answers[self.scope.flows[chosen].target]:
                self.budget -= 1 + len(marking)
                following = Counter(marking)
                _take(following, chosen)
                following.update(answer)
                todo.append(self.freeze(following))
        return True

    def freeze(self, marking: Counter[str]) -> Marking:
        return frozenset((flow, min(count, _ENOUGH)) for flow, count in marking.items() if count > 0)

    def settle(self, marking: Counter[str]) -> str | None:
        """Move what leaves no choice; gives a flow whose token has one, None when everything is at rest."""
        while self.budget > 0:
            moved = False
            for flow in sorted(marking):
                self.budget -= 1
                node = self.scope.nodes[self.scope.flows[flow].target]
                if node.id in self.joins:
                    self.budget -= len(node.incoming)
                    moved = self.join(marking, node)
                elif len(self.answers[node.id]) == 1:
                    _take(marking, flow)
                    link = self.links.get(node.event.name) if node.type == "intermediateThrowEvent" else None
                    for out in (link or node).outgoing:
                        marking[out.id] = min(marking[out.id] + 1, _ENOUGH)
                    moved = True
                if moved:
                    break
            if not moved:
                return next((flow for flow in sorted(marking) if self.scope.flows[flow].target not in self.joins), None)
        return None

    def join(self, marking: Counter[str], node: Node) -> bool:
        if any(marking[flow.id] < 1 for flow in node.incoming):
            for flow in node.incoming:
                if not marking[flow.id]:
                    del marking[flow.id]
            return False
        for flow in node.incoming:
            _take(marking, flow.id)
        for flow in node.outgoing:
            marking[flow.id] = min(marking[flow.id] + 1, _ENOUGH)
        self.fired.add(node.id)
        return True


def _take(marking: Counter[str], flow: str) -> None:
    marking[flow] -= 1
    if marking[flow] <= 0:
        del marking[flow]


def _answers(node: Node) -> list[list[str]]:
    """The sets of flows that a token at the node may leave by."""
    outs = [flow.id for flow in node.outgoing]
    if node.type in ("exclusiveGateway", "eventBasedGateway"):
        found = [[flow] for flow in outs]
    elif node.type == "inclusiveGateway" or any(flow.condition is not None for flow in node.outgoing):
        sizes = range(1, len(outs) + 1) if len(outs) <= _SUBSETS else (1, len(outs))
        found = [list(chosen) for size in sizes for chosen in combinations(outs, size)]
    else:
        found = [outs]
    for event in node.boundaries:
        handler = [flow.id for flow in event.outgoing]
        found += [handler] if event.interrupting else [[*usual, *handler] for usual in list(found)]
    return found or [[]]
