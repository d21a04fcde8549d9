"""Outside work in a sentence: its type, which try it is, and what it waits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine import clock, store
from engine.language import say
from engine.model.execution import Wait, WaitKind
from engine.model.instances import Instance
from engine.model.outside import OutsideJob, OutsideWait
from engine.model.views import Waiting, Who
from engine.operations import wording
from engine.operations.running.outside_calls import BUILT_IN
from engine.store import UnitOfWork


def jobs(uow: UnitOfWork, instance: Instance, waits: Sequence[Wait]) -> dict[str, OutsideJob]:
    """The open jobs of an instance by token; nothing is asked when it waits for none."""
    if not any(wait.kind is WaitKind.JOB for wait in waits):
        return {}
    return {job.token_id: job for job in store.outside_jobs.open_of_instance(uow, instance.id)}


def listed(job: OutsideWait) -> Waiting:
    """A job as a list tells it."""
    message = say("outside work of type {type}", type=job.type)
    what = _what(job.type, job.name)
    return Waiting("job", job.element_id, job.process_key, job.name, job.since, who=(_who(job.type),), message=message, what=what)


def _what(type: str, name: str) -> str:
    if type in BUILT_IN:
        return say("the server to do “{name}” ({type})", name=name, type=type) if name else say("the server ({type})", type=type)
    return say("a worker of type “{type}” to do “{name}”", name=name, type=type) if name else say("a worker of type “{type}”", type=type)


def _who(type: str) -> Who:
    return Who(None, say("the server") if type in BUILT_IN else say("a worker"), named=False)


def told(waiting: Waiting, wait: Wait, job: OutsideJob | None, zone: str) -> Waiting:
    """The wait with what is known of its job."""
    if job is None:
        message = say("outside work of type {type}", type=wait.event_name)
        return replace(waiting, message=message, what=_what(wait.event_name or "", wait.name))
    paused = job.due_at > clock.now() and not job.is_held(clock.now())
    attempt = say("{item} of {items}", item=min(job.retries - job.retries_left + 1, job.retries), items=job.retries)
    stands = _stands(job, zone)
    return replace(
        waiting,
        message=say("outside work of type {type}, attempt {attempt}, {stands}", type=job.type, attempt=attempt, stands=stands),
        who=(_who(job.type),),
        due_at=job.due_at if paused else None,
        what=say("{what} (try {attempt})", what=_what(job.type, wait.name), attempt=attempt),
        stands=f"{stands[:1].upper()}{stands[1:]}.",
    )


def _stands(job: OutsideJob, zone: str) -> str:
    now = clock.now()
    if job.is_held(now):
        return say("taken until {moment}", moment=wording.moment(job.due_at, zone))
    if job.due_at > now:
        return say("next try {moment}", moment=wording.moment(job.due_at, zone))
    if job.attempts == 0:
        return say("not taken yet")
    return say("ready to be tried again")
