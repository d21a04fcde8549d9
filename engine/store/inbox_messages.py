"""Messages nobody waited for yet; each is delivered once, within its time to live."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Text, bindparam, cast, func, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from engine.model.content import InboxMessage
from engine.model.lists import Page
from engine.store import pages, tables
from engine.store.conflicts import upsert
from engine.store.sealing import SealedShape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = SealedShape(InboxMessage, tables.inbox_messages, "payload")
_T = tables.inbox_messages.c
_OLDEST = (
    select(_T.id)
    .where(_T.program_id == bindparam("program_id"), _T.name == bindparam("name"))
    .where(_T.correlation == bindparam("correlation"), _T.delivered_at.is_(None), _T.expires_at > bindparam("now"))
    .order_by(_T.received_at, _T.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_LYING = (
    select(_T.name, _T.correlation)
    .where(_T.program_id == bindparam("program_id"), tuple_(_T.name, _T.correlation).in_(bindparam("awaited", expanding=True)))
    .where(_T.delivered_at.is_(None), _T.expires_at > bindparam("now"))
    .distinct()
)


def insert(uow: UnitOfWork, message: InboxMessage) -> bool:
    """Whether it is new: the same message id of the same name is taken once, delivered or not."""
    statement = upsert(uow.dialect, tables.inbox_messages).on_conflict_do_nothing()
    return uow.changed(statement, _SHAPE.row(message)) == 1


def meet(uow: UnitOfWork, program_id: str, name: str, correlation: str) -> None:
    """Let who sends a message and who begins to wait for it take turns until this unit of work ends.

    Without it each could look before the other has committed, and the message would lie beside who waits for it.
    """
    if uow.writes and uow.dialect == "postgresql":
        uow.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(_key(program_id, name, correlation), 0))))


def _key(program_id: str, name: str, correlation: str) -> str:
    return f"message/{program_id}/{name}/{correlation}"


def meet_all(uow: UnitOfWork, program_id: str, awaited: Collection[tuple[str, str]], now: datetime) -> frozenset[tuple[str, str]]:
    """As `meet` for several messages, by name and correlation; gives those that lie there."""
    if not awaited:
        return frozenset()
    if uow.writes and uow.dialect == "postgresql":
        keys = [_key(program_id, name, correlation) for name, correlation in sorted(awaited)]
        # one after the other in one order, so that two who wait for the same messages never wait for each other
        uow.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(func.unnest(cast(keys, ARRAY(Text()))), 0))))
    wanted = {"program_id": program_id, "awaited": sorted(awaited), "now": now}
    return frozenset((name, correlation) for name, correlation in uow.execute(_LYING, wanted))


def take_matching(uow: UnitOfWork, program_id: str, name: str, correlation: str, now: datetime) -> InboxMessage | None:
    """The oldest message that fits and lives, from now on delivered; None when there is none."""
    wanted = {"program_id": program_id, "name": name, "correlation": correlation, "now": now}
    taken = uow.execute(_OLDEST, wanted).scalar()
    if taken is None:
        return None
    uow.execute(tables.inbox_messages.update().where(_T.id == taken).values(delivered_at=now))
    return _SHAPE.first(uow, _SHAPE.select().where(_T.id == taken))


def kept(uow: UnitOfWork, program_id: str, now: datetime, *, cursor: str | None = None, limit: int = 50) -> Page[InboxMessage]:
    """Messages that lie there and live, oldest first."""
    columns: list[pages.Column] = [(_T.received_at, False), (_T.id, False)]
    statement = _SHAPE.select().where(_T.program_id == program_id, _T.delivered_at.is_(None), _T.expires_at > now)
    if cursor is not None:
        statement = statement.where(pages.after(columns, pages.decode(cursor, datetime, str)))
    found = _SHAPE.all(uow, pages.ordered(statement, columns, limit))
    return pages.page(found, limit, lambda one: (one.received_at, one.id))


def prune(uow: UnitOfWork, before: datetime) -> int:
    """Delete messages whose time to live ended before an instant; how many."""
    return uow.changed(tables.inbox_messages.delete().where(_T.expires_at < before))
