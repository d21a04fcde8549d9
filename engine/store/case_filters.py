"""What else the list of all cases is asked by: status, an open task's place, declared facts, a tile of the board."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, literal_column, or_, select

from engine.model.lists import LentCases
from engine.model.states import InstanceState
from engine.model.tiles import CaseFilter, Counting, FactAsked, Operator, Watched
from engine.store import tables, tiles, walls
from engine.store.unit_of_work import UnitOfWork

_C = tables.cases.c
# of their own names, as the list reads the same tables around them
_TASKS, _FACTS = tables.user_tasks.alias("asked_task"), tables.facts.alias("asked_fact")
_INSTANCES = tables.instances.alias("asked_instance")
_T, _F, _I = _TASKS.c, _FACTS.c, _INSTANCES.c
_ENDED = (InstanceState.COMPLETED, InstanceState.TERMINATED)


def conditions(program_id: str, asked: CaseFilter, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What a case has to fulfil."""
    return tuple(_each(program_id, asked, now))


def _each(program_id: str, asked: CaseFilter, now: datetime) -> Iterator[ColumnElement[bool]]:
    if asked.late:
        yield _late(program_id, now)
    if asked.status is not None:
        yield _C.status == asked.status
    if asked.places:
        yield or_(*(_at(program_id, process, element) for process, element in asked.places))
    for fact in asked.facts:
        yield _fact(program_id, fact)
    if asked.watched is not None:
        yield tiles.meant(program_id, asked.watched, now)


def in_reach(person_id: str | None, lent: Sequence[LentCases]) -> ColumnElement[bool]:
    """Cases in which a person takes part now, and those that are lent to them as far as no wall keeps the absent from one."""
    own: list[ColumnElement[bool]] = [] if person_id is None else [_C.id.in_(_taken_part_in(person_id))]
    return or_(*own, *(and_(_lent(one), _C.id.not_in(walls.hidden_from(one.person_id))) for one in lent))


def _lent(one: LentCases) -> ColumnElement[bool]:
    by_role = [
        and_(_C.pack == pack, _C.id.in_(_taken_part_in(one.person_id).where(tables.participants.c.role == role)))
        for pack, role in sorted(one.held)
    ]
    return or_(_C.pack.in_(sorted(one.packs)), *by_role)


def _taken_part_in(person_id: str) -> Select[tuple[str]]:
    taking_part = tables.participants.c
    return select(taking_part.case_id).where(taking_part.person_id == person_id, taking_part.to_at.is_(None))


def _at(program_id: str, process: str, element: str) -> ColumnElement[bool]:
    """A task is open there, or another token of the case stands there."""
    task = exists().where(_T.case_id == _C.id, _T.state == literal_column("'open'"), _T.process_key == process, _T.element_id == element)
    around = literal_column("' '").concat(_I.places).concat(literal_column("' '"))
    stands = select(_I.case_id).where(
        _I.program_id == program_id, _I.state.not_in(_ENDED), around.contains(f" {process}/{element} ", autoescape=True)
    )
    return or_(task, _C.id.in_(stands))


def of_instance(program_id: str, asked: CaseFilter, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What a process instance has to fulfil: its case all of it, but the place is its own."""
    meant = [or_(*(_stands(*place) for place in asked.places))] if asked.places else []
    around = conditions(program_id, replace(asked, places=()), now)
    return (*meant, tables.instances.c.case_id.in_(select(_C.id).where(_C.program_id == program_id, *around))) if around else tuple(meant)


def _stands(process: str, element: str) -> ColumnElement[bool]:
    one = tables.instances.c
    is_open = _T.state == literal_column("'open'")
    task = exists().where(_T.instance_id == one.id, is_open, _T.process_key == process, _T.element_id == element)
    around = literal_column("' '").concat(one.places).concat(literal_column("' '"))
    return or_(task, and_(one.state.not_in(_ENDED), around.contains(f" {process}/{element} ", autoescape=True)))


def _late(program_id: str, now: datetime) -> ColumnElement[bool]:
    """Something is overdue, failed, or cannot be done by anybody."""
    everywhere = (Watched("", counts) for counts in (Counting.OVERDUE, Counting.INCIDENTS, Counting.NOBODY))
    return or_(*(_C.id.in_(tiles.cases(program_id, one, now)) for one in everywhere))


def _fact(program_id: str, asked: FactAsked) -> ColumnElement[bool]:
    """Where a case lacks the fact, nothing holds but that it is not some value."""
    negative = asked.operator is Operator.IS_NOT
    held = and_(_F.program_id == program_id, _F.key == asked.key, _COMPARES[asked.operator](asked.comparable))
    found = _C.id.in_(select(_F.case_id).where(held))
    return ~found if negative else found


_COMPARES: dict[Operator, Any] = {
    Operator.IS: lambda text: _F.comparable == text,
    Operator.IS_NOT: lambda text: _F.comparable == text,
    Operator.LESS: lambda text: _F.comparable < text,
    Operator.AT_MOST: lambda text: _F.comparable <= text,
    Operator.AT_LEAST: lambda text: _F.comparable >= text,
    Operator.MORE: lambda text: _F.comparable > text,
}


def statuses(uow: UnitOfWork, program_id: str) -> tuple[str, ...]:
    """The statuses that cases of a program have, sorted."""
    found = uow.execute(select(_C.status).where(_C.program_id == program_id, _C.status.is_not(None)).distinct().order_by(_C.status))
    return tuple(found.scalars())
