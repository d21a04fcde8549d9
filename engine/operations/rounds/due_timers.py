"""Firing one due timer: a timer event of the diagram, or the next rung of a deadline rule."""

from __future__ import annotations

from engine import access, clock, packs, store
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.errors import NotFound, TokenGone, said
from engine.model.ids import new_id
from engine.model.instances import Incident, Timer, UserTask
from engine.model.packs import Pack, RoleKind, Rung, RungAct
from engine.model.states import CaseState, IncidentState, InstanceState, RungState, TimerKind, UserTaskState
from engine.operations import live, trail
from engine.operations.people import programs
from engine.operations.running import instances, ladders, turns
from engine.operations.telling import notices
from engine.store import UnitOfWork


def fire(uow: UnitOfWork, timer: Timer) -> None:
    """Do what a claimed timer is for. A suspended instance keeps its timer for later."""
    actor = programs.system(store.programs.get(uow, timer.program_id), via="timer")
    loaded = turns.load(uow, timer.program_id, timer.instance_id)
    if loaded.instance.state is InstanceState.SUSPENDED:
        return
    if loaded.instance.state not in (InstanceState.RUNNING, InstanceState.INCIDENT):
        store.timers.delete(uow, timer.id)
    elif timer.kind is TimerKind.RUNG:
        _climb(uow, actor, loaded.case, timer)
    else:
        _event(uow, actor, loaded, timer)


def _event(uow: UnitOfWork, actor: Actor, loaded: turns.Loaded, timer: Timer) -> None:
    token_id = timer.token_id or ""
    try:
        turns.act(uow, actor, loaded, lambda execution: execution.fire_timer(token_id))
    except TokenGone:
        store.timers.delete(uow, timer.id)


def _climb(uow: UnitOfWork, actor: Actor, case: Case, timer: Timer) -> None:
    """Let the highest rung due act, record the lower ones as passed over, set the next."""
    task = store.user_tasks.get(uow, timer.task_id or "")
    pack = live.pack(uow, case.program_id, case.pack)
    rule = packs.deadline_rule(pack, task.process_key, task.element_id) if pack else None
    if pack is None or rule is None or task.state is not UserTaskState.OPEN or task.due_at is None:
        store.timers.delete(uow, timer.id)
        return
    passed, acting = ladders.split(rule, task, clock.now(), ladders.done(uow, task), timer.anchor_at)
    rows = [ladders.record(task, rule, rung, RungState.PASSED_OVER, timer.anchor_at) for rung in passed]
    if acting is not None:
        rows.append(ladders.record(task, rule, acting, RungState.FIRED, timer.anchor_at))
    store.rungs.insert_many(uow, rows)
    for row in rows:
        trail.note(
            uow,
            actor,
            f"rung_{row.state}",
            case_id=case.id,
            instance_id=task.instance_id,
            process_key=task.process_key,
            element_id=task.element_id,
            task_id=task.id,
            details={"rule": row.rule, "rung": row.position, "act": row.act},
        )
    ladders.rearm(uow, case, task)
    if acting is not None:
        _act(uow, actor, case, pack, task, acting)


def _act(uow: UnitOfWork, actor: Actor, case: Case, pack: Pack, task: UserTask, rung: Rung) -> None:
    if rung.act is RungAct.START:
        _start(uow, actor, case, task, rung)
        return
    to = rung.to or "assignee"
    people = _assigned(uow, case, pack, task) if to == "assignee" else notices.recipients(uow, case, to)
    for person_id in people:
        notices.send(uow, actor, case, person_id, rung.notice or rung.act, task=task)


def _assigned(uow: UnitOfWork, case: Case, pack: Pack, task: UserTask) -> tuple[str, ...]:
    """Whose task it is: the assignee, the participant it is bound to, or everybody it is offered to."""
    if task.assignee_id is not None:
        return (task.assignee_id,)
    if task.participant_id is not None and access.is_participants_own(task.role, pack):
        return notices.recipients(uow, case, task.participant_id)
    role = pack.roles.get(task.role or "")
    # As in `access`: on a case, a role of kind `both` is held by being given it there.
    kind = "role" if role is not None and role.kind is RoleKind.PROGRAM else "case-role"
    return notices.recipients(uow, case, f"{kind}:{task.role}")


def _start(uow: UnitOfWork, actor: Actor, case: Case, task: UserTask, rung: Rung) -> None:
    """Start a process about the task on the same case, once per task while it runs."""
    if case.state is CaseState.CLOSED:
        return
    definition = store.definitions.latest(uow, case.program_id, rung.process or "")
    if definition is None:
        raise NotFound(f"The deadline rule starts {rung.process}, which is not deployed.")
    variables = {
        "subjectTask": task.id,
        "subjectElement": task.element_id,
        "subjectName": task.name,
        "overdueRung": rung.number,
    }
    instances.begin(uow, actor, definition, case, variables, subject_task_id=task.id)


def report(uow: UnitOfWork, timer: Timer, failure: Exception) -> None:
    """Open an incident for a timer that failed, unless one is open at that element already."""
    known = store.incidents.open_of_instance(uow, timer.instance_id)
    if any(one.element_id == timer.element_id and one.code == "timer-failed" for one in known):
        return
    now = clock.now()
    store.incidents.insert(
        uow,
        Incident(
            id=new_id(now),
            program_id=timer.program_id,
            case_id=timer.case_id,
            instance_id=timer.instance_id,
            process_key=timer.process_key,
            element_id=timer.element_id,
            code="timer-failed",
            message=f"A timer failed and will be tried again: {said(failure)}",
            state=IncidentState.OPEN,
            at=now,
        ),
    )
