"""What idempotency keys were answered with, by account."""

from __future__ import annotations

from datetime import datetime

from engine.model.lists import Answer
from engine.store import tables
from engine.store.sealing import MIXED, seal, unseal
from engine.store.unit_of_work import UnitOfWork

_T = tables.idempotency_keys.c


def get(uow: UnitOfWork, key: str, account_id: str) -> Answer | None:
    """What a key of an account was answered with."""
    row = uow.execute(tables.idempotency_keys.select().where(_T.account_id == account_id, _T.key == key)).first()
    if row is None:
        return None
    return Answer(row.fingerprint, row.status, unseal(row.cls, None, row.sealed, row.key_id), row.at)


def put(uow: UnitOfWork, key: str, account_id: str, fingerprint: str, status: int, body: object, at: datetime) -> None:
    """Keep an answer. Raises Conflict when the key has one: the same request is being answered elsewhere."""
    sealed, key_id = seal(MIXED, None, body)
    row = {
        "account_id": account_id,
        "key": key,
        "fingerprint": fingerprint,
        "status": status,
        "at": at,
        "sealed": sealed,
        "key_id": key_id,
        "cls": MIXED,
    }
    uow.execute(tables.idempotency_keys.insert(), row)


def prune(uow: UnitOfWork, before: datetime) -> int:
    """Forget the answers given before an instant; how many."""
    return uow.changed(tables.idempotency_keys.delete().where(_T.at < before))
