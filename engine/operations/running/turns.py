"""One turn of an instance: restore, act, run until only waiting tokens remain, save everything in one transaction.

act → engine.bpmn turn → requests (in-turn operations) → projections → audit entries → instance WHERE version = v
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from engine import bpmn, clock, language, store
from engine.model.access import Actor
from engine.model.content import InboxMessage
from engine.model.execution import EventKind, Place, Request, RunStatus, Standing, Turn, Value, Wait, WaitingEvent
from engine.model.ids import new_id
from engine.model.instances import Instance, Snapshot, places_text
from engine.model.states import InstanceState
from engine.operations import live, trail
from engine.operations.running import delivery, projection, requests, surroundings
from engine.operations.running.projection import Before, Ended, Loaded
from engine.operations.scope import within
from engine.store import UnitOfWork

#: turns within one transaction: requests and kept messages each cause another one
MAX_ROUNDS = 50

__all__ = ["Ended", "Loaded", "act", "amend", "begin", "load", "positions", "proceed", "put_back", "variables"]


def load(uow: UnitOfWork, program_id: str, instance_id: str) -> Loaded:
    """An instance of a program with its definition and case; raises NotFound."""
    instance = within(program_id, store.instances.get(uow, instance_id))
    return Loaded(
        instance,
        store.definitions.get(uow, instance.definition_id),
        store.cases.get(uow, instance.case_id),
    )


def begin(uow: UnitOfWork, actor: Actor, loaded: Loaded, variables: dict[str, object], *, start: str | None = None) -> Instance:
    """Run a new instance (its row not stored yet, its state empty) up to its first waiting tokens.

    `start` is the start event to begin at, unless it is the one without a trigger.
    """
    env = surroundings.env(uow, loaded.definition, loaded.case, loaded.instance.id)
    execution = bpmn.begin(live.compiled(uow, loaded.definition), env, variables, start=start)
    return _run(uow, actor, loaded, execution, Before(Standing(), {}))


def act(
    uow: UnitOfWork, actor: Actor, loaded: Loaded, change: Callable[[bpmn.Execution], None], *, ended: Ended | None = None
) -> Instance:
    """Do one thing to an instance and run on; raises TokenGone when the procedure no longer waits there.

    `ended` is the user task that the change completes.
    """
    env = surroundings.env(uow, loaded.definition, loaded.case, loaded.instance.id)
    execution = bpmn.restore(live.compiled(uow, loaded.definition), env, loaded.instance.state_blob)
    before = projection.before(uow, loaded, execution.standing())
    change(execution)
    return _run(uow, actor, loaded, execution, before, ended)


def amend(uow: UnitOfWork, actor: Actor, loaded: Loaded, change: Callable[[bpmn.Execution], None]) -> Instance:
    """Do one thing to an instance that stands still (a suspended one), and run nothing; its rows are the caller's."""
    execution = _again(uow, loaded, loaded.instance.state_blob)
    change(execution)
    saved = replace(loaded.instance, version=loaded.instance.version + 1, state_blob=execution.state())
    _save(uow, actor, loaded.instance, saved)
    return saved


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


def put_back(uow: UnitOfWork, actor: Actor, loaded: Loaded, state: bytes, reopened: Collection[str]) -> Instance:
    """Give an instance a state back that it had, and bring its rows in line with it.

    `reopened` are the tokens of tasks whose rows the caller has opened again; other tasks of that state are made anew.
    """
    now = _again(uow, loaded, loaded.instance.state_blob).standing()
    before = projection.before(uow, loaded, now)
    known = replace(before, standing=replace(now, tasks=now.tasks | frozenset(reopened)))
    env = surroundings.env(uow, loaded.definition, loaded.case, loaded.instance.id)
    moved = bpmn.moved(live.compiled(uow, loaded.definition), env, loaded.instance.state_blob, state)
    trail.write(uow, actor, [projection.history(loaded.instance, loaded.definition, entry) for entry in moved])
    return _run(uow, actor, loaded, _again(uow, loaded, state), known)


@language.speaking(language.SOURCE)  # what a turn says is stored: a step's failure, for whoever reads of it
def _run(
    uow: UnitOfWork, actor: Actor, loaded: Loaded, execution: bpmn.Execution, before: Before, ended: Ended | None = None
) -> Instance:
    turns: list[Turn] = []
    known = set(before.standing.subscriptions)
    for _round in range(MAX_ROUNDS):
        turn = execution.turn()
        turns.append(turn)
        loaded = _requested(uow, actor, loaded, turn.requests)
        trail.write(uow, actor, [projection.history(loaded.instance, loaded.definition, entry) for entry in turn.entries])
        kept = _kept_messages(uow, loaded.instance, [one for one in turn.subscriptions if one.token_id not in known])
        known |= {one.token_id for one in turn.subscriptions}
        if turn.status is RunStatus.COMPLETED or not (kept or (turn.more and turn.requests)):
            break
        execution = _again(uow, loaded, turn.state)
        for token_id, message in kept:
            execution.deliver(token_id, delivery.payload(message))
    saved = _after(loaded.instance, turn)
    if loaded.instance.version == 0:
        store.instances.insert(uow, saved)
    projection.project(uow, actor, loaded, before, turns, ended)
    _save(uow, actor, loaded.instance, saved)
    delivery.send_out(uow, actor, saved, tuple(one for each in turns for one in each.thrown))
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


def _kept_messages(uow: UnitOfWork, instance: Instance, fresh: Sequence[WaitingEvent]) -> list[tuple[str, InboxMessage]]:
    """Messages that came before anybody waited for them, each for one token that begins to wait now."""
    now, program_id = clock.now(), instance.program_id
    awaited = sorted((one.name, one.correlation or "", one.token_id) for one in fresh if one.kind is EventKind.MESSAGE)
    lying = store.inbox_messages.meet_all(uow, program_id, {(name, correlation) for name, correlation, _ in awaited}, now)
    taken = []
    for name, correlation, token_id in awaited:
        if (name, correlation) in lying:
            message = store.inbox_messages.take_matching(uow, program_id, name, correlation, now)
            if message is not None:
                taken.append((token_id, message))
    return taken


_STATES = {
    RunStatus.RUNNING: InstanceState.RUNNING,
    RunStatus.INCIDENT: InstanceState.INCIDENT,
    RunStatus.COMPLETED: InstanceState.COMPLETED,
}


def _after(before: Instance, turn: Turn) -> Instance:
    state = _STATES[turn.status]
    return replace(
        before,
        state=state,
        version=before.version + 1,
        state_blob=turn.state,
        ended_at=clock.now() if state is InstanceState.COMPLETED else None,
        places=places_text(turn.places),
        dead_at=(before.dead_at or clock.now()) if turn.dead and state is not InstanceState.COMPLETED else None,
        end_event=turn.end_event or before.end_event,
    )


def _save(uow: UnitOfWork, actor: Actor, before: Instance, saved: Instance) -> None:
    """Store what an instance became over the version it was read at, and keep that one; a new one is stored already."""
    if before.version > 0:
        store.instances.save(uow, saved, before.version)
        now = clock.now()
        snapshot = Snapshot(new_id(now), before.program_id, before.id, before.version, "step", before.state_blob, now)
        store.snapshots.insert(uow, snapshot)
    if saved.ended_at is not None:
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
