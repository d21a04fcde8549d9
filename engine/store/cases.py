"""Cases: which there are, and which number is next. Their overview is in engine.store.overview."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from engine.model.cases import Case
from engine.model.lists import Page
from engine.model.states import CaseState
from engine.store import pages, tables
from engine.store.conflicts import upsert
from engine.store.overview import overview
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

__all__ = ["find", "get", "get_by_number", "get_many", "insert", "list_", "lock", "next_serial", "overview", "similar", "update"]

SHAPE = Shape(Case, tables.cases)
_T = tables.cases.c
_ORDER = ((_T.opened_at, True), (_T.id, True))


def insert(uow: UnitOfWork, case: Case) -> None:
    """Raises Conflict when its number or serial is taken."""
    SHAPE.insert(uow, [case])


def get(uow: UnitOfWork, id: str) -> Case:
    """Raises NotFound."""
    return SHAPE.get(uow, id)


def find(uow: UnitOfWork, id: str) -> Case | None:
    """The case with an id."""
    return SHAPE.find(uow, id)


def lock(uow: UnitOfWork, id: str) -> Case:
    """As `get`, and no other unit of work changes the case until this one ends. Raises NotFound."""
    return SHAPE.lock(uow, id)


def get_many(uow: UnitOfWork, ids: Collection[str]) -> dict[str, Case]:
    """The cases with these ids, by id; unknown ids are left out."""
    return SHAPE.get_many(uow, ids)


def get_by_number(uow: UnitOfWork, program_id: str, number: str) -> Case | None:
    """The case with a number."""
    return SHAPE.first(uow, SHAPE.select().where(_T.program_id == program_id, _T.number == number))


def update(uow: UnitOfWork, case: Case) -> None:
    """Raises NotFound."""
    SHAPE.update(uow, case)


def next_serial(uow: UnitOfWork, program_id: str, year: int) -> int:
    """The next free serial of a year, from 1. Two units of work never get the same; one that rolls back gives it back."""
    serials = tables.case_serials
    statement = upsert(uow.dialect, serials).values(program_id=program_id, year=year, last=1)
    statement = statement.on_conflict_do_update(
        index_elements=[serials.c.program_id, serials.c.year], set_={"last": serials.c.last + 1}
    ).returning(serials.c.last)
    return int(uow.execute(statement).scalar_one())


def list_(
    uow: UnitOfWork,
    program_id: str,
    *,
    state: CaseState | None = None,
    ids: Collection[str] | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[Case]:
    """Cases of a program, newest first; `ids` keeps to those."""
    statement = SHAPE.select().where(_T.program_id == program_id)
    if state is not None:
        statement = statement.where(_T.state == state)
    if ids is not None:
        statement = statement.where(_T.id.in_(sorted(ids)))
    if cursor is not None:
        statement = statement.where(pages.after(_ORDER, pages.decode(cursor, datetime, str)))
    found = SHAPE.all(uow, pages.ordered(statement, _ORDER, limit))
    return pages.page(found, limit, lambda case: (case.opened_at, case.id))


def similar(uow: UnitOfWork, program_id: str, person_ids: Collection[str], since: datetime) -> tuple[Case, ...]:
    """Cases opened since an instant that two or more of these persons take or took part in, newest first."""
    if len(set(person_ids)) < 2:
        return ()
    people = tables.participants.c
    shared = (
        select(people.case_id)
        .where(people.person_id.in_(sorted(set(person_ids))))
        .group_by(people.case_id)
        .having(func.count(people.person_id.distinct()) >= 2)
    )
    statement = SHAPE.select().where(_T.program_id == program_id, _T.opened_at >= since, _T.id.in_(shared))
    return SHAPE.all(uow, statement.order_by(_T.opened_at.desc(), _T.id.desc()).limit(pages.MOST))
