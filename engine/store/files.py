"""Files that people gave: rows about them, and their content in parts small enough to be held in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import func, select

from engine.model.errors import NotFound
from engine.model.files import File
from engine.store import tables
from engine.store.sealing import SealedShape, seal_bytes, unseal_bytes
from engine.store.unit_of_work import UnitOfWork

#: bytes of a part
PART = 256 * 1024

_SHAPE = SealedShape(File, tables.files, "name")
_T, _P = tables.files.c, tables.file_parts.c


def insert(uow: UnitOfWork, file: File, parts: Iterable[bytes]) -> None:
    """Store a file, part by part."""
    _SHAPE.insert(uow, [file])
    for number, part in enumerate(parts):
        sealed, key_id = seal_bytes(file.cls, file.case_id, part)
        row = {"file_id": file.id, "number": number, "sealed": sealed, "key_id": key_id, "cls": file.cls}
        uow.execute(tables.file_parts.insert(), [row])


def get(uow: UnitOfWork, id: str) -> File:
    """Raises NotFound."""
    found = _SHAPE.first(uow, _SHAPE.select().where(_T.id == id))
    if found is None:
        raise NotFound
    return found


def part(uow: UnitOfWork, file: File, number: int) -> bytes | None:
    """One part of a file's content, from 0; None after the last."""
    row = uow.execute(select(_P.sealed, _P.key_id).where(_P.file_id == file.id, _P.number == number)).first()
    return None if row is None else unseal_bytes(file.cls, file.case_id, row[0], row[1])


def unsent(uow: UnitOfWork, task_id: str, author_id: str) -> tuple[File, ...]:
    """What somebody put beside the draft of a task, oldest first."""
    statement = _SHAPE.select().where(_T.task_id == task_id, _T.author_id == author_id, _T.sent_at.is_(None))
    return _SHAPE.all(uow, statement.order_by(_T.at, _T.id))


def sent(uow: UnitOfWork, case_id: str) -> tuple[File, ...]:
    """What was sent in a case, oldest first."""
    statement = _SHAPE.select().where(_T.case_id == case_id, _T.sent_at.is_not(None))
    return _SHAPE.all(uow, statement.order_by(_T.sent_at, _T.id))


def size_unsent(uow: UnitOfWork, program_id: str, author_id: str) -> int:
    """Bytes of everything that somebody gave and did not send."""
    statement = select(func.coalesce(func.sum(_T.size), 0)).where(_T.program_id == program_id, _T.author_id == author_id)
    return int(uow.execute(statement.where(_T.sent_at.is_(None))).scalar_one())


def mark_sent(uow: UnitOfWork, ids: Collection[str], at: datetime) -> int:
    """Files become part of what was sent; how many were not before."""
    statement = tables.files.update().where(_T.id.in_(sorted(ids)), _T.sent_at.is_(None)).values(sent_at=at)
    return uow.changed(statement)


def delete_unsent(uow: UnitOfWork, ids: Collection[str]) -> None:
    """Drop files that were never sent, with their content."""
    wanted = select(_T.id).where(_T.id.in_(sorted(ids)), _T.sent_at.is_(None))
    uow.execute(tables.file_parts.delete().where(_P.file_id.in_(wanted)))
    uow.execute(tables.files.delete().where(_T.id.in_(sorted(ids)), _T.sent_at.is_(None)))


def delete_of_task(uow: UnitOfWork, task_id: str) -> None:
    """Drop what was put beside a task and not sent with it, whoever put it there."""
    delete_of_tasks(uow, [task_id])


def delete_of_tasks(uow: UnitOfWork, task_ids: Collection[str]) -> None:
    """Drop what was put beside some tasks and not sent with them, whoever put it there."""
    if not task_ids:
        return
    unsent = (_T.task_id.in_(sorted(task_ids)), _T.sent_at.is_(None))
    uow.execute(tables.file_parts.delete().where(_P.file_id.in_(select(_T.id).where(*unsent))))
    uow.execute(tables.files.delete().where(*unsent))
