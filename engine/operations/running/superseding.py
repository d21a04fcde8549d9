"""Procedures that a deadline rule started about a task end by themselves when the task or its case does (P08: superseded)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from engine import clock, store
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.instances import Instance
from engine.model.states import InstanceState
from engine.operations import trail
from engine.store import UnitOfWork

_ENDED = (InstanceState.COMPLETED, InstanceState.TERMINATED)


def because_done(uow: UnitOfWork, actor: Actor, task_ids: Collection[str], *, but: str | None = None) -> None:
    """The tasks ended, so nobody has to look into them any more. `but`: the instance that is being run just now."""
    for task_id in task_ids:
        for instance in store.instances.of_subject(uow, task_id):
            if instance.id != but:
                _end(uow, actor, instance)


def because_closed(uow: UnitOfWork, actor: Actor, case: Case) -> None:
    """The case closed, so nothing about a single task of it is to be looked into."""
    for instance in store.instances.of_case(uow, case.id):
        if instance.subject_task_id is not None:
            _end(uow, actor, instance)


def _end(uow: UnitOfWork, actor: Actor, instance: Instance) -> None:
    if instance.state in _ENDED:
        return
    clear(uow, instance)
    ended = replace(
        instance,
        state=InstanceState.TERMINATED,
        version=instance.version + 1,
        ended_at=clock.now(),
        end_event="superseded",
        suspended_at=None,
        dead_at=None,
    )
    store.instances.save(uow, ended, instance.version)
    trail.note(
        uow,
        actor,
        "instance_superseded",
        case_id=instance.case_id,
        instance_id=instance.id,
        definition_id=instance.definition_id,
        process_key=instance.key,
    )


def clear(uow: UnitOfWork, instance: Instance) -> None:
    """Cancel whatever is open of an instance: tasks, timers, subscriptions, outside work, incidents."""
    now = clock.now()
    tasks = store.user_tasks.open_of_instance(uow, instance.id)
    store.works.cancel(uow, instance.id, [task.token_id for task in tasks], now)
    store.drafts.delete_of_tasks(uow, [task.id for task in tasks])
    store.files.delete_of_tasks(uow, [task.id for task in tasks])
    store.timers.replace(uow, [], [timer.id for timer in store.timers.of_instance(uow, instance.id)])
    store.subscriptions.replace(uow, [], [one.id for one in store.subscriptions.of_instance(uow, instance.id)])
    store.outside_jobs.cancel_of_instance(uow, instance.id, now)
    for incident in store.incidents.open_of_instance(uow, instance.id):
        store.incidents.resolve(uow, incident.id, now, None)
