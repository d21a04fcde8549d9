"""How user tasks are kept and ordered; shared by the query modules about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, literal_column

from engine.model.cases import Case
from engine.model.instances import UserTask
from engine.model.lists import InboxSort
from engine.store import tables
from engine.store.pages import Column
from engine.store.rows import Shape
from engine.store.types import FAR_FUTURE
from engine.store.unit_of_work import UnitOfWork


def due_key(task: UserTask) -> datetime:
    """The due date to sort by: tasks without one come last."""
    return task.due_at or FAR_FUTURE


def urgency(task: UserTask) -> int:
    """The priority to sort by: the higher one comes first."""
    return -task.priority


SHAPE = Shape(UserTask, tables.user_tasks, computed={"due_key": due_key, "urgency": urgency})
CASES = Shape(Case, tables.cases)
_T = tables.user_tasks.c
#: said literally, so that the databases see that the partial indexes fit
OPEN: ColumnElement[bool] = _T.state == literal_column("'open'")
_BOUND = tables.participants.alias("bound_to")
#: bound to a participant but asking for another role than theirs: work about them, not theirs to do
IS_ABOUT: ColumnElement[bool] = exists().where(_BOUND.c.id == _T.participant_id, _BOUND.c.role != _T.role)
#: soonest due first, then the higher priority, then the older
ORDER: tuple[Column, ...] = ((_T.due_key, False), (_T.urgency, False), (_T.id, False))
#: by what a list is sorted → its columns; an id sorts by when it was made. The partial indexes by role have the same orders
SORTED_BY: dict[InboxSort, tuple[str, ...]] = {
    InboxSort.DUE: ("due_key", "urgency", "id"),
    InboxSort.PRIORITY: ("urgency", "due_key", "id"),
    InboxSort.AGE: ("id",),
    InboxSort.CASE: ("case_id", "due_key", "urgency", "id"),
}


def with_cases(uow: UnitOfWork, statement: Select[Any]) -> list[tuple[UserTask, Case]]:
    """The tasks that a statement finds, each row followed by its case; asking for those cases then costs nothing more."""
    width = len(SHAPE.columns)
    found: list[tuple[UserTask, Case]] = []
    cases: dict[str, Case] = {}
    for row in uow.execute(statement).all():
        task = SHAPE.read(row)
        case = cases.get(task.case_id) or cases.setdefault(task.case_id, CASES.read(row[width:]))
        found.append((task, case))
    CASES.remember(uow, cases.values())
    return found
