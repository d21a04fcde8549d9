"""Walls as they are built and met: by a procedure, by a person, and around the cases of somebody one is kept from.

What a wall hides is decided in `access` and in the queries of lists; here stands only how it comes to be and that
whoever runs into it is written down.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from engine import clock, store
from engine.model.access import Actor
from engine.model.cases import Case, PersonWall, Wall
from engine.model.ids import new_id
from engine.model.instances import Job
from engine.model.states import JobState
from engine.operations import offers, trail
from engine.operations.people import departures
from engine.operations.scope import within
from engine.store import UnitOfWork

#: further tries within this time of one that was written down say nothing new, so that they cannot fill the trail
QUIET = timedelta(minutes=1)
MET = "wall_met"
#: the job that ends what somebody holds of a case on the day on which a wall begins
BEGINS = "wall-begins"


def build(
    uow: UnitOfWork,
    actor: Actor,
    case: Case,
    person_id: str,
    reason: str,
    *,
    instance_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    between: PersonWall | None = None,
) -> Wall:
    """Keep a person from a case, now or from a moment to come; what they held of it ends then.

    `between`: the wall between people that this one follows from.
    """
    now = clock.now()
    begins = now if since is None else max(now, since)
    wall = Wall(
        id=new_id(now),
        program_id=case.program_id,
        case_id=case.id,
        person_id=person_id,
        reason=reason,
        at=begins,
        cleared_at=until,
        by_id=None if instance_id else actor.person_id or None,
        person_wall_id=between.id if between else None,
    )
    store.walls.insert(uow, wall)
    later: dict[str, object] = {"since": begins.isoformat()} if begins > now else {}
    trail.note(uow, actor, "wall_added", case_id=case.id, instance_id=instance_id, wall=wall.id, person=person_id, reason=reason, **later)
    if begins > now:
        key = f"{BEGINS}/{wall.id}"
        # Not a job of the case: resuming one of its procedures would wake it.
        store.jobs.insert(uow, Job(new_id(now), case.program_id, None, BEGINS, key, {"wall": wall.id}, begins, 0, JobState.AVAILABLE, now))
    else:
        _leave(uow, actor, case, wall)
    return wall


def begin(uow: UnitOfWork, actor: Actor, wall_id: str) -> None:
    """The moment has come from which a wall was to stand; nothing when it was taken down before."""
    wall = store.walls.get(uow, wall_id)
    if wall.cleared_at is None or wall.cleared_at > clock.now():
        case = store.cases.get(uow, wall.case_id)
        _leave(uow, actor, case, wall)
        offers.refresh(uow, case)


def _leave(uow: UnitOfWork, actor: Actor, case: Case, wall: Wall) -> None:
    for one in store.participants.of_case(uow, case.id):
        if one.person_id == wall.person_id:
            departures.leave_case(uow, actor, case, one)


def follow(uow: UnitOfWork, actor: Actor, case: Case, other_id: str) -> None:
    """Somebody joins a case: whoever is kept from them is kept from the case from now on."""
    for between in store.walls.against(uow, other_id):
        known = any(one.person_wall_id == between.id for one in store.walls.of_case(uow, case.id))
        if not known and not store.walls.is_walled(uow, case.id, between.person_id):
            build(uow, actor, case, between.person_id, between.reason, since=between.at, until=between.cleared_at, between=between)


def met(uow: UnitOfWork, actor: Actor, case_id: str, what: str) -> bool:
    """Write down that somebody tried to reach a case they are kept from; whether it was (see `QUIET`).

    `what` is the code of the act. It stands in the case's own trail, which they cannot read.
    """
    case = within(actor.program_id, store.cases.get(uow, case_id))
    last = store.audit.list_(uow, case.program_id, case_id=case.id, event=MET, newest_first=True, limit=20).items
    if any(one.actor_id == actor.person_id and one.at > clock.now() - QUIET for one in last):
        return False
    trail.note(uow, actor, MET, case_id=case.id, tried=what)
    return True
