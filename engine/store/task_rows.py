"""How user tasks are kept and ordered; shared by the query modules about them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, exists, literal_column

from engine.model.instances import UserTask
from engine.store import tables
from engine.store.pages import Column
from engine.store.rows import Shape
from engine.store.types import FAR_FUTURE


def due_key(task: UserTask) -> datetime:
    """The due date to sort by: tasks without one come last."""
    return task.due_at or FAR_FUTURE


def urgency(task: UserTask) -> int:
    """The priority to sort by: the higher one comes first."""
    return -task.priority


SHAPE = Shape(UserTask, tables.user_tasks, computed={"due_key": due_key, "urgency": urgency})
_T = tables.user_tasks.c
#: said literally, so that the databases see that the partial indexes fit
OPEN: ColumnElement[bool] = _T.state == literal_column("'open'")
_BOUND = tables.participants.alias("bound_to")
#: bound to a participant but asking for another role than theirs: work about them, not theirs to do
IS_ABOUT: ColumnElement[bool] = exists().where(_BOUND.c.id == _T.participant_id, _BOUND.c.role != _T.role)
#: soonest due first, then the higher priority, then the older
ORDER: tuple[Column, ...] = ((_T.due_key, False), (_T.urgency, False), (_T.id, False))
