"""Drafts: what a person typed into a task's form and did not send yet; theirs alone."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import bindparam, exists, or_, select

from engine.model.content import Draft
from engine.model.instances import UserTask
from engine.model.states import UserTaskState
from engine.store import tables
from engine.store.conflicts import upsert
from engine.store.sealing import SealedShape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = SealedShape(Draft, tables.drafts, "body")
_T = tables.drafts.c
_DELETE = tables.drafts.delete().where(_T.task_id == bindparam("task_id"))


def get(uow: UnitOfWork, task_id: str, person_id: str) -> Draft | None:
    """A person's draft for a task."""
    return _SHAPE.first(uow, _SHAPE.select().where(_T.task_id == task_id, _T.person_id == person_id))


def put(uow: UnitOfWork, draft: Draft) -> int:
    """Store a draft over the person's last one for the task; its version, which rises with each save from 1."""
    row = {**_SHAPE.row(draft), "version": 1}
    statement = upsert(uow.dialect, tables.drafts).values(row)
    changed = {name: statement.excluded[name] for name in ("sealed", "key_id", "cls", "at")}
    statement = statement.on_conflict_do_update(index_elements=[_T.task_id, _T.person_id], set_={**changed, "version": _T.version + 1})
    return int(uow.execute(statement.returning(_T.version)).scalar_one())


def delete(uow: UnitOfWork, task_id: str, person_id: str | None = None) -> int:
    """Delete a person's draft for a task, or everybody's; how many there were."""
    statement = _DELETE if person_id is None else _DELETE.where(_T.person_id == person_id)
    return uow.changed(statement, {"task_id": task_id})


def delete_of_tasks(uow: UnitOfWork, task_ids: Collection[str]) -> None:
    """Drop everybody's drafts of some tasks."""
    if task_ids:
        uow.execute(tables.drafts.delete().where(tables.drafts.c.task_id.in_(sorted(task_ids))))


def of_tasks(uow: UnitOfWork, task_ids: Collection[str]) -> tuple[Draft, ...]:
    """Everybody's drafts of some tasks."""
    if not task_ids:
        return ()
    return _SHAPE.all(uow, _SHAPE.select().where(_T.task_id.in_(sorted(task_ids))).order_by(_T.task_id, _T.person_id))


def nearest(uow: UnitOfWork, task: UserTask, person_id: str) -> Draft | None:
    """A person's draft of a task; else the one that was kept of a cancelled task at the same element, until one is completed there."""
    other, later = tables.user_tasks.alias("other").c, tables.user_tasks.alias("later").c
    same = (other.instance_id == task.instance_id, other.process_key == task.process_key, other.element_id == task.element_id)
    alike = (other.state == UserTaskState.CANCELLED, other.participant_id.is_not_distinct_from(task.participant_id))
    done = exists().where(
        later.instance_id == other.instance_id,
        later.element_id == other.element_id,
        later.process_key == other.process_key,
        later.state == UserTaskState.COMPLETED,
        later.ended_at >= other.ended_at,
    )
    earlier = select(other.id).where(*same, *alike, ~done)
    own = _T.task_id == task.id
    statement = _SHAPE.select().where(_T.person_id == person_id, or_(own, _T.task_id.in_(earlier)))
    return _SHAPE.first(uow, statement.order_by(own.desc(), _T.at.desc()).limit(1))


def of_definition(uow: UnitOfWork, definition_id: str) -> tuple[tuple[str, str], ...]:
    """For each open task of a version that somebody keeps a draft of: its instance and token."""
    task = tables.user_tasks.c
    statement = select(task.instance_id, task.token_id).where(task.definition_id == definition_id, task.state == UserTaskState.OPEN)
    statement = statement.where(exists().where(_T.task_id == task.id))
    return tuple((str(row[0]), str(row[1])) for row in uow.execute(statement))
