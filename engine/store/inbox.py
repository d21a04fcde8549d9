"""A person's own list of open tasks: one statement, each way to a task read in the order of its own index."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union

from engine.model.instances import UserTask
from engine.model.lists import InboxFilter, InboxRow, InboxSort, Page
from engine.store import inbox_search, inbox_views, notices, pages, participants, surveys, tables
from engine.store.inbox_search import Found
from engine.store.task_rows import CASES, IS_ABOUT, OPEN, SHAPE, SORTED_BY, due_key, urgency, with_cases
from engine.store.unit_of_work import UnitOfWork
from engine.store.walls import hidden_from

_T = tables.user_tasks.c
_P = tables.participants.c
_KEY = select(_T.id, _T.due_key, _T.urgency, _T.case_id)
#: how a column of the order is read from a task, and its type in a cursor
_READ: dict[str, tuple[Callable[[UserTask], Any], type]] = {
    "due_key": (due_key, datetime),
    "urgency": (urgency, int),
    "case_id": (lambda task: task.case_id, str),
    "id": (lambda task: task.id, str),
}
_ALL = InboxFilter()
#: counts stop here
COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for a person: open tasks that are theirs, those they may claim, notices not read, surveys to answer if they like."""

    mine: int
    claimable: int
    unread: int
    surveys: int = 0


def inbox(
    uow: UnitOfWork,
    program_id: str,
    person_id: str,
    roles: Collection[str],
    *,
    filter: InboxFilter = _ALL,
    sort: InboxSort = InboxSort.DUE,
    text: str | None = None,
    titles: Collection[str] = (),
    unseen_by: str | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[InboxRow]:
    """Open tasks that are a person's, or that they may claim, in the order asked for; nothing of a case they may not see.

    Theirs: assigned to them; bound to them as a participant in its role and assigned to nobody else. To claim: assigned
    to nobody and no participant's own, and asking for one of the program roles given, or for a case role they hold on
    that case. A task about a participant that another role does is that role's.
    `unseen_by`: nothing of a case that this person may not see either.
    `text` is looked for in titles and case numbers, with one statement more; `titles` are titles that say it too.
    Raises BadRequest for a bad cursor.
    """
    conditions = [_T.case_id.not_in(hidden_from(person_id)), *_filters(filter, sort)]
    if unseen_by is not None:
        conditions.append(_T.case_id.not_in(hidden_from(unseen_by)))
    names = SORTED_BY[sort]
    along = tuple((_T[name], False) for name in names)
    if cursor is not None:
        conditions.append(pages.after(along, pages.decode(cursor, *(_READ[name][1] for name in names))))
    searched = inbox_search.look_up(uow, program_id, () if filter.mine else roles, text or "", titles)
    ways = []
    for way in [*_own(program_id, person_id, filter, searched), *_claimable(program_id, person_id, roles, filter, searched)]:
        some = pages.ordered(way.where(OPEN, *conditions), along, limit).subquery()
        ways.append(select(*some.c))
    if not ways:
        return Page(())
    found = union(*ways).subquery()
    order = tuple((found.c[name], False) for name in names)
    statement = (
        SHAPE.select()
        .add_columns(*CASES.columns)
        .select_from(found)
        .join(tables.user_tasks, _T.id == found.c.id)
        .join(tables.cases, tables.cases.c.id == _T.case_id)
    )
    items = [InboxRow(task, case.number) for task, case in with_cases(uow, pages.ordered(statement, order, limit))]
    return pages.page(items, limit, lambda row: tuple(_READ[name][0](row.task) for name in names))


def waiting(uow: UnitOfWork, program_id: str, person_id: str, roles: Collection[str]) -> Waiting:
    """What waits for a person, in one statement; looked up once in a unit of work. Each number is counted up to 1,000."""
    known = uow.read_before.setdefault(tables.user_tasks, {})
    if ("waiting", person_id) not in known:
        counts = [_counted(ways, person_id) for ways in (_own(program_id, person_id, _ALL), _claimable(program_id, person_id, roles, _ALL))]
        roles_held, views_seen = participants.roles_listed(program_id, person_id), inbox_views.listed(program_id, person_id, roles)
        beside = (notices.unread(program_id, person_id), surveys.open_count(program_id, person_id), roles_held, views_seen)
        columns: list[ColumnElement[Any]] = [*counts, *beside]
        mine, claimable, unread, asked, held, views = uow.execute(select(*columns)).one()
        participants.remember_roles(uow, person_id, held)
        inbox_views.remember(uow, program_id, person_id, views)
        known["waiting", person_id] = Waiting(int(mine), int(claimable), int(unread), int(asked))
    found = known["waiting", person_id]
    assert isinstance(found, Waiting)
    return found


def _counted(ways: Sequence[Select[Any]], person_id: str) -> ColumnElement[int]:
    each = [way.where(OPEN, _T.case_id.not_in(hidden_from(person_id))).limit(COUNTED).subquery() for way in ways]
    found = union(*(select(one.c.id) for one in each)).limit(COUNTED).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def _own(program_id: str, person_id: str, filter: InboxFilter, searched: Found | None = None) -> list[Select[Any]]:
    """One query for each reason why a task is a person's.

    Each asks for the program only where no other index is to be used: a person, like a participant, is of one program.
    """
    if filter.unclaimed:
        return []
    bound = _KEY.join(tables.participants, _P.id == _T.participant_id)
    bound = bound.where(_P.person_id == person_id, _P.program_id == program_id, _P.to_at.is_(None))
    about = [searched.in_any()] if searched else []
    return [
        _KEY.where(_T.assignee_id == person_id, _T.assignee_id.is_not(None), *about),
        bound.where(_T.assignee_id.is_(None), _T.participant_id.is_not(None), or_(_T.role.is_(None), _P.role == _T.role), *about),
    ]


def _claimable(
    program_id: str, person_id: str, roles: Collection[str], filter: InboxFilter, searched: Found | None = None
) -> list[Select[Any]]:
    """One query for each reason why a person may claim. One a role: an index cannot read several in order."""
    if filter.mine:
        return []
    free = (_T.assignee_id.is_(None), or_(_T.participant_id.is_(None), IS_ABOUT))
    on_case = _KEY.join(tables.participants, _P.case_id == _T.case_id).where(*free)
    on_case = on_case.where(_P.person_id == person_id, _P.program_id == program_id, _P.to_at.is_(None), _P.role == _T.role)
    ways = [on_case.where(searched.in_any())] if searched else [on_case]
    for role in sorted(set(roles)):
        of_role = searched.in_role(program_id, role) if searched else [and_(_T.program_id == program_id, _T.role == role)]
        ways += [_KEY.where(one, *free) for one in of_role]
    return ways


def _filters(filter: InboxFilter, sort: InboxSort) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for name in ("case_id", "process_key", "role"):
        value = getattr(filter, name)
        if value is not None:
            conditions.append(_T[name] == value)
    if filter.due_before is not None:
        # what is worked out is no column: the index of the order asked for is read, and not sorted anew from the one by due date
        due = _T.due_key if sort is InboxSort.DUE else func.coalesce(_T.due_key, _T.due_key)
        conditions.append(due < filter.due_before)
    if filter.follow_up_before is not None:
        conditions.append(_T.follow_up_at < filter.follow_up_before)
    if filter.least_priority is not None:
        conditions.append(_T.urgency + 0 <= -filter.least_priority)
    return conditions
