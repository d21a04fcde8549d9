"""Messages nobody waited for yet; each is delivered once, within its time to live."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, select

from engine.model.content import InboxMessage
from engine.store import tables
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


def insert(uow: UnitOfWork, message: InboxMessage) -> bool:
    """Whether it is new: the same message id of the same name is taken once, delivered or not."""
    statement = upsert(uow.dialect, tables.inbox_messages).on_conflict_do_nothing()
    return uow.changed(statement, _SHAPE.row(message)) == 1


def meet(uow: UnitOfWork, program_id: str, name: str, correlation: str) -> None:
    """Let who sends a message and who begins to wait for it take turns until this unit of work ends.

    Without it each could look before the other has committed, and the message would lie beside who waits for it.
    """
    if uow.writes and uow.dialect == "postgresql":
        key = f"message/{program_id}/{name}/{correlation}"
        uow.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def take_matching(uow: UnitOfWork, program_id: str, name: str, correlation: str, now: datetime) -> InboxMessage | None:
    """The oldest message that fits and lives, from now on delivered; None when there is none."""
    wanted = {"program_id": program_id, "name": name, "correlation": correlation, "now": now}
    taken = uow.execute(_OLDEST, wanted).scalar()
    if taken is None:
        return None
    uow.execute(tables.inbox_messages.update().where(_T.id == taken).values(delivered_at=now))
    return _SHAPE.first(uow, _SHAPE.select().where(_T.id == taken))


def prune(uow: UnitOfWork, before: datetime) -> int:
    """Delete messages whose time to live ended before an instant; how many."""
    return uow.changed(tables.inbox_messages.delete().where(_T.expires_at < before))
