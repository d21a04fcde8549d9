"""The context that expressions of a procedure see beside its variables: `case`, `settings`, `instance`, working time."""

from __future__ import annotations

from datetime import datetime

from engine import clock, store
from engine.bpmn import working
from engine.model.calendars import PLAIN, Working
from engine.model.cases import Case, Participant
from engine.model.deployments import Definition
from engine.model.execution import Env, Value
from engine.operations import live
from engine.store import UnitOfWork


def env(uow: UnitOfWork, definition: Definition, case: Case, instance_id: str) -> Env:
    """The surroundings of a turn of one instance, now."""
    current = store.participants.of_case(uow, case.id)
    pack, now, worked = live.pack(uow, case.program_id, case.pack), clock.now(), dict[datetime, Working]()
    return Env(
        now=now,
        context={
            "case": case_context(case, current),
            "settings": live.settings(definition),
            "instance": {"id": instance_id},
            # Calendars are live: a length of working time is counted by those of the newest approved pack.
            **working.names(pack.calendars if pack else {}, pack.calendar if pack else PLAIN, now, worked),
        },
        worked=worked,
    )


def case_context(case: Case, current: tuple[Participant, ...]) -> dict[str, Value]:
    """What a diagram may know of a case: ids, codes and dates (all class C1)."""
    participants: dict[str, list[str]] = {}
    people: dict[str, list[str]] = {}
    for one in sorted(current, key=lambda p: (p.role, p.position)):
        participants.setdefault(one.role, []).append(one.id)
        people.setdefault(one.role, []).append(one.person_id)
    return {
        "id": case.id,
        "number": case.number,
        "status": case.status,
        "outcome": case.outcome,
        "opened": case.opened_at,
        "participants": participants,
        "people": people,
    }
