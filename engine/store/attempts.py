"""Attempts to sign in that failed, for a short while; in the database, since several processes count together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select

from engine.model.ids import new_id
from engine.store import tables
from engine.store.unit_of_work import UnitOfWork

_T = tables.failed_attempts.c


def insert(uow: UnitOfWork, keys: Iterable[str], at: datetime) -> None:
    """Count one for each key."""
    uow.execute(tables.failed_attempts.insert(), [{"id": new_id(at), "key": key, "at": at} for key in keys])


def counted(uow: UnitOfWork, keys: Iterable[str], since: datetime) -> dict[str, int]:
    """How many there were for each key after an instant; keys without any are left out."""
    statement = select(_T.key, func.count()).where(_T.key.in_(sorted(keys)), _T.at > since).group_by(_T.key)
    return {row[0]: row[1] for row in uow.execute(statement)}


def forget(uow: UnitOfWork, key: str) -> None:
    """Drop what was counted for a key."""
    uow.execute(tables.failed_attempts.delete().where(_T.key == key))


def drop_until(uow: UnitOfWork, at: datetime) -> None:
    """Drop what does not count any more, whoever's it is."""
    uow.execute(tables.failed_attempts.delete().where(_T.at <= at))
