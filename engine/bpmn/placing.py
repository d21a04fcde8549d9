"""Where the tokens of one version stand in another version of the process, and why some have no place there. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import projections, xml
from engine.bpmn.compiling import Compiled
from engine.bpmn.graph import Flow, Loop, Node
from engine.bpmn.specs import ScopeSpec
from engine.bpmn.tokens import Instance, Token
from engine.model.migration import Fate, TokenFate, Why

#: `process/element` → id of the element in the other version; an element that is not named keeps its id
Mapped: TypeAlias = Mapping[str, str]
_JOINS = frozenset({"parallelGateway", "inclusiveGateway"})
#: what a token waits for on behalf of an activity, an event-based gateway or a scope
ARMED = ("on", "gw", "esp")


@dataclass(slots=True)
class Places:
    """Where everything goes: nodes by token id, scopes by the id of the token that holds them ("" for the process)."""

    nodes: dict[str, Node] = field(default_factory=dict)
    scopes: dict[str, ScopeSpec] = field(default_factory=dict)
    #: incoming flow of a join by token id
    flows: dict[str, str] = field(default_factory=dict)
    #: events that are no longer waited for
    dropped: set[str] = field(default_factory=set)
    fates: list[TokenFate] = field(default_factory=list)


def target(mapping: Mapped, process_key: str, element_id: str) -> str:
    """The id that an element has in the other version."""
    return mapping.get(f"{process_key}/{element_id}", element_id)


def fate(token: Token, what: Fate, *, to: str | None = None, why: Why | None = None) -> TokenFate:
    """What happens to a token, in the author's words."""
    node = projections.drawn(token)
    due = datetime.fromisoformat(token.memo["timer"]["due"]) if "timer" in token.memo else None
    process = token.workflow.spec.process_key
    return TokenFate(token.id, process, node.id, node.name or node.id, node.type, what, to=to, why=why, due_at=due)


def find(instance: Instance, new: Compiled, mapping: Mapped) -> Places:
    """The place of each token of an instance in another version."""
    places = Places(scopes={"": new.scopes[new.key]})
    for scope in list(instance.scopes):
        around = places.scopes.get(scope.container.id if scope.container else "")
        if around is None:
            continue  # what holds it is stranded, and says so
        # What waits on behalf of another token is placed after it.
        for token in sorted(scope.tasks.values(), key=lambda one: not one.memo.keys().isdisjoint(ARMED)):
            _place(token, around, new, mapping, places)
    return places


def _place(token: Token, scope: ScopeSpec, new: Compiled, mapping: Mapped, places: Places) -> None:
    node = token.task_spec.node
    wanted = target(mapping, token.workflow.spec.process_key, node.id)
    found = scope.scope.nodes.get(wanted)
    armed = not token.memo.keys().isdisjoint(ARMED)
    why = _missing(new, token, wanted) if found is None else _unfit(token, found)
    if armed and (found is None or why is not None or not _belongs(token, found, places)):
        places.dropped.add(token.id)
        places.fates.append(fate(token, Fate.DROPPED))
        return
    if found is None or why is not None:
        places.fates.append(fate(token, Fate.STRANDED, why=why))
        return
    _settle(token, found, mapping, places)
    if token.id in token.instance.subprocesses:
        inside = found.called or "" if found.scope is None else found.scope.key
        places.scopes[token.id] = new.scopes[inside]


def _settle(token: Token, found: Node, mapping: Mapped, places: Places) -> None:
    flow = _came_by(token, found, mapping)
    if flow is None and _joins(found) and token.state == TaskState.WAITING:
        places.fates.append(fate(token, Fate.STRANDED, why=Why.BRANCH))
        return
    if flow is not None:
        places.flows[token.id] = flow.id
    places.nodes[token.id] = found
    if token.id not in token.instance.subprocesses and not token.task_spec.repeats:
        moved = found.id != token.task_spec.node.id
        places.fates.append(fate(token, Fate.MOVED if moved else Fate.UNCHANGED, to=found.id if moved else None))


def _missing(new: Compiled, token: Token, wanted: str) -> Why:
    process = token.workflow.spec.process_key
    elsewhere = any(spec.process_key == process and wanted in spec.scope.nodes for spec in new.scopes.values())
    return Why.ELSEWHERE if elsewhere else Why.GONE


def _unfit(token: Token, found: Node) -> Why | None:
    """Why a token cannot stand at a node of the other version; None when it can."""
    node = token.task_spec.node
    if "of" in token.memo or token.task_spec.repeats or _begun(token):
        if _kind(node) != _kind(found):
            return Why.KIND
        if not _repeats_alike(token, node.loop, found.loop):
            return Why.REPEATS
    if not _begun(token):
        return None
    if _waited_for(node) != _waited_for(found):
        return Why.EVENT
    if node.called != found.called:
        return Why.CALLED
    work = (node.attributes.get("job"), found.attributes.get("job"))
    return Why.WORK if work[0] != work[1] else None


def _begun(token: Token) -> bool:
    """Whether the token did anything at its element yet; one that failed before may begin another kind of element."""
    return token.state != TaskState.ERROR or "e" in token.memo or "n" in token.memo


def _kind(node: Node) -> tuple[str, bool]:
    return ("human" if node.type in xml.HUMAN else node.type, node.event_subprocess)


def _waited_for(node: Node) -> str:
    starts = node.scope.starts() if node.event_subprocess and node.scope is not None else ()
    return next((start.event.kind for start in starts), node.event.kind)


def _repeats_alike(token: Token, old: Loop | None, new: Loop | None) -> bool:
    if old is None or new is None:
        return old is new
    if old.kind != new.kind or old.variable != new.variable:
        return False
    # Results that nobody collected so far cannot be had any more.
    around = token.instance.tokens[token.memo["of"]] if "of" in token.memo else token
    collects = bool(new.output or new.until)
    return not collects or "out" in around.memo or not around.memo.get("done")


def _belongs(token: Token, found: Node, places: Places) -> bool:
    """Whether an event still belongs to what it is waited for on behalf of."""
    host = places.nodes.get(token.memo.get("on") or token.memo.get("gw") or "")
    if "on" in token.memo:
        return host is not None and found.attached_to == host.id
    if "gw" in token.memo:
        return host is not None and any(flow.target == found.id for flow in host.outgoing)
    return found.event_subprocess


def _joins(node: Node) -> bool:
    return node.type in _JOINS


def _came_by(token: Token, found: Node, mapping: Mapped) -> Flow | None:
    """The flow that a token at a join came by: of the same id, else the only one from the same source."""
    came = token.task_spec.scope.flows.get(token.memo.get("f", ""))
    if came is None:
        return None
    source = target(mapping, token.workflow.spec.process_key, came.source)
    same = [flow for flow in found.incoming if flow.id == came.id]
    alike = [flow for flow in found.incoming if flow.source == source]
    return same[0] if same else alike[0] if len(alike) == 1 else None
