"""Walls: a person may not see a case at all, or none in which another person takes part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select

from engine import clock
from engine.model.cases import PersonWall, Wall
from engine.model.lists import Page
from engine.store import pages, tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Wall, tables.walls)
_PERSONS = Shape(PersonWall, tables.person_walls)
_T, _P = tables.walls.c, tables.person_walls.c
#: worked out whenever a statement runs, so that those that are built once ask for the time of each run
_NOW: ColumnElement[datetime] = bindparam("walls_now", callable_=clock.now, type_=_T.at.type)


def standing() -> ColumnElement[bool]:
    """Walls that stand now, for use inside another query; one dated from a day to come does not yet."""
    return and_(_T.at <= _NOW, or_(_T.cleared_at.is_(None), _T.cleared_at > _NOW))


_STANDING = _SHAPE.select().where(_T.case_id == bindparam("case_id"), standing())
_PERSONS_STANDING = or_(_P.cleared_at.is_(None), _P.cleared_at > _NOW)
_AGAINST = _PERSONS.select().where(_P.other_id == bindparam("other_id"), _PERSONS_STANDING).order_by(_P.id)


def insert(uow: UnitOfWork, wall: Wall) -> None:
    """Store a new wall."""
    _SHAPE.insert(uow, [wall])


def get(uow: UnitOfWork, id: str) -> Wall:
    """Raises NotFound."""
    return _SHAPE.get(uow, id)


def update(uow: UnitOfWork, wall: Wall) -> None:
    """Raises NotFound."""
    _SHAPE.update(uow, wall)


def clear(uow: UnitOfWork, id: str, at: datetime) -> bool:
    """Whether it stood until now."""
    still = and_(_T.id == id, or_(_T.cleared_at.is_(None), _T.cleared_at > at))
    return uow.changed(tables.walls.update().where(still).values(cleared_at=at)) == 1


def hidden_from(person_id: str | ColumnElement[str]) -> Select[tuple[str]]:
    """The ids of the cases a person may not see, for use inside another query."""
    return select(_T.case_id).where(_T.person_id == person_id, standing())


def of_person(uow: UnitOfWork, program_id: str, person_id: str) -> frozenset[str]:
    """The cases a person may not see."""
    return frozenset(uow.execute(hidden_from(person_id).where(_T.program_id == program_id)).scalars())


def is_walled(uow: UnitOfWork, case_id: str, person_id: str) -> bool:
    """Whether a person may not see a case; one statement a case, however many people are asked about."""
    return any(wall.person_id == person_id for wall in _SHAPE.recall(uow, _STANDING, {"case_id": case_id}))


def remember_all(uow: UnitOfWork, case_id: str, standing: Sequence[Wall]) -> None:
    """The walls that stand around a case, read together with other rows: asking for them costs nothing more."""
    _SHAPE.foresee(uow, _STANDING, [(case_id,)], (((case_id,), one) for one in standing))


def of_case(uow: UnitOfWork, case_id: str) -> tuple[Wall, ...]:
    """All walls around a case, cleared ones too, oldest first."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.case_id == case_id).order_by(_T.at, _T.id))


def list_(
    uow: UnitOfWork,
    program_id: str,
    *,
    unseen_by: str,
    person_id: str | None = None,
    case_id: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Wall]:
    """Walls around single cases, newest first; none about a person who may not see them, nor of cases hidden from them."""
    order = ((_T.at, True), (_T.id, True))
    seen = (_T.person_id != unseen_by, _T.case_id.not_in(hidden_from(unseen_by)))
    statement = _SHAPE.select().where(_T.program_id == program_id, _T.person_wall_id.is_(None), *seen)
    for column, wanted in ((_T.person_id, person_id), (_T.case_id, case_id)):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if cursor is not None:
        statement = statement.where(pages.after(order, pages.decode(cursor, datetime, str)))
    found = _SHAPE.all(uow, pages.ordered(statement, order, limit))
    return pages.page(found, limit, lambda wall: (wall.at, wall.id))


def insert_between(uow: UnitOfWork, wall: PersonWall) -> None:
    """Store a new wall against another person."""
    _PERSONS.insert(uow, [wall])


def get_between(uow: UnitOfWork, id: str) -> PersonWall:
    """Raises NotFound."""
    return _PERSONS.get(uow, id)


def update_between(uow: UnitOfWork, wall: PersonWall) -> None:
    """Store it, and the same end for every wall that follows from it. Raises NotFound."""
    _PERSONS.update(uow, wall)
    uow.execute(tables.walls.update().where(_T.person_wall_id == wall.id).values(cleared_at=wall.cleared_at))


def against(uow: UnitOfWork, other_id: str) -> tuple[PersonWall, ...]:
    """The walls that keep others from all cases of a person, now or from a day to come, oldest first."""
    return _PERSONS.recall(uow, _AGAINST, {"other_id": other_id})


def list_between(uow: UnitOfWork, program_id: str, *, unseen_by: str, limit: int = pages.MOST) -> tuple[PersonWall, ...]:
    """Walls against other people, newest first; none about the person who asks."""
    statement = _PERSONS.select().where(_P.program_id == program_id, _P.person_id != unseen_by)
    return _PERSONS.all(uow, statement.order_by(_P.at.desc(), _P.id.desc()).limit(pages.capped(limit)))


def cases_with(uow: UnitOfWork, program_id: str, person_id: str) -> tuple[str, ...]:
    """The cases in which a person takes or ever took part."""
    one = tables.participants.c
    statement = select(one.case_id).where(one.person_id == person_id, one.program_id == program_id).distinct()
    return tuple(uow.execute(statement.order_by(one.case_id)).scalars())
