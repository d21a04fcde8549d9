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
from engine.operations import trail
from engine.operations.people import departures
from engine.operations.scope import within
from engine.store import UnitOfWork

#: further tries within this time of one that was written down say nothing new, so that they cannot fill the trail
QUIET = timedelta(minutes=1)
MET = "wall_met"


def build(
    uow: UnitOfWork,
    actor: Actor,
    case: Case,
    person_id: str,
    reason: str,
    *,
    instance_id: str | None = None,
    until: datetime | None = None,
    between: PersonWall | None = None,
) -> Wall:
    """Keep a person from a case; what they held of it ends. `between`: the wall between people that this one follows from."""
    now = clock.now()
    wall = Wall(
        id=new_id(now),
        program_id=case.program_id,
        case_id=case.id,
        person_id=person_id,
        reason=reason,
        at=now,
        cleared_at=until,
        by_id=None if instance_id else actor.person_id or None,
        person_wall_id=between.id if between else None,
    )
    store.walls.insert(uow, wall)
    trail.note(uow, actor, "wall_added", case_id=case.id, instance_id=instance_id, wall=wall.id, person=person_id, reason=reason)
    for one in store.participants.of_case(uow, case.id):
        if one.person_id == person_id:
            departures.leave_case(uow, actor, case, one)
    return wall


def follow(uow: UnitOfWork, actor: Actor, case: Case, other_id: str) -> None:
    """Somebody joins a case: whoever is kept from them is kept from the case from now on."""
    for between in store.walls.against(uow, other_id):
        if not store.walls.is_walled(uow, case.id, between.person_id):
            build(uow, actor, case, between.person_id, between.reason, until=between.cleared_at, between=between)


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
