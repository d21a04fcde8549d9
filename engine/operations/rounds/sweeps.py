"""Loops that APScheduler ticks: each with one step a test can call; a lost race is normal; a poison row is pushed
ahead and reported."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from engine import clock, store
from engine.model.errors import Conflict, NotFound, ParleyError
from engine.model.instances import Job, Timer
from engine.model.people import Program
from engine.model.starts import Start
from engine.operations import offers, sealing
from engine.operations.cases import opening_files
from engine.operations.mail import mailing
from engine.operations.people import programs
from engine.operations.rounds import due_jobs, due_timers
from engine.operations.running import outside_calls, starts
from engine.operations.running.outside_calls import Outlets
from engine.store import Store

_log = logging.getLogger(__name__)

#: how far ahead a failing row is pushed, by attempt
BACK_OFF = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
#: races that one timer may lose in a row before somebody is told
RACES = 3
#: how often conditions of start events are looked at while a movable clock is moved
LOOKS = timedelta(hours=1)
#: attempts after which a job is given up (a timer never is)
ATTEMPTS = 10


def run_due(open_store: Store, *, limit: int = 100) -> int:
    """Do all timers, starts and jobs that are due now, each in a transaction of its own; gives how many were done."""
    now = clock.now()
    with open_store.reading() as uow:
        timers = store.timers.due(uow, now, limit)
        wanted = [start for start in store.starts.due(uow, now) if starts.is_wanted(uow, start)]
        jobs = store.jobs.due(uow, now, limit)
    done = sum(run_timer(open_store, timer) for timer in timers)
    done += sum(run_start(open_store, start) for start in wanted)
    return done + sum(run_job(open_store, job) for job in jobs)


def run_timer(open_store: Store, timer: Timer) -> bool:
    """Fire one due timer. False when it was not ours to fire any more, or failed and was pushed ahead."""
    try:
        with open_store.unit_of_work() as uow:
            if store.timers.claim(uow, timer.id, clock.now()) is None:
                return False
            due_timers.fire(uow, timer)
            uow.commit()
    except Exception as failure:  # noqa: BLE001 - whatever it is, one row never stops the loop
        _push_timer(open_store, timer, failure)
        return False
    return True


def _push_timer(open_store: Store, timer: Timer, failure: Exception) -> None:
    """A failing timer goes behind the others and becomes an incident, so that it never stops the loop.

    A race that was lost is no failure, unless it is lost again and again.
    """
    lost = isinstance(failure, Conflict) and timer.attempts < RACES
    if not lost:
        _report("timer", timer.id, failure)
    ahead = clock.now() + BACK_OFF[min(timer.attempts, len(BACK_OFF) - 1)]
    with open_store.unit_of_work() as uow:
        store.timers.push_ahead(uow, timer.id, ahead, timer.attempts + 1)
        if not lost and store.timers.find(uow, timer.id) is not None:
            due_timers.report(uow, timer, failure)
        uow.commit()


def run_start(open_store: Store, start: Start) -> bool:
    """Fire one start event that is due: the instance and what comes next in one transaction.

    False when it was not ours to fire any more, or failed and was pushed ahead.
    """
    try:
        with open_store.unit_of_work() as uow:
            claimed = store.starts.claim(uow, start.id, clock.now())
            if claimed is None:
                return False
            done = starts.fire(uow, claimed)
            uow.commit()
    except Exception as failure:  # noqa: BLE001 - whatever it is, one row never stops the loop
        _push_start(open_store, start, failure)
        return False
    return done


def _push_start(open_store: Store, start: Start, failure: Exception) -> None:
    if not isinstance(failure, Conflict):
        _report("start", start.id, failure)
    ahead = clock.now() + BACK_OFF[min(start.attempts, len(BACK_OFF) - 1)]
    with open_store.unit_of_work() as uow:
        starts.report(uow, start.id, failure, ahead)
        uow.commit()


def run_job(open_store: Store, job: Job) -> bool:
    """Do one due job. False when it was not ours any more, or failed and was pushed ahead."""
    try:
        with open_store.unit_of_work() as uow:
            if not store.jobs.complete(uow, job.id):
                return False
            due_jobs.run(uow, job)
            uow.commit()
    except NotFound as failure:
        _give_up(open_store, job, failure)
        return False
    except Exception as failure:  # noqa: BLE001 - whatever it is, one row never stops the loop
        _push_job(open_store, job, failure)
        return False
    return True


def _push_job(open_store: Store, job: Job, failure: Exception) -> None:
    if not isinstance(failure, Conflict):
        _report("job", job.id, failure)
    if job.attempts + 1 >= ATTEMPTS:
        _give_up(open_store, job, failure)
        return
    ahead = clock.now() + BACK_OFF[min(job.attempts, len(BACK_OFF) - 1)]
    with open_store.unit_of_work() as uow:
        store.jobs.push_ahead(uow, job.id, ahead, job.attempts + 1)
        due_jobs.report(uow, job, failure)
        uow.commit()


def _give_up(open_store: Store, job: Job, failure: Exception) -> None:
    with open_store.unit_of_work() as uow:
        store.jobs.fail(uow, job.id, job.attempts + 1)
        due_jobs.give_up(uow, job, failure)
        uow.commit()


def _report(kind: str, row_id: str, failure: Exception) -> None:
    """Say what failed without any content: messages of our own errors are ours, others only by type."""
    said = failure.message if isinstance(failure, ParleyError) else type(failure).__name__
    _log.error("A %s failed and was pushed ahead.", kind, extra={"row": row_id, "cause": said})


def until_quiet(open_store: Store, outlets: Outlets | None = None, *, rounds: int = 10_000) -> int:
    """Do everything due until nothing is left (sandbox, tests, seeding); gives how many were done.

    With `outlets` also the mail and the outside work that the server does itself.
    """
    total = 0
    for _ in range(rounds):
        done = run_due(open_store) or (outside_calls.run_due(open_store, outlets) + mailing.run_due(open_store, outlets) if outlets else 0)
        total += done
        if done == 0:
            return total
    raise RuntimeError("There is always something due: a procedure goes round in circles.")


def check_nobody(open_store: Store) -> int:
    """Look again which open tasks nobody can do, on cases where that is in doubt; gives how many changed.

    One case a transaction.
    """
    changed = 0
    with open_store.reading() as uow:
        everywhere = [store.user_tasks.doubtful_cases(uow, program.id, clock.now()) for program in store.programs.all(uow)]
        case_ids: frozenset[str] = frozenset().union(*everywhere)
    for case_id in sorted(case_ids):
        with open_store.unit_of_work() as uow:
            fresh = offers.refresh(uow, store.cases.get(uow, case_id))
            if fresh:
                uow.commit()
        changed += fresh
    return changed


def seal_chains(open_store: Store) -> int:
    """Seal the heads of each program's case chains into the program's chain; gives how many programs had news."""
    sealed = 0
    with open_store.reading() as uow:
        found: tuple[Program, ...] = store.programs.all(uow)
    for program in found:
        with open_store.unit_of_work() as uow:
            if sealing.seal(uow, programs.system(program)):
                uow.commit()
                sealed += 1
    return sealed


def forget_files(open_store: Store) -> int:
    """Drop files that were chosen for cases which nobody opened; gives how many."""
    with open_store.reading() as uow:
        if not opening_files.are_old(uow):
            return 0
    with open_store.unit_of_work() as uow:
        dropped = opening_files.forget(uow)
        uow.commit()
    return dropped


def next_due_at(open_store: Store, outlets: Outlets | None = None) -> datetime | None:
    """When the next timer, start or job is due; None: nothing will happen by itself, unless a start's condition comes true."""
    with open_store.reading() as uow:
        outside = store.outside_jobs.next_due_at(uow, outside_calls.BUILT_IN) if outlets else None
        mail = store.mails.next_due_at(uow) if outlets else None
        moments = (store.timers.next_due_at(uow), store.starts.next_due_at(uow), store.jobs.next_due_at(uow), outside, mail)
    return min((moment for moment in moments if moment is not None), default=None)


def next_stop(open_store: Store, outlets: Outlets | None = None) -> datetime | None:
    """When a movable clock has to stop: conditions of start events are looked at each hour of the time it is moved."""
    due = next_due_at(open_store, outlets)
    with open_store.reading() as uow:
        if not store.starts.has_conditions(uow):
            return due
    look = clock.now() + LOOKS
    return look if due is None else min(due, look)


def advance(open_store: Store, movable: clock.MovableClock, by: timedelta, outlets: Outlets | None = None) -> None:
    """Move a movable clock forward, stopping at every instant at which something is due, in order."""
    until_quiet(open_store, outlets)
    target = clock.now() + by
    while (due := next_stop(open_store, outlets)) is not None and due <= target:
        movable.advance(max(due - clock.now(), timedelta(0)))
        until_quiet(open_store, outlets)
    movable.advance(max(target - clock.now(), timedelta(0)))
    until_quiet(open_store, outlets)
