"""The list of all cases with what each waits for, most urgent first; three statements whatever the number of cases.

Rank 0: cases with a task nobody can do, or an open incident. Rank 1: by their soonest due date, overdue first.
Rank 2: the others, newest first. Each rank is read in the order of its own index and stops at the page's end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, literal_column, or_, select, union, union_all

from engine.model.cases import Case
from engine.model.instances import UserTask
from engine.model.lists import CaseOverview, Page
from engine.model.states import CaseState
from engine.store import pages, tables, waits
from engine.store.persons import folded
from engine.store.rows import Shape
from engine.store.task_rows import OPEN
from engine.store.task_rows import SHAPE as TASKS
from engine.store.types import FAR_FUTURE
from engine.store.unit_of_work import UnitOfWork
from engine.store.walls import hidden_from

_CASES = Shape(Case, tables.cases)
_C, _T, _I = tables.cases.c, tables.user_tasks.c, tables.incidents.c
_OPEN_INCIDENT = _I.state == literal_column("'open'")
_STUCK, _DUE, _OTHER = 0, 1, 2

Cursor = tuple[int, datetime, str]
Row = tuple[int, datetime, Case]
#: where a rank goes on after the last page; None: from its beginning
Start = tuple[datetime, str] | None
Conditions = Sequence[ColumnElement[bool]]


def overview(
    uow: UnitOfWork,
    program_id: str,
    *,
    state: CaseState | None = CaseState.OPEN,
    text: str | None = None,
    names: bool = False,
    of_person: str | None = None,
    unseen_by: str | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[CaseOverview]:
    """Cases and what they wait for. `text` looks into case numbers, with `names` into participants' names too.

    `of_person` keeps to cases that a person takes part in now, `unseen_by` leaves out those a person may not see (walls).
    Raises BadRequest for a bad cursor.
    """
    start: Cursor | None = pages.decode(cursor, int, datetime, str) if cursor is not None else None
    conditions = _conditions(program_id, state, text, names) + _chosen(of_person, unseen_by)
    ranks = [rank for rank in (_STUCK, _DUE, _OTHER) if start is None or rank >= start[0]]
    narrow = bool(text) or of_person is not None
    parts = [_PARTS[rank](program_id, conditions, _within(start, rank), limit, narrow) for rank in ranks]
    # both databases take the parts one after the other and stop at the limit, so that a full page reads no more of them
    found = uow.execute(union_all(*(select(part.subquery()) for part in parts)).limit(pages.capped(limit) + 1))
    rows: list[Row] = [(row[0], row[1], _CASES.read(row[2:])) for row in found]
    rows.sort(key=_place)
    page = pages.page(rows, limit, lambda row: (row[0], row[1], row[2].id))
    return Page(_filled(uow, [row[2] for row in page.items]), page.next)


def _place(row: Row) -> tuple[int, float, str]:
    rank, at, case = row
    return rank, -at.timestamp() if rank == _OTHER else at.timestamp(), case.id


def _within(start: Cursor | None, rank: int) -> Start:
    return (start[1], start[2]) if start is not None and start[0] == rank else None


def _conditions(program_id: str, state: CaseState | None, text: str | None, names: bool) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [_C.program_id == program_id]
    if state is not None:
        conditions.append(_C.state == state)
    if text and folded(text):
        matches = func.lower(_C.number).contains(folded(text), autoescape=True)
        conditions.append(or_(matches, _C.id.in_(_of_people_named(program_id, text))) if names else matches)
    return conditions


def _chosen(of_person: str | None, unseen_by: str | None) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if of_person is not None:
        taking_part = tables.participants.c
        own = select(taking_part.case_id).where(taking_part.person_id == of_person, taking_part.to_at.is_(None))
        chosen.append(_C.id.in_(own))
    if unseen_by is not None:
        chosen.append(_C.id.not_in(hidden_from(unseen_by)))
    return chosen


def _of_people_named(program_id: str, text: str) -> Select[tuple[str]]:
    person, participant = tables.persons.c, tables.participants.c
    named = select(person.id).where(person.program_id == program_id, person.search_key.contains(folded(text), autoescape=True))
    return select(participant.case_id).where(participant.person_id.in_(named))


def _stuck(program_id: str, conditions: Conditions, start: Start, limit: int, _narrow: bool) -> Select[Any]:
    stuck = union(
        select(_T.case_id).where(_T.program_id == program_id, OPEN, _T.nobody.is_not(None)),
        select(_I.case_id).where(_I.program_id == program_id, _OPEN_INCIDENT),
    ).subquery()
    order = ((_C.opened_at, False), (_C.id, False))
    statement = _ranked(_STUCK, _C.opened_at).join(stuck, stuck.c.case_id == _C.id).where(*conditions)
    return _part(statement, order, start, limit)


def _due(program_id: str, conditions: Conditions, start: Start, limit: int, narrow: bool) -> Select[Any]:
    earlier = tables.user_tasks.alias("earlier")
    before = or_(earlier.c.due_key < _T.due_key, and_(earlier.c.due_key == _T.due_key, earlier.c.id < _T.id))
    soonest = ~exists().where(earlier.c.case_id == _T.case_id, earlier.c.state == literal_column("'open'"), before)
    order = ((_T.due_key, False), (_C.id, False))
    statement = (
        _ranked(_DUE, _T.due_key)
        .join(tables.user_tasks, _T.case_id == _C.id)
        .where(OPEN, _T.due_key < FAR_FUTURE, soonest, ~_is_stuck(), *conditions)
    )
    if not narrow:  # otherwise few cases fit, and the index in the order of due dates would only lead astray
        statement = statement.where(_T.program_id == program_id)
    return _part(statement, order, start, limit)


def _others(_program_id: str, conditions: Conditions, start: Start, limit: int, _narrow: bool) -> Select[Any]:
    has_due = exists().where(_T.case_id == _C.id, OPEN, _T.due_key < FAR_FUTURE)
    order = ((_C.opened_at, True), (_C.id, False))
    return _part(_ranked(_OTHER, _C.opened_at).where(~has_due, ~_is_stuck(), *conditions), order, start, limit)


_PARTS = {_STUCK: _stuck, _DUE: _due, _OTHER: _others}


def _ranked(rank: int, at: ColumnElement[datetime]) -> Select[Any]:
    return select(literal(rank).label("rank"), at.label("at"), *_CASES.columns)


def _part(statement: Select[Any], order: Sequence[pages.Column], start: Start, limit: int) -> Select[Any]:
    if start is not None:
        statement = statement.where(pages.after(order, start))
    return pages.ordered(statement, order, limit)


def _is_stuck() -> ColumnElement[bool]:
    stuck = tables.user_tasks.alias("stuck")
    task = exists().where(stuck.c.case_id == _C.id, stuck.c.state == literal_column("'open'"), stuck.c.nobody.is_not(None))
    return or_(task, exists().where(_I.case_id == _C.id, _OPEN_INCIDENT))


def _filled(uow: UnitOfWork, cases: Sequence[Case]) -> tuple[CaseOverview, ...]:
    """The cases with what they wait for, in two statements."""
    ids = [case.id for case in cases]
    if not ids:
        return ()
    tasks, names = _tasks(uow, ids)
    others = waits.of_cases(uow, ids)
    none = waits.Waits()
    return tuple(
        CaseOverview(
            case,
            tasks.get(case.id, ()),
            tuple(others.get(case.id, none).timers),
            tuple(others.get(case.id, none).subscriptions),
            tuple(others.get(case.id, none).incidents),
            tuple(others.get(case.id, none).instances),
            {task.assignee_id: names[task.assignee_id] for task in tasks.get(case.id, ()) if task.assignee_id in names},
        )
        for case in cases
    )


def _tasks(uow: UnitOfWork, ids: Collection[str]) -> tuple[dict[str, tuple[UserTask, ...]], dict[str, str]]:
    person = tables.persons.c
    statement = TASKS.select().add_columns(person.name).outerjoin(tables.persons, person.id == _T.assignee_id)
    statement = statement.where(_T.case_id.in_(ids), OPEN).order_by(_T.due_key, _T.urgency, _T.id)
    tasks, names = [], {}
    for row in uow.execute(statement).all():
        task = TASKS.read(row)
        tasks.append(task)
        if task.assignee_id is not None and row[-1] is not None:
            names[task.assignee_id] = row[-1]
    return _by_case(tasks), names


def _by_case(items: Iterable[UserTask]) -> dict[str, tuple[UserTask, ...]]:
    found: defaultdict[str, list[UserTask]] = defaultdict(list)
    for item in items:
        found[item.case_id].append(item)
    return {case_id: tuple(listed) for case_id, listed in found.items()}
