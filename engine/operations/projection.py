"""After a turn: bring the rows that say what is open in line with what the procedure waits for.

Open tasks, timers, subscriptions, incidents, facts and milestones are projections of the state; they are written in the
state's own transaction. Each is compared by token, so that a turn touches only what changed.
"""

from __future__ import annotations

from datetime import datetime

from engine import clock, store
from engine.model.access import Actor
from engine.model.cases import Case, Milestone
from engine.model.deployments import Definition
from engine.model.execution import Entry, EntryEvent, OpenTask, Turn, WaitingTimer
from engine.model.ids import new_id
from engine.model.instances import Incident, Instance, Subscription, Timer, UserTask
from engine.model.states import IncidentState, TimerKind, UserTaskState
from engine.operations import ladders, live, offers, outside_rows, superseding, trail, values
from engine.store import UnitOfWork


def project(uow: UnitOfWork, actor: Actor, instance: Instance, definition: Definition, case: Case, turn: Turn) -> tuple[Subscription, ...]:
    """Write everything that one turn changed, and its history, for one instance; gives what it newly waits for."""
    happenings = [_history(instance, definition, entry) for entry in turn.entries]
    tasks = _tasks(uow, actor, instance, definition, case, turn)
    _timers(uow, instance, turn)
    waiting = _subscriptions(uow, instance, turn)
    if live.compiled(uow, definition).outside:
        outside_rows.project(uow, instance, case, turn)
    happenings += _incidents(uow, actor, instance, turn)
    _facts(uow, instance, case, turn)
    _milestones(uow, instance, turn)
    trail.write(uow, actor, happenings)
    pack = live.pack(uow, case.program_id, case.pack)
    store.timers.replace(uow, ladders.arm(pack, tasks), [])
    return waiting


def _history(instance: Instance, definition: Definition, entry: Entry) -> trail.Happening:
    details: dict[str, object] = {"type": entry.element_type, "name": entry.name}
    if entry.item is not None:
        details["item"] = entry.item
    if entry.milestone:
        details["milestone"] = entry.milestone
    return trail.Happening(
        event=str(entry.event),
        case_id=instance.case_id,
        instance_id=instance.id,
        definition_id=definition.id,
        process_key=entry.process_key,
        element_id=entry.element_id,
        details=details,
    )


def _tasks(uow: UnitOfWork, actor: Actor, instance: Instance, definition: Definition, case: Case, turn: Turn) -> tuple[UserTask, ...]:
    """Insert new tasks, end those that are gone; gives the new ones."""
    before = {task.token_id: task for task in store.user_tasks.open_of_instance(uow, instance.id)}
    now = {task.token_id for task in turn.tasks}
    gone = [token for token in before if token not in now]
    if gone:
        store.user_tasks.end_many(uow, instance.id, gone, UserTaskState.CANCELLED, clock.now())
        store.timers.delete_of_tasks(uow, [before[token].id for token in gone])
        store.drafts.delete_of_tasks(uow, [before[token].id for token in gone])
        superseding.because_done(uow, actor, [before[token].id for token in gone], but=instance.id)
    pack = live.pack(uow, case.program_id, case.pack)
    fresh = [task for task in turn.tasks if task.token_id not in before]
    rows = tuple(offers.offer(uow, case, pack, _row(instance, definition, task), task.lane) for task in fresh)
    store.user_tasks.insert_many(uow, rows)
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
    )


def _timers(uow: UnitOfWork, instance: Instance, turn: Turn) -> None:
    before = {t.token_id: t for t in store.timers.of_instance(uow, instance.id) if t.kind is TimerKind.EVENT}
    now = {timer.token_id: timer for timer in turn.timers}
    gone = [old.id for token, old in before.items() if token not in now or old.due_at != now[token].due_at]
    fresh = [_timer_row(instance, timer) for token, timer in now.items() if token not in before or before[token].due_at != timer.due_at]
    store.timers.replace(uow, fresh, gone)


def _timer_row(instance: Instance, timer: WaitingTimer) -> Timer:
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
        rule=timer.rule,
        calendar=None,
        anchor_at=timer.anchor_at,
        due_at=timer.due_at,
        name=timer.name,
    )


def _subscriptions(uow: UnitOfWork, instance: Instance, turn: Turn) -> tuple[Subscription, ...]:
    before = {s.token_id: s for s in store.subscriptions.of_instance(uow, instance.id)}
    now = {waiting.token_id: waiting for waiting in turn.subscriptions}
    at = clock.now()
    fresh = [
        Subscription(
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
        for token, waiting in now.items()
        if token not in before
    ]
    store.subscriptions.replace(uow, fresh, [old.id for token, old in before.items() if token not in now])
    return tuple(fresh)


def _incidents(uow: UnitOfWork, actor: Actor, instance: Instance, turn: Turn) -> list[trail.Happening]:
    """Open an incident for each token stopped now, resolve those that went on."""
    before = {(i.process_key, i.element_id): i for i in store.incidents.open_of_instance(uow, instance.id)}
    now = {(fault.process_key, fault.element_id): fault for fault in turn.faults}
    at = clock.now()
    for place, incident in before.items():
        if place not in now:
            store.incidents.resolve(uow, incident.id, at, actor.person_id or None)
    happenings = []
    for (process_key, element_id), fault in now.items():
        if (process_key, element_id) in before:
            continue
        row = Incident(
            id=new_id(at),
            program_id=instance.program_id,
            case_id=instance.case_id,
            instance_id=instance.id,
            process_key=process_key,
            element_id=element_id,
            code=fault.code,
            message=fault.message,
            state=IncidentState.OPEN,
            at=at,
        )
        store.incidents.insert(uow, row)
        happenings.append(
            trail.Happening(
                "incident_opened",
                case_id=instance.case_id,
                instance_id=instance.id,
                process_key=process_key,
                element_id=element_id,
                details={"code": fault.code},
            )
        )
    return happenings


def _facts(uow: UnitOfWork, instance: Instance, case: Case, turn: Turn) -> None:
    """Project the declared variables of the top scope, for lists, search and measures."""
    pack = live.pack(uow, case.program_id, case.pack)
    if pack is None or instance.subject_task_id is not None:
        return
    declared = {key for key, rule in pack.variables.items() if rule.fact}
    found = values.tagged({key: value for key, value in turn.variables.items() if key in declared})
    if found:
        store.facts.upsert_many(uow, case.program_id, case.id, found, clock.now())


def _milestones(uow: UnitOfWork, instance: Instance, turn: Turn) -> None:
    """Milestones reached in the turn; one of a multi-instance wrapper has no entry of its own."""
    at: datetime = clock.now()
    places = {e.milestone: e.element_id for e in turn.entries if e.milestone and e.event is EntryEvent.COMPLETED}
    reached = [
        Milestone(new_id(at), instance.program_id, instance.case_id, instance.id, code, places.get(code, ""), at)
        for code in turn.milestones
    ]
    if reached:
        store.milestones.insert_many(uow, reached)
