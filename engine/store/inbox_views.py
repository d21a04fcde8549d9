"""Questions to lists, kept under a name: to one's list of tasks, or to another list by its place."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, Text, func, literal, or_, select, type_coerce

from engine.model.inbox_views import SavedView
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(SavedView, tables.saved_views)
_T = tables.saved_views.c
#: stand between the parts of a view, and between views; neither can be in a name or in JSON
_PART, _END = "\x1f", "\x1e"


def insert(uow: UnitOfWork, view: SavedView) -> None:
    """Keep a new one."""
    _SHAPE.insert(uow, [view])


def get(uow: UnitOfWork, id: str) -> SavedView:
    """Raises NotFound."""
    return _SHAPE.get(uow, id)


def delete(uow: UnitOfWork, id: str) -> None:
    """Forget one."""
    uow.execute(tables.saved_views.delete().where(_T.id == id))


def of_place(uow: UnitOfWork, program_id: str, person_id: str, roles: Collection[str], place: str) -> tuple[SavedView, ...]:
    """As `of_person`, of another list."""
    return _sorted(_SHAPE.all(uow, _seen(_SHAPE.select(), program_id, person_id, roles).where(_T.place == place)))


def of_person(uow: UnitOfWork, program_id: str, person_id: str, roles: Collection[str]) -> tuple[SavedView, ...]:
    """A person's own to their list of tasks, and those shared with one of these roles, by name.

    No statement when `remember` brought them.
    """
    known = uow.read_before.setdefault(tables.saved_views, {})
    if person_id not in known:
        known[person_id] = _sorted(_SHAPE.all(uow, _seen(_SHAPE.select(), program_id, person_id, roles).where(_T.place.is_(None))))
    found: tuple[SavedView, ...] = known[person_id]
    return found


def listed(program_id: str, person_id: str, roles: Collection[str]) -> ColumnElement[str]:
    """What `remember` takes, as one text inside another query."""
    words = (_T.id, _T.person_id, _T.name, func.coalesce(_T.role, ""), type_coerce(_T.question, Text))
    line: ColumnElement[str] = literal("")
    for number, word in enumerate(words):
        line = line + word if number == 0 else line + _PART + word
    lines = _seen(select(line.label("line")), program_id, person_id, roles).where(_T.place.is_(None)).subquery()
    return select(func.aggregate_strings(lines.c.line, _END)).scalar_subquery()


def remember(uow: UnitOfWork, program_id: str, person_id: str, listed: str | None) -> None:
    """Those that `of_person` gives, read together with other rows: asking for them costs nothing more."""
    views = []
    for line in listed.split(_END) if listed else ():
        id, owner, name, role, question = line.split(_PART)
        views.append(SavedView(id, program_id, owner, name, role or None, orjson.loads(question)))
    uow.read_before.setdefault(tables.saved_views, {})[person_id] = _sorted(views)


def _seen(statement: Select[Any], program_id: str, person_id: str, roles: Collection[str]) -> Select[Any]:
    return statement.where(_T.program_id == program_id, or_(_T.person_id == person_id, _T.role.in_(sorted(roles))))


def _sorted(views: Collection[SavedView]) -> tuple[SavedView, ...]:
    return tuple(sorted(views, key=lambda view: (view.name.casefold(), view.id)))
