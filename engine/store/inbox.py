"""A person's own list of open tasks: one statement, each way to a task read in the order of its own index."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select, union

from engine.model.lists import InboxFilter, InboxRow, Page
from engine.store import pages, tables
from engine.store.task_rows import OPEN, ORDER, SHAPE, due_key, urgency
from engine.store.unit_of_work import UnitOfWork
from engine.store.walls import hidden_from

_T = tables.user_tasks.c
_P = tables.participants.c
_ALL = InboxFilter()


def inbox(
    uow: UnitOfWork,
    program_id: str,
    person_id: str,
    roles: Collection[str],
    *,
    filter: InboxFilter = _ALL,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[InboxRow]:
    """Open tasks that are a person's, or that they may claim, soonest due first; nothing of a case they may not see.

    Theirs: assigned to them; bound to them as a participant and assigned to nobody else. To claim: assigned and bound
    to nobody, and asking for one of the program roles given, or for a case role they hold on that case.
    """
    conditions = [_T.program_id == program_id, _T.case_id.not_in(hidden_from(person_id)), *_filters(filter)]
    if cursor is not None:
        conditions.append(pages.after(ORDER, pages.decode(cursor, datetime, int, str)))
    ways = []
    for way in _ways(person_id, roles, filter):
        some = pages.ordered(way.where(OPEN, *conditions), ORDER, limit).subquery()
        ways.append(select(some.c.id, some.c.due_key, some.c.urgency))
    if not ways:
        return Page(())
    found = union(*ways).subquery()
    order = ((found.c.due_key, False), (found.c.urgency, False), (found.c.id, False))
    statement = (
        SHAPE.select()
        .add_columns(tables.cases.c.number, tables.cases.c.status, tables.instances.c.state)
        .select_from(found)
        .join(tables.user_tasks, _T.id == found.c.id)
        .join(tables.cases, tables.cases.c.id == _T.case_id)
        .join(tables.instances, tables.instances.c.id == _T.instance_id)
    )
    rows = uow.execute(pages.ordered(statement, order, limit))
    items = [InboxRow(SHAPE.read(row), *row[-3:]) for row in rows]
    return pages.page(items, limit, lambda row: (due_key(row.task), urgency(row.task), row.task.id))


def _ways(person_id: str, roles: Collection[str], filter: InboxFilter) -> list[Select[Any]]:
    """One query for each reason why a task is in the list. One a role: an index cannot read several in order."""
    key = select(_T.id, _T.due_key, _T.urgency)
    free = (_T.assignee_id.is_(None), _T.participant_id.is_(None))
    ways: list[Select[Any]] = []
    if not filter.unclaimed:
        ways.append(key.where(_T.assignee_id == person_id))
    if not filter.mine:
        ways += [key.where(_T.role == role, *free) for role in sorted(set(roles))]
        own = (_P.person_id == person_id, _P.to_at.is_(None))
        on_case = key.join(tables.participants, _P.case_id == _T.case_id)
        ways.append(on_case.where(*own, _P.role == _T.role, *free))
        bound = key.join(tables.participants, _P.id == _T.participant_id)
        ways.append(bound.where(*own, _T.assignee_id.is_(None), _T.participant_id.is_not(None)))
    return ways


def _filters(filter: InboxFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for name in ("case_id", "process_key", "role"):
        value = getattr(filter, name)
        if value is not None:
            conditions.append(_T[name] == value)
    if filter.due_before is not None:
        conditions.append(_T.due_key < filter.due_before)
    return conditions
