"""What tiles count: for each the cases that it means, in a query that both counts them and keeps a list to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    union,
    union_all,
)

from engine.model.cases import Case
from engine.model.instances import UserTask
from engine.model.lists import Page
from engine.model.states import CaseState, TimerKind, UserTaskState
from engine.model.tiles import Counting, Watched
from engine.store import pages, tables
from engine.store.task_rows import CASES, OPEN, SHAPE, with_cases
from engine.store.types import FAR_FUTURE
from engine.store.unit_of_work import UnitOfWork
from engine.store.walls import hidden_from

_C, _T, _I, _M = tables.cases.c, tables.user_tasks.c, tables.incidents.c, tables.timers.c
_RUNNING = tables.instances.c


def count(uow: UnitOfWork, program_id: str, tiles: Sequence[Watched], now: datetime, unseen_by: str) -> list[dict[int, int]]:
    """For each tile how many cases it means, by group of days late (0 where there are no groups); one statement for all.

    Nothing of a case that the person may not see.
    """
    if not tiles:
        return []
    found: list[dict[int, int]] = [{} for _ in tiles]
    for place, bucket, number in uow.execute(union_all(*_counts(program_id, tiles, now, unseen_by))):
        found[place][bucket] = int(number)
    return found


def _counts(program_id: str, tiles: Sequence[Watched], now: datetime, unseen_by: str) -> list[Select[Any]]:
    counts: list[Select[Any]] = []
    for place, tile in enumerate(tiles):
        one = _found(program_id, tile, now).where(_C.id.not_in(hidden_from(unseen_by))).subquery(f"tile_{place}")
        columns: tuple[ColumnElement[Any], ...] = (literal_column(str(place)), one.c.bucket, func.count())
        counts.append(select(*columns).select_from(one).group_by(one.c.bucket))
    return counts


def meant(program_id: str, tile: Watched, now: datetime) -> ColumnElement[bool]:
    """Whether a case is one that a tile means, in the tile's group of days late if it names one."""
    one = _found(program_id, tile, now).subquery("meant")
    wanted = select(one.c.case_id)
    if tile.bucket is not None:
        wanted = wanted.where(one.c.bucket == tile.bucket)
    return _C.id.in_(wanted)


def cases(program_id: str, tile: Watched, now: datetime) -> Select[Any]:
    """The ids of the cases that a way of counting means, of every pack, for use inside another query."""
    one = _KINDS[tile.counts](program_id, tile, now).subquery()
    return select(one.c.case_id)


def _bucket(tile: Watched) -> ColumnElement[int]:
    """The group of days late that a task stands in, in its own calendar."""
    if not tile.since:
        return literal_column("0")
    groups: dict[str, ColumnElement[int]] = {}
    for key, moments in tile.since:
        groups[key] = case(*((_T.due_key >= moment, place) for place, moment in enumerate(moments)), else_=len(moments))
    others = groups.pop("")
    return case(*((_T.due_calendar == key, group) for key, group in groups.items()), else_=others) if groups else others


def _found(program_id: str, tile: Watched, now: datetime) -> Select[Any]:
    """Each case once, in the group of the task that is late longest."""
    each = _KINDS[tile.counts](program_id, tile, now).subquery()
    bucket = func.max(each.c.bucket) if "bucket" in each.c else literal_column("0")
    grouped = select(each.c.case_id, bucket.label("bucket")).group_by(each.c.case_id).subquery()
    return select(grouped.c.case_id, grouped.c.bucket).join(tables.cases, _C.id == grouped.c.case_id).where(_C.pack == tile.pack)


def _tasks(program_id: str, tile: Watched, *conditions: ColumnElement[bool]) -> Select[Any]:
    found = select(_T.case_id.label("case_id"), _T.due_key.label("since")).where(_T.program_id == program_id, OPEN, *conditions)
    if not tile.places and not tile.elsewhere:
        return found
    there = or_(literal_column("1=0"), *(and_(_T.process_key == process, _T.element_id == element) for process, element in tile.places))
    return found.where(~there if tile.elsewhere else there)


def _overdue(program_id: str, tile: Watched, now: datetime) -> Select[Any]:
    return _tasks(program_id, tile, _T.due_key < now).add_columns(_bucket(tile).label("bucket"))


def _due_today(program_id: str, tile: Watched, now: datetime) -> Select[Any]:
    return _tasks(program_id, tile, _T.due_key >= now, _T.due_key < tile.until)


def _open(program_id: str, tile: Watched, _now: datetime) -> Select[Any]:
    return _tasks(program_id, tile)


def _nobody(program_id: str, tile: Watched, _now: datetime) -> Select[Any] | CompoundSelect[Any]:
    tasks = _tasks(program_id, tile, _T.nobody.is_not(None))
    if tile.places or tile.elsewhere:
        return tasks
    dead = select(_RUNNING.case_id, _RUNNING.dead_at.label("since"))
    return union(tasks, dead.where(_RUNNING.program_id == program_id, _RUNNING.dead_at.is_not(None)))


def _idle(program_id: str, tile: Watched, _now: datetime) -> Select[Any]:
    """No task of the case was completed since then; those about a late task do not move it."""
    about = select(_RUNNING.subject_task_id).where(_RUNNING.id == _T.instance_id, _RUNNING.subject_task_id.is_not(None))
    moved = exists().where(
        _T.case_id == _C.id, _T.state == literal_column(f"'{UserTaskState.COMPLETED}'"), _T.ended_at >= tile.until, ~exists(about)
    )
    found = select(_C.id.label("case_id"), _C.opened_at.label("since"))
    return found.where(_C.program_id == program_id, _C.state == CaseState.OPEN, _C.opened_at < tile.until, ~moved)


def _incidents(program_id: str, _tile: Watched, _now: datetime) -> Select[Any]:
    found = select(_I.case_id.label("case_id"), _I.at.label("since"))
    return found.where(_I.program_id == program_id, _I.state == literal_column("'open'"))


def _expiring(program_id: str, tile: Watched, _now: datetime) -> Select[Any]:
    there = or_(literal_column("1=0"), *(and_(_M.process_key == process, _M.element_id == element) for process, element in tile.places))
    found = select(_M.case_id.label("case_id"), _M.due_at.label("since")).where(_M.due_at < tile.until, _M.program_id == program_id)
    found = found.where(_M.kind == TimerKind.EVENT)
    return found.where(there) if tile.places else found


_KINDS = {
    Counting.OVERDUE: _overdue,
    Counting.DUE_TODAY: _due_today,
    Counting.OPEN: _open,
    Counting.NOBODY: _nobody,
    Counting.IDLE: _idle,
    Counting.INCIDENTS: _incidents,
    Counting.EXPIRING: _expiring,
}


def laddered(
    uow: UnitOfWork,
    program_id: str,
    standing: Watched,
    *,
    unseen_by: str,
    case_id: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[tuple[UserTask, Case]]:
    """The open tasks with a due date at some places, each with its case, the soonest due first."""
    places = _tasks(program_id, standing, _T.due_key < FAR_FUTURE).with_only_columns(_T.id)
    statement = SHAPE.select().add_columns(*CASES.columns).join(tables.cases, _C.id == _T.case_id)
    statement = statement.where(_T.id.in_(places), _C.pack == standing.pack, _C.id.not_in(hidden_from(unseen_by)))
    if case_id is not None:
        statement = statement.where(_T.case_id == case_id)
    order = ((_T.due_key, False), (_T.id, False))
    if cursor is not None:
        statement = statement.where(pages.after(order, pages.decode(cursor, datetime, str)))
    found = with_cases(uow, pages.ordered(statement, order, limit))
    return pages.page(found, limit, lambda pair: (pair[0].due_at or FAR_FUTURE, pair[0].id))
