"""Outside work: a service or send task with a job waits until somebody outside answers (BPMN 2.0, 10.3.3 and 13.3.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine import feel
from engine.bpmn import expressions, leaving, scopes, throwing, tries
from engine.bpmn.activities import Activity
from engine.bpmn.tokens import Instance, Stop, Token, item, queue
from engine.feel.values import coerce
from engine.model.errors import FieldError, Invalid, TokenGone
from engine.model.execution import OpenJob, Value

#: the fault of a job whose tries are used up
FAILED = "job-failed"


class OutsideTask(Activity):
    """Left to a worker; the token stands still until the answer comes."""

    def details(self, token: Token) -> dict[str, Any]:
        own = self.node.attributes
        inputs = throwing.inputs(token)
        if "notice" in own:
            inputs["notice"] = own["notice"]
        if "to" in own:
            inputs["to"] = expressions.literal_or(token, own["to"], "recipient")
        try:
            return {
                "inputs": feel.to_json(coerce(inputs)),
                "retries": tries.retries(expressions.literal_or(token, own.get("retries"), "number of retries")),
                "backoff": tries.pauses(expressions.literal_or(token, own.get("backoff"), "back-off")),
                "timeout": tries.hold(expressions.literal_or(token, own.get("timeout"), "timeout")),
            }
        except ValueError as wrong:
            raise Stop("job-invalid", str(wrong)) from wrong

    def open(self, token: Token, details: dict[str, Any]) -> bool:
        token.memo["job"] = details
        token._set_state(TaskState.STARTED)
        return False

    def work(self, token: Token) -> bool:
        # Tried again after it was given up: what it is given is worked out anew, as the data may have been corrected.
        token.memo["job"] = self.details(token)
        return False


def is_open(token: Token) -> bool:
    """Whether somebody outside can answer for this token."""
    return bool(token.state == TaskState.STARTED and "job" in token.memo)


def jobs(instance: Instance) -> Iterator[OpenJob]:
    """The outside work that waits for an answer."""
    for token in instance.tokens.values():
        if is_open(token):
            memo, node = token.memo["job"], token.task_spec.node
            yield OpenJob(
                token_id=token.id,
                element_id=node.id,
                process_key=token.workflow.spec.process_key,
                name=node.name,
                type=node.attributes["job"],
                inputs=throwing.mapping(feel.from_json(memo["inputs"])),
                retries=memo["retries"],
                backoff=tuple(timedelta(seconds=pause) for pause in memo["backoff"]),
                timeout=timedelta(seconds=memo["timeout"]),
                since=datetime.fromisoformat(token.memo["since"]),
                item=item(token),
            )


def answer(token: Token, variables: Mapping[str, Value], accept: Callable[[Mapping[str, Value]], Mapping[str, Value]] | None) -> None:
    """The work is done. Only what the output mapping names becomes variables; it sees the answer before the variables.

    `accept` looks at what would become variables, may give them their types, and may raise Invalid. Raises TokenGone, Invalid.
    """
    if not is_open(token):
        raise TokenGone
    context = {**scopes.visible(token), **scopes.accept(token.instance, variables), **token.instance.env.context}
    found: Mapping[str, Value] = {}
    for line in token.task_spec.node.outputs:
        what = f"output {line.target}"
        try:
            value = expressions.evaluate(line.source, context, token.instance.env.now, what)
        except Stop as wrong:
            raise Invalid(wrong.message, (FieldError(f"/{line.target}", wrong.code, wrong.message),)) from wrong
        found = {**found, line.target: value}
    accepted = scopes.accept(token.instance, found if accept is None else accept(found))
    scopes.write(token, accepted)
    token.memo["l"] = 1
    queue(token)


def give_up(token: Token, message: str) -> None:
    """Its tries are used up: the token stops with an incident; a retry makes the work available again. Raises TokenGone."""
    if not is_open(token):
        raise TokenGone
    leaving.stop(token, Stop(FAILED, message), int(TaskState.READY))
