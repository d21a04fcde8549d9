"""The list of all cases with what each waits for, most urgent first; three statements whatever the number of cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam

from engine import clock
from engine.model.cases import Case
from engine.model.errors import BadRequest
from engine.model.instances import UserTask
from engine.model.lists import CaseOverview, LentCases, Page
from engine.model.states import CaseState
from engine.model.tiles import CaseFilter, CaseSort
from engine.store import case_filters, pages, tables, waits
from engine.store.overview_ranks import CASES, DESCENDING, RANKS, Asked, built, statement
from engine.store.persons import folded
from engine.store.task_rows import OPEN
from engine.store.task_rows import SHAPE as TASKS
from engine.store.unit_of_work import UnitOfWork

_T = tables.user_tasks.c
#: each with its assignee's name behind it
_OPEN_TASKS = (
    TASKS.select()
    .add_columns(tables.persons.c.name)
    .outerjoin(tables.persons, tables.persons.c.id == _T.assignee_id)
    .where(_T.case_id.in_(bindparam("case_ids", expanding=True)), OPEN)
    .order_by(_T.due_key, _T.urgency, _T.id)
)

#: rank, and what orders within it
Row = tuple[int, datetime | str, Case]
_ALL = CaseFilter()
_OTHER_ORDER = "The cursor is of a list in another order; ask for the list from its beginning."


def overview(
    uow: UnitOfWork,
    program_id: str,
    *,
    state: CaseState | None = CaseState.OPEN,
    text: str | None = None,
    names: bool = False,
    named_packs: Collection[str] | None = None,
    also: CaseFilter = _ALL,
    of_person: str | None = None,
    lent: Sequence[LentCases] = (),
    unseen_by: str | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[CaseOverview]:
    """Cases and what they wait for. `text` looks into case numbers, with `names` into participants' names too.

    `named_packs`: names count in cases of these packs only. `also`: what else a case has to be like, and the order.
    `of_person` keeps to cases that a person takes part in now, `lent` to those of others whose place is taken (with
    `of_person` to both); `unseen_by` leaves out those a person may not see (walls).
    Raises BadRequest for a bad cursor.
    """
    wanted = folded(text or "")
    rank, at, id = _cursor(cursor, also.sort)
    conditions = case_filters.conditions(program_id, also, clock.now())
    if lent:
        conditions = (*conditions, case_filters.in_reach(of_person, lent))
    asked = Asked(
        state,
        bool(wanted),
        names,
        of_person is not None and not lent,
        unseen_by is not None,
        rank,
        pages.capped(limit),
        sort=also.sort,
        names_by_pack=named_packs is not None,
        filtered=bool(conditions),
    )
    given: dict[str, Any] = {"program_id": program_id, "text": pages.part_of(wanted), "person_id": of_person, "unseen_by": unseen_by}
    given |= {"at": at, "id": id, "named_packs": sorted(named_packs or ()), "intensity": also.intensity}
    found = uow.execute(built(asked, conditions) if conditions else statement(asked), given).all()
    rows = _sorted([(row[0], row[1], CASES.read(row[2:])) for row in found], also.sort)
    page = pages.page(rows, limit, lambda row: (row[0], row[1], row[2].id))
    return Page(_filled(uow, [row[2] for row in page.items], also.shown), page.next)


def _cursor(cursor: str | None, sort: CaseSort) -> tuple[int | None, datetime | str | None, str | None]:
    """Rank, what orders within it, id; by intensity the ranks are ordered by texts."""
    if cursor is None:
        return None, None, None
    rank, at, id = pages.decode(cursor, int, str if sort is CaseSort.INTENSITY else datetime, str)
    if rank not in RANKS[sort]:
        raise BadRequest(_OTHER_ORDER)
    return rank, at, id


def _sorted(rows: list[Row], sort: CaseSort) -> list[Row]:
    """By rank, in each by its order: the parts of a union come in no order that is promised."""
    found = []
    for rank in sorted({row[0] for row in rows}):
        part = sorted((row for row in rows if row[0] == rank), key=lambda row: row[2].id)
        found += sorted(part, key=_at, reverse=rank in DESCENDING[sort])
    return found


def _at(row: Row) -> Any:
    return row[1]


def _filled(uow: UnitOfWork, cases: Sequence[Case], shown: Collection[str]) -> tuple[CaseOverview, ...]:
    """The cases with what they wait for, in two statements."""
    ids = [case.id for case in cases]
    if not ids:
        return ()
    tasks, names = _tasks(uow, ids)
    others = waits.of_cases(uow, ids, shown)
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
            tuple(others.get(case.id, none).jobs),
            others.get(case.id, none).facts,
        )
        for case in cases
    )


def _tasks(uow: UnitOfWork, ids: Collection[str]) -> tuple[dict[str, tuple[UserTask, ...]], dict[str, str]]:
    tasks, names = [], {}
    for row in uow.execute(_OPEN_TASKS, {"case_ids": ids}).all():
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
