"""Opening a case row: its number and its place in the trail."""

from __future__ import annotations

from engine import clock, store
from engine.model.access import Actor
from engine.model.cases import Case
from engine.model.ids import new_id
from engine.model.packs import Pack
from engine.model.states import CaseState
from engine.operations import trail
from engine.store import UnitOfWork

#: number of a case that belongs to no pack
BARE_NUMBER = "{year}-{serial:04d}"


def open_case(uow: UnitOfWork, actor: Actor, pack: Pack | None, program_id: str) -> Case:
    """A new open case, numbered within its year; the caller has authorised it."""
    now = clock.now()
    serial = store.cases.next_serial(uow, program_id, now.year)
    pattern = pack.case.number if pack else BARE_NUMBER
    case = Case(
        id=new_id(now),
        program_id=program_id,
        pack=pack.key if pack else None,
        number=pattern.format(year=now.year, serial=serial),
        serial=serial,
        year=now.year,
        state=CaseState.OPEN,
        status=None,
        outcome=None,
        opened_at=now,
    )
    store.cases.insert(uow, case)
    store.case_ties.begin(uow, case.id)
    trail.note(uow, actor, "case_opened", case_id=case.id, number=case.number)
    return case
