"""Activities: what a person does, what the engine does, and what holds a process inside (BPMN 2.0, 10.3 and 13.3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine import feel
from engine.bpmn import catching, expressions, leaving, repeating, scopes, throwing, timers, urgency, working
from engine.bpmn.specs import FlowNode, ScopeSpec, text_of
from engine.bpmn.tokens import Stop, Token, close_scope, open_scope, place
from engine.bpmn.variables import View
from engine.dmn import DecisionError, DecisionModel
from engine.language import kept
from engine.model.errors import ParleyError
from engine.model.execution import Request, Value


class Activity(FlowNode):
    """An activity: boundary events wait on it while it is open. The turns of a loop leave that to their wrapper."""

    def enter(self, token: Token) -> bool:
        armed = [] if self.inner else catching.boundaries(token)
        details = self.details(token)
        leaving.begin(token)
        catching.arm(token, armed, "on")
        return self.open(token, details)

    def details(self, token: Token) -> Any:  # for those with details
        """Evaluate what opening needs. Raises Stop; changes nothing."""
        return None

    def open(self, token: Token, details: Any) -> bool:  # for those that wait
        """Begin. True: it runs at once."""
        return True

    def settle(self, token: Token) -> None:
        if self.inner:
            repeating.collect(token)
        else:
            super().settle(token)

    def depart(self, token: Token) -> None:
        if self.inner:
            repeating.done(token)
        else:
            super().depart(token)


class HumanTask(Activity):
    """A user, manual or plain task: open until a person completes it."""

    def details(self, token: Token) -> dict[str, Any]:
        own, now = self.node.attributes, token.instance.env.now
        found: dict[str, Any] = {
            "name": text_of(token, self.node.name, "name") or self.node.id,
            "participant": text_of(token, own.get("participant"), "participant"),
            "assignee": text_of(token, own.get("assignee"), "assignee"),
            "due": (due := _due(token, own.get("due"), now)),
            "priority": _priority(token, own.get("priority")),
            "working": working.of(own.get("due"), datetime.fromisoformat(due), token.instance.env.worked) if due else None,
        }
        return {key: value for key, value in found.items() if value is not None}

    def open(self, token: Token, details: dict[str, Any]) -> bool:
        token.memo["task"] = details
        return True


def _due(token: Token, text: str | None, now: datetime) -> str | None:
    found = expressions.literal_or(token, text, "due date")
    if found is None:
        return None
    try:
        return timers.due_at(found, now).isoformat()
    except ValueError as wrong:
        raise Stop(
            "due-invalid",
            kept("The due date gives no usable time; it has to be a duration that is not negative, a date, or a date and time."),
        ) from wrong


def _priority(token: Token, text: str | None) -> int | None:
    try:
        return urgency.read(expressions.literal_or(token, text, "priority"))
    except ValueError as wrong:
        raise Stop("priority-invalid", str(wrong)) from wrong


class ScriptTask(Activity):
    """A FEEL context whose entries become variables."""

    def work(self, token: Token) -> bool:
        given = expressions.detail(token, self.node.script, "script")
        if not isinstance(given.value, dict):
            what = "null" if given.value is None else f"a {feel.kind(given.value)}"
            message = kept(
                "The script has to give a context, such as {{ total: a + b }}; it gave {what}.{value}",
                what=what,
                value=expressions.why(*given.reasons),
            )
            raise Stop("script-no-context", message)
        scopes.assign(token, given.value)
        return True


class BusinessRuleTask(Activity):
    """Evaluates the decision bound at deploy and puts what it gives into one variable."""

    def __init__(self, owner: ScopeSpec, node: Any, inner: bool = False, decision: DecisionModel | None = None) -> None:
        super().__init__(owner, node, inner)
        self.decision = decision

    def work(self, token: Token) -> bool:
        key = self.node.attributes.get("decision", "")
        if self.decision is None:
            raise Stop("decision-missing", kept("The decision {key} is not part of this deployment.", key=key))
        try:
            found = self.decision.evaluate_detail(key, expressions.around(token), now=token.instance.env.now)
        except DecisionError as wrong:
            raise Stop("decision-failed", kept("The decision {key} gives no answer: {problem}", key=key, problem=wrong.message)) from wrong
        except ParleyError as wrong:
            raise Stop(
                "decision-failed", kept("The decision {key} cannot be evaluated: {problem}", key=key, problem=wrong.message)
            ) from wrong
        if found.violations:
            raise Stop("decision-failed", f"The decision {key} gives no answer:{expressions.why(*found.violations)}")
        scopes.assign(token, {self.node.attributes.get("result") or key: found.value})
        return True


class ServiceTask(Activity):
    """Asks for one of the engine's operations, to be done in the same transaction."""

    def work(self, token: Token) -> bool:
        request(token, self.node.attributes["operation"], throwing.inputs(token))
        return True


class SendTask(Activity):
    """Throws a message, or asks for a notice to somebody."""

    def work(self, token: Token) -> bool:
        if self.node.events:
            return throwing.throw(token, throwing.prepare(token))
        own = self.node.attributes
        to = expressions.literal_or(token, own.get("to"), "recipient")
        request(token, "notice.send", {**throwing.inputs(token), "template": own.get("notice"), "to": to})
        return True


def request(token: Token, operation: str, inputs: dict[str, Value]) -> None:
    """Hand a request to whoever runs the turn."""
    asked = Request(operation, inputs, token.task_spec.node.id, token.workflow.spec.process_key, token.id)
    token.instance.journal.requests.append(asked)


class ReceiveTask(Activity):
    """Waits for a message."""

    def details(self, token: Token) -> dict[str, Any]:
        return catching.watch(token, self.node)

    def open(self, token: Token, details: dict[str, Any]) -> bool:
        token.memo.update(details)
        token._set_state(TaskState.WAITING)
        return False


class Container(Activity):
    """An activity with a process inside: over when nothing is left in it."""

    inside: ScopeSpec

    def details(self, token: Token) -> dict[str, Value]:  # a called process gets its inputs
        return {}

    def open(self, token: Token, details: dict[str, Value]) -> bool:
        child = open_scope(token, self.inside, details)
        start = self.entry()
        first = place(child, self.inside.node_spec(start))
        if "with" in token.memo:
            first.memo["with"] = token.memo.pop("with")
        token._set_state(TaskState.STARTED)
        return False

    def entry(self) -> str:
        """The start event that a token entering here begins at."""
        starts = self.inside.scope.starts()
        return next((node.id for node in starts if node.event.kind == "none"), starts[0].id)

    def work(self, token: Token) -> bool:
        close_scope(token)
        return True


class SubProcess(Container):
    """An embedded sub-process, or an event sub-process that was started."""


class CallActivity(Container):
    """A called process. Only what is mapped passes in and out (BPMN 2.0, 10.4.2, with an explicit mapping)."""

    def details(self, token: Token) -> dict[str, Value]:
        return throwing.inputs(token)

    def work(self, token: Token) -> bool:
        child = token.instance.subprocesses[token.id]
        context = View((token.instance.env.context, scopes.inside(child)))
        found = {
            line.target: expressions.evaluate(line.source, context, token.instance.env.now, f"output {line.target}")
            for line in self.node.outputs
        }
        scopes.assign(token, found)
        return super().work(token)
