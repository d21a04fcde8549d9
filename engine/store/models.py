"""Models: files that somebody works on, kept byte for byte, in a change or in a folder of their own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import and_, literal, or_, select
from sqlalchemy.sql.functions import count

from engine.model.deployments import Model
from engine.model.errors import StaleVersion
from engine.model.lists import Page
from engine.store import pages, tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Model, tables.models)
_T = tables.models.c
_ORDER = ((_T.folder, False), (_T.name, False), (_T.id, False))


def insert(uow: UnitOfWork, model: Model) -> None:
    """Store a new model. Raises Conflict when its change has a file of that name."""
    _SHAPE.insert(uow, [model])


def get(uow: UnitOfWork, id: str) -> Model:
    """Raises NotFound."""
    return _SHAPE.get(uow, id)


def of_change(uow: UnitOfWork, change_id: str) -> tuple[Model, ...]:
    """The files that a change touches, by name."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.change_id == change_id).order_by(_T.name))


def savers(uow: UnitOfWork, change_ids: Sequence[str]) -> tuple[tuple[str, str | None], ...]:
    """(change id, person id) of who saved a file of some changes last; no content is read."""
    if not change_ids:
        return ()
    statement = select(_T.change_id, _T.changed_by).where(_T.change_id.in_(change_ids)).distinct()
    return tuple((str(row[0]), row[1]) for row in uow.execute(statement))


def same_content(uow: UnitOfWork, change_ids: Sequence[str]) -> tuple[tuple[str, str | None], ...]:
    """(change id, person id) of who else kept the very bytes of a file that some changes bring, in another change or a folder."""
    if not change_ids:
        return ()
    other = tables.models.alias("other")
    same = and_(other.c.program_id == _T.program_id, other.c.content_hash == _T.content_hash, other.c.removed.is_(False))
    elsewhere = or_(other.c.change_id.is_(None), other.c.change_id != _T.change_id)
    found = select(_T.change_id, other.c.changed_by, other.c.created_by).join_from(tables.models, other, same)
    rows = uow.execute(found.where(_T.change_id.in_(change_ids), _T.removed.is_(False), elsewhere).distinct())
    return tuple((str(row[0]), person) for row in rows for person in (row[1], row[2]))


def kept_by(uow: UnitOfWork, program_id: str, hashes: Collection[str]) -> frozenset[str | None]:
    """Who kept a file with one of these contents."""
    statement = select(_T.changed_by, _T.created_by).where(_T.program_id == program_id, _T.content_hash.in_(sorted(hashes)))
    return frozenset(person for row in uow.execute(statement.where(_T.removed.is_(False))) for person in row) if hashes else frozenset()


def in_change(uow: UnitOfWork, change_id: str, name: str) -> Model | None:
    """One file of a change, if the change touches it."""
    return _SHAPE.first(uow, _SHAPE.select().where(_T.change_id == change_id, _T.name == name))


def list_(uow: UnitOfWork, program_id: str, *, folder: str | None = None, cursor: str | None = None, limit: int = 100) -> Page[Model]:
    """The models that belong to no change, by folder and name; of one folder when it is given. Their contents are not read: empty."""
    columns = [literal(b"") if column.key == "content" else column for column in _SHAPE.columns]
    statement = select(*columns).where(_T.program_id == program_id, _T.change_id.is_(None))
    if folder is not None:
        statement = statement.where(_T.folder == folder)
    if cursor is not None:
        statement = statement.where(pages.after(_ORDER, pages.decode(cursor, str, str, str)))
    found = _SHAPE.all(uow, pages.ordered(statement, _ORDER, limit))
    return pages.page(found, limit, lambda one: (one.folder, one.name, one.id))


def folders(uow: UnitOfWork, program_id: str) -> tuple[tuple[str, int], ...]:
    """The folders that models are in, and how many each holds."""
    statement = select(_T.folder, count()).where(_T.program_id == program_id, _T.change_id.is_(None))
    return tuple((str(row[0]), int(row[1])) for row in uow.execute(statement.group_by(_T.folder).order_by(_T.folder)))


def save(uow: UnitOfWork, model: Model, revision: int) -> Model:
    """Store a model over its revision; gives it with the next one. Raises StaleVersion when that is not the newest."""
    after = replace(model, revision=revision + 1)
    statement = tables.models.update().where(_T.id == model.id, _T.revision == revision).values(_SHAPE.row(after))
    if uow.changed(statement) == 0:
        raise StaleVersion
    return after


def delete(uow: UnitOfWork, id: str) -> None:
    """Drop a model."""
    uow.execute(tables.models.delete().where(_T.id == id))
