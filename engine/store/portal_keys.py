"""Links and codes that open a visit, stored as digests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_

from engine.model.portal import PortalKey
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(PortalKey, tables.portal_keys)
_T = tables.portal_keys.c


def insert(uow: UnitOfWork, key: PortalKey) -> None:
    """Raises Conflict when the digest is known."""
    _SHAPE.insert(uow, [key])


def find(uow: UnitOfWork, id: str) -> PortalKey | None:
    """The key with an id."""
    return _SHAPE.find(uow, id)


def by_digest(uow: UnitOfWork, digest: str) -> PortalKey | None:
    """The key of a secret, whether it still opens anything or not."""
    return _SHAPE.first(uow, _SHAPE.select().where(_T.digest == digest))


def of_mail(uow: UnitOfWork, mail_id: str) -> PortalKey | None:
    """The key whose secret goes out with a mail."""
    return _SHAPE.first(uow, _SHAPE.select().where(_T.mail_id == mail_id))


def of_case(uow: UnitOfWork, case_id: str) -> tuple[PortalKey, ...]:
    """All keys of a case, newest first."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.case_id == case_id).order_by(_T.created_at.desc(), _T.id.desc()))


def set_digest(uow: UnitOfWork, id: str, digest: str) -> bool:
    """Give an unused key a new secret; whether it still could have one."""
    return uow.changed(tables.portal_keys.update().where(_T.id == id, _unused()).values(digest=digest)) == 1


def use(uow: UnitOfWork, id: str, at: datetime, ends_at: datetime) -> bool:
    """Use a key up; False when somebody was faster or it opens nothing any more."""
    statement = tables.portal_keys.update().where(_T.id == id, _unused(), _T.expires_at > at)
    return uow.changed(statement.values(used_at=at, ends_at=ends_at)) == 1


def revoke_unused(uow: UnitOfWork, participant_id: str, at: datetime) -> int:
    """End the keys of a participant that were not used yet; how many."""
    statement = tables.portal_keys.update().where(_T.participant_id == participant_id, _unused(), _T.expires_at > at)
    return uow.changed(statement.values(revoked_at=at))


def revoke(uow: UnitOfWork, participant_id: str, at: datetime) -> int:
    """End all keys and visits of a participant; how many there were."""
    statement = tables.portal_keys.update().where(_T.participant_id == participant_id, _T.revoked_at.is_(None))
    return uow.changed(statement.values(revoked_at=at))


def end(uow: UnitOfWork, id: str, at: datetime) -> None:
    """End the visit that a key opened."""
    uow.changed(tables.portal_keys.update().where(_T.id == id).values(ends_at=at))


def _unused() -> ColumnElement[bool]:
    return and_(_T.used_at.is_(None), _T.revoked_at.is_(None))
