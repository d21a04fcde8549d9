"""Process instances: start, read, suspend, resume, terminate, retry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine import access, clock, packs, store
from engine.language import say
from engine.model.access import Actor, Subject
from engine.model.cases import Case
from engine.model.deployments import Definition
from engine.model.errors import BadRequest, FieldError, Forbidden, Invalid, NotFound, NotRunning
from engine.model.execution import Value
from engine.model.ids import new_id
from engine.model.instances import Instance, Snapshot
from engine.model.lists import Page
from engine.model.packs import Act
from engine.model.states import CaseState, InstanceState, UserTaskState
from engine.model.tiles import CaseFilter
from engine.operations import live, reasons, ties, trail, values
from engine.operations.discretion import Discretion
from engine.operations.people import memberships
from engine.operations.people.memberships import NewParticipant
from engine.operations.running import delivery, ladders, numbering, superseding, turns
from engine.operations.scope import within
from engine.store import UnitOfWork

#: most characters of a business key
BUSINESS_KEY_LENGTH = 200


def start(
    uow: UnitOfWork,
    actor: Actor,
    key: str,
    *,
    variables: Mapping[str, object],
    business_key: str | None = None,
    case_id: str | None = None,
    participants: Sequence[NewParticipant] = (),
) -> Instance:
    """Start the newest approved version of a process; without a case it opens one.

    `variables` are plain JSON; with a pack only declared ones are taken. Raises NotFound, Forbidden, Invalid.
    """
    definition = store.definitions.latest(uow, actor.program_id, key)
    if definition is None:
        raise NotFound(say("No process definition of that key is deployed."))
    pack = live.pack(uow, actor.program_id, definition.pack)
    case = within(actor.program_id, store.cases.get(uow, case_id)) if case_id else None
    subject = ties.to_case(uow, actor, case) if case else Subject("program", actor.program_id)
    access.require(actor, Act.CASE_OPEN, subject, pack)
    if case is not None and case.state is CaseState.CLOSED:
        raise NotRunning(say("This case is closed; it takes no new procedures."))
    if business_key is not None and len(business_key) > BUSINESS_KEY_LENGTH:
        raise BadRequest(say("A business key has at most {business_key_length} characters.", business_key_length=BUSINESS_KEY_LENGTH))
    if business_key is not None and pack is not None and not packs.is_code(business_key):
        raise BadRequest(say("A business key is a number or code, so that lists hold no content; leave out the spaces."))
    given = packs.typed_variables(pack, variables) if pack else values.from_plain(variables)
    if case is None:
        case = numbering.open_case(uow, actor, pack, actor.program_id)
        for one in participants:
            memberships.join_new(uow, actor, case, one)
    return begin(uow, actor, definition, case, given, business_key=business_key)


def begin(
    uow: UnitOfWork,
    actor: Actor,
    definition: Definition,
    case: Case,
    variables: Mapping[str, Value],
    *,
    business_key: str | None = None,
    subject_task_id: str | None = None,
    start: str | None = None,
    by: str | None = None,
) -> Instance:
    """Start a definition on a case; the caller has authorised it.

    `start` is the start event to begin at, unless it is the one without a trigger; `by` what triggered it, for the trail.
    """
    now = clock.now()
    instance = Instance(
        id=new_id(now),
        program_id=case.program_id,
        case_id=case.id,
        definition_id=definition.id,
        key=definition.key,
        definition_version=definition.version,
        business_key=business_key,
        state=InstanceState.RUNNING,
        version=0,
        state_blob=b"",
        started_at=now,
        subject_task_id=subject_task_id,
    )
    trail.note(
        uow,
        actor,
        "instance_started",
        case_id=case.id,
        instance_id=instance.id,
        definition_id=definition.id,
        process_key=definition.key,
        element_id=start,
        details={"version": definition.version, "variables": sorted(variables), "by": by or ("person" if actor.person_id else actor.via)},
    )
    return turns.begin(uow, actor, turns.Loaded(instance, definition, case, troubled=False), dict(variables), start=start)


def _seen(uow: UnitOfWork, actor: Actor, instance_id: str, act: Act = Act.CASE_VIEW) -> turns.Loaded:
    loaded = turns.load(uow, actor.program_id, instance_id)
    pack = live.pack(uow, actor.program_id, loaded.case.pack)
    access.require(actor, act, ties.to_case(uow, actor, loaded.case), pack)
    if _is_hidden(uow, actor, loaded.instance):
        raise NotFound
    return loaded


def controlled(uow: UnitOfWork, actor: Actor, instance_id: str) -> turns.Loaded:
    """An instance for who may step in (`instance.control`). Raises NotFound or Forbidden."""
    return _seen(uow, actor, instance_id, Act.INSTANCE_CONTROL)


def _is_hidden(uow: UnitOfWork, actor: Actor, instance: Instance) -> bool:
    """Whether the procedure is about a task that the actor must not learn of."""
    if instance.subject_task_id is None:
        return False
    case = store.cases.get(uow, instance.case_id)
    pack = live.pack(uow, actor.program_id, case.pack)
    return Discretion(uow, actor, case, ties.to_case(uow, actor, case), pack).hides_whole(instance.id)


def get(uow: UnitOfWork, actor: Actor, instance_id: str) -> Instance:
    """One instance, for who may see its case."""
    return _seen(uow, actor, instance_id).instance


def list_(
    uow: UnitOfWork,
    actor: Actor,
    *,
    state: str | None = None,
    definition: str | None = None,
    asked: CaseFilter | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Instance]:
    """The program's instances for who may list all cases, else those of the actor's own cases.

    `asked`: what their cases are like, as `supervision.lists.narrowing` reads it.
    Administrators see those of definitions without a pack too, as these are theirs to work (DESIGN.md 5).
    Raises Forbidden for somebody whose roles see no case at all (a manager of procedures, domain 4.2).
    """
    wanted = _state(state)
    own: frozenset[str] | None = None
    if not live.program_may(uow, actor, Act.CASE_LIST):
        if not actor.administrator and not live.may_see_cases(uow, actor):
            raise Forbidden(say("Your roles see no cases."))
        own = store.participants.case_ids_of_person(uow, actor.program_id, actor.person_id)
    page = store.instances.list_(
        uow,
        actor.program_id,
        state=wanted,
        key=definition,
        asked=asked,
        case_ids=own,
        bare=own is not None and actor.administrator,
        not_case_ids=store.walls.of_person(uow, actor.program_id, actor.person_id),
        cursor=cursor,
        limit=limit,
    )
    return Page(tuple(row for row in page.items if not _is_hidden(uow, actor, row)), page.next)


def _state(text: str | None) -> InstanceState | None:
    if text is None:
        return None
    try:
        return InstanceState(text)
    except ValueError as wrong:
        raise BadRequest(f"state is one of: {', '.join(InstanceState)}.") from wrong


def variables(uow: UnitOfWork, actor: Actor, instance_id: str) -> dict[str, object]:
    """The variables of the top scope as plain JSON (all class C1), as far as the actor may be told them."""
    loaded = _seen(uow, actor, instance_id)
    found = turns.variables(uow, loaded)
    pack = live.pack(uow, actor.program_id, loaded.case.pack)
    return access.tellable(actor, ties.to_case(uow, actor, loaded.case), pack, values.plain(found))


def suspend(uow: UnitOfWork, actor: Actor, instance_id: str, *, reason: str = "") -> Instance:
    """Stop an instance from moving: its tasks and timers wait. Raises NotRunning unless it runs."""
    loaded = _seen(uow, actor, instance_id, Act.INSTANCE_CONTROL)
    if loaded.instance.state not in (InstanceState.RUNNING, InstanceState.INCIDENT):
        raise NotRunning
    changed = replace(loaded.instance, state=InstanceState.SUSPENDED, suspended_at=clock.now())
    return _changed(uow, actor, loaded.instance, changed, "instance_suspended", reason)


def resume(uow: UnitOfWork, actor: Actor, instance_id: str, *, reason: str = "") -> Instance:
    """Go on. Deadlines of open tasks move by the time suspended; timers of the diagram do not."""
    loaded = _seen(uow, actor, instance_id, Act.INSTANCE_CONTROL)
    before = loaded.instance
    if before.state is not InstanceState.SUSPENDED or before.suspended_at is None:
        raise NotRunning(say("This procedure is not suspended."))
    pause = clock.now() - before.suspended_at
    pack = live.pack(uow, before.program_id, loaded.case.pack)
    for task in store.user_tasks.open_of_instance(uow, before.id):
        moved = ladders.after_pause(pack, store.user_tasks.lock(uow, task.id), before.suspended_at)
        if moved.due_at is not None and moved.state is UserTaskState.OPEN:
            store.user_tasks.update(uow, moved)
            ladders.rearm(uow, loaded.case, moved, paused=pause)
    store.jobs.wake(uow, before.case_id, clock.now())
    failing = store.incidents.open_of_instance(uow, before.id)
    state = InstanceState.INCIDENT if failing else InstanceState.RUNNING
    changed = replace(before, state=state, suspended_at=None)
    resumed = _changed(uow, actor, before, changed, "instance_resumed", reason)
    # A long turn may have been cut short by the suspension; its next part was not due then.
    delivery.continue_later(uow, resumed)
    return resumed


def terminate(uow: UnitOfWork, actor: Actor, instance_id: str, *, reason: str) -> Instance:
    """End an instance by a person's decision; everything open of it is cancelled. A snapshot is kept."""
    if not reason.strip():
        message = say("Say why it is terminated.")
        raise Invalid(message, (FieldError("/reason", "missing", message),))
    loaded = _seen(uow, actor, instance_id, Act.INSTANCE_CONTROL)
    before, now = loaded.instance, clock.now()
    if before.state in (InstanceState.COMPLETED, InstanceState.TERMINATED):
        raise NotRunning
    snapshot = Snapshot(new_id(now), before.program_id, before.id, before.version, "terminate", before.state_blob, now)
    store.snapshots.insert(uow, snapshot)
    superseding.clear(uow, before)
    changed = replace(before, state=InstanceState.TERMINATED, ended_at=now, suspended_at=None, dead_at=None)
    return _changed(uow, actor, before, changed, "instance_terminated", reason)


def retry(uow: UnitOfWork, actor: Actor, instance_id: str, *, reason: str = "") -> Instance:
    """Try the failed steps of an instance again."""
    loaded = _seen(uow, actor, instance_id, Act.INSTANCE_CONTROL)
    if loaded.instance.state is not InstanceState.INCIDENT:
        raise NotRunning(say("This procedure has no incident to retry."))
    _note(uow, actor, loaded.instance, "instance_retried", reason)
    return turns.act(uow, actor, loaded, lambda execution: execution.retry())


def _changed(uow: UnitOfWork, actor: Actor, before: Instance, after: Instance, event: str, reason: str) -> Instance:
    saved = replace(after, version=before.version + 1)
    store.instances.save(uow, saved, before.version)
    _note(uow, actor, saved, event, reason)
    return saved


def _note(uow: UnitOfWork, actor: Actor, instance: Instance, event: str, reason: str) -> None:
    """Reasons are free text and may hold content, so the trail only names the sealed record that keeps one."""
    trail.note(
        uow,
        actor,
        event,
        case_id=instance.case_id,
        instance_id=instance.id,
        definition_id=instance.definition_id,
        process_key=instance.key,
        details=reasons.keep(uow, actor, instance.case_id, instance.id, event, reason),
    )
