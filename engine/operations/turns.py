"""One turn of an instance: restore, act, run until only waiting tokens remain, save everything in one transaction.

act → engine.bpmn turn → requests (in-turn operations) → projections → audit entries → instance WHERE version = v
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine import bpmn, clock, store
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.content import InboxMessage
from engine.model.deployments import Definition
from engine.model.execution import Place, Request, RunStatus, Thrown, Turn, Value, Wait
from engine.model.ids import new_id
from engine.model.instances import Instance, Snapshot, Subscription
from engine.model.states import InstanceState
from engine.operations import delivery, live, projection, requests, surroundings, trail
from engine.operations.scope import within
from engine.store import UnitOfWork

#: turns within one transaction: requests and kept messages each cause another one
MAX_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Loaded:
    """An instance with what it runs by."""

    instance: Instance
    definition: Definition
    case: Case


def load(uow: UnitOfWork, program_id: str, instance_id: str) -> Loaded:
    """An instance of a program with its definition and case; raises NotFound."""
    instance = within(program_id, store.instances.get(uow, instance_id))
    return Loaded(
        instance,
        store.definitions.get(uow, instance.definition_id),
        store.cases.get(uow, instance.case_id),
    )


def begin(uow: UnitOfWork, actor: Actor, loaded: Loaded, variables: dict[str, object], *, start: str | None = None) -> Instance:
    """Run a new instance (its row already inserted with an empty state) up to its first waiting tokens.

    `start` is the start event to begin at, unless it is the one without a trigger.
    """
    env = surroundings.env(uow, loaded.definition, loaded.case, loaded.instance.id)
    execution = bpmn.begin(live.compiled(uow, loaded.definition), env, variables, start=start)
    return _run(uow, actor, loaded, execution)


def act(uow: UnitOfWork, actor: Actor, loaded: Loaded, change: Callable[[bpmn.Execution], None]) -> Instance:
    """Do one thing to an instance and run on; raises TokenGone when the procedure no longer waits there."""
    env = surroundings.env(uow, loaded.definition, loaded.case, loaded.instance.id)
    execution = bpmn.restore(live.compiled(uow, loaded.definition), env, loaded.instance.state_blob)
    change(execution)
    return _run(uow, actor, loaded, execution)


def variables(uow: UnitOfWork, loaded: Loaded) -> Mapping[str, Value]:
    """The variables of an instance's top scope as they stand."""
    return _again(uow, loaded, loaded.instance.state_blob).turn().variables


def positions(uow: UnitOfWork, loaded: Loaded) -> list[tuple[str, str]]:
    """Where the tokens of an instance are: process key and element id, one pair a token.

    A call activity with tokens inside counts once, so that every diagram from the outermost in shows where the case is.
    """
    env = surroundings.env(uow, loaded.definition, loaded.case, loaded.instance.id)
    waits = bpmn.waits(live.compiled(uow, loaded.definition), env, loaded.instance.state_blob)
    standing = [wait for wait in waits if wait.attached_to is None]
    around = {place for wait in standing for place in _callers(wait)}
    own = [(wait.process_key, wait.element_id) for wait in standing]
    return own + [(place.process_key, place.element_id) for place in around]


def _callers(wait: Wait) -> Iterator[Place]:
    """The call activities that a token is inside of; the sub-processes it is drawn in show it themselves."""
    inner = wait.process_key
    for place in wait.inside:
        if place.process_key != inner:
            yield place
        inner = place.process_key


def proceed(_execution: bpmn.Execution) -> None:
    """The change that changes nothing: run on from where the last turn's budget ended."""


def _run(uow: UnitOfWork, actor: Actor, loaded: Loaded, execution: bpmn.Execution) -> Instance:
    thrown: list[Thrown] = []
    for _round in range(MAX_ROUNDS):
        turn = execution.turn()
        thrown.extend(turn.thrown)
        loaded = _requested(uow, actor, loaded, turn.requests)
        waiting = projection.project(uow, actor, loaded.instance, loaded.definition, loaded.case, turn)
        kept = _kept_messages(uow, waiting)
        if turn.status is RunStatus.COMPLETED or not (kept or (turn.more and turn.requests)):
            break
        execution = _again(uow, loaded, turn.state)
        for token_id, message in kept:
            execution.deliver(token_id, delivery.payload(message))
    saved = _save(uow, actor, loaded, turn)
    delivery.send_out(uow, actor, saved, tuple(thrown))
    if turn.more:
        delivery.continue_later(uow, saved)
    return saved


def _again(uow: UnitOfWork, loaded: Loaded, state: bytes) -> bpmn.Execution:
    env = surroundings.env(uow, loaded.definition, loaded.case, loaded.instance.id)
    return bpmn.restore(live.compiled(uow, loaded.definition), env, state)


def _requested(uow: UnitOfWork, actor: Actor, loaded: Loaded, asked: tuple[Request, ...]) -> Loaded:
    """Do what the procedure asked for; the case may have changed by it."""
    for request in asked:
        requests.perform(uow, actor, loaded.instance, loaded.case, request)
    if not asked:
        return loaded
    return replace(loaded, case=store.cases.get(uow, loaded.case.id))


def _kept_messages(uow: UnitOfWork, waiting: Sequence[Subscription]) -> list[tuple[str, InboxMessage]]:
    """Messages that came before anybody waited for them, each for one token that begins to wait now."""
    taken = []
    for one in sorted(waiting, key=lambda one: (one.name, one.correlation or "")):
        if one.kind == "message":
            correlation = one.correlation or ""
            store.inbox_messages.meet(uow, one.program_id, one.name, correlation)
            message = store.inbox_messages.take_matching(uow, one.program_id, one.name, correlation, clock.now())
            if message is not None:
                taken.append((one.token_id, message))
    return taken


_STATES = {
    RunStatus.RUNNING: InstanceState.RUNNING,
    RunStatus.INCIDENT: InstanceState.INCIDENT,
    RunStatus.COMPLETED: InstanceState.COMPLETED,
}


def _save(uow: UnitOfWork, actor: Actor, loaded: Loaded, turn: Turn) -> Instance:
    before, now = loaded.instance, clock.now()
    state = _STATES[turn.status]
    ended = now if state is InstanceState.COMPLETED else None
    saved = replace(
        before,
        state=state,
        version=before.version + 1,
        state_blob=turn.state,
        ended_at=ended,
        end_event=turn.end_event or before.end_event,
    )
    store.instances.save(uow, saved, before.version)
    if before.version > 0:
        snapshot = Snapshot(new_id(now), before.program_id, before.id, before.version, "step", before.state_blob, now)
        store.snapshots.insert(uow, snapshot)
    if ended:
        trail.note(
            uow,
            actor,
            "instance_completed",
            case_id=saved.case_id,
            instance_id=saved.id,
            definition_id=saved.definition_id,
            process_key=saved.key,
            element_id=saved.end_event,
        )
    return saved
