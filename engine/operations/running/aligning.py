"""After an instance was brought to another version or back: the rows that say what is open follow, each keeping its id.

Open tasks keep drafts, claims and due dates; timers keep when they are due; what waits for a message keeps its place in
the line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine import clock, store
from engine.model.execution import EventKind, OpenTask, WaitingEvent, WaitingTimer
from engine.model.instances import Subscription, UserTask
from engine.model.migration import Waiting
from engine.model.packs import Pack
from engine.operations import live, offers
from engine.operations.running import delivery, ladders, projection
from engine.operations.running.projection import Loaded
from engine.store import UnitOfWork


def align(uow: UnitOfWork, loaded: Loaded, was: Waiting, now: Waiting, claims: Mapping[str, str]) -> dict[str, str]:
    """Write what differs. `loaded` is the instance as it is now, with the version it runs by now.

    `claims` are given back: task id → person. Gives the claims that fell because a task is now another role's.
    """
    fallen = _tasks(uow, loaded, was, now, claims)
    _timers(uow, loaded, was, now)
    _subscriptions(uow, loaded, was, now)
    _jobs(uow, loaded, now)
    _incidents(uow, loaded, was, now)
    return fallen


def _tasks(uow: UnitOfWork, loaded: Loaded, was: Waiting, now: Waiting, claims: Mapping[str, str]) -> dict[str, str]:
    pack = live.pack(uow, loaded.case.program_id, loaded.case.pack)
    before = {task.token_id: task for task in was.tasks}
    after = {task.token_id: task for task in now.tasks}
    fallen: dict[str, str] = {}
    for found in store.user_tasks.open_of_instance(uow, loaded.instance.id):
        if found.token_id not in after:
            continue
        row = store.user_tasks.lock(uow, found.id)
        drawn = _drawn(loaded, row, before[row.token_id], after[row.token_id])
        fresh = _offered(uow, loaded, pack, row, drawn, after[row.token_id], claims.get(row.id))
        if row.assignee_id is not None and fresh.assignee_id != row.assignee_id:
            fallen[row.id] = row.assignee_id
        store.user_tasks.update(uow, fresh)
        if _ladder(fresh) != _ladder(row):
            ladders.rearm(uow, loaded.case, fresh)
    return fallen


def _drawn(loaded: Loaded, row: UserTask, was: OpenTask, task: OpenTask) -> UserTask:
    """The task as the version draws it; what people set since stays, unless the drawing says otherwise now."""
    process, element = task.process_key, task.element_id
    return replace(
        row,
        definition_id=loaded.definition.id,
        process_key=process,
        element_id=element,
        name=task.name,
        form=task.form,
        duty=task.duty,
        participant_id=task.participant,
        priority=row.priority if task.priority == was.priority else task.priority,
        due_at=row.due_at if task.due_at == was.due_at else task.due_at,
        shows=live.attribute(loaded.definition, process, element, "shows"),
        discreet=live.attribute(loaded.definition, process, element, "discreet") == "true",
    )


def _offered(
    uow: UnitOfWork, loaded: Loaded, pack: Pack | None, row: UserTask, drawn: UserTask, task: OpenTask, claim: str | None
) -> UserTask:
    """With role and assignee: a claim stays while the task stays with the same role and participant."""
    role = task.role or (pack.lanes.get(task.lane or "") if pack else None)
    same = (role, drawn.participant_id) == (row.role, row.participant_id)
    kept = replace(drawn, role=role, assignee_id=claim or (row.assignee_id if same else task.assignee))
    return offers.offer(uow, loaded.case, pack, [(kept, task.lane)])[0]


def _ladder(task: UserTask) -> tuple[object, ...]:
    return (task.process_key, task.element_id, task.due_at)


def _timers(uow: UnitOfWork, loaded: Loaded, was: Waiting, now: Waiting) -> None:
    before = {timer.token_id: timer for timer in was.timers}
    after = {timer.token_id: timer for timer in now.timers}
    gone = [token for token, timer in before.items() if token not in after or _row_of(after[token]) != _row_of(timer)]
    fresh = [timer for token, timer in after.items() if token not in before or token in gone]
    store.timers.drop(uow, loaded.instance.id, gone, [])
    store.timers.replace(uow, [projection.timer_row(loaded.instance, timer) for timer in fresh], [])


def _row_of(timer: WaitingTimer) -> tuple[object, ...]:
    return (timer.process_key, timer.element_id, timer.name, timer.due_at, timer.anchor_at, timer.rule)


def _subscriptions(uow: UnitOfWork, loaded: Loaded, was: Waiting, now: Waiting) -> None:
    before = {one.token_id: one for one in was.subscriptions}
    after = {one.token_id: one for one in now.subscriptions}
    gone = [token for token, one in before.items() if token not in after or after[token] != one]
    fresh = [one for token, one in after.items() if token not in before or token in gone]
    if not gone and not fresh:
        return
    since = {row.token_id: row.since for row in store.subscriptions.of_instance(uow, loaded.instance.id)}
    store.subscriptions.drop(uow, loaded.instance.id, gone)
    at = clock.now()
    rows = [projection.subscription_row(loaded.instance, one, since.get(one.token_id, at)) for one in fresh]
    store.subscriptions.replace(uow, rows, [])
    for row in rows:
        if row.kind == EventKind.MESSAGE and _means_another(row, before.get(row.token_id)):
            delivery.deliver_kept(uow, row)


def _means_another(row: Subscription, was: WaitingEvent | None) -> bool:
    return was is None or (was.name, was.correlation) != (row.name, row.correlation)


def _jobs(uow: UnitOfWork, loaded: Loaded, now: Waiting) -> None:
    if not now.jobs:
        return
    drawn = {job.token_id: job for job in now.jobs}
    for row in store.outside_jobs.open_of_instance(uow, loaded.instance.id):
        job = drawn.get(row.token_id)
        if job is not None:
            store.outside_jobs.update(uow, replace(row, process_key=job.process_key, element_id=job.element_id, name=job.name))


def _incidents(uow: UnitOfWork, loaded: Loaded, was: Waiting, now: Waiting) -> None:
    if not was.faults:
        return
    places = {fault.token_id: (fault.process_key, fault.element_id) for fault in now.faults}
    moved = {(fault.process_key, fault.element_id): places[fault.token_id] for fault in was.faults if fault.token_id in places}
    for incident in store.incidents.open_of_instance(uow, loaded.instance.id):
        process, element = moved.get((incident.process_key, incident.element_id), (incident.process_key, incident.element_id))
        if (process, element) != (incident.process_key, incident.element_id):
            store.incidents.update(uow, replace(incident, process_key=process, element_id=element))
