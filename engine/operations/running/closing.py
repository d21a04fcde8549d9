"""Closing a case, by its procedure or with its last one."""

from __future__ import annotations

from dataclasses import replace

from engine import clock, store
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.states import CaseState
from engine.operations import trail
from engine.operations.running import superseding
from engine.store import UnitOfWork


def close(uow: UnitOfWork, actor: Actor, case: Case, instance_id: str, outcome: str | None) -> None:
    """Close a case with the code of its outcome; None where no procedure came to one. What looks into single tasks of it ends."""
    # locked: another instance of the case may be changing it at the same time
    closed = replace(store.cases.lock(uow, case.id), state=CaseState.CLOSED, outcome=outcome, closed_at=clock.now())
    store.cases.update(uow, closed)
    trail.note(uow, actor, "case_closed", case_id=case.id, instance_id=instance_id, outcome=outcome)
    superseding.because_closed(uow, actor, case)
