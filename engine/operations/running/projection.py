"""After a turn: bring the rows that say what is open in line with what the procedure waits for.

Open tasks, timers, subscriptions, incidents, facts and milestones are projections of the state; they are written in the
state's own transaction. What waited before the turn is known from the state itself, by token, so that nothing is read to
find out what changed, and a kind of row that did not change costs no statement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine import clock, store
from engine.model.access import Actor
from engine.model.cases import Case, Milestone
from engine.model.deployments import Definition
from engine.model.execution import Entry, EntryEvent, Fault, OpenTask, Standing, Turn, Value, WaitingEvent, WaitingTimer
from engine.model.ids import new_id
from engine.model.instances import Incident, Instance, Subscription, Timer, UserTask
from engine.model.states import IncidentState, TimerKind, UserTaskState
from engine.operations import live, offers, trail, values
from engine.operations.running import filling, ladders, outside_rows, superseding
from engine.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class Loaded:
    """An instance with what it runs by."""

    instance: Instance
    definition: Definition
    case: Case
    #: False when it is known that it has no open incident
    troubled: bool = True


@dataclass(frozen=True, slots=True)
class Ended:
    """A user task that a person completed: its row as it is to be stored, taken by this unit of work."""

    task: UserTask
    #: a rung of a deadline rule was ahead of it
    has_timer: bool


@dataclass(frozen=True, slots=True)
class Before:
    """How an instance stood before its turns, and the facts projected from it then."""

    standing: Standing
    facts: Mapping[str, object]


def before(uow: UnitOfWork, loaded: Loaded, standing: Standing) -> Before:
    """To be asked before the first turn: what a turn changes is not copied anywhere."""
    return Before(standing, _declared(uow, loaded, standing.variables))


def project(uow: UnitOfWork, actor: Actor, loaded: Loaded, was: Before, turns: Sequence[Turn], ended: Ended | None = None) -> None:
    """Write everything that some turns of one instance in a row changed."""
    turn = turns[-1]
    fresh = _tasks(uow, actor, loaded, was.standing, turn, ended)
    _timers(uow, loaded, was.standing, turn, fresh, ended)
    _subscriptions(uow, loaded.instance, was.standing, turn)
    if was.standing.stopped or turn.faults or was.standing.jobs != {job.token_id for job in turn.jobs}:
        outside_rows.project(uow, loaded.instance, loaded.case, turn)
    trail.write(uow, actor, _incidents(uow, actor, loaded, turn))
    _facts(uow, loaded, was, turn)
    reached = _milestones(uow, loaded.instance, turns)
    filling.at_milestones(uow, actor, loaded.case, reached)


def history(instance: Instance, definition: Definition, entry: Entry) -> trail.Happening:
    """A line of a turn's history for the trail."""
    details: dict[str, object] = {"type": entry.element_type, "name": entry.name}
    if entry.item is not None:
        details["item"] = entry.item
    if entry.milestone:
        details["milestone"] = entry.milestone
    if entry.doubt:
        details["doubt"] = entry.doubt
    return trail.Happening(
        event=str(entry.event),
        case_id=instance.case_id,
        instance_id=instance.id,
        definition_id=definition.id,
        process_key=entry.process_key,
        element_id=entry.element_id,
        details=details,
    )


def _tasks(uow: UnitOfWork, actor: Actor, loaded: Loaded, was: Standing, turn: Turn, ended: Ended | None) -> tuple[UserTask, ...]:
    """Insert new tasks, end those that are gone; gives the new ones."""
    now = {task.token_id for task in turn.tasks}
    gone = was.tasks - now - ({ended.task.token_id} if ended else set())
    cancelled = store.works.cancel(uow, loaded.instance.id, gone, clock.now())
    if cancelled:
        store.timers.delete_of_tasks(uow, cancelled)
        store.drafts.delete_of_tasks(uow, cancelled)
        store.files.delete_of_tasks(uow, cancelled)
        superseding.because_done(uow, actor, cancelled, but=loaded.instance.id)
    pack = live.pack(uow, loaded.case.program_id, loaded.case.pack)
    fresh = [(_row(loaded.instance, loaded.definition, task), task.lane) for task in turn.tasks if task.token_id not in was.tasks]
    rows = offers.offer(uow, loaded.case, pack, fresh)
    store.works.settle(uow, [ended.task] if ended else [], rows)
    return rows


def _row(instance: Instance, definition: Definition, task: OpenTask) -> UserTask:
    at = clock.now()
    return UserTask(
        id=new_id(at),
        program_id=instance.program_id,
        case_id=instance.case_id,
        instance_id=instance.id,
        definition_id=definition.id,
        token_id=task.token_id,
        process_key=task.process_key,
        element_id=task.element_id,
        name=task.name,
        form=task.form,
        role=task.role,
        duty=task.duty,
        participant_id=task.participant,
        assignee_id=task.assignee,
        priority=task.priority,
        state=UserTaskState.OPEN,
        created_at=at,
        due_at=task.due_at,
        shows=live.attribute(definition, task.process_key, task.element_id, "shows"),
        discreet=live.attribute(definition, task.process_key, task.element_id, "discreet") == "true",
        due_rule=task.working.length if task.working else None,
        due_calendar=task.working.calendar if task.working else None,
        due_anchor_at=task.working.anchor_at if task.working else None,
    )


def _timers(uow: UnitOfWork, loaded: Loaded, was: Standing, turn: Turn, fresh: Sequence[UserTask], ended: Ended | None) -> None:
    """Event timers by token, and the first rung of each new task with a deadline rule."""
    now = {timer.token_id: timer for timer in turn.timers}
    gone = [token for token, due in was.timers.items() if token not in now or now[token].due_at != due]
    rows = [timer_row(loaded.instance, timer) for token, timer in now.items() if was.timers.get(token) != timer.due_at]
    rows += ladders.arm(live.pack(uow, loaded.case.program_id, loaded.case.pack), fresh, loaded.case.status)
    store.timers.drop(uow, loaded.instance.id, gone, [ended.task.id] if ended and ended.has_timer else [])
    store.timers.replace(uow, rows, [])


def timer_row(instance: Instance, timer: WaitingTimer) -> Timer:
    """The row of a timer event that waits."""
    return Timer(
        id=new_id(clock.now()),
        program_id=instance.program_id,
        case_id=instance.case_id,
        instance_id=instance.id,
        kind=TimerKind.EVENT,
        token_id=timer.token_id,
        task_id=None,
        element_id=timer.element_id,
        process_key=timer.process_key,
        # In working time the length as it was worked out, so that the row says all that is needed to do so again.
        rule=timer.working.length if timer.working else timer.rule,
        calendar=timer.working.calendar if timer.working else None,
        anchor_at=timer.working.anchor_at if timer.working else timer.anchor_at,
        due_at=timer.due_at,
        name=timer.name,
    )


def _subscriptions(uow: UnitOfWork, instance: Instance, was: Standing, turn: Turn) -> None:
    at = clock.now()
    store.subscriptions.drop(uow, instance.id, was.subscriptions - {waiting.token_id for waiting in turn.subscriptions})
    fresh = [subscription_row(instance, waiting, at) for waiting in turn.subscriptions if waiting.token_id not in was.subscriptions]
    store.subscriptions.replace(uow, fresh, [])


def subscription_row(instance: Instance, waiting: WaitingEvent, at: datetime) -> Subscription:
    """The row of a message or signal that is waited for since an instant."""
    return Subscription(
        id=new_id(at),
        program_id=instance.program_id,
        case_id=instance.case_id,
        instance_id=instance.id,
        token_id=waiting.token_id,
        element_id=waiting.element_id,
        process_key=waiting.process_key,
        kind=str(waiting.kind),
        name=waiting.name,
        correlation=waiting.correlation,
        since=at,
    )


def _incidents(uow: UnitOfWork, actor: Actor, loaded: Loaded, turn: Turn) -> list[trail.Happening]:
    """Open an incident for each token stopped now, resolve those that went on."""
    found = store.incidents.open_of_instance(uow, loaded.instance.id) if loaded.troubled else ()
    known = {(i.process_key, i.element_id): i for i in found}
    now = {(fault.process_key, fault.element_id): fault for fault in turn.faults}
    at = clock.now()
    for place, incident in known.items():
        if place not in now:
            store.incidents.resolve(uow, incident.id, at, actor.person_id or None)
    return [_opened(uow, loaded.instance, fault, at) for place, fault in now.items() if place not in known]


def _opened(uow: UnitOfWork, instance: Instance, fault: Fault, at: datetime) -> trail.Happening:
    row = Incident(
        id=new_id(at),
        program_id=instance.program_id,
        case_id=instance.case_id,
        instance_id=instance.id,
        process_key=fault.process_key,
        element_id=fault.element_id,
        code=fault.code,
        message=fault.message,
        state=IncidentState.OPEN,
        at=at,
    )
    store.incidents.insert(uow, row)
    return trail.Happening(
        "incident_opened",
        case_id=instance.case_id,
        instance_id=instance.id,
        process_key=fault.process_key,
        element_id=fault.element_id,
        details={"code": fault.code},
    )


def _declared(uow: UnitOfWork, loaded: Loaded, variables: Mapping[str, Value]) -> Mapping[str, object]:
    """The declared facts among the variables of the top scope, as stored; none of a procedure about a task."""
    pack = live.pack(uow, loaded.case.program_id, loaded.case.pack)
    if pack is None or loaded.instance.subject_task_id is not None:
        return {}
    return values.tagged({key: variables[key] for key, rule in pack.variables.items() if rule.fact and key in variables})


def _facts(uow: UnitOfWork, loaded: Loaded, was: Before, turn: Turn) -> None:
    """Project what changed, for lists, search and measures; everything when another pack is live, which may declare more."""
    found = _declared(uow, loaded, turn.variables)
    live_id = store.deployments.active_packs(uow, loaded.case.program_id).get(loaded.case.pack or "")
    if live_id == loaded.definition.deployment_id:
        found = {key: value for key, value in found.items() if key not in was.facts or was.facts[key] != value}
    if found:
        store.facts.upsert_many(uow, loaded.case.program_id, loaded.case.id, found, clock.now())


def _milestones(uow: UnitOfWork, instance: Instance, turns: Sequence[Turn]) -> frozenset[str]:
    """Store the milestones reached in the turns and give their codes; one of a multi-instance wrapper has no entry of its own."""
    at = clock.now()
    reached = []
    for turn in turns:
        places = {e.milestone: e.element_id for e in turn.entries if e.milestone and e.event is EntryEvent.COMPLETED}
        for code in turn.milestones:
            reached.append(Milestone(new_id(at), instance.program_id, instance.case_id, instance.id, code, places.get(code, ""), at))
    if reached:
        store.milestones.insert_many(uow, reached)
    return frozenset(one.code for one in reached)
