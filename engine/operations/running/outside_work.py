"""Outside work for workers in any language: fetch and lock, extend, complete, fail, BPMN error (over REST)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta

from engine import access, clock, store
from engine.language import say
from engine.model.access import Actor, Subject
from engine.model.errors import BadRequest, FieldError, Invalid, JobEnded, JobNotHeld, NotFound
from engine.model.lists import Page
from engine.model.outside import HELD, OutsideJob, OutsideState
from engine.model.packs import Act
from engine.operations import live, values
from engine.operations.running import lost_holds, outside_answers
from engine.operations.running.outside_calls import BUILT_IN
from engine.operations.scope import within
from engine.store import UnitOfWork

#: what a list can be asked for
STATES = (*(str(state) for state in OutsideState), HELD)
#: most jobs taken at once
MOST = 100
#: longest that a worker may hold a job at a time
LONGEST = timedelta(days=31)


def fetch(
    uow: UnitOfWork, actor: Actor, worker: str, types: Collection[str], *, most: int = 10, hold: timedelta | None = None
) -> tuple[OutsideJob, ...]:
    """Take jobs of some types for a worker, the longest due first. Nobody else gets them until the hold ends.

    A hold that ran out counts as a try; a job whose last try went so is no longer given out but becomes an incident.
    `hold` is the job's own timeout unless it is given. Raises Forbidden, Invalid.
    """
    _require_types(types)
    allowed = _packs(uow, actor)
    now = clock.now()
    walls = store.walls.of_person(uow, actor.program_id, actor.person_id)
    found = store.outside_jobs.to_take(
        uow, types, now, min(most, MOST), program_id=actor.program_id, packs=allowed, not_case_ids=walls
    )
    left = (lost_holds.counted(uow, job) for job in found)
    return tuple(take(uow, job, worker, actor.person_id, hold) for job in left if job is not None)


def take(uow: UnitOfWork, job: OutsideJob, worker: str, person_id: str, hold: timedelta | None) -> OutsideJob:
    """Let a worker hold a job from now on."""
    until = clock.now() + (timedelta(seconds=job.timeout) if hold is None else hold)
    taken = replace(job, lock_owner=worker, lock_person=person_id, locked_until=until, due_at=until, attempts=job.attempts + 1)
    store.outside_jobs.update(uow, taken)
    return taken


def extend(uow: UnitOfWork, actor: Actor, job_id: str, worker: str, hold: timedelta) -> OutsideJob:
    """Hold a job until some time from now. Raises NotFound, JobNotHeld, JobEnded."""
    job = _held(uow, actor, job_id, worker)
    until = clock.now() + hold
    extended = replace(job, locked_until=until, due_at=until)
    store.outside_jobs.update(uow, extended)
    return extended


def complete(uow: UnitOfWork, actor: Actor, job_id: str, worker: str, variables: Mapping[str, object]) -> OutsideJob:
    """The work is done; what the diagram's output mapping names becomes variables. The same worker may say so twice.

    Raises NotFound, JobNotHeld, JobEnded, NotRunning, Invalid.
    """
    job = _seen(uow, actor, job_id)
    if job.state is OutsideState.COMPLETED and job.lock_owner == worker and job.lock_person == actor.person_id:
        return job
    return outside_answers.completed(uow, actor, _require_held(job, actor, worker), values.from_plain(variables))


def fail(
    uow: UnitOfWork,
    actor: Actor,
    job_id: str,
    worker: str,
    *,
    code: str,
    message: str = "",
    retries_left: int | None = None,
    pause: timedelta | None = None,
) -> OutsideJob:
    """It could not be done: another try after a pause, or an incident when no tries are left.

    `code` is shown to people and may hold no content; `message` is kept sealed with the job. Raises as `complete`.
    """
    job = _held(uow, actor, job_id, worker)
    return outside_answers.failed(uow, actor, job, code, message, retries_left=retries_left, pause=pause)


def bpmn_error(uow: UnitOfWork, actor: Actor, job_id: str, worker: str, code: str) -> OutsideJob:
    """The work met an error that the diagram knows; nobody catching it, it is an incident. Raises as `complete`."""
    return outside_answers.errored(uow, actor, _held(uow, actor, job_id, worker), code)


def get(uow: UnitOfWork, actor: Actor, job_id: str) -> OutsideJob:
    """One job, for who may work it."""
    return _seen(uow, actor, job_id)


def list_(
    uow: UnitOfWork,
    actor: Actor,
    *,
    state: str | None = None,
    type: str | None = None,
    instance: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[OutsideJob]:
    """Jobs, newest first, for who may work them. Raises Forbidden, BadRequest."""
    allowed = _packs(uow, actor)
    if state is not None and state not in STATES:
        raise BadRequest(f"state is one of: {', '.join(STATES)}.")
    open_ = state in (OutsideState.AVAILABLE, HELD)
    return store.outside_jobs.list_(
        uow,
        actor.program_id,
        packs=allowed,
        not_case_ids=store.walls.of_person(uow, actor.program_id, actor.person_id),
        state=OutsideState.AVAILABLE if open_ else OutsideState(state) if state else None,
        held=state == HELD if open_ else None,
        now=clock.now(),
        type=type,
        instance_id=instance,
        cursor=cursor,
        limit=limit,
    )


def _require_types(types: Collection[str]) -> None:
    built_in = sorted(set(types) & set(BUILT_IN))
    if built_in:
        message = f"The server itself does {' and '.join(built_in)}; ask for types of your own."
        raise Invalid(message, (FieldError("/types", "built-in", message),))


def _packs(uow: UnitOfWork, actor: Actor) -> frozenset[str] | None:
    """Packs whose jobs the actor may work; None: all, and those of definitions without a pack. Raises Forbidden for none."""
    live.require_program_act(uow, actor, Act.JOB_WORK)
    if actor.administrator:
        return None
    subject = Subject("program", actor.program_id)
    return frozenset(pack.key for pack in live.all_packs(uow, actor.program_id) if access.may(actor, Act.JOB_WORK, subject, pack).allowed)


def _seen(uow: UnitOfWork, actor: Actor, job_id: str) -> OutsideJob:
    allowed = _packs(uow, actor)
    job = store.outside_jobs.lock(uow, job_id) if uow.writes else store.outside_jobs.find(uow, job_id)
    if job is None or (allowed is not None and job.pack not in allowed):
        raise NotFound(say("There is no such job."))
    if store.walls.is_walled(uow, job.case_id, actor.person_id):
        raise NotFound(say("There is no such job."), walled=job.case_id)
    return within(actor.program_id, job)


def _held(uow: UnitOfWork, actor: Actor, job_id: str, worker: str) -> OutsideJob:
    return _require_held(_seen(uow, actor, job_id), actor, worker)


def _require_held(job: OutsideJob, actor: Actor, worker: str) -> OutsideJob:
    """A hold that ran out still counts until another worker takes the job: no work is thrown away without need."""
    match job.state:
        case OutsideState.CANCELLED:
            raise JobEnded("The procedure moved on and no longer waits for this; drop the work and undo it if it had effects.")
        case OutsideState.FAILED:
            raise JobEnded("This job used up its tries; somebody has to look at the incident and retry it. Then fetch it again.")
        case OutsideState.COMPLETED | OutsideState.ERRORED:
            raise JobEnded
    if job.lock_owner != worker or job.lock_person != actor.person_id:
        raise JobNotHeld
    return job
