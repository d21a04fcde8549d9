"""Leaving a case role."""

from __future__ import annotations

from engine import clock, store
from engine.model.access import Actor
from engine.model.cases import Case, Participant
from engine.operations import trail
from engine.store import UnitOfWork


def leave_case(uow: UnitOfWork, actor: Actor, case: Case, participant: Participant) -> None:
    """End a case role now; what the person once held still counts for the exclusions."""
    store.participants.end(uow, participant.id, clock.now())
    trail.note(
        uow,
        actor,
        "participant_ended",
        case_id=case.id,
        participant=participant.id,
        person=participant.person_id,
        role=participant.role,
    )
