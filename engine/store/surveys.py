"""Open invitations to surveys, and how often each answer was given. No query joins the two."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from engine.model.surveys import Invitation, Tally
from engine.store import tables
from engine.store.conflicts import upsert
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Invitation, tables.invitations)
_I, _T = tables.invitations.c, tables.tallies.c


def invite(uow: UnitOfWork, invitation: Invitation) -> None:
    """Raises Conflict when the participant has an open invitation to the same survey."""
    _SHAPE.insert(uow, [invitation])


def find(uow: UnitOfWork, id: str) -> Invitation | None:
    """The open invitation with an id."""
    return _SHAPE.find(uow, id)


def of_person(uow: UnitOfWork, program_id: str, person_id: str) -> tuple[Invitation, ...]:
    """A person's open invitations on all cases of a program in which they take part, oldest first."""
    return _SHAPE.all(uow, _SHAPE.select().where(_theirs(program_id, person_id)).order_by(_I.ends_at, _I.id))


def open_count(program_id: str, person_id: str) -> ColumnElement[int]:
    """How many those are, for use inside another query."""
    return select(func.count()).where(_theirs(program_id, person_id)).scalar_subquery()


def _theirs(program_id: str, person_id: str) -> ColumnElement[bool]:
    p = tables.participants.c
    return _I.participant_id.in_(select(p.id).where(p.person_id == person_id, p.program_id == program_id, p.to_at.is_(None)))


def of_case(uow: UnitOfWork, case_id: str) -> tuple[Invitation, ...]:
    """The open invitations of a case."""
    return _SHAPE.all(uow, _SHAPE.select().where(_I.case_id == case_id).order_by(_I.id))


def use(uow: UnitOfWork, id: str) -> bool:
    """Delete an invitation; whether it was still open."""
    return uow.changed(tables.invitations.delete().where(_I.id == id)) == 1


def end_over(uow: UnitOfWork, case_id: str, now: datetime) -> int:
    """Delete the invitations of a case whose time is over; how many."""
    return uow.changed(tables.invitations.delete().where(_I.case_id == case_id, _I.ends_at <= now))


def count(uow: UnitOfWork, of: Invitation, question: str, value: str) -> None:
    """One more of an answer, in the month and part of an invitation."""
    row = {"program_id": of.program_id, "pack": of.pack, "survey": of.survey, "month": of.month, "part": of.part}
    made = upsert(uow.dialect, tables.tallies).values(**row, question=question, value=value, count=1)
    keys = [_T.program_id, _T.pack, _T.survey, _T.month, _T.part, _T.question, _T.value]
    uow.execute(made.on_conflict_do_update(index_elements=keys, set_={"count": tables.tallies.c.count + 1}))


def tallies(uow: UnitOfWork, program_id: str, pack: str, survey: str, months: Collection[str]) -> tuple[Tally, ...]:
    """What was counted of some months, in a settled order."""
    columns = (_T.month, _T.part, _T.question, _T.value, _T["count"])
    statement = select(*columns).where(_T.program_id == program_id, _T.pack == pack, _T.survey == survey, _T.month.in_(sorted(months)))
    return tuple(Tally(*row) for row in uow.execute(statement.order_by(*columns)))
