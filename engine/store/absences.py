"""Absences, and who stands in for whom meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, literal, select

from engine.model.people import Absence, Away, StandIn
from engine.store import tables
from engine.store.memberships import current_at
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Absence, tables.absences)
_LINES = Shape(StandIn, tables.stand_ins)
_T, _L = tables.absences.c, tables.stand_ins.c
#: between the parts of one line; no key or id holds it
_PART = "\t"


def insert(uow: UnitOfWork, absence: Absence, stand_ins: Sequence[StandIn]) -> None:
    """Store a new absence with who stands in."""
    _SHAPE.insert(uow, [absence])
    _LINES.insert(uow, list(stand_ins))


def get(uow: UnitOfWork, id: str) -> Absence:
    """Raises NotFound."""
    return _SHAPE.get(uow, id)


def update(uow: UnitOfWork, absence: Absence) -> None:
    """Raises NotFound."""
    _SHAPE.update(uow, absence)


def list_(
    uow: UnitOfWork, program_id: str, since: datetime, *, person_id: str | None = None, until: datetime | None = None
) -> tuple[Absence, ...]:
    """Absences that were not called off and end after a time, and begin before another; soonest first."""
    statement = _SHAPE.select().where(_T.program_id == program_id, _T.to_at > since, _T.ended_at.is_(None))
    if person_id is not None:
        statement = statement.where(_T.person_id == person_id)
    if until is not None:
        statement = statement.where(_T.from_at < until)
    return _SHAPE.all(uow, statement.order_by(_T.from_at, _T.id))


def stand_ins(uow: UnitOfWork, absence_ids: Collection[str]) -> tuple[StandIn, ...]:
    """Who stands in during some absences."""
    if not absence_ids:
        return ()
    return _LINES.all(uow, _LINES.select().where(_L.absence_id.in_(sorted(absence_ids))).order_by(_L.id))


def listed(program_id: ColumnElement[str], at: ColumnElement[datetime], line_break: str) -> ColumnElement[str]:
    """Who is away at a time and who stands in, as one text inside another query; `read` takes it apart."""
    member, absent = tables.memberships.c, tables.persons.alias("absent")
    held = and_(member.person_id == _T.person_id, member.program_id == _T.program_id, current_at(at))
    line: ColumnElement[Any] = _T.person_id
    for part in (_L.person_id, func.coalesce(_L.role, ""), func.coalesce(_L.pack, ""), func.coalesce(member.role, "")):
        line = line.concat(literal(_PART)).concat(part)
    found = (
        select(func.aggregate_strings(line, line_break))
        .select_from(tables.absences)
        .join(tables.stand_ins, _L.absence_id == _T.id)
        .join(absent, absent.c.id == _T.person_id)
        .outerjoin(tables.memberships, held)
    )
    now = (_T.program_id == program_id, _T.from_at <= at, _T.to_at > at, _T.ended_at.is_(None))
    return found.where(*now, absent.c.deactivated_at.is_(None)).scalar_subquery()


_PROGRAM: ColumnElement[str] = bindparam("program_id", type_=_T.program_id.type)
_AT: ColumnElement[datetime] = bindparam("at", type_=_T.from_at.type)
_NOW = select(listed(_PROGRAM, _AT, "\n"))
_ABSENT = select(_T.person_id).where(_T.program_id == _PROGRAM, _T.from_at <= _AT, _T.to_at > _AT, _T.ended_at.is_(None))


def now(uow: UnitOfWork, program_id: str, at: datetime) -> tuple[Away, ...]:
    """Who of a program is away at a time, and who stands in."""
    found = uow.execute(_NOW, {"program_id": program_id, "at": at}).scalar_one()
    return read(found.split("\n")) if found else ()


def who(uow: UnitOfWork, program_id: str, at: datetime) -> frozenset[str]:
    """Who of a program is away at a time, whether or not somebody stands in; asked once in a unit of work."""
    known, question = uow.read_before.setdefault(tables.absences, {}), ("who", program_id, at)
    if question not in known:
        known[question] = frozenset(uow.execute(_ABSENT, {"program_id": program_id, "at": at}).scalars())
    found: frozenset[str] = known[question]
    return found


def read(lines: Sequence[str]) -> tuple[Away, ...]:
    """What `listed` gave, line by line: one Away for each stand-in, role and pack, with the roles that the absent hold."""
    found: dict[tuple[str, str, str, str], set[str]] = {}
    for line in lines:
        absent, stand_in, role, pack, held = line.split(_PART)
        found.setdefault((absent, stand_in, role, pack), set()).update([held] if held else [])
    return tuple(
        Away(absent, stand_in, role or None, pack or None, frozenset(held))
        for (absent, stand_in, role, pack), held in sorted(found.items())
    )


def overlapping(uow: UnitOfWork, program_id: str, from_at: datetime, to_at: datetime) -> tuple[tuple[Absence, StandIn], ...]:
    """Every line of every absence that overlaps with a time."""
    within = {one.id: one for one in list_(uow, program_id, from_at, until=to_at)}
    return tuple((within[line.absence_id], line) for line in stand_ins(uow, within))
