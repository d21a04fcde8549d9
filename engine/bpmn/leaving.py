"""How tokens leave elements and scopes, in peace or cancelled (BPMN 2.0, 13.2.1, 13.3.2, 13.5.6)."""

from __future__ import annotations

from SpiffWorkflow.util.task import TaskState

from engine import feel
from engine.bpmn import expressions, watching
from engine.bpmn.graph import Flow, Node
from engine.bpmn.tokens import Child, Instance, Stop, Token, close_scope, dependents, drop, item, place, queue
from engine.language import kept
from engine.model.execution import Entry, EntryEvent


def record(token: Token, event: EntryEvent, milestone: str | None = None) -> None:
    """Write a line of history; of a choice also which conditions had no value, as they counted as false."""
    watching.told(token.workflow.spec.process_key, token.task_spec.node.id, event)
    doubt = expressions.why(*token.doubts).strip() or None if event is EntryEvent.COMPLETED else None
    token.instance.journal.entries.append(line(token, event, milestone, doubt))


def line(token: Token, event: EntryEvent, milestone: str | None = None, doubt: str | None = None) -> Entry:
    """A line of history about a token's element."""
    node = token.task_spec.node
    return Entry(event, node.id, token.workflow.spec.process_key, node.type, node.name, token.id, milestone, item(token), doubt)


def is_entered(token: Token) -> bool:
    """Whether history says that the token came to its element, and not yet that it left."""
    return "e" in token.memo


def begin(token: Token) -> None:
    """Record that the element was entered; once, also when a failed step is tried again."""
    if "e" not in token.memo:
        token.memo["e"] = 1
        record(token, EntryEvent.ENTERED)


def end(token: Token) -> None:
    """Record that the element is completed, with its milestone."""
    if token.memo.pop("e", None):
        reached = None if token.task_spec.inner else token.task_spec.node.attributes.get("milestone")
        record(token, EntryEvent.COMPLETED, reached)
        _reach(token)
    elif token.task_spec.repeats:
        _reach(token)


def _reach(token: Token) -> None:
    reached = token.task_spec.node.attributes.get("milestone")
    if reached and not token.task_spec.inner:
        token.instance.journal.milestones.append(reached)


def choose(token: Token) -> tuple[str, ...]:
    """The outgoing flows to take. Raises Stop when a choice has no answer."""
    node = token.task_spec.node
    token.doubts = ()
    if node.type == "parallelGateway":
        return tuple(flow.id for flow in node.outgoing)
    reasons: list[str] = []
    if node.type == "exclusiveGateway":
        return _choose_one(token, node, reasons)
    open_flows = [f for f in node.outgoing if f.condition is None and f.id != node.default]
    conditional = [f for f in node.outgoing if f.condition is not None and f.id != node.default]
    taken = {f.id for f in conditional if _holds(token, f, reasons)}
    if conditional and not taken and node.default is not None:
        taken.add(node.default)
    taken.update(f.id for f in open_flows)
    if node.outgoing and not taken:
        raise _stuck(token, node, reasons)
    return tuple(flow.id for flow in node.outgoing if flow.id in taken)


def _choose_one(token: Token, node: Node, reasons: list[str]) -> tuple[str, ...]:
    for flow in node.outgoing:
        if flow.id != node.default and (flow.condition is None or _holds(token, flow, reasons)):
            return (flow.id,)
    if node.default is not None:
        return (node.default,)
    if not node.outgoing:
        return ()
    raise _stuck(token, node, reasons)


def _holds(token: Token, flow: Flow, reasons: list[str]) -> bool:
    """Whether the flow's condition is true; why it is not, if something in it was null, is added to the reasons."""
    found = expressions.detail(token, flow.condition or "", f"condition of flow {flow.id}")
    if found.value is not True and (found.reasons or found.value is not False):
        given = feel.text(found.value) if found.value in (None, False) else f"a {feel.kind(found.value)}, not true or false"
        reasons.append(
            kept("The condition of flow {id} is {given}.{value}", id=flow.id, given=given, value=expressions.why(*found.reasons))
        )
        if found.value is None:
            token.doubts = (*token.doubts, reasons[-1])
    return found.value is True


def _stuck(token: Token, node: Node, reasons: list[str]) -> Stop:
    seen = expressions.around(token)
    conditions = [flow.condition for flow in node.outgoing if flow.condition is not None]
    read = sorted({name for text in conditions for name in feel.compile(text, frozenset(seen)).names} - token.instance.env.context.keys())
    after = f"“{node.name}”" if node.name else node.id
    correct = f"Correct {' or '.join(f'“{name}”' for name in read)}, then try again; for" if read else "For"
    return Stop(
        "no-flow-taken",
        kept(
            "No way out of {after} fits: none of their conditions holds. {correct} cases that begin later, draw "
            "a way that is taken when no other fits.{value}",
            after=after,
            correct=correct,
            value=expressions.why(*reasons),
        ),
    )


def leave(token: Token) -> None:
    """Move on along the chosen flows; a token without a way out ends, and with the last one its scope."""
    scope = token.workflow
    drop(token)
    for flow_id in token.way_out:
        flow = token.task_spec.scope.flows[flow_id]
        watching.told(scope.spec.process_key, flow.id, None)
        place(scope, scope.spec.node_spec(flow.target), memo={"f": flow.id})
    if not token.way_out:
        close_if_empty(scope)


def close_if_empty(scope: Instance | Child) -> None:
    """Complete a scope in which nothing is left but event sub-processes waiting to start."""
    if any("esp" not in token.memo for token in scope.tasks.values()):
        return
    for token in list(scope.tasks.values()):
        drop(token)
    scope.completed = True
    container = scope.container
    if container is not None and container.instance.subprocesses.get(container.id) is scope:
        container.memo["over"] = 1
        queue(container)


def cancel(token: Token) -> None:
    """Take a token away with everything that belongs to it: inner scope, instances, armed events."""
    child = token.instance.subprocesses.get(token.id)
    if child is not None:
        cancel_all(child)
        close_scope(token)
    for other in _belongings(token):
        cancel(other)
    if token.memo.pop("e", None):
        record(token, EntryEvent.CANCELLED)
    token.cancel()
    drop(token)


def _belongings(token: Token) -> list[Token]:
    spec = token.task_spec
    keys = ["on"] if spec.node.boundaries and not spec.inner else []
    keys += ["of"] if spec.repeats else []
    keys += ["gw"] if spec.node.type == "eventBasedGateway" else []
    return dependents(token, *keys) if keys else []


def cancel_all(scope: Instance | Child, but: Token | None = None) -> None:
    """Cancel every token of a scope, in the order they came, except one."""
    for token in list(scope.tasks.values()):
        if token is not but and token.id in token.instance.tokens:
            cancel(token)


def disarm(token: Token) -> None:
    """Take away the boundary events that waited on an activity that is now over."""
    if token.task_spec.node.boundaries and not token.task_spec.inner:
        for other in dependents(token, "on"):
            drop(other)


def stop(token: Token, why: Stop, was: int) -> None:
    """Leave a token standing before its element with the reason; `was` is the state a retry goes back to."""
    token._set_state(TaskState.ERROR)
    token.memo["fault"] = [why.code, why.message]
    token.memo["was"] = was
    record(token, EntryEvent.FAILED)
