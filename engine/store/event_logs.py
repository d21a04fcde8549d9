"""What logs for process mining are made of, read in parts; nothing of cases that a person may not see."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import false, or_, select

from engine.model.event_logs import LogCase, LogMove, LogPlan
from engine.model.lists import Page
from engine.store import pages, tables
from engine.store.unit_of_work import UnitOfWork
from engine.store.walls import hidden_from

_C, _A, _T = tables.cases.c, tables.audit_entries.c, tables.user_tasks.c
_ORDER = ((_C.opened_at, False), (_C.id, False))


def cases(uow: UnitOfWork, plan: LogPlan, unseen_by: str, cursor: str | None, limit: int) -> Page[LogCase]:
    """The next cases of a log, the oldest first."""
    asked = plan.question
    statement = select(_C.opened_at, _C.id, _C.number, _C.pack).where(
        _C.program_id == plan.program_id,
        or_(_C.pack.in_(sorted(plan.packs)), _C.pack.is_(None) if plan.bare else false()),
        _C.id.not_in(hidden_from(unseen_by)),
    )
    if asked.since is not None:
        statement = statement.where(_C.opened_at >= asked.since)
    if asked.until is not None:
        statement = statement.where(_C.opened_at < asked.until)
    if cursor is not None:
        statement = statement.where(pages.after(_ORDER, pages.decode(cursor, datetime, str)))
    rows = uow.execute(pages.ordered(statement, _ORDER, limit)).all()
    found = pages.page(rows, limit, lambda row: (row[0], row[1]))
    return Page(tuple(LogCase(id, number, pack) for _opened, id, number, pack in found.items), found.next)


def moves(uow: UnitOfWork, case_ids: Collection[str], events: Collection[str]) -> tuple[LogMove, ...]:
    """What the trails of cases say of some events, case by case in the order in which it was written."""
    statement = select(
        _A.case_id, _A.instance_id, _A.definition_id, _A.process_key, _A.element_id, _A.event, _A.at, _A.actor_id, _A.details
    ).where(_A.case_id.in_(sorted(case_ids)), _A.event.in_(sorted(events)), _A.instance_id.is_not(None))
    rows = uow.execute(statement.order_by(_A.case_id, _A.id))
    return tuple(LogMove(row[0], row[1], row[2], row[3] or "", row[4] or "", *row[5:]) for row in rows)


def roles(uow: UnitOfWork, case_ids: Collection[str]) -> dict[tuple[str, str, str], str]:
    """Whose task a step was: the role by instance, process and element."""
    statement = select(_T.instance_id, _T.process_key, _T.element_id, _T.role).where(_T.case_id.in_(sorted(case_ids)))
    found = uow.execute(statement.where(_T.role.is_not(None)).distinct())
    return {(instance, process, element): role for instance, process, element, role in found}
