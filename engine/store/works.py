"""A user task at hand: the task, held against other writers, with all that working on it reads, in one statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, exists, literal_column, select

from engine.model.cases import Case
from engine.model.errors import NotFound
from engine.model.instances import Instance, UserTask
from engine.model.states import InstanceState, UserTaskState
from engine.store import cases, instances, tables
from engine.store.conflicts import upsert
from engine.store.task_rows import OPEN
from engine.store.task_rows import SHAPE as TASKS
from engine.store.unit_of_work import UnitOfWork

_ENDED = (InstanceState.COMPLETED, InstanceState.TERMINATED)
_CANCEL = (
    tables.user_tasks.update()
    .where(tables.user_tasks.c.instance_id == bindparam("instance"), OPEN)
    .where(tables.user_tasks.c.token_id.in_(bindparam("tokens", expanding=True)))
    .values(state=UserTaskState.CANCELLED, ended_at=bindparam("at"), nobody=None)
    .returning(tables.user_tasks.c.id)
)


@dataclass(frozen=True, slots=True)
class Work:
    """A user task with its instance and case, and what else there is about it and has to be cleared away when it ends."""

    task: UserTask
    instance: Instance
    case: Case
    #: somebody typed something and did not send it
    has_draft: bool
    #: a rung of a deadline rule is ahead of it
    has_timer: bool
    #: procedures about it are running
    has_followers: bool
    #: its instance has an open incident
    is_troubled: bool


def take(uow: UnitOfWork, task_id: str) -> Work:
    """A task that no other unit of work changes until this one ends. Raises NotFound."""
    uow.read_before.pop(tables.user_tasks, None)
    row = uow.execute(_statement(), {"id": task_id}).first()
    if row is None:
        raise NotFound
    task, rest = TASKS.read(row), row[len(TASKS.columns) :]
    instance, rest = instances.SHAPE.read(rest), rest[len(instances.SHAPE.columns) :]
    case, rest = cases.SHAPE.read(rest), rest[len(cases.SHAPE.columns) :]
    instances.SHAPE.remember(uow, [instance])
    cases.SHAPE.remember(uow, [case])
    return Work(task, instance, case, *(bool(one) for one in rest))


@cache
def _statement() -> Select[Any]:
    task, instance = tables.user_tasks.c, tables.instances.c
    about, incident = tables.instances.alias("about").c, tables.incidents.c
    draft = exists().where(tables.drafts.c.task_id == task.id)
    timer = exists().where(tables.timers.c.task_id == task.id)
    follower = exists().where(about.subject_task_id == task.id, *(about.state != ended for ended in _ENDED))
    trouble = exists().where(incident.instance_id == task.instance_id, incident.state == literal_column("'open'"))
    return (
        select(*TASKS.columns, *instances.SHAPE.columns, *cases.SHAPE.columns, draft, timer, follower, trouble)
        .select_from(tables.user_tasks)
        .join(tables.instances, instance.id == task.instance_id)
        .join(tables.cases, tables.cases.c.id == task.case_id)
        .where(task.id == bindparam("id"))
        .with_for_update(of=tables.user_tasks)
    )


def settle(uow: UnitOfWork, ended: Sequence[UserTask], fresh: Sequence[UserTask]) -> None:
    """Store tasks that were taken and have ended over the open ones, and new ones, in one statement; none for nothing."""
    rows = [TASKS.row(task) for task in (*ended, *fresh)]
    if rows:
        uow.execute(_settle(uow.dialect), rows)


@cache
def _settle(dialect: str) -> Any:
    statement = upsert(dialect, tables.user_tasks)
    given, task = statement.excluded, tables.user_tasks.c
    changed = {name: given[name] for name in ("state", "ended_at", "completed_by", "assignee_id", "on_behalf_of", "nobody")}
    return statement.on_conflict_do_update(index_elements=[task.id], set_=changed, where=OPEN)


def cancel(uow: UnitOfWork, instance_id: str, token_ids: Collection[str], at: datetime) -> tuple[str, ...]:
    """End the open tasks of some tokens of an instance that nobody does any more; gives their ids."""
    if not token_ids:
        return ()
    asked = {"instance": instance_id, "tokens": sorted(token_ids), "at": at}
    return tuple(sorted(uow.execute(_CANCEL, asked).scalars()))
