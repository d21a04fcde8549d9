"""Who holds which program role, from a time to a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_

from engine.model.people import Membership, Person
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Membership, tables.memberships)
_PERSON = Shape(Person, tables.persons)
_T = tables.memberships.c


def current_at(at: datetime) -> ColumnElement[bool]:
    """Memberships that hold at an instant: from inclusive, to exclusive."""
    return and_(_T.from_at <= at, or_(_T.to_at.is_(None), _T.to_at > at))


def insert(uow: UnitOfWork, membership: Membership) -> None:
    """Store a new membership."""
    _SHAPE.insert(uow, [membership])


def get(uow: UnitOfWork, id: str) -> Membership:
    """Raises NotFound."""
    return _SHAPE.get(uow, id)


def end(uow: UnitOfWork, id: str, at: datetime) -> bool:
    """Whether it had not ended before."""
    statement = tables.memberships.update().where(_T.id == id, _T.to_at.is_(None)).values(to_at=at)
    return uow.changed(statement) == 1


def current(uow: UnitOfWork, program_id: str, person_id: str, at: datetime) -> tuple[Membership, ...]:
    """The memberships a person holds at an instant."""
    statement = _SHAPE.select().where(_T.person_id == person_id, _T.program_id == program_id, current_at(at))
    return _SHAPE.all(uow, statement.order_by(_T.id))


def holders(uow: UnitOfWork, program_id: str, role: str, at: datetime) -> tuple[Person, ...]:
    """The persons who hold a role at an instant and can sign in: person and account are active. By name."""
    person, account = tables.persons.c, tables.accounts.c
    held = tables.memberships.select().with_only_columns(_T.person_id)
    held = held.where(_T.program_id == program_id, _T.role == role, current_at(at))
    statement = (
        _PERSON.select()
        .join(tables.accounts, account.person_id == person.id)
        .where(person.id.in_(held), person.deactivated_at.is_(None), account.deactivated_at.is_(None))
        .order_by(person.search_key, person.id)
    )
    return _PERSON.all(uow, statement)


def list_(uow: UnitOfWork, program_id: str, *, at: datetime | None = None) -> tuple[Membership, ...]:
    """All memberships of a program, ended ones too; with `at`, those that hold then."""
    statement = _SHAPE.select().where(_T.program_id == program_id)
    if at is not None:
        statement = statement.where(current_at(at))
    return _SHAPE.all(uow, statement.order_by(_T.person_id, _T.id))


def of_person(uow: UnitOfWork, person_id: str) -> tuple[Membership, ...]:
    """All memberships a person holds or held, oldest first."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.person_id == person_id).order_by(_T.id))
