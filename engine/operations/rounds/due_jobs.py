"""Doing one job: deliver a message or signal to one instance or start one by it, or go on with a long turn."""

from __future__ import annotations

from engine import store
from engine.model.access import Actor
from engine.model.errors import TokenGone
from engine.model.instances import Instance, Job
from engine.model.states import InstanceState
from engine.operations import trail, values
from engine.operations.deploying import ladder_changes
from engine.operations.people import programs, walls
from engine.operations.running import crossing, delivery, starts, turns
from engine.operations.telling import surveys
from engine.store import UnitOfWork

_MOVES = (InstanceState.RUNNING, InstanceState.INCIDENT)


def run(uow: UnitOfWork, job: Job) -> None:
    """Do a claimed job in the caller's transaction."""
    actor = programs.system(store.programs.get(uow, job.program_id), via="job")
    payload = job.payload if isinstance(job.payload, dict) else {}
    uow.chain = delivery.chain_of(payload)
    if job.kind == delivery.START:
        starts.by_event(uow, payload)
        return
    if job.kind == ladder_changes.JOB:
        ladder_changes.go_on(uow, actor, payload)
        return
    if job.kind == walls.BEGINS:
        walls.begin(uow, actor, str(payload["wall"]))
        return
    if job.kind == surveys.JOB:
        surveys.go_on(uow, actor, payload)
        return
    if job.kind in (crossing.OVER, crossing.BACK):
        (crossing.over if job.kind == crossing.OVER else crossing.back)(uow, str(payload["row"]))
        return
    loaded = turns.load(uow, job.program_id, str(payload["instance"]))
    if job.kind == delivery.CONTINUE:
        if loaded.instance.state in _MOVES:
            turns.act(uow, actor, loaded, turns.proceed)
    else:
        _deliver(uow, actor, loaded, payload)


def report(uow: UnitOfWork, job: Job, failure: Exception) -> None:
    """A job failed and is tried again: of one that starts an instance, its procedure says so."""
    payload = job.payload if isinstance(job.payload, dict) else {}
    if job.kind == delivery.START:
        starts.report(uow, str(payload["start"]), failure)


def give_up(uow: UnitOfWork, job: Job, failure: Exception) -> None:
    """A job failed for the last time: what waited for it is told."""
    payload = job.payload if isinstance(job.payload, dict) else {}
    if job.kind in (crossing.OVER, crossing.BACK):
        crossing.gave_up(uow, str(payload["row"]))
    report(uow, job, failure)


def _deliver(uow: UnitOfWork, actor: Actor, loaded: turns.Loaded, payload: dict[str, object]) -> None:
    """Give a message or signal to its receiver. Whoever no longer waits: a message goes back to the inbox."""
    token_id, name = str(payload["token"]), str(payload["name"])
    body = payload.get("body")
    if loaded.instance.state not in (*_MOVES, InstanceState.SUSPENDED):
        _again(uow, loaded.instance, payload)
        return
    if loaded.instance.state is InstanceState.SUSPENDED:
        delivery.hold(uow, loaded.instance, payload)
        return
    try:
        turns.act(uow, actor, loaded, lambda execution: execution.deliver(token_id, values.untagged(body)))
    except TokenGone:
        _again(uow, loaded.instance, payload)
        return
    kind = payload["kind"]
    # The element says who may be told of it: one may be discreet.
    taker = {"element_id": payload.get("element"), "process_key": payload.get("process")}
    trail.note(uow, actor, f"{kind}_received", case_id=loaded.case.id, instance_id=loaded.instance.id, name=name, **taker)


def _again(uow: UnitOfWork, instance: Instance, payload: dict[str, object]) -> None:
    """A message whose receiver moved on is for the next one who waits; a signal is over."""
    body = payload.get("body")
    if payload["kind"] == "message" and isinstance(body, dict):
        correlation = str(payload.get("correlation") or "")
        delivery.post(uow, instance.program_id, str(payload["name"]), correlation, body)
