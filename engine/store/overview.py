"""The list of all cases with what each waits for, most urgent first; three statements whatever the number of cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam

from engine.model.cases import Case
from engine.model.instances import UserTask
from engine.model.lists import CaseOverview, Page
from engine.model.states import CaseState
from engine.store import pages, tables, waits
from engine.store.overview_ranks import CASES, OTHER, Asked, statement
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
Row = tuple[int, datetime, Case]


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
    wanted = folded(text or "")
    rank, at, id = pages.decode(cursor, int, datetime, str) if cursor is not None else (None, None, None)
    asked = Asked(state, bool(wanted), names, of_person is not None, unseen_by is not None, rank, pages.capped(limit))
    given = {"program_id": program_id, "text": pages.part_of(wanted), "person_id": of_person, "unseen_by": unseen_by, "at": at, "id": id}
    found = uow.execute(statement(asked), given).all()
    rows: list[Row] = [(row[0], row[1], CASES.read(row[2:])) for row in found]
    rows.sort(key=_place)
    page = pages.page(rows, limit, lambda row: (row[0], row[1], row[2].id))
    return Page(_filled(uow, [row[2] for row in page.items]), page.next)


def _place(row: Row) -> tuple[int, float, str]:
    rank, at, case = row
    return rank, -at.timestamp() if rank == OTHER else at.timestamp(), case.id


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
            tuple(others.get(case.id, none).jobs),
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
