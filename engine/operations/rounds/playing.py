"""What a script that plays many cases in virtual time needs: what waits in a case, who takes part, and what is due.

Everything here happens in the caller's transaction, so that a script may put many acts into one: far fewer commits for
the same rows. What fails is raised, since a script should stop at what people could not have done.
"""

from __future__ import annotations

from datetime import datetime

from engine import clock, store
from engine.model.access import Actor
from engine.model.cases import Participant
from engine.model.instances import UserTask
from engine.model.surveys import Invitation
from engine.operations.rounds import due_jobs, due_timers
from engine.store import UnitOfWork

#: how a participant comes in who has no account
_VIA = "portal"


def waiting(uow: UnitOfWork, case_id: str) -> tuple[UserTask, ...]:
    """The open tasks of a case, oldest first."""
    return tuple(sorted(store.user_tasks.open_of_case(uow, case_id), key=lambda task: (task.created_at, task.id)))


def taking_part(uow: UnitOfWork, case_id: str) -> tuple[Participant, ...]:
    """Everybody who takes part in a case now."""
    return store.participants.of_case(uow, case_id)


def invited(uow: UnitOfWork, case_id: str) -> tuple[Invitation, ...]:
    """The surveys of a case that somebody may still answer."""
    return store.surveys.of_case(uow, case_id)


def as_participant(participant: Participant) -> Actor:
    """A participant acting on their own page, with no account and no role in the program."""
    return Actor(participant.person_id, None, participant.program_id, via=_VIA)


def next_due_at(uow: UnitOfWork) -> datetime | None:
    """When the next timer of a case is due; None: never."""
    return store.timers.next_due_at(uow)


def next_start_at(uow: UnitOfWork) -> datetime | None:
    """When the next procedure starts by itself; None: never."""
    return store.starts.next_due_at(uow)


def do_due(uow: UnitOfWork) -> frozenset[str]:
    """Do once the timers that are due now, and the jobs that this transaction left; gives the cases they were about.

    What becomes due by that is done when called again. Procedures that start by themselves begin no case of a script and
    are left to the server's sweeps, as are jobs that were there before.
    """
    about: set[str] = set()
    now = clock.now()
    for timer in store.timers.due(uow, now):
        if store.timers.claim(uow, timer.id, now) is not None:
            due_timers.fire(uow, timer)
            about.add(timer.case_id)
    while uow.left_jobs:
        uow.left_jobs = False
        for job in store.jobs.due(uow, now):
            if store.jobs.complete(uow, job.id):
                due_jobs.run(uow, job)
                about |= {job.case_id} if job.case_id else set()
    return frozenset(about)
