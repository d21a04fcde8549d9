"""Answers of outside work: done, failed, or a BPMN error. Each moves the procedure in the answer's own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from engine import clock, packs, store
from engine.model.access import Actor
from engine.model.errors import NotRunning
from engine.model.execution import Value
from engine.model.outside import OutsideJob, OutsideState
from engine.model.states import InstanceState
from engine.operations import live, trail, values
from engine.operations.running import turns
from engine.store import UnitOfWork

_MOVES = (InstanceState.RUNNING, InstanceState.INCIDENT)


def completed(uow: UnitOfWork, actor: Actor, job: OutsideJob, answer: Mapping[str, Value], *, record: object = None) -> OutsideJob:
    """The work is done: its output mapping makes variables of the answer, which have to be what the pack declares.

    `record` is kept sealed with the job. Raises Invalid with paths, NotRunning.
    """
    loaded = _loaded(uow, job)
    pack = live.pack(uow, job.program_id, loaded.case.pack)

    def typed(found: Mapping[str, Value]) -> Mapping[str, Value]:
        return found if pack is None else packs.typed_variables(pack, values.plain(found))

    body = {**job.body, "record": record} if record is not None else job.body
    done = _ended(job, OutsideState.COMPLETED, None, body)
    store.outside_jobs.update(uow, done)
    _note(uow, actor, job, "job_completed")
    turns.act(uow, actor, loaded, lambda execution: execution.complete_job(job.token_id, answer, typed))
    return done


def failed(
    uow: UnitOfWork,
    actor: Actor,
    job: OutsideJob,
    code: str,
    note: str,
    *,
    told: str | None = None,
    retries_left: int | None = None,
    pause: timedelta | None = None,
) -> OutsideJob:
    """It failed: it is tried again after a pause while tries are left, then it is an incident that says `told`.

    `code` is shown, `note` is kept sealed with the job; `told` holds nothing of the work. Raises NotRunning.
    """
    left = max(job.retries_left - 1, 0) if retries_left is None else retries_left
    after = clock.now() + (job.pause() if pause is None else pause)
    body = {**job.body, "note": note}
    freed = replace(job, retries_left=left, due_at=after, error_code=code, body=body, lock_owner=None, lock_person=None, locked_until=None)
    store.outside_jobs.update(uow, freed)
    _note(uow, actor, job, "job_failed", code=code, retries_left=left)
    if left == 0:
        why = told or f"The outside work “{job.type}” was given up ({code})."
        turns.act(uow, actor, _loaded(uow, job), lambda execution: execution.fail_job(job.token_id, why))
    return store.outside_jobs.find(uow, job.id) or freed


def errored(uow: UnitOfWork, actor: Actor, job: OutsideJob, code: str) -> OutsideJob:
    """A BPMN error: the boundary event that catches it goes on; one that nobody catches is an incident. Raises NotRunning."""
    loaded = _loaded(uow, job)
    _note(uow, actor, job, "job_errored", code=code)
    turns.act(uow, actor, loaded, lambda execution: execution.throw_error(job.token_id, code, ""))
    after = store.outside_jobs.find(uow, job.id) or job
    if after.state is OutsideState.CANCELLED:
        after = replace(after, state=OutsideState.ERRORED)
    after = replace(after, error_code=code)
    store.outside_jobs.update(uow, after)
    return after


def _ended(job: OutsideJob, state: OutsideState, code: str | None, body: Mapping[str, object]) -> OutsideJob:
    return replace(job, state=state, ended_at=clock.now(), locked_until=None, error_code=code, body=body)


def _loaded(uow: UnitOfWork, job: OutsideJob) -> turns.Loaded:
    loaded = turns.load(uow, job.program_id, job.instance_id)
    if loaded.instance.state not in _MOVES:
        raise NotRunning("This procedure is suspended; answer again when somebody has resumed it.")
    return loaded


def _note(uow: UnitOfWork, actor: Actor, job: OutsideJob, event: str, **details: object) -> None:
    trail.note(
        uow,
        actor,
        event,
        case_id=job.case_id,
        instance_id=job.instance_id,
        process_key=job.process_key,
        element_id=job.element_id,
        details={"job": job.id, "type": job.type, **details},
    )
