"""Processes that start by themselves: which start events wait, and an instance when their time or event comes.

Only the newest active version of a process waits (rows in `store.starts`). A start event that says the same as in the
version before goes on as it was, so that deploying does not begin a week anew, nor repeat what happened once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from engine import bpmn, clock, store
from engine.bpmn import starting
from engine.model.deployments import Definition, Deployment
from engine.model.errors import Conflict, Invalid, code_of, said
from engine.model.execution import Value
from engine.model.ids import new_id
from engine.model.instances import Instance
from engine.model.starts import Plan, Start, StartEvent, StartKind, StartState
from engine.operations import bundles, live, trail, values
from engine.operations.people import programs
from engine.operations.running import instances, numbering
from engine.store import UnitOfWork

#: races that one start may lose in a row before somebody is told
RACES = 3
_VIA = {
    StartKind.TIMER: "timer",
    StartKind.CONDITIONAL: "condition",
    StartKind.SIGNAL: "signal",
    StartKind.MESSAGE: "message",
}


def renew(uow: UnitOfWork, deployment: Deployment, keys: Collection[str]) -> None:
    """After a deployment became active: its processes' newest versions wait, and those that left its pack no longer."""
    for key in sorted(keys):
        definition = store.definitions.latest(uow, deployment.program_id, key)
        if definition is not None:
            _arm(uow, definition)
    if deployment.pack is not None:
        active = store.deployments.active_pack(uow, deployment.program_id, deployment.pack)
        if active is not None and active.id == deployment.id:
            store.starts.drop_others(uow, deployment.program_id, deployment.pack, keys)


def renew_approved(uow: UnitOfWork, deployment: Deployment) -> None:
    """As `renew`, for a deployment whose files were read when it was sent."""
    files = {row.name: row.content for row in store.resources.of_deployment(uow, deployment.id)}
    renew(uow, deployment, bundles.process_keys(files, executable=True))


def _arm(uow: UnitOfWork, definition: Definition) -> None:
    before = {row.element_id: row for row in store.starts.of_process(uow, definition.program_id, definition.key)}
    if any(row.definition_id == definition.id for row in before.values()):
        return
    events = [event for event in bpmn.starts(definition.normalised, definition.key) if event.kind is not StartKind.NONE]
    rows = [_row(definition, event, before.get(event.element_id)) for event in events]
    store.starts.replace(uow, rows, [row.id for row in before.values()])


def _row(definition: Definition, event: StartEvent, before: Start | None) -> Start:
    now = clock.now()
    fresh = Start(
        id=new_id(now),
        program_id=definition.program_id,
        definition_id=definition.id,
        pack=definition.pack,
        process_key=definition.key,
        element_id=event.element_id,
        kind=event.kind,
        name=event.name,
        rule=event.rule,
        resolved=None,
        state=StartState.WAITING,
        since=now,
    )
    if event.kind is StartKind.TIMER:
        fresh = _timed(fresh, event, live.settings(definition))
    if before is None or _meaning(before) != _meaning(fresh):
        return fresh
    due_at = before.due_at if before.kind is StartKind.TIMER else None
    return replace(before, definition_id=definition.id, pack=definition.pack, due_at=due_at, attempts=0, problem=None)


def _meaning(start: Start) -> tuple[object, ...]:
    return start.kind, start.name, start.rule, start.resolved


def _timed(start: Start, event: StartEvent, settings: Mapping[str, Value]) -> Start:
    try:
        return _planned(start, starting.plan(event, settings, start.since))
    except ValueError as wrong:
        # It gave a time when it was checked; waiting for approval, time went by.
        return replace(start, state=StartState.SPENT, problem=str(wrong))


def _planned(start: Start, plan: Plan | None) -> Start:
    if plan is None:
        return replace(start, state=StartState.SPENT, due_at=None, resolved=start.resolved or start.rule)
    return replace(start, resolved=plan.rule, anchor_at=plan.anchor_at, due_at=plan.due_at, remaining=plan.remaining, step=plan.step)


def is_wanted(uow: UnitOfWork, start: Start) -> bool:
    """Whether firing a due start would do anything: of conditions only one that changed, or that cannot be looked at."""
    if start.kind is not StartKind.CONDITIONAL:
        return True
    try:
        return _holds(uow, start) != start.held
    except Invalid:
        return True


def _holds(uow: UnitOfWork, start: Start) -> bool:
    settings = live.settings(store.definitions.get(uow, start.definition_id))
    try:
        return starting.holds(start.rule or "", settings, clock.now())
    except ValueError as wrong:
        raise Invalid(str(wrong)) from wrong


def fire(uow: UnitOfWork, start: Start) -> bool:
    """Do what a claimed timer or condition is for, in the caller's transaction; whether an instance was started.

    Missed occurrences of a timer collapse into this one. A condition starts when it becomes true.
    """
    now = clock.now()
    done = replace(start, attempts=0, problem=None)
    if start.kind is StartKind.CONDITIONAL:
        done = replace(done, held=_holds(uow, start), due_at=None)
        begins = done.held and not start.held
    else:
        assert start.anchor_at is not None
        assert start.due_at is not None
        plan = Plan(start.resolved or "", start.anchor_at, start.due_at, start.remaining, start.step)
        done = _planned(done, starting.following(plan, now))
        begins = True
    if begins:
        _begin(uow, start.definition_id, start.element_id, start.kind, {})
        done = replace(done, last_at=now)
    store.starts.update(uow, done)
    return begins


def by_event(uow: UnitOfWork, payload: Mapping[str, object]) -> Instance:
    """A signal or message starts an instance of the version that waited for it when it came (`delivery.start_later`)."""
    waiting = store.starts.find(uow, str(payload["start"]))
    if waiting is not None and waiting.problem is not None:
        store.starts.update(uow, replace(waiting, attempts=0, problem=None))
    case_id = payload.get("case")
    body = values.untagged(payload.get("body"))
    kind = StartKind(str(payload["kind"]))
    return _begin(uow, str(payload["definition"]), str(payload["element"]), kind, body, str(case_id) if case_id else None)


def _begin(
    uow: UnitOfWork, definition_id: str, element_id: str, kind: StartKind, variables: Mapping[str, Value], case_id: str | None = None
) -> Instance:
    definition = store.definitions.get(uow, definition_id)
    actor = programs.system(store.programs.get(uow, definition.program_id), via=_VIA[kind])
    if case_id is not None:
        case = store.cases.get(uow, case_id)
    else:
        case = numbering.open_case(uow, actor, live.pack(uow, definition.program_id, definition.pack), definition.program_id)
    return instances.begin(uow, actor, definition, case, variables, start=element_id, by=_VIA[kind])


def report(uow: UnitOfWork, start_id: str, failure: Exception, again_at: datetime | None = None) -> None:
    """Say at its procedure that a start failed, and in the trail when it is the first time; it is tried again by itself.

    A race that was lost is no failure, unless it is lost again and again.
    """
    start = store.starts.find(uow, start_id)
    if start is None:
        return
    lost = isinstance(failure, Conflict) and start.attempts < RACES
    store.starts.fail(uow, start.id, None if lost else said(failure), again_at)
    if not lost and start.problem is None:
        trail.note(
            uow,
            programs.system(store.programs.get(uow, start.program_id), via=_VIA[start.kind]),
            "start_failed",
            definition_id=start.definition_id,
            process_key=start.process_key,
            element_id=start.element_id,
            details={"by": _VIA[start.kind], "cause": code_of(failure)},
        )
