"""After a turn: bring the jobs of outside work in line with the tokens that wait for them; one row a token."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from engine import clock, store
from engine.model.cases import Case
from engine.model.execution import OpenJob, Turn
from engine.model.ids import new_id
from engine.model.instances import Instance
from engine.model.outside import OutsideJob, OutsideState
from engine.operations import values
from engine.store import UnitOfWork


def project(uow: UnitOfWork, instance: Instance, case: Case, turn: Turn) -> None:
    """New jobs become available, those made anew by a retry too; those whose token is gone are cancelled."""
    before = {job.token_id: job for job in store.outside_jobs.open_of_instance(uow, instance.id)}
    now = {job.token_id: job for job in turn.jobs}
    stopped = {fault.token_id for fault in turn.faults}
    at = clock.now()
    store.outside_jobs.insert_many(uow, [_row(instance, case, job, at) for token, job in now.items() if token not in before])
    for token, row in before.items():
        if token in now and row.state is OutsideState.FAILED:
            store.outside_jobs.update(uow, _anew(row, now[token], at))
        elif token in stopped and row.state is OutsideState.AVAILABLE:
            store.outside_jobs.update(uow, replace(row, state=OutsideState.FAILED, retries_left=0, lock_owner=None, locked_until=None))
        elif token not in now and token not in stopped:
            store.outside_jobs.update(uow, replace(row, state=OutsideState.CANCELLED, ended_at=at))


def _row(instance: Instance, case: Case, job: OpenJob, at: datetime) -> OutsideJob:
    return OutsideJob(
        id=new_id(at),
        program_id=instance.program_id,
        case_id=instance.case_id,
        instance_id=instance.id,
        pack=case.pack,
        token_id=job.token_id,
        process_key=job.process_key,
        element_id=job.element_id,
        name=job.name,
        type=job.type,
        state=OutsideState.AVAILABLE,
        retries=job.retries,
        retries_left=job.retries,
        attempts=0,
        backoff=" ".join(f"{pause.total_seconds():g}" for pause in job.backoff),
        timeout=round(job.timeout.total_seconds()),
        due_at=at,
        created_at=at,
        body={"inputs": values.tagged(job.inputs)},
    )


def _anew(row: OutsideJob, job: OpenJob, at: datetime) -> OutsideJob:
    """The same work with fresh tries and with inputs worked out again; it keeps its id, so that a receiver can tell."""
    return replace(
        row,
        state=OutsideState.AVAILABLE,
        retries=job.retries,
        retries_left=job.retries,
        due_at=at,
        body={"inputs": values.tagged(job.inputs)},
        lock_owner=None,
        lock_person=None,
        locked_until=None,
        error_code=None,
    )
