"""Personal API tokens, stored as digests."""

from __future__ import annotations

from datetime import datetime

from engine.model.people import Token
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Token, tables.tokens)
_T = tables.tokens.c


def insert(uow: UnitOfWork, token: Token) -> None:
    """Raises Conflict when the digest is known."""
    _SHAPE.insert(uow, [token])


def get(uow: UnitOfWork, id: str) -> Token:
    """Raises NotFound."""
    return _SHAPE.get(uow, id)


def list_(uow: UnitOfWork, account_id: str) -> tuple[Token, ...]:
    """All tokens of an account, newest first."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.account_id == account_id).order_by(_T.id.desc()))


def revoke(uow: UnitOfWork, id: str, at: datetime) -> bool:
    """Whether it was not revoked before."""
    statement = tables.tokens.update().where(_T.id == id, _T.revoked_at.is_(None)).values(revoked_at=at)
    return uow.changed(statement) == 1
