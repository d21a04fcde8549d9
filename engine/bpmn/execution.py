"""One process instance in memory: begin or restore it, let something happen, run a turn, keep the bytes.

Nothing here touches a database or a clock of its own; time is `Env.now`. Acts only change what is in memory, `turn`
moves the tokens. Discard the execution after any exception.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial, wraps
from typing import Concatenate, ParamSpec

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import catching, codec, explain, going_back, leaving, loop, outside, projections, scopes, throwing
from engine.bpmn.compiling import Compiled
from engine.bpmn.graph import Node
from engine.bpmn.tokens import Instance, Token, place, queue
from engine.bpmn.variables import Variables
from engine.language import kept
from engine.model.errors import TokenGone
from engine.model.execution import Env, RunStatus, Standing, Turn, Value


def begin(
    compiled: Compiled, env: Env, variables: Mapping[str, Value], *, message: str | None = None, start: str | None = None
) -> Execution:
    """A new instance, at one of its start events (BPMN 2.0, 10.5.2: each is an alternative).

    `start` names the start event; otherwise it is the one with this message, or the one without a trigger.
    Raises NoSuchStart; Invalid for variables that cannot be taken.
    """
    spec = compiled.scopes[compiled.key]
    chosen = _start(spec.scope.starts(), message, start)

    def made() -> Instance:
        instance = Instance(spec, compiled.scopes, env)
        instance.data = Variables(scopes.accept(instance, variables))
        place(instance, spec.node_spec(chosen.id))
        return instance

    return Execution(compiled, made)


def _start(starts: list[Node], message: str | None, element_id: str | None) -> Node:
    for node in starts:
        if element_id is not None:
            if node.id == element_id:
                return node
        elif (message is None and node.event.kind == "none") or (
            message is not None and node.event.kind == "message" and node.event.name == message
        ):
            return node
    if element_id is not None:
        raise NoSuchStart(kept("This process has no start event {element_id}.", element_id=element_id))
    raise NoSuchStart(None if message is None else kept("This process has no start event for the message {message}.", message=message))


class NoSuchStart(TokenGone):
    """This process cannot be started this way; it has no start event without a trigger."""

    code = "no-such-start"


def restore(compiled: Compiled, env: Env, state: bytes) -> Execution:
    """The instance that a turn left behind. Raises StateUnreadable."""
    return Execution(compiled, partial(codec.load, compiled, env, state))


_P = ParamSpec("_P")


def _act(act: Callable[Concatenate[Execution, _P], None]) -> Callable[Concatenate[Execution, _P], None]:
    """An act is remembered until the turn is over, so that it can be done again when a step breaks."""

    @wraps(act)
    def remembered(self: Execution, /, *args: _P.args, **kwargs: _P.kwargs) -> None:
        act(self, *args, **kwargs)
        self._acts.append(lambda: act(self, *args, **kwargs))

    return remembered


class Execution:
    """A process instance in memory. `made` makes it anew as it was when the last turn ended."""

    def __init__(self, compiled: Compiled, made: Callable[[], Instance]) -> None:
        self._compiled = compiled
        self._made = made
        self._instance = made()
        #: What was done to it since.
        self._acts: list[Callable[[], None]] = []

    @_act
    def complete(self, token_id: str, variables: Mapping[str, Value]) -> None:
        """A person completed a task. Raises TokenGone when it is not open, Invalid for variables that cannot be taken."""
        token = self._token(token_id)
        if not projections.is_open(token):
            raise TokenGone()
        scopes.write(token, scopes.accept(self._instance, variables))
        token.memo["l"] = 1
        self._touch()
        queue(token)

    @_act
    def complete_job(
        self, token_id: str, variables: Mapping[str, Value], accept: Callable[[Mapping[str, Value]], Mapping[str, Value]] | None = None
    ) -> None:
        """Outside work was done: its output mapping makes variables of the answer, which `accept` looks at before.

        Raises TokenGone when nobody waits for it, Invalid for variables that cannot be taken.
        """
        outside.answer(self._token(token_id), variables, accept)
        self._touch()

    @_act
    def fail_job(self, token_id: str, message: str) -> None:
        """Outside work used up its tries: the token stops with an incident. The message must hold no variable values.

        Raises TokenGone when nobody waits for it.
        """
        outside.give_up(self._token(token_id), message)
        self._touch()

    @_act
    def fire_timer(self, token_id: str) -> None:
        """A timer is due. A repeating one waits again, in the future. Raises TokenGone when it no longer waits."""
        token = self._token(token_id)
        if token.state != TaskState.WAITING or "timer" not in token.memo:
            raise TokenGone()
        self._touch()
        catching.fire(token, {})

    @_act
    def deliver(self, token_id: str, payload: Mapping[str, Value]) -> None:
        """A message or signal came for this subscription. Raises TokenGone, and Invalid for variables that cannot be taken."""
        token = self._token(token_id)
        if projections.awaited_kind(token) is None:
            raise TokenGone()
        accepted = scopes.accept(self._instance, payload)
        self._touch()
        catching.fire(token, accepted)

    @_act
    def throw_error(self, token_id: str, code: str, message: str) -> None:
        """An error happened in an activity. Nothing catching it, the token stops with an incident.

        The message must hold no variable values. Raises TokenGone when the activity is not active.
        """
        token = self._token(token_id)
        if (
            not token.task_spec.node.activity
            or "e" not in token.memo
            or token.state not in (TaskState.READY, TaskState.STARTED, TaskState.WAITING, TaskState.ERROR)
        ):
            raise TokenGone()
        self._touch()
        if not throwing.raise_from(token, code):
            why = throwing.uncaught(code)
            why.message = f"{why.message} {message}".strip()
            was = int(TaskState.READY) if "job" in token.memo else int(token.state)  # a job is made anew by a retry
            leaving.stop(token, why, token.memo.get("was", was))

    @_act
    def retry(self, token_id: str | None = None) -> None:
        """Try failed steps again: all, or that of one token. Raises TokenGone when that one has not failed."""
        if token_id is not None and self._token(token_id).state != TaskState.ERROR:
            raise TokenGone()
        self._touch()
        for token in list(self._instance.tokens.values()):
            if token.state == TaskState.ERROR and token_id in (None, token.id):
                del token.memo["fault"]
                was = token.memo.pop("was")
                if was in (TaskState.FUTURE, TaskState.READY):
                    queue(token, was)
                else:
                    token._set_state(was)

    @_act
    def go_back(self, scope_id: str, element_id: str) -> None:
        """Take it back to an earlier step of an open scope. Raises TokenGone when that cannot be done; `returns` says why."""
        found = going_back.go(self._made(), self._instance, scope_id, element_id)
        if found.why is not None:
            raise TokenGone
        self._touch()

    @_act
    def cancel(self) -> None:
        """End the instance now, whatever it waits for."""
        leaving.cancel_all(self._instance)
        self._instance.queue.clear()

    @_act
    def reschedule(self, token_id: str, due_at: datetime | None) -> None:
        """Move when a timer fires or an open task is due, for example after a suspension; None: the task has no due date.

        Raises TokenGone when neither waits there.
        """
        token = self._token(token_id)
        if due_at is not None and token.state == TaskState.WAITING and "timer" in token.memo:
            token.memo["timer"]["due"] = due_at.astimezone(UTC).isoformat()
        elif projections.is_open(token):
            details = {key: value for key, value in token.memo["task"].items() if key != "due"}
            token.memo["task"] = details | ({} if due_at is None else {"due": due_at.astimezone(UTC).isoformat()})
        else:
            raise TokenGone()

    @_act
    def set_variables(self, variables: Mapping[str, Value]) -> None:
        """Correct variables of the top scope, for example before a retry. Raises Invalid for what cannot be taken."""
        accepted = scopes.accept(self._instance, variables)
        self._touch()
        self._instance.data.update(accepted)

    def standing(self) -> Standing:
        """What waits now."""
        instance = self._instance
        tokens = instance.tokens.values()
        return Standing(
            tasks=frozenset(token.id for token in tokens if projections.is_open(token)),
            timers={timer.token_id: timer.due_at for timer in projections.timers(instance)},
            subscriptions=frozenset(token.id for token in tokens if projections.awaited_kind(token) is not None),
            jobs=frozenset(job.token_id for job in outside.jobs(instance)),
            stopped=projections.status(instance) is RunStatus.INCIDENT,
            variables=instance.data.copy(),
        )

    def held(self, name: str) -> tuple[Value, ...]:
        """What open scopes hold under a name, those of called processes too, the outermost first; null is left out."""
        values = (scope.data[name] for scope in self._instance.scopes if name in scope.data)
        return tuple(value for value in values if value is not None)

    def turn(self) -> Turn:
        """Run until everything waits or the budget is used up, and hand over what happened since the last turn."""
        more = self._run()
        instance, journal = self._instance, self._instance.journal
        turn = Turn(
            state=codec.dump(instance),
            status=projections.status(instance),
            more=more,
            end_event=instance.end_event,
            tasks=tuple(projections.open_tasks(instance)),
            timers=tuple(projections.timers(instance)),
            subscriptions=tuple(projections.subscriptions(instance)),
            entries=tuple(journal.entries),
            thrown=tuple(journal.thrown),
            requests=tuple(journal.requests),
            milestones=tuple(journal.milestones),
            variables=instance.data.copy(),
            faults=tuple(projections.faults(instance)),
            jobs=tuple(outside.jobs(instance)),
            dead=explain.has_dead(instance),
            places=explain.places(instance),
        )
        journal.clear()
        self._acts.clear()
        self._made = partial(codec.load, self._compiled, instance.env, turn.state)
        return turn

    def state(self) -> bytes:
        """What is kept of it as it stands, with what was done to it and without a token having moved."""
        return codec.dump(self._instance)

    def _run(self) -> bool:
        # A step that breaks leaves the instance half moved: make it anew, do and take the same again, and stop before that one.
        broken: set[int] = set()
        while True:
            try:
                return loop.run(self._instance, broken)
            except loop.Broken as wrong:
                broken.add(wrong.step)
                self._instance = self._made()
                for again in self._acts:
                    again()

    def _token(self, token_id: str) -> Token:
        token = self._instance.tokens.get(token_id)
        if token is None:
            raise TokenGone()
        return token

    def _touch(self) -> None:
        self._instance.spin = self._instance.sure = 0
