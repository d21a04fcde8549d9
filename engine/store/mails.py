"""Mail on its way to people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, literal_column, select

from engine.model.errors import NotFound
from engine.model.lists import Page
from engine.model.telling import MailState, OutgoingMail
from engine.store import pages, tables
from engine.store.sealing import SealedShape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = SealedShape(OutgoingMail, tables.mails, "record")
_T = tables.mails.c
#: said literally, so that the databases see that the partial indexes fit
_WAITING = _T.state == literal_column("'waiting'")
_BY_ID = _SHAPE.select().where(_T.id == bindparam("id"))
_UPDATE = tables.mails.update().where(_T.id == bindparam("which"))
_ORDER: list[pages.Column] = [(_T.created_at, True), (_T.id, True)]


def insert(uow: UnitOfWork, mail: OutgoingMail) -> None:
    """Store a new mail."""
    _SHAPE.insert(uow, [mail])


def update(uow: UnitOfWork, mail: OutgoingMail) -> None:
    """Store all fields of a mail over its row. Raises NotFound."""
    if uow.changed(_UPDATE, {**_SHAPE.row(mail), "which": mail.id}) == 0:
        raise NotFound


def find(uow: UnitOfWork, id: str) -> OutgoingMail | None:
    """The mail with an id."""
    return _SHAPE.first(uow, _BY_ID, {"id": id})


def lock(uow: UnitOfWork, id: str) -> OutgoingMail | None:
    """As `find`, and kept from other writers until the end of this unit of work."""
    return _SHAPE.first(uow, _BY_ID.with_for_update(), {"id": id})


def due(uow: UnitOfWork, now: datetime) -> OutgoingMail | None:
    """The mail that has been due longest; a unit of work that writes holds it until it ends."""
    statement = _SHAPE.select().where(_WAITING, _T.due_at <= now).order_by(_T.due_at, _T.id).limit(1)
    return _SHAPE.first(uow, statement.with_for_update(skip_locked=True) if uow.writes else statement)


def next_due_at(uow: UnitOfWork) -> datetime | None:
    """When the next mail is due; None: never."""
    found = uow.execute(select(_T.due_at).where(_WAITING).order_by(_T.due_at).limit(1)).scalar()
    assert found is None or isinstance(found, datetime)
    return found


def untried(uow: UnitOfWork, person_id: str, pack: str, kind: str, now: datetime) -> OutgoingMail | None:
    """A person's mail of a kind that is still to come, so that it can tell of one thing more."""
    statement = _SHAPE.select().where(_WAITING, _T.person_id == person_id, _T.kind == kind, _T.pack == pack)
    return _SHAPE.first(uow, statement.where(_T.attempts == 0, _T.due_at > now).order_by(_T.due_at).limit(1))


def list_(
    uow: UnitOfWork, program_id: str, *, state: MailState | None = None, cursor: str | None = None, limit: int = 50
) -> Page[OutgoingMail]:
    """The mail of a program, newest first. Raises BadRequest for a bad cursor."""
    statement = _SHAPE.select().where(_T.program_id == program_id)
    if state is not None:
        statement = statement.where(_T.state == state)
    if cursor is not None:
        statement = statement.where(pages.after(_ORDER, pages.decode(cursor, datetime, str)))
    found = _SHAPE.all(uow, pages.ordered(statement, _ORDER, limit))
    return pages.page(found, limit, lambda one: (one.created_at, one.id))
