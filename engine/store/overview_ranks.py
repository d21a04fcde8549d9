"""How the list of all cases is asked for: by rank, each read in the order of its own index up to the page's end.

Rank 0: cases with a task nobody can do, an open incident or a wait that nothing can end. Rank 1: by their soonest due
date, overdue first. Rank 2: the others, newest first. In another order there are fewer ranks. A statement is built once
for each way of asking; what is asked for are its parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    union,
    union_all,
)

from engine.model.cases import Case
from engine.model.states import CaseState
from engine.model.tiles import CaseSort
from engine.store import pages, tables
from engine.store.rows import Shape
from engine.store.task_rows import OPEN
from engine.store.types import FAR_FUTURE
from engine.store.walls import hidden_from

CASES = Shape(Case, tables.cases)
STUCK, DUE, OTHER = 0, 1, 2
#: ranks of the order by intensity
INTENSE, PLAIN = 0, 1
#: the ranks of an order whose first column descends
DESCENDING = {
    CaseSort.URGENT: frozenset({OTHER}),
    CaseSort.DUE: frozenset({OTHER}),
    CaseSort.NEWEST: frozenset({OTHER}),
    CaseSort.OLDEST: frozenset[int](),
    CaseSort.INTENSITY: frozenset({INTENSE, PLAIN}),
}

_C, _T, _I, _F, _R = tables.cases.c, tables.user_tasks.c, tables.incidents.c, tables.facts.c, tables.instances.c
_OPEN_INCIDENT = _I.state == literal_column("'open'")
_PROGRAM: ColumnElement[str] = bindparam("program_id")
_TEXT: ColumnElement[str] = bindparam("text", type_=_C.number.type)
_INTENSITY: ColumnElement[str] = bindparam("intensity")
#: statements kept; what is dropped is built again
_KEPT = 128


@dataclass(frozen=True, slots=True)
class Asked:
    """A way of asking. Parameters: `program_id`, and `text`, `person_id`, `unseen_by`, `at` and `id` where they apply."""

    state: CaseState | None
    #: a part of the number, or with `names` of a participant's name: `text`, escaped by `pages.part_of`
    text: bool
    names: bool
    #: only cases that the person `person_id` takes part in now
    own: bool
    #: without cases that the person `unseen_by` may not see
    walled: bool
    #: the rank in which the last page ended, at `at` and `id`
    rank: int | None
    limit: int
    sort: CaseSort = CaseSort.URGENT
    #: names count in cases of the packs `named_packs` only
    names_by_pack: bool = False
    #: asked by what is no parameter too
    filtered: bool = False

    @property
    def narrow(self) -> bool:
        """Few cases fit, so that an index in the order of due dates would only lead astray."""
        return self.text or self.own or self.filtered


@lru_cache(_KEPT)
def statement(asked: Asked) -> CompoundSelect[Any]:
    """Rows of rank, what orders within it, and the case. Both databases take the parts one after the other and stop at
    the limit, so that a full page reads no more of them."""
    return built(asked, ())


def built(asked: Asked, also: Sequence[ColumnElement[bool]]) -> CompoundSelect[Any]:
    """As `statement`, of cases that fulfil further conditions."""
    conditions = [*_conditions(asked), *also]
    parts = [part(asked, conditions) for rank, part in _PARTS[asked.sort].items() if asked.rank is None or rank >= asked.rank]
    return union_all(*(select(part.subquery()) for part in parts)).limit(pages.capped(asked.limit) + 1)


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [_C.program_id == _PROGRAM]
    if asked.state is not None:
        conditions.append(_C.state == asked.state)
    if asked.text:
        matches = func.lower(_C.number).like(_TEXT, escape=pages.ESCAPE)
        conditions.append(or_(matches, _named(asked)) if asked.names else matches)
    if asked.own:
        taking_part = tables.participants.c
        own = select(taking_part.case_id).where(taking_part.person_id == bindparam("person_id"), taking_part.to_at.is_(None))
        conditions.append(_C.id.in_(own))
    if asked.walled:
        conditions.append(_C.id.not_in(hidden_from(bindparam("unseen_by"))))
    return conditions


def _named(asked: Asked) -> ColumnElement[bool]:
    named = _C.id.in_(_of_people_named())
    return and_(named, _C.pack.in_(bindparam("named_packs", expanding=True))) if asked.names_by_pack else named


def _of_people_named() -> Select[tuple[str]]:
    person, participant = tables.persons.c, tables.participants.c
    named = select(person.id).where(person.program_id == _PROGRAM, person.search_key.like(_TEXT, escape=pages.ESCAPE))
    return select(participant.case_id).where(participant.person_id.in_(named))


def _stuck(asked: Asked, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    stuck = union(
        select(_T.case_id).where(_T.program_id == _PROGRAM, OPEN, _T.nobody.is_not(None)),
        select(_I.case_id).where(_I.program_id == _PROGRAM, _OPEN_INCIDENT),
        _dead(),
    ).subquery()
    order = ((_C.opened_at, False), (_C.id, False))
    return _part(STUCK, asked, _ranked(STUCK, _C.opened_at).join(stuck, stuck.c.case_id == _C.id).where(*conditions), order)


def _due(asked: Asked, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    earlier = tables.user_tasks.alias("earlier")
    before = or_(earlier.c.due_key < _T.due_key, and_(earlier.c.due_key == _T.due_key, earlier.c.id < _T.id))
    soonest = ~exists().where(earlier.c.case_id == _T.case_id, earlier.c.state == literal_column("'open'"), before)
    order = ((_T.due_key, False), (_C.id, False))
    found = (
        _ranked(DUE, _T.due_key)
        .join(tables.user_tasks, _T.case_id == _C.id)
        .where(OPEN, _T.due_key < FAR_FUTURE, soonest, *_not_stuck(asked), *conditions)
    )
    return _part(DUE, asked, found if asked.narrow else found.where(_T.program_id == _PROGRAM), order)


def _others(asked: Asked, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    has_due = exists().where(_T.case_id == _C.id, OPEN, _T.due_key < FAR_FUTURE)
    order = ((_C.opened_at, True), (_C.id, False))
    return _part(OTHER, asked, _ranked(OTHER, _C.opened_at).where(~has_due, *_not_stuck(asked), *conditions), order)


def _by_age(asked: Asked, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    order = ((_C.opened_at, asked.sort is CaseSort.NEWEST), (_C.id, False))
    return _part(OTHER, asked, _ranked(OTHER, _C.opened_at).where(*conditions), order)


def _intense(asked: Asked, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    found = _ranked(INTENSE, _F.comparable).join(tables.facts, _F.case_id == _C.id)
    found = found.where(_F.program_id == _PROGRAM, _F.key == _INTENSITY, _F.comparable.is_not(None), *conditions)
    return _part(INTENSE, asked, found, ((_F.comparable, True), (_F.case_id, False)))


def _not_intense(asked: Asked, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    rated = exists().where(_F.case_id == _C.id, _F.key == _INTENSITY, _F.comparable.is_not(None))
    # Newest first by their ids, which begin with the time: both ranks are ordered by texts, as one column has one type.
    return _part(PLAIN, asked, _ranked(PLAIN, _C.id).where(~rated, *conditions), ((_C.id, True), (_C.id, False)))


_Part = Callable[[Asked, Sequence[ColumnElement[bool]]], Select[Any]]
_PARTS: dict[CaseSort, dict[int, _Part]] = {
    CaseSort.URGENT: {STUCK: _stuck, DUE: _due, OTHER: _others},
    CaseSort.DUE: {DUE: _due, OTHER: _others},
    CaseSort.OLDEST: {OTHER: _by_age},
    CaseSort.NEWEST: {OTHER: _by_age},
    CaseSort.INTENSITY: {INTENSE: _intense, PLAIN: _not_intense},
}
#: the ranks of each order
RANKS = {sort: frozenset(parts) for sort, parts in _PARTS.items()}


def _ranked(rank: int, at: ColumnElement[Any]) -> Select[Any]:
    return select(literal(rank).label("rank"), at.label("at"), *CASES.columns)


def _part(rank: int, asked: Asked, found: Select[Any], order: Sequence[pages.Column]) -> Select[Any]:
    if asked.rank == rank:
        found = found.where(pages.after(order, (bindparam("at", type_=order[0][0].type), bindparam("id"))))
    return pages.ordered(found, order, asked.limit)


def _not_stuck(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """What is on top is not told again below; in other orders nothing is on top."""
    if asked.sort is not CaseSort.URGENT:
        return ()
    stuck = tables.user_tasks.alias("stuck")
    task = exists().where(stuck.c.case_id == _C.id, stuck.c.state == literal_column("'open'"), stuck.c.nobody.is_not(None))
    return (~or_(task, exists().where(_I.case_id == _C.id, _OPEN_INCIDENT), _C.id.in_(_dead())),)


def _dead() -> Select[tuple[str]]:
    """Cases in which something waits for what can never come: few, each in an index of its own."""
    return select(_R.case_id).where(_R.program_id == _PROGRAM, _R.dead_at.is_not(None))
