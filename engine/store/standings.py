"""Who an account or a token is, what they hold now and which packs are live: all that a request begins with, in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select

from engine.model.people import Account, Away, Person, Program
from engine.store import absences, deployments, tables
from engine.store.memberships import current_at
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_ACCOUNT, _PERSON, _PROGRAM = Shape(Account, tables.accounts), Shape(Person, tables.persons), Shape(Program, tables.programs)
_T, _MEMBER = tables.accounts.c, tables.memberships.c
_AT = bindparam("at", type_=_MEMBER.from_at.type)
#: between the parts of a list that is read as one text; no key holds a line break
_BREAK = "\n"


@dataclass(frozen=True, slots=True)
class Standing:
    """An account with its person and the program roles that they hold now. Whether it is active is not decided here."""

    account: Account
    person: Person
    roles: frozenset[str]
    #: who of the program is away now, and who stands in
    away: tuple[Away, ...] = ()


def of_account(uow: UnitOfWork, account_id: str, at: datetime) -> Standing | None:
    """The standing of an account at an instant; None when there is no such account."""
    return _standing(uow, _by_account(), {"account_id": account_id, "at": at})


def of_token(uow: UnitOfWork, digest: str, at: datetime) -> Standing | None:
    """The standing of a token's account at an instant; None for a token that is unknown, revoked or expired then."""
    return _standing(uow, _by_token(), {"digest": digest, "at": at})


def _standing(uow: UnitOfWork, statement: Select[Any], parameters: dict[str, Any]) -> Standing | None:
    row = uow.execute(statement, parameters).first()
    if row is None:
        return None
    account, rest = _ACCOUNT.read(row), row[len(_ACCOUNT.columns) :]
    person, rest = _PERSON.read(rest), rest[len(_PERSON.columns) :]
    program, (roles, packs, away) = _PROGRAM.read(rest), rest[len(_PROGRAM.columns) :]
    _ACCOUNT.remember(uow, [account])
    _PERSON.remember(uow, [person])
    _PROGRAM.remember(uow, [program])
    deployments.remember_active(uow, program.id, _parts(packs))
    return Standing(account, person, frozenset(_parts(roles)), absences.read(_parts(away)))


def _parts(listed: str | None) -> list[str]:
    return listed.split(_BREAK) if listed else []


@cache
def _by_account() -> Select[Any]:
    return _all().where(_T.id == bindparam("account_id"))


@cache
def _by_token() -> Select[Any]:
    token = tables.tokens.c
    still = or_(token.expires_at.is_(None), token.expires_at > _AT)
    joined = _all().join(tables.tokens, token.account_id == _T.id)
    return joined.where(token.digest == bindparam("digest"), token.revoked_at.is_(None), still)


def _all() -> Select[Any]:
    columns = (*_ACCOUNT.columns, *_PERSON.columns, *_PROGRAM.columns)
    return (
        select(*columns, _held(), deployments.active_listed(_T.program_id, _BREAK), absences.listed(_T.program_id, _AT, _BREAK))
        .select_from(tables.accounts)
        .join(tables.persons, tables.persons.c.id == _T.person_id)
        .join(tables.programs, tables.programs.c.id == _T.program_id)
    )


def _held() -> ColumnElement[str]:
    held = select(func.aggregate_strings(_MEMBER.role, _BREAK))
    return held.where(_MEMBER.person_id == _T.person_id, _MEMBER.program_id == _T.program_id, current_at(_AT)).scalar_subquery()
