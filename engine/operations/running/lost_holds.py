"""Holds that ran out without an answer: each was a try, so that a job which kills its workers becomes an incident."""

from __future__ import annotations

from dataclasses import replace

from engine import store
from engine.model.outside import OutsideJob
from engine.operations.people import programs
from engine.operations.running import outside_answers
from engine.store import UnitOfWork

#: the error code of a try that ended without an answer
CODE = "hold-lost"


def counted(uow: UnitOfWork, job: OutsideJob) -> OutsideJob | None:
    """A job that is about to be taken, with the try that its last taker lost; None: that was the last one, it is an incident now."""
    if job.lock_owner is None:
        return job
    if job.retries_left > 1:
        return replace(job, retries_left=job.retries_left - 1, error_code=CODE)
    system = programs.system(store.programs.get(uow, job.program_id))
    told = (
        f"The outside work “{job.type}” was given up: it was taken and not answered in time, and its {job.retries} "
        f"{'try is' if job.retries == 1 else 'tries are'} used up. See why its worker stops, then try again."
    )
    outside_answers.failed(uow, system, job, CODE, str(job.body.get("note") or ""), told=told, retries_left=0)
    return None
