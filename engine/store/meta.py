"""Small texts that the installation itself remembers, such as its secret."""

from __future__ import annotations

from sqlalchemy import select

from engine.store import tables
from engine.store.conflicts import upsert
from engine.store.unit_of_work import UnitOfWork

_T = tables.meta.c


def get(uow: UnitOfWork, key: str) -> str | None:
    """The text under a key."""
    found = uow.execute(select(_T.value).where(_T.key == key)).scalar()
    assert found is None or isinstance(found, str)
    return found


def put(uow: UnitOfWork, key: str, value: str) -> None:
    """Store a text over the last one."""
    statement = upsert(uow.dialect, tables.meta).values(key=key, value=value)
    uow.execute(statement.on_conflict_do_update(index_elements=[_T.key], set_={"value": statement.excluded.value}))


def put_new(uow: UnitOfWork, key: str, value: str) -> str:
    """Store a text unless there is one; the text that is there now."""
    uow.execute(upsert(uow.dialect, tables.meta).values(key=key, value=value).on_conflict_do_nothing())
    found = get(uow, key)
    assert found is not None
    return found
