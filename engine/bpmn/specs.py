"""Flow nodes as SpiffWorkflow task specs, with every hook of the library that means something else in BPMN corrected.

The library calls `_update_hook` when a token comes, `_run_hook` when it may run and `_on_complete` when it is done.
Here these are: *enter* (evaluate first, then change), *work* (the element's effect, once), and *leave*.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.util.task import TaskState

from engine import feel
from engine.bpmn import catching, expressions, leaving, room, scopes, throwing
from engine.bpmn.graph import Node, Scope
from engine.bpmn.tokens import Token, place


class ScopeSpec(BpmnProcessSpec):  # type: ignore[misc]  # the library is untyped
    """A process or sub-process as a library spec. `wall`: variables outside cannot be seen (a called process)."""

    def __init__(self, scope: Scope, process_key: str) -> None:
        super().__init__(name=scope.key)
        self.scope = scope
        self.process_key = process_key
        self.wall = scope.node_id is None
        self.declared = scope.declared
        self.watches = any(event.kind == "conditional" for node in scope.nodes.values() for event in node.events)
        #: for each inclusive gateway: which of its incoming flows can be reached from a node without passing it
        self.reach: dict[str, dict[str, frozenset[str]]] = {}

    def node_spec(self, node_id: str) -> FlowNode:
        """The spec that a token arriving at the node gets."""
        found: FlowNode = self.task_specs[f"n:{node_id}"]
        return found

    def inner_spec(self, node_id: str) -> FlowNode:
        """The spec of one turn of a repeated activity."""
        found: FlowNode = self.task_specs[f"i:{node_id}"]
        return found


class FlowNode(BpmnTaskSpec):  # type: ignore[misc]  # the library is untyped
    """Any flow node. Spec names are prefixed, so that no author's id meets a name the library reserves."""

    #: the wrapper around the turns of a loop or the instances of a multi-instance
    repeats = False

    def __init__(self, owner: ScopeSpec, node: Node, inner: bool = False) -> None:
        super().__init__(owner, f"{'i' if inner else 'n'}:{node.id}", lane=node.lane, manual=node.manual)
        self.owner = owner
        self.node = node
        self.scope = owner.scope
        self.inner = inner
        self.bpmn_id = node.id
        self.bpmn_name = node.name

    # What a kind of node does; evaluate everything before changing anything, so that Stop leaves no trace.

    def enter(self, token: Token) -> bool:
        """A token came. True: it may run at once."""
        leaving.begin(token)
        return True

    def work(self, token: Token) -> bool:  # for those that have an effect
        """The element's effect. False: the token is gone, and nothing is left to do."""
        return True

    # The library's hooks.

    def test(self) -> None:
        """The library's own check, made at publish here."""

    def _predict(self, my_task: Token, *_: Any, **__: Any) -> None:
        """Nothing is predicted: the library's prediction grows exponentially and joins do not need it."""

    def _update_hook(self, my_task: Token) -> bool:
        room.claim(my_task, (), 1 + len(self.node.boundaries))
        return self.enter(my_task)

    def _run_hook(self, my_task: Token) -> bool | None:
        leaving.begin(my_task)
        if "l" not in my_task.memo:
            if not self.work(my_task):
                return None
            my_task.memo["l"] = 1
        self.settle(my_task)
        return True

    def settle(self, token: Token) -> None:
        """Decide what happens on leaving; may raise Stop, after which a retry comes back here without working again."""
        token.way_out = () if self.inner else leaving.choose(token)

    def _on_complete(self, my_task: Token) -> None:
        leaving.disarm(my_task)
        leaving.end(my_task)
        self.depart(my_task)

    def depart(self, token: Token) -> None:
        """Go where settling decided."""
        leaving.leave(token)


class StartEvent(FlowNode):
    """A start event; the first token of a scope arms the scope's event sub-processes."""

    def work(self, token: Token) -> bool:
        prepared = catching.event_subprocesses(token)
        payload = token.memo.pop("with", None)
        if payload:
            scopes.write(token, throwing.mapping(feel.from_json(payload)))
        for node, memo in prepared:
            place(token.workflow, self.owner.node_spec(node.id), TaskState.WAITING, {**memo, "esp": 1})
        return True


class EndEvent(FlowNode):
    """An end event of any kind."""

    def work(self, token: Token) -> bool:
        instance, top = token.instance, token.workflow
        while top.container is not None and top.container.task_spec.node.event_subprocess:
            top = top.container.workflow
        goes_on = throwing.throw(token, throwing.prepare(token))
        if top is instance:
            instance.end_event = self.node.id
        return goes_on

    def depart(self, token: Token) -> None:
        if self.node.event.kind == "terminate":
            leaving.cancel_all(token.workflow, but=token)
        leaving.leave(token)


class ThrowEvent(FlowNode):
    """An intermediate throw event; a link goes on at its catching half by a flow that is not drawn."""

    def work(self, token: Token) -> bool:
        return throwing.throw(token, throwing.prepare(token))


class CatchEvent(FlowNode):
    """An intermediate catch event."""

    def enter(self, token: Token) -> bool:
        if self.node.event.kind == "link":
            leaving.begin(token)
            return True
        memo = catching.watch(token, self.node)
        leaving.begin(token)
        token.memo.update(memo)
        token._set_state(TaskState.WAITING)
        return False


class BoundaryEvent(FlowNode):
    """A boundary event. Its tokens are placed by the activity it is attached to."""


class Gateway(FlowNode):
    """An exclusive gateway, or one that only splits."""


class EventGateway(FlowNode):
    """An event-based gateway: the first of its events to happen takes the token."""

    def enter(self, token: Token) -> bool:
        targets = [self.scope.nodes[flow.target] for flow in self.node.outgoing]
        prepared = [(node, catching.watch(token, node)) for node in targets]
        leaving.begin(token)
        catching.arm(token, prepared, "gw")
        token._set_state(TaskState.WAITING)
        return False


def text_of(token: Token, field: str | None, what: str) -> str | None:
    """A field that may be literal, as text."""
    return expressions.as_text(expressions.literal_or(token, field, what))
