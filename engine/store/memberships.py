"""Who holds which program role, from a time to a time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, or_, select

from engine.model.people import Membership, Person
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Membership, tables.memberships)
_PERSON = Shape(Person, tables.persons)
_T = tables.memberships.c


def current_at(at: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Memberships that hold at an instant: from inclusive, to exclusive."""
    return and_(_T.from_at <= at, or_(_T.to_at.is_(None), _T.to_at > at))


_AT = bindparam("at", type_=_T.from_at.type)
_CURRENT = (
    _SHAPE.select().where(_T.person_id == bindparam("person_id"), _T.program_id == bindparam("program_id"), current_at(_AT)).order_by(_T.id)
)
_HELD = select(_T.person_id).where(_T.program_id == bindparam("program_id"), _T.role == bindparam("role"), current_at(_AT))
_HOLDERS = (
    _PERSON.select()
    .join(tables.accounts, tables.accounts.c.person_id == tables.persons.c.id)
    .where(tables.persons.c.id.in_(_HELD))
    .where(tables.persons.c.deactivated_at.is_(None), tables.accounts.c.deactivated_at.is_(None))
    .order_by(tables.persons.c.search_key, tables.persons.c.id)
)
_ABLE = (
    select(_T.role, _T.person_id)
    .join(tables.persons, tables.persons.c.id == _T.person_id)
    .join(tables.accounts, tables.accounts.c.person_id == _T.person_id)
    .where(_T.program_id == bindparam("program_id"), current_at(_AT))
    .where(tables.persons.c.deactivated_at.is_(None), tables.accounts.c.deactivated_at.is_(None))
)
_HOLDER_IDS = _ABLE.where(_T.role.in_(bindparam("roles", expanding=True)))
_HOLDER_IDS_OF_ONE = _ABLE.where(_T.role == bindparam("role"))


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
    return _SHAPE.all(uow, _CURRENT, {"person_id": person_id, "program_id": program_id, "at": at})


def roles_of(uow: UnitOfWork, program_id: str, person_ids: Collection[str], at: datetime) -> dict[str, tuple[str, ...]]:
    """The roles that several persons hold at an instant, by person; who holds none is left out."""
    statement = _SHAPE.select().where(_T.program_id == program_id, _T.person_id.in_(sorted(person_ids)), current_at(at))
    found: dict[str, tuple[str, ...]] = {}
    for one in _SHAPE.all(uow, statement.order_by(_T.id)) if person_ids else ():
        found[one.person_id] = (*found.get(one.person_id, ()), one.role)
    return found


def holders(uow: UnitOfWork, program_id: str, role: str, at: datetime) -> tuple[Person, ...]:
    """The persons who hold a role at an instant and can sign in: person and account are active. By name."""
    return _PERSON.all(uow, _HOLDERS, {"program_id": program_id, "role": role, "at": at})


def holder_ids(uow: UnitOfWork, program_id: str, roles: Collection[str], at: datetime) -> dict[str, tuple[str, ...]]:
    """The ids of those whom `holders` gives for each of several roles, in one statement; a role nobody holds is left out."""
    found: dict[str, tuple[str, ...]] = {}
    asked = {"program_id": program_id, "at": at}
    if not roles:
        return found
    if len(roles) == 1:  # the usual number, whose statement is the same every time
        rows = uow.execute(_HOLDER_IDS_OF_ONE, {**asked, "role": next(iter(roles))})
    else:
        rows = uow.execute(_HOLDER_IDS, {**asked, "roles": sorted(roles)})
    for role, person_id in rows:
        found[role] = (*found.get(role, ()), person_id)
    return found


def list_(uow: UnitOfWork, program_id: str, *, at: datetime | None = None) -> tuple[Membership, ...]:
    """All memberships of a program, ended ones too; with `at`, those that hold then."""
    statement = _SHAPE.select().where(_T.program_id == program_id)
    if at is not None:
        statement = statement.where(current_at(at))
    return _SHAPE.all(uow, statement.order_by(_T.person_id, _T.id))


def of_person(uow: UnitOfWork, person_id: str) -> tuple[Membership, ...]:
    """All memberships a person holds or held, oldest first."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.person_id == person_id).order_by(_T.id))
