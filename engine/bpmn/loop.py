"""The run loop: one step after the other until everything waits or the budget of the turn is used up."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from SpiffWorkflow.util.task import TaskState

from engine import clock
from engine.bpmn import catching, joins, leaving
from engine.bpmn.tokens import Instance, Stop, Token
from engine.language import kept

#: Steps in a row without anything from outside, after which a process is taken to loop without ever waiting.
MAX_SPIN = 200_000
#: How many steps pass between two looks at the clock.
_STRIDE = 64
_FAULT = Stop(
    "engine-fault", kept("The engine could not take this step. Nothing else was harmed; tell whoever runs the system, then try again.")
)
_log = logging.getLogger(__name__)


class Broken(Exception):
    """A step failed in a way that no step should; the instance in memory is half moved and has to be thrown away."""

    def __init__(self, step: int) -> None:
        super().__init__(f"step {step}")
        self.step = step


def run(instance: Instance, broken: Collection[int] = ()) -> bool:
    """Take steps. True: the budget is used up and more is to be done.

    `broken` are the numbers of steps that are known to fail and are not taken: their tokens stop. Raises Broken.
    """
    steps, until = 0, clock.now() + timedelta(seconds=instance.env.max_seconds)
    while True:
        while instance.queue:
            if steps >= instance.env.max_steps or (steps % _STRIDE == _STRIDE - 1 and _late(until)):
                return True
            token = instance.tokens.get(instance.queue.popleft())
            if token is not None and _runnable(token):
                steps += 1
                if steps in broken:
                    leaving.stop(token, _FAULT, int(token.state))
                else:
                    _take(token, steps)
                if instance.changed:
                    instance.changed = False
                    # Looked at after each step that wrote: what becomes true and false again in one turn was true.
                    while instance.watches and conditions(instance):
                        pass
        if not joins.release(instance) and not conditions(instance):
            return False


def _late(until: datetime) -> bool:
    return clock.now() >= until


def _runnable(token: Token) -> bool:
    # Looked at again just before the step: a terminate or an interrupting event may have come between.
    if token.state == TaskState.READY:
        return not token.task_spec.node.manual or token.task_spec.repeats or "l" in token.memo
    return bool(token.state == TaskState.FUTURE)


def _take(token: Token, number: int) -> None:
    try:
        step(token)
    except Exception as wrong:  # whatever it is, only this token may stop
        _log.error("A step at %s failed with %s.", token.task_spec.node.id, type(wrong).__name__)
        raise Broken(number) from wrong


def step(token: Token) -> None:
    """Move one token; when it cannot go on it stays with the reason, and the others go on."""
    instance = token.instance
    instance.spin += 1
    was = int(token.state)
    try:
        if instance.spin > MAX_SPIN:
            raise Stop(
                "runs-forever",
                kept(
                    "More than {max_spin} steps were taken without waiting for anything. The process loops without end "
                    "here: correct the variables that its conditions look at, then try again, or end the procedure.",
                    max_spin=MAX_SPIN,
                ),
            )
        if token.state == TaskState.FUTURE:
            token.task_spec._update(token)
            was = int(TaskState.READY)
        if token.state == TaskState.READY and _runnable(token):
            token.run()
    except Stop as why:
        leaving.stop(token, why, was)


def conditions(instance: Instance) -> bool:
    """Fire the conditional events whose condition became true. True when one did."""
    for scope in list(instance.scopes):
        for token in list(scope.tasks.values()):
            if "held" in token.memo and token.state == TaskState.WAITING and token.id in instance.tokens and _became_true(token):
                catching.fire(token, {})
                return True
    return False


def _became_true(token: Token) -> bool:
    try:
        now = catching.holds(token, catching.awaited(token))
    except Stop as why:
        leaving.stop(token, why, int(TaskState.WAITING))
        return False
    before, token.memo["held"] = token.memo["held"], int(now)
    return now and not before
