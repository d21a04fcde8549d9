"""Taking a running procedure back to an earlier step, and undoing that: the state before is kept as a snapshot.

What was typed and not sent stays its author's: it is offered to them again when they come to that step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from engine import bpmn, clock, store
from engine.language import noted, say
from engine.model.access import Actor
from engine.model.content import Draft
from engine.model.errors import Conflict, FieldError, Invalid, NotRunning
from engine.model.ids import new_id
from engine.model.instances import Instance, Snapshot, UserTask
from engine.model.returns import NoReturn, Return, Stood
from engine.model.states import InstanceState, UserTaskState
from engine.operations import live, reasons, ties, trail, wording
from engine.operations.discretion import Discretion
from engine.operations.running import instances, ladders, surroundings, turns
from engine.store import UnitOfWork

#: of the snapshot taken before
REASON = "back"
_GOING = (InstanceState.RUNNING, InstanceState.INCIDENT)
_WHY: Mapping[NoReturn, str] = noted({
    NoReturn.BLOCKED: "The procedure would wait there for ever: it has come past a point where several branches meet. "
    "Go back to a step before they part.",
    NoReturn.CLOSED: "This step is inside a part of the procedure that is over. Go back to the part as a whole.",
    NoReturn.EVENT: "This was one of several events that could happen. Go back to the step before them.",
    NoReturn.MOVING: "The procedure is in the middle of a step. Try again in a moment.",
})


def why(one: Return) -> str:
    """Why a procedure cannot be taken back to a step, in words; "" when it can."""
    return say(_WHY[one.why]) if one.why is not None else ""


def earlier(uow: UnitOfWork, actor: Actor, instance_id: str) -> tuple[Return, ...]:
    """The steps that a procedure came past, for who may step in; none while it is suspended or over. Raises NotFound, Forbidden."""
    loaded = instances.controlled(uow, actor, instance_id)
    if loaded.instance.state not in _GOING:
        return ()
    return tuple(_found(uow, actor, loaded))


def _found(uow: UnitOfWork, actor: Actor, loaded: turns.Loaded) -> Sequence[Return]:
    pack = live.spoken(uow, actor, loaded.case.pack)
    hidden = Discretion(uow, actor, loaded.case, ties.to_case(uow, actor, loaded.case), pack)
    env = surroundings.env(uow, loaded.definition, loaded.case, loaded.instance.id)
    been = store.audit.completed_elements(uow, loaded.instance.id)
    steps = bpmn.returns(live.compiled(uow, loaded.definition), env, loaded.instance.state_blob, been)
    told = (one for one in steps if not hidden.hides(loaded.instance.id, one.process_key, one.element_id))
    return [_worded(one, lambda text: wording.of_pack(pack, text)) for one in told]


def _worded(one: Return, word: Callable[[str], str]) -> Return:
    leaves = tuple(replace(stood, name=word(stood.name)) for stood in one.leaves)
    return replace(one, name=word(one.name), leaves=leaves, again=tuple((id, word(name)) for id, name in one.again))


def go_back(uow: UnitOfWork, actor: Actor, instance_id: str, step: str, *, reason: str) -> Instance:
    """Take a procedure back to a step by its key (`Return.key`).

    Raises Invalid without a reason, NotRunning, Conflict where it cannot be done, which says why; NotFound, Forbidden.
    """
    _require(reason)
    loaded = instances.controlled(uow, actor, instance_id)
    before = loaded.instance
    if before.state not in _GOING:
        raise NotRunning
    chosen = next((one for one in _found(uow, actor, loaded) if one.key == step), None)
    if chosen is None:
        raise Conflict(say("The procedure is not behind this step now. Look at the case again."))
    if chosen.why is not None:
        raise Conflict(why(chosen))
    _keep(uow, before)
    tasks = store.user_tasks.open_of_instance(uow, before.id)
    drafts = store.drafts.of_tasks(uow, [task.id for task in tasks])
    stood = sorted({one.element_id for one in chosen.leaves if not _is_discreet(loaded, one)})
    _note(uow, actor, loaded, "instance_taken_back", reason, {"from": stood, "to": chosen.element_id}, chosen)
    saved = turns.act(uow, actor, loaded, lambda execution: execution.go_back(chosen.scope, chosen.element_id))
    _restore(uow, drafts, {task.id for task in store.user_tasks.open_of_instance(uow, before.id)})
    return saved


def _is_discreet(loaded: turns.Loaded, one: Stood) -> bool:
    return live.attribute(loaded.definition, one.process_key, one.element_id, "discreet") == "true"


def _restore(uow: UnitOfWork, drafts: Sequence[Draft], still_open: set[str]) -> None:
    for draft in drafts:
        if draft.task_id not in still_open:
            store.drafts.put(uow, draft)


def last(uow: UnitOfWork, instance: Instance) -> Snapshot | None:
    """The state before the procedure was taken back, when that was the last that happened to it."""
    if instance.state not in _GOING:
        return None
    kept = store.snapshots.of_instance(uow, instance.id)
    return next((one for one in kept if one.reason == REASON and one.version == instance.version - 1), None)


def undo(uow: UnitOfWork, actor: Actor, instance_id: str, *, reason: str) -> Instance:
    """Undo the last going back, as long as nothing happened since: state, open tasks and drafts are as they were.

    Raises Invalid without a reason, Conflict when the procedure went on, NotFound, Forbidden.
    """
    _require(reason)
    loaded = instances.controlled(uow, actor, instance_id)
    snapshot = last(uow, loaded.instance)
    if snapshot is None:
        raise Conflict(say("The procedure went on since it was taken back, so this cannot be undone."))
    rows = _reopened(uow, loaded, snapshot)
    _note(uow, actor, loaded, "instance_return_undone", reason, {"tasks": [row.element_id for row in rows]})
    for row in rows:
        store.user_tasks.update(uow, row)
    saved = turns.put_back(uow, actor, loaded, snapshot.state_blob, [row.token_id for row in rows])
    for row in rows:
        ladders.rearm(uow, loaded.case, row)
    return saved


def _reopened(uow: UnitOfWork, loaded: turns.Loaded, snapshot: Snapshot) -> list[UserTask]:
    """The rows of tasks that were open in a state and were cancelled since."""
    env = surroundings.env(uow, loaded.definition, loaded.case, loaded.instance.id)
    compiled = live.compiled(uow, loaded.definition)
    tokens = {task.token_id for task in bpmn.waiting(compiled, env, snapshot.state_blob).tasks}
    tokens -= {task.token_id for task in bpmn.waiting(compiled, env, loaded.instance.state_blob).tasks}
    rows = (row for row in store.user_tasks.of_case(uow, loaded.case.id) if row.instance_id == loaded.instance.id)
    # of several that had a token, the one that ended last
    ended = {row.token_id: row for row in sorted(rows, key=lambda one: one.ended_at or snapshot.at) if row.token_id in tokens}
    cancelled = (row for row in ended.values() if row.state is UserTaskState.CANCELLED)
    return [replace(row, state=UserTaskState.OPEN, ended_at=None) for row in cancelled]


def _keep(uow: UnitOfWork, instance: Instance) -> None:
    now = clock.now()
    snapshot = Snapshot(new_id(now), instance.program_id, instance.id, instance.version, REASON, instance.state_blob, now)
    store.snapshots.insert(uow, snapshot)


def _require(reason: str) -> None:
    if not reason.strip():
        message = say("Write a reason; it is kept with the case.")
        raise Invalid(message, (FieldError("/reason", "missing", message),))


def _note(
    uow: UnitOfWork, actor: Actor, loaded: turns.Loaded, event: str, reason: str, told: Mapping[str, object], to: Return | None = None
) -> None:
    instance = loaded.instance
    trail.note(
        uow,
        actor,
        event,
        case_id=instance.case_id,
        instance_id=instance.id,
        definition_id=instance.definition_id,
        process_key=to.process_key if to else instance.key,
        element_id=to.element_id if to else None,
        details={**told, **reasons.keep(uow, actor, instance.case_id, instance.id, event, reason)},
    )
