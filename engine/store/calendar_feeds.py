"""Secret links under which calendars read, stored as digests."""

from __future__ import annotations

from datetime import datetime

from engine.model.telling import CalendarFeed
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(CalendarFeed, tables.calendar_feeds)
_T = tables.calendar_feeds.c


def insert(uow: UnitOfWork, feed: CalendarFeed) -> None:
    """Raises Conflict when the digest is known."""
    _SHAPE.insert(uow, [feed])


def by_digest(uow: UnitOfWork, digest: str) -> CalendarFeed | None:
    """The link of a secret, unless it was revoked."""
    return _SHAPE.first(uow, _SHAPE.select().where(_T.digest == digest, _T.revoked_at.is_(None)))


def of_account(uow: UnitOfWork, account_id: str) -> CalendarFeed | None:
    """The link of an account that holds now."""
    return _SHAPE.first(uow, _SHAPE.select().where(_T.account_id == account_id, _T.revoked_at.is_(None)))


def revoke(uow: UnitOfWork, account_id: str, at: datetime) -> int:
    """End the account's link; how many there were."""
    return uow.changed(tables.calendar_feeds.update().where(_T.account_id == account_id, _T.revoked_at.is_(None)).values(revoked_at=at))
