"""Answers of any case: what does it wait for, since when, who can move it, what happens next and when?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from engine import access, bpmn, store
from engine.model.access import Actor
from engine.model.execution import Wait, WaitKind
from engine.model.instances import Instance, UserTask
from engine.model.packs import Pack
from engine.model.states import InstanceState
from engine.model.views import Explanation, Next, Waiting, Who
from engine.operations import instances, live, naming, outside_words, surroundings, ties, turns, wording
from engine.operations.discretion import Discretion
from engine.store import UnitOfWork

#: things that are waited for as events attached to something else are ways on, not waits
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
    waiting = [wait for one in running for wait in _waiting(uow, one, names, pack, discretion)]
    coming = (step for one in running for step in _upcoming(uow, one.instance, discretion))
    upcoming = sorted(coming, key=lambda step: step.at)
    zone = store.programs.get(uow, loaded[0].case.program_id).timezone if loaded else "UTC"
    state = _state([one.instance for one in loaded])
    return Explanation(
        state=state,
        sentence=sentence(state, waiting, upcoming, zone),
        since=min((wait.since for wait in waiting), default=None),
        waiting=tuple(waiting),
        upcoming=tuple(upcoming),
    )


def _state(all_of_case: Sequence[Instance]) -> str:
    order = (InstanceState.INCIDENT, InstanceState.RUNNING, InstanceState.SUSPENDED, *_ENDED)
    states = {instance.state for instance in all_of_case}
    return str(next((state for state in order if state in states), InstanceState.COMPLETED))


def _waiting(uow: UnitOfWork, loaded: turns.Loaded, names: naming.Names, pack: Pack | None, discretion: Discretion) -> list[Waiting]:
    """What an instance waits for: tasks first, what nobody can do on top; without what the reader is not to be told."""
    env = surroundings.env(uow, loaded.definition, loaded.case, loaded.instance.id)
    waits = bpmn.waits(live.compiled(uow, loaded.definition), env, loaded.instance.state_blob)
    tasks = {task.token_id: task for task in store.user_tasks.open_of_instance(uow, loaded.instance.id)}
    failed = {(one.process_key, one.element_id): one.message for one in store.incidents.open_of_instance(uow, loaded.instance.id)}
    jobs = outside_words.jobs(uow, loaded.instance, waits)
    zone = store.programs.get(uow, loaded.case.program_id).timezone
    found = []
    for wait in waits:
        task = tasks.get(wait.token_id)
        hidden = discretion.hides_task(task) if task else discretion.hides(loaded.instance.id, wait.process_key, wait.element_id)
        if wait.attached_to is None and not hidden:
            said = of_task(task, names, pack) if task else _of_wait(wait, failed.get((wait.process_key, wait.element_id)))
            if wait.kind is WaitKind.JOB:
                said = outside_words.told(said, wait, jobs.get(wait.token_id), zone)
            elif wait.branches or wait.ways_out:
                said = replace(said, message=_others(wait, loaded, discretion))
            found.append(replace(said, sentence=_alone(said, zone)))
    last = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda one: (one.nobody is None, one.kind != "user_task", one.due_at or last))


def of_task(task: UserTask, names: naming.Names, pack: Pack | None) -> Waiting:
    """A user task as something that is waited for."""
    return Waiting(
        kind="user_task",
        element_id=task.element_id,
        process_key=task.process_key,
        name=task.name,
        since=task.created_at,
        who=_who(task, names, pack),
        due_at=task.due_at,
        task_id=task.id,
        nobody=task.nobody,
    )


def _who(task: UserTask, names: naming.Names, pack: Pack | None) -> tuple[Who, ...]:
    bound = names.participant(task.participant_id)
    if bound is not None and (pack is None or access.is_participants_own(task.role, pack)):
        return (bound,)
    assigned = names.person(task.assignee_id)
    if assigned is not None:
        return (assigned,)
    role = pack.roles.get(task.role or "") if pack else None
    return (Who(None, f"anyone in the role {role.label}" if role else "an administrator", named=False),)


def _of_wait(wait: Wait, failure: str | None) -> Waiting:
    reason = failure if wait.kind is not WaitKind.INCIDENT else None
    if wait.dead:
        reason = "Dead: nothing that can still happen ends this wait."
    return Waiting(
        kind=str(wait.kind),
        element_id=wait.element_id,
        process_key=wait.process_key,
        name=wait.name or wait.event_name or wait.element_id,
        since=wait.since,
        due_at=wait.due_at,
        message=wait.event_name if wait.kind is WaitKind.MESSAGE else wait.message or None,
        nobody=reason,
    )


def _others(wait: Wait, loaded: turns.Loaded, discretion: Discretion) -> str | None:
    """The branches that a join waits for, or the ways out of an event gateway, by name; None when one is not to be told."""
    ids = wait.branches or wait.ways_out
    if discretion.outside or any(discretion.hides(loaded.instance.id, wait.process_key, id) for id in ids):
        return None
    names = [str(live.element(loaded.definition, wait.process_key, id).get("name") or id) for id in ids]
    words = wording.listed([f"“{name}”" for name in names], most=len(names))
    return f"the branches at {words}" if wait.branches else f"the first of {words}"


def _upcoming(uow: UnitOfWork, instance: Instance, discretion: Discretion) -> list[Next]:
    if instance.state is InstanceState.SUSPENDED:
        return []
    hidden = {task.id for task in store.user_tasks.open_of_instance(uow, instance.id) if discretion.hides_task(task)}
    found = [
        Next(one.due_at, one.name, one.element_id)
        for one in store.timers.of_instance(uow, instance.id)
        if not discretion.hides(instance.id, one.process_key, one.element_id) and one.task_id not in hidden
    ]
    # How often the same comes would tell an outside participant how many others are asked still.
    return list(dict.fromkeys(found)) if discretion.outside else found


_WORDS = {
    "timer": "a date",
    "message": "a message",
    "signal": "a signal",
    "condition": "a condition to become true",
    "join": "other branches",
    "event_gateway": "one of several events",
    "incident": "a repair",
}


def sentence(state: str, waiting: Sequence[Waiting], upcoming: Sequence[Next], zone: str) -> str:
    """The first line of a case: what it waits for, since when, who can move it, what comes next."""
    if state == InstanceState.COMPLETED:
        return "Completed; nothing is waited for."
    if state == InstanceState.TERMINATED:
        return "Terminated; nothing is waited for."
    if state == InstanceState.SUSPENDED:
        return "Suspended; nothing moves until somebody resumes it."
    if not waiting:
        return "In progress: the next step is with others."
    parts = [_first(waiting, zone)]
    stuck = next((wait.nobody for wait in waiting if wait.nobody), None)
    if stuck:
        parts.insert(0, stuck)
    if upcoming:
        parts.append(f"Next: {upcoming[0].what or 'a date'}, {wording.moment(upcoming[0].at, zone)}.")
    return " ".join(parts)


def _alone(wait: Waiting, zone: str) -> str:
    """One wait in a sentence of its own."""
    dead = f"{wait.nobody} " if wait.nobody else ""
    due = f" Due {wording.moment(wait.due_at, zone)}." if wait.due_at else ""
    return f"{dead}{_first([wait], zone)}{due}"


def _first(everything: Sequence[Waiting], zone: str) -> str:
    """Tasks and repairs, when there are any: dates and events beside them are told as what comes next."""
    waiting = [wait for wait in everything if wait.kind in ("user_task", "incident")] or everything
    what = wording.listed([_what(wait) for wait in waiting])
    who = wording.listed([who.label for wait in waiting for who in wait.who])
    since = wording.day(min(wait.since for wait in waiting), zone)
    return f"Waits for {what}{f' by {who}' if who else ''} since {since}."


def _what(wait: Waiting) -> str:
    if wait.kind == "user_task":
        return f"“{wait.name}”"
    told = wait.message if wait.kind in (WaitKind.JOB, WaitKind.JOIN, WaitKind.EVENT_GATEWAY) else None
    words = told or _WORDS.get(wait.kind, wait.kind)
    return f"{words} (“{wait.name}”)" if wait.name else words
