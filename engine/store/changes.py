"""Changes: what somebody proposes for a pack, and who has which of its files open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.language import say
from engine.model.deployments import Change
from engine.model.errors import Conflict
from engine.model.lists import Page
from engine.model.states import ChangeState
from engine.store import pages, tables
from engine.store.conflicts import upsert
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Change, tables.changes)
_T = tables.changes.c
_E = tables.editors.c
_ORDER = ((_T.changed_at, True), (_T.id, True))


def insert(uow: UnitOfWork, change: Change) -> None:
    """Store a new change."""
    _SHAPE.insert(uow, [change])


def get(uow: UnitOfWork, id: str) -> Change:
    """Raises NotFound."""
    return _SHAPE.get(uow, id)


def save(uow: UnitOfWork, change: Change, before: ChangeState) -> None:
    """Store all fields of a change. Raises Conflict when it is not in the state `before` any more."""
    statement = tables.changes.update().where(_T.id == change.id, _T.state == before).values(_SHAPE.row(change))
    if uow.changed(statement) == 0:
        raise Conflict(say("This change was sent, decided or withdrawn meanwhile; look at it again."))


def of_deployment(uow: UnitOfWork, deployment_id: str) -> Change | None:
    """The change that asked for a deployment."""
    return _SHAPE.first(uow, _SHAPE.select().where(_T.deployment_id == deployment_id).limit(1))


def list_(uow: UnitOfWork, program_id: str, states: tuple[ChangeState, ...], *, limit: int = 100) -> tuple[Change, ...]:
    """The changes of a program in some states, the last touched first."""
    statement = _SHAPE.select().where(_T.program_id == program_id, _T.state.in_(states))
    return _SHAPE.all(uow, statement.order_by(_T.changed_at.desc(), _T.id.desc()).limit(limit))


def page(uow: UnitOfWork, program_id: str, states: tuple[ChangeState, ...], *, cursor: str | None = None, limit: int = 100) -> Page[Change]:
    """As `list_`, page by page."""
    statement = _SHAPE.select().where(_T.program_id == program_id, _T.state.in_(states))
    if cursor is not None:
        statement = statement.where(pages.after(_ORDER, pages.decode(cursor, datetime, str)))
    found = _SHAPE.all(uow, pages.ordered(statement, _ORDER, limit))
    return pages.page(found, limit, lambda one: (one.changed_at, one.id))


def seen_editing(uow: UnitOfWork, change_id: str, name: str, person_id: str, at: datetime) -> None:
    """Remember that a person has a file open."""
    row = {"change_id": change_id, "name": name, "person_id": person_id, "at": at}
    statement = upsert(uow.dialect, tables.editors).values(row)
    uow.execute(statement.on_conflict_do_update(index_elements=[_E.change_id, _E.name, _E.person_id], set_={"at": at}))


def editors(uow: UnitOfWork, change_id: str, name: str, since: datetime) -> tuple[tuple[str, datetime], ...]:
    """Who had a file open since an instant: (person id, when last), the latest first."""
    statement = tables.editors.select().with_only_columns(_E.person_id, _E.at)
    statement = statement.where(_E.change_id == change_id, _E.name == name, _E.at >= since).order_by(_E.at.desc())
    return tuple((str(row[0]), row[1]) for row in uow.execute(statement))


def seen(uow: UnitOfWork, change_ids: Sequence[str], name: str) -> tuple[tuple[str, str], ...]:
    """(change id, person id) of whoever had a file of some changes open, ever."""
    if not change_ids:
        return ()
    statement = tables.editors.select().with_only_columns(_E.change_id, _E.person_id)
    statement = statement.where(_E.change_id.in_(change_ids), _E.name == name)
    return tuple((str(row[0]), str(row[1])) for row in uow.execute(statement))


def left(uow: UnitOfWork, change_id: str, name: str, person_id: str) -> None:
    """Forget that a person has a file open."""
    uow.execute(tables.editors.delete().where(_E.change_id == change_id, _E.name == name, _E.person_id == person_id))
