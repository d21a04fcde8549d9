"""Files that somebody chose for a case that they are opening: there is no case yet, so they lie apart until it is open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from sqlalchemy import Select, select

from engine.model.files import OpeningFile
from engine.store import tables
from engine.store.sealing import SealedShape, seal_bytes, unseal_bytes
from engine.store.unit_of_work import UnitOfWork

_SHAPE = SealedShape(OpeningFile, tables.opening_files, "name")
_T, _P = tables.opening_files.c, tables.opening_file_parts.c


def insert(uow: UnitOfWork, file: OpeningFile, parts: Iterable[bytes]) -> None:
    """Store a file, part by part."""
    _SHAPE.insert(uow, [file])
    for number, part in enumerate(parts):
        sealed, key_id = seal_bytes(file.cls, None, part)
        row = {"file_id": file.id, "number": number, "sealed": sealed, "key_id": key_id, "cls": file.cls}
        uow.execute(tables.opening_file_parts.insert(), [row])


def of_author(uow: UnitOfWork, program_id: str, author_id: str) -> tuple[OpeningFile, ...]:
    """What somebody chose for cases that are not open, oldest first."""
    statement = _SHAPE.select().where(_T.program_id == program_id, _T.author_id == author_id)
    return _SHAPE.all(uow, statement.order_by(_T.at, _T.id))


def parts(uow: UnitOfWork, file: OpeningFile) -> Iterator[bytes]:
    """The content, part by part."""
    number = 0
    while row := uow.execute(select(_P.sealed, _P.key_id).where(_P.file_id == file.id, _P.number == number)).first():
        yield unseal_bytes(file.cls, None, row[0], row[1])
        number += 1


def delete(uow: UnitOfWork, ids: Collection[str]) -> None:
    """Drop files with their content."""
    _delete(uow, select(_T.id).where(_T.id.in_(sorted(ids))))


def delete_before(uow: UnitOfWork, at: datetime) -> int:
    """Drop what was chosen before a time for cases that were never opened; how many files."""
    return _delete(uow, select(_T.id).where(_T.at < at))


def are_before(uow: UnitOfWork, at: datetime) -> bool:
    """Whether there is anything that `delete_before` would drop."""
    return uow.execute(select(_T.id).where(_T.at < at).limit(1)).first() is not None


def _delete(uow: UnitOfWork, wanted: Select[tuple[str]]) -> int:
    ids = list(uow.execute(wanted).scalars())
    if ids:
        uow.execute(tables.opening_file_parts.delete().where(_P.file_id.in_(ids)))
        uow.execute(tables.opening_files.delete().where(_T.id.in_(ids)))
    return len(ids)
