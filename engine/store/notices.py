"""Neutral notices in people's inboxes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from engine.model.content import Notice
from engine.model.lists import Page
from engine.store import pages, tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork
from engine.store.walls import hidden_from

_SHAPE = Shape(Notice, tables.notices)
_T = tables.notices.c
_ORDER = ((_T.at, True), (_T.id, True))


def insert(uow: UnitOfWork, notice: Notice) -> None:
    """Store a new notice."""
    _SHAPE.insert(uow, [notice])


def insert_many(uow: UnitOfWork, notices: Sequence[Notice]) -> None:
    """Store new notices."""
    _SHAPE.insert(uow, notices)


def of_person(
    uow: UnitOfWork,
    program_id: str,
    person_id: str,
    *,
    unread: bool = False,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[Notice]:
    """A person's notices of cases they may see, newest first; `unread` keeps to those not read."""
    statement = _SHAPE.select().where(*_theirs(program_id, person_id))
    if unread:
        statement = statement.where(_T.read_at.is_(None))
    if cursor is not None:
        statement = statement.where(pages.after(_ORDER, pages.decode(cursor, datetime, str)))
    found = _SHAPE.all(uow, pages.ordered(statement, _ORDER, limit))
    return pages.page(found, limit, lambda notice: (notice.at, notice.id))


def _theirs(program_id: str, person_id: str) -> tuple[ColumnElement[bool], ...]:
    return (_T.recipient_id == person_id, _T.program_id == program_id, _T.case_id.not_in(hidden_from(person_id)))


def mark_read(uow: UnitOfWork, person_id: str, id: str, at: datetime) -> bool:
    """Whether the person has such a notice; a notice read before keeps its first time."""
    statement = tables.notices.update().where(_T.id == id, _T.recipient_id == person_id)
    return uow.changed(statement.values(read_at=func.coalesce(_T.read_at, at, type_=_T.read_at.type))) == 1


def mark_all_read(uow: UnitOfWork, program_id: str, person_id: str, until: str, at: datetime) -> bool:
    """Mark a notice of the person, and all that came before it, as read; whether they have such a notice."""
    mine = (_T.recipient_id == person_id, _T.program_id == program_id)
    newest = select(_T.at).where(_T.id == until, *mine).scalar_subquery()
    uow.changed(tables.notices.update().where(*mine, _T.read_at.is_(None), _T.at <= newest).values(read_at=at))
    return mark_read(uow, person_id, until, at)


def unread(program_id: str, person_id: str) -> ColumnElement[int]:
    """How many notices of cases they may see a person has not read, for use inside another query."""
    return select(func.count()).where(*_theirs(program_id, person_id), _T.read_at.is_(None)).scalar_subquery()


def of_case(uow: UnitOfWork, case_id: str) -> tuple[Notice, ...]:
    """All notices about a case, oldest first."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.case_id == case_id).order_by(_T.at, _T.id))


def of_mail(uow: UnitOfWork, mail_id: str) -> tuple[Notice, ...]:
    """The notices that a mail tells of, oldest first."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.mail_id == mail_id).order_by(_T.at, _T.id))
