"""Accounts: what people sign in with."""

from __future__ import annotations

from collections.abc import Collection

from engine.model.people import Account
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork


def _login_key(account: Account) -> str:
    return account.login.strip().casefold()


_SHAPE = Shape(Account, tables.accounts, computed={"login_key": _login_key})
_T = tables.accounts.c


def insert(uow: UnitOfWork, account: Account) -> None:
    """Raises Conflict when the login is taken, whatever its case, or the person has an account."""
    _SHAPE.insert(uow, [account])


def get(uow: UnitOfWork, id: str) -> Account:
    """Raises NotFound."""
    return _SHAPE.get(uow, id)


def find(uow: UnitOfWork, id: str) -> Account | None:
    """The account with an id."""
    return _SHAPE.find(uow, id)


def get_by_login(uow: UnitOfWork, login: str) -> Account | None:
    """The account with a login, whatever its case; logins are unique across programs."""
    return _SHAPE.first(uow, _SHAPE.select().where(_T.login_key == login.strip().casefold()))


def of_persons(uow: UnitOfWork, person_ids: Collection[str]) -> dict[str, Account]:
    """The accounts of several persons, by person; who has none is left out."""
    found = _SHAPE.all(uow, _SHAPE.select().where(_T.person_id.in_(sorted(person_ids)))) if person_ids else ()
    return {account.person_id: account for account in found}


def get_by_person(uow: UnitOfWork, person_id: str) -> Account | None:
    """The account of a person."""
    return _SHAPE.first(uow, _SHAPE.select().where(_T.person_id == person_id))


def update(uow: UnitOfWork, account: Account) -> None:
    """Raises NotFound, or Conflict when the new login is taken."""
    _SHAPE.update(uow, account)


def list_(uow: UnitOfWork, program_id: str) -> tuple[Account, ...]:
    """All accounts of a program by login, deactivated ones too."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.program_id == program_id).order_by(_T.login_key))
