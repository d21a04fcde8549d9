"""Persons: somebody known by name, with an account or without."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from sqlalchemy import ColumnElement, bindparam, or_, select

from engine.model.lists import Page
from engine.model.people import Person
from engine.store import pages, tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork


def folded(text: str) -> str:
    """Text as it is searched: case folded by Unicode, runs of white space made one."""
    return " ".join(text.casefold().split())


def _search_key(person: Person) -> str:
    return folded(f"{person.name} {person.email or ''}")


def _digits(text: str | None) -> str | None:
    return "".join(character for character in text or "" if character.isdigit()) or None


_KEYS: dict[str, Callable[[Person], object]] = {
    "search_key": _search_key,
    "name_key": lambda person: folded(person.name),
    "email_key": lambda person: folded(person.email or "") or None,
    "phone_key": lambda person: _digits(person.phone),
}
_SHAPE = Shape(Person, tables.persons, computed=_KEYS)
_T = tables.persons.c
_ORDER = ((_T.search_key, False), (_T.id, False))

_WITH_ACCOUNT = (
    _SHAPE.select()
    .join(tables.accounts, tables.accounts.c.person_id == _T.id)
    .where(_T.program_id == bindparam("program_id"), _T.id.in_(bindparam("ids", expanding=True)))
    .where(_T.deactivated_at.is_(None), tables.accounts.c.deactivated_at.is_(None))
    .order_by(_T.search_key, _T.id)
)
_SIGNING = tables.persons.alias("signing")
_ABLE = (
    select(_T.id)
    .join(tables.accounts, tables.accounts.c.person_id == _T.id)
    .where(_T.id.in_(bindparam("ids", expanding=True)), _T.deactivated_at.is_(None), tables.accounts.c.deactivated_at.is_(None))
)


def insert(uow: UnitOfWork, person: Person) -> None:
    """Store a new person."""
    _SHAPE.insert(uow, [person])


def get(uow: UnitOfWork, id: str) -> Person:
    """Raises NotFound."""
    return _SHAPE.get(uow, id)


def find(uow: UnitOfWork, id: str) -> Person | None:
    """The person with an id."""
    return _SHAPE.find(uow, id)


def get_many(uow: UnitOfWork, ids: Collection[str]) -> dict[str, Person]:
    """The persons with these ids, by id; unknown ids are left out."""
    return _SHAPE.get_many(uow, ids)


def with_account(uow: UnitOfWork, program_id: str, ids: Collection[str]) -> tuple[Person, ...]:
    """Those of these persons who can sign in: person and account are active. By name."""
    if not ids:
        return ()
    return _SHAPE.all(uow, _WITH_ACCOUNT, {"program_id": program_id, "ids": sorted(set(ids))})


def can_sign_in(person_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether person and account are active, for use inside another query."""
    joined = select(_SIGNING.c.id).join(tables.accounts, tables.accounts.c.person_id == _SIGNING.c.id)
    active = joined.where(_SIGNING.c.deactivated_at.is_(None), tables.accounts.c.deactivated_at.is_(None))
    return active.where(_SIGNING.c.id == person_id).exists()


def able(uow: UnitOfWork, ids: Collection[str]) -> frozenset[str]:
    """Those of these persons who can sign in; one statement for those not asked about before."""
    known = uow.read_before.setdefault(tables.accounts, {})
    missing = {one for one in ids if ("able", one) not in known}
    if missing:
        there = set(uow.execute(_ABLE, {"ids": sorted(missing)}).scalars())
        remember_able(uow, {one: one in there for one in missing})
    return frozenset(one for one in ids if known["able", one])


def remember_able(uow: UnitOfWork, found: Mapping[str, bool]) -> None:
    """Whether persons can sign in, read together with other rows: asking costs nothing more."""
    known = uow.read_before.setdefault(tables.accounts, {})
    for person_id, is_able in found.items():
        known["able", person_id] = is_able


def update(uow: UnitOfWork, person: Person) -> None:
    """Raises NotFound."""
    _SHAPE.update(uow, person)
    uow.read_before.pop(tables.accounts, None)  # whether they can sign in


def search(uow: UnitOfWork, program_id: str, text: str, limit: int = 20) -> tuple[Person, ...]:
    """Active persons whose name or address contains a text, whatever its case, by name."""
    statement = (
        _SHAPE.select()
        .where(_T.program_id == program_id, _T.deactivated_at.is_(None))
        .where(_T.search_key.contains(folded(text), autoescape=True))
        .order_by(_T.search_key, _T.id)
        .limit(pages.capped(limit))
    )
    return _SHAPE.all(uow, statement)


def alike(uow: UnitOfWork, program_id: str, *, name: str = "", email: str | None = None, phone: str | None = None) -> tuple[Person, ...]:
    """Active persons who have this name, this address or this telephone number, however it is written; by name."""
    same = []
    if folded(name):
        same.append(_T.name_key == folded(name))
    if email and folded(email):
        same.append(_T.email_key == folded(email))
    if _digits(phone):
        same.append(_T.phone_key == _digits(phone))
    if not same:
        return ()
    statement = _SHAPE.select().where(_T.program_id == program_id, _T.deactivated_at.is_(None), or_(*same))
    return _SHAPE.all(uow, statement.order_by(_T.search_key, _T.id).limit(pages.MOST))


def list_(
    uow: UnitOfWork,
    program_id: str,
    *,
    staff: bool | None = None,
    include_deactivated: bool = False,
    text: str = "",
    cursor: str | None = None,
    limit: int = 100,
) -> Page[Person]:
    """The persons of a program by name; `staff` None: both kinds; `text` looks into names and addresses."""
    statement = _SHAPE.select().where(_T.program_id == program_id)
    if staff is not None:
        statement = statement.where(_T.staff == staff)
    if folded(text):
        statement = statement.where(_T.search_key.contains(folded(text), autoescape=True))
    if not include_deactivated:
        statement = statement.where(_T.deactivated_at.is_(None))
    if cursor is not None:
        statement = statement.where(pages.after(_ORDER, pages.decode(cursor, str, str)))
    found = _SHAPE.all(uow, pages.ordered(statement, _ORDER, limit))
    return pages.page(found, limit, lambda person: (_search_key(person), person.id))
