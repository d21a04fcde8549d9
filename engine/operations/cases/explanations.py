"""Answers of any case: what does it wait for, since when, who can move it, what happens next and when?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from engine import access, bpmn, store
from engine.language import say
from engine.model.access import Actor
from engine.model.execution import Wait, WaitKind
from engine.model.instances import Instance, UserTask
from engine.model.packs import Pack
from engine.model.states import InstanceState
from engine.model.views import Explanation, Next, Waiting, Who
from engine.operations import live, naming, nobody, ties, wording
from engine.operations.cases import outside_words, told_waits
from engine.operations.discretion import Discretion
from engine.operations.running import instances, surroundings, turns
from engine.operations.tasks import suspensions
from engine.operations.words import due_words, wait_words
from engine.store import UnitOfWork

_ENDED = (InstanceState.COMPLETED, InstanceState.TERMINATED)


def explain(uow: UnitOfWork, actor: Actor, instance_id: str) -> Explanation:
    """The explanation of one instance, for who may see its case."""
    instance = instances.get(uow, actor, instance_id)
    loaded = turns.load(uow, actor.program_id, instance.id)
    pack = live.pack(uow, actor.program_id, loaded.case.pack)
    subject = ties.to_case(uow, actor, loaded.case)
    names = naming.Names(uow, actor, loaded.case, subject, pack)
    return whole(uow, [loaded], names, pack, Discretion(uow, actor, loaded.case, subject, pack))


def whole(uow: UnitOfWork, loaded: Sequence[turns.Loaded], names: naming.Names, pack: Pack | None, discretion: Discretion) -> Explanation:
    """The explanation of all instances of a case together, without what the reader must not learn of."""
    running = [one for one in loaded if one.instance.state not in _ENDED]
    standing = [(one, _named(_standing(uow, one), pack)) for one in running]
    waiting = [wait for one, waits in standing for wait in _waiting(uow, one, waits, names, pack, discretion)]
    coming = (step for one in running for step in _upcoming(uow, one.instance, pack, discretion))
    upcoming = sorted(coming, key=lambda step: step.at)
    zone = store.programs.get(uow, loaded[0].case.program_id).timezone if loaded else "UTC"
    state = _state([one.instance for one in loaded])
    suspended = _suspended(uow, running, names, zone) if state == InstanceState.SUSPENDED else ""
    partly = any(one.state is InstanceState.SUSPENDED and not discretion.hides_whole(one.id) for one in (each.instance for each in running))
    return Explanation(
        state=state,
        sentence=wait_words.sentence(state, waiting, upcoming, zone, suspended, partly=partly),
        since=min((wait.since for wait in waiting), default=None),
        waiting=tuple(waiting),
        upcoming=tuple(upcoming),
        also=tuple(also for one, waits in standing for also in told_waits.also(one, waits, pack, discretion)),
    )


def _named(waits: Sequence[Wait], pack: Pack | None) -> list[Wait]:
    """The waits with what diagrams call them in the reader's language."""
    return [replace(wait, name=wording.of_pack(pack, wait.name)) if wait.name else wait for wait in waits]


def _state(all_of_case: Sequence[Instance]) -> str:
    order = (InstanceState.INCIDENT, InstanceState.RUNNING, InstanceState.SUSPENDED, *_ENDED)
    states = {instance.state for instance in all_of_case}
    return str(next((state for state in order if state in states), InstanceState.COMPLETED))


def _suspended(uow: UnitOfWork, running: Sequence[turns.Loaded], names: naming.Names, zone: str) -> str:
    """That it is suspended: by whom, as the reader may name them, and since when; empty when that is not known."""
    first = min(running, key=lambda one: one.instance.suspended_at or datetime.max.replace(tzinfo=UTC))
    found = suspensions.last(uow, first.case.program_id, first.instance.id)
    who = names.person(found.actor_id) if found else None
    at = first.instance.suspended_at
    if who and at:
        return say("Suspended by {who} since {day}; nothing moves until somebody resumes it.", who=who.label, day=wording.day(at, zone))
    if at:
        return say("Suspended since {day}; nothing moves until somebody resumes it.", day=wording.day(at, zone))
    return ""


def _standing(uow: UnitOfWork, loaded: turns.Loaded) -> tuple[Wait, ...]:
    env = surroundings.env(uow, loaded.definition, loaded.case, loaded.instance.id)
    return bpmn.waits(live.compiled(uow, loaded.definition), env, loaded.instance.state_blob)


def _waiting(
    uow: UnitOfWork,
    loaded: turns.Loaded,
    waits: Sequence[Wait],
    names: naming.Names,
    pack: Pack | None,
    discretion: Discretion,
) -> list[Waiting]:
    """What an instance waits for: tasks first, what nobody can do on top; without what the reader is not to be told."""
    tasks = {task.token_id: task for task in store.user_tasks.open_of_instance(uow, loaded.instance.id)}
    failed = {(one.process_key, one.element_id): one.message for one in store.incidents.open_of_instance(uow, loaded.instance.id)}
    jobs = outside_words.jobs(uow, loaded.instance, waits)
    zone = store.programs.get(uow, loaded.case.program_id).timezone
    told = told_waits.Told(loaded, waits, pack, discretion, zone)
    found = []
    for wait in waits:
        task = tasks.get(wait.token_id)
        hidden = discretion.hides_task(task) if task else discretion.hides(loaded.instance.id, wait.process_key, wait.element_id)
        if wait.interrupting is None and not hidden:
            said = of_task(task, names, pack) if task else told.of(wait, failed.get((wait.process_key, wait.element_id)))
            if wait.kind is WaitKind.JOB:
                said = outside_words.told(said, wait, jobs.get(wait.token_id), zone)
            if discretion.outside:
                said = replace(said, about=None)
            elif wait.turn is not None:
                said = replace(said, item=wait.turn[0], items=wait.turn[1])
            found.append(replace(said, sentence=wait_words.alone(said, zone)))
    last = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda one: (one.nobody is None, one.kind != "user_task", one.due_at or last))


def of_task(task: UserTask, names: naming.Names, pack: Pack | None) -> Waiting:
    """A user task as something that is waited for."""
    who, bound = _who(task, names, pack), names.participant(task.participant_id)
    return Waiting(
        kind="user_task",
        element_id=task.element_id,
        process_key=task.process_key,
        name=wording.of_pack(pack, task.name),
        since=task.created_at,
        who=who,
        due_at=task.due_at,
        task_id=task.id,
        nobody=nobody.told(task.nobody, pack),
        instance_id=task.instance_id,
        calendar=due_words.calendar_of(pack, task.due_calendar),
        about=bound if bound not in who else None,
    )


def _who(task: UserTask, names: naming.Names, pack: Pack | None) -> tuple[Who, ...]:
    bound = names.participant(task.participant_id)
    if bound is not None and (pack is None or access.is_participants_own(task.role, pack)):
        return (bound,)
    assigned = names.person(task.assignee_id)
    if assigned is not None:
        return (assigned,)
    role = pack.roles.get(task.role or "") if pack else None
    return (Who(None, say("anyone in the role {role}", role=role.label) if role else say("an administrator"), named=False),)


def _upcoming(uow: UnitOfWork, instance: Instance, pack: Pack | None, discretion: Discretion) -> list[Next]:
    if instance.state is InstanceState.SUSPENDED:
        return []
    hidden = {task.id for task in store.user_tasks.open_of_instance(uow, instance.id) if discretion.hides_task(task)}
    found = [
        Next(one.due_at, wording.of_timer(pack, one.name), one.element_id)
        for one in store.timers.of_instance(uow, instance.id)
        if not discretion.hides(instance.id, one.process_key, one.element_id) and one.task_id not in hidden
    ]
    # How often the same comes would tell an outside participant how many others are asked still.
    return list(dict.fromkeys(found)) if discretion.outside else found
