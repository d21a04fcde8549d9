"""Durable timers, a row each; one indexed sweep finds those that are due."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Integer, and_, bindparam, exists, func, or_, select

from engine.model.instances import Timer
from engine.model.states import InstanceState, TimerKind
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Timer, tables.timers)
_T = tables.timers.c
_SUSPENDED = exists().where(tables.instances.c.id == _T.instance_id, tables.instances.c.state == InstanceState.SUSPENDED)
_DUE = _SHAPE.select().where(_T.due_at <= bindparam("now"), ~_SUSPENDED).order_by(_T.due_at, _T.id).limit(bindparam("most", type_=Integer))
_DUE_HELD = _DUE.with_for_update(of=tables.timers, skip_locked=True)
_CLAIMED = (
    _SHAPE.select()
    .where(_T.id == bindparam("id"), _T.due_at <= bindparam("now"), ~_SUSPENDED)
    .with_for_update(of=tables.timers, skip_locked=True)
)
_NEXT = select(_T.due_at).where(~_SUSPENDED).order_by(_T.due_at).limit(1)
_BY_INSTANCE = _SHAPE.select().where(_T.instance_id == bindparam("instance_id")).order_by(_T.due_at, _T.id)
_BY_TASK = _SHAPE.select().where(_T.task_id == bindparam("task_id")).order_by(_T.due_at, _T.id)
_BY_CASE = _SHAPE.select().where(_T.case_id == bindparam("case_id")).order_by(_T.due_at, _T.id)
_DELETE = tables.timers.delete().where(_T.id.in_(bindparam("ids", expanding=True)))
_DELETE_OF_TASKS = tables.timers.delete().where(_T.task_id.in_(bindparam("ids", expanding=True)))
_DELETE_OF_TASK = tables.timers.delete().where(_T.task_id == bindparam("task_id"))
_DROP = tables.timers.delete().where(
    or_(
        and_(_T.instance_id == bindparam("instance_id"), _T.token_id.in_(bindparam("tokens", expanding=True))),
        _T.task_id.in_(bindparam("tasks", expanding=True)),
    )
)


def replace(uow: UnitOfWork, insert: Sequence[Timer], delete: Collection[str]) -> None:
    """Delete timers by id, then store new ones; a statement each, none for nothing."""
    if delete:
        uow.execute(_DELETE, {"ids": sorted(delete)})
    _SHAPE.insert(uow, insert)


def drop(uow: UnitOfWork, instance_id: str, token_ids: Collection[str], task_ids: Collection[str]) -> None:
    """Delete the timers of some tokens of an instance and of some user tasks, in one statement; none for nothing."""
    if len(task_ids) == 1 and not token_ids:  # as after most turns; a statement without lists is read once for all
        uow.execute(_DELETE_OF_TASK, {"task_id": next(iter(task_ids))})
    elif token_ids or task_ids:
        uow.execute(_DROP, {"instance_id": instance_id, "tokens": sorted(token_ids), "tasks": sorted(task_ids)})


def due(uow: UnitOfWork, now: datetime, limit: int = 100) -> tuple[Timer, ...]:
    """Timers due at an instant, the longest due first, in all programs; those of suspended instances wait.

    A unit of work that writes holds them until it ends: others skip them (PostgreSQL) or wait their turn (SQLite).
    """
    return _SHAPE.all(uow, _DUE_HELD if uow.writes else _DUE, {"now": now, "most": limit})


def claim(uow: UnitOfWork, id: str, now: datetime) -> Timer | None:
    """One timer, held until the unit of work ends; None when it is gone, not due (any more), suspended or held."""
    return _SHAPE.first(uow, _CLAIMED, {"id": id, "now": now})


def find(uow: UnitOfWork, id: str) -> Timer | None:
    """The timer with an id."""
    return _SHAPE.find(uow, id)


def get(uow: UnitOfWork, id: str) -> Timer:
    """Raises NotFound."""
    return _SHAPE.get(uow, id)


def push_ahead(uow: UnitOfWork, id: str, due_at: datetime, attempts: int) -> None:
    """Try a failing timer again later."""
    uow.execute(tables.timers.update().where(_T.id == id).values(due_at=due_at, attempts=attempts))


def update(uow: UnitOfWork, timer: Timer) -> None:
    """Raises NotFound."""
    _SHAPE.update(uow, timer)


def delete(uow: UnitOfWork, id: str) -> bool:
    """Whether it was there."""
    return uow.changed(tables.timers.delete().where(_T.id == id)) == 1


def delete_of_tasks(uow: UnitOfWork, task_ids: Collection[str]) -> int:
    """Delete the timers of user tasks; how many there were."""
    return uow.changed(_DELETE_OF_TASKS, {"ids": sorted(task_ids)}) if task_ids else 0


def delete_of_instance(uow: UnitOfWork, instance_id: str) -> int:
    """Delete all timers of an instance; how many there were."""
    return uow.changed(tables.timers.delete().where(_T.instance_id == instance_id))


def of_instance(uow: UnitOfWork, instance_id: str) -> tuple[Timer, ...]:
    """The timers of an instance, soonest first."""
    return _SHAPE.all(uow, _BY_INSTANCE, {"instance_id": instance_id})


def of_task(uow: UnitOfWork, task_id: str) -> tuple[Timer, ...]:
    """The timers of a user task, soonest first."""
    return _SHAPE.all(uow, _BY_TASK, {"task_id": task_id})


def of_tasks(uow: UnitOfWork, task_ids: Collection[str]) -> tuple[Timer, ...]:
    """The timers of some user tasks, soonest first."""
    statement = _SHAPE.select().where(_T.task_id.in_(bindparam("ids", expanding=True))).order_by(_T.due_at, _T.id)
    return _SHAPE.all(uow, statement, {"ids": sorted(task_ids)}) if task_ids else ()


def of_case(uow: UnitOfWork, case_id: str) -> tuple[Timer, ...]:
    """The timers of a case, soonest first."""
    return _SHAPE.all(uow, _BY_CASE, {"case_id": case_id})


def in_working_time(uow: UnitOfWork, program_id: str, pack: str, *, after: str = "", limit: int = 500) -> tuple[Timer, ...]:
    """Timers of diagrams that were worked out by a calendar, of all cases of a pack by id, those after an id."""
    cases = tables.cases
    wanted = _SHAPE.select().join(cases, cases.c.id == _T.case_id).where(_T.program_id == program_id, cases.c.pack == pack)
    wanted = wanted.where(_T.kind == TimerKind.EVENT, _T.calendar.is_not(None), _T.id > after)
    return _SHAPE.all(uow, wanted.order_by(_T.id).limit(limit))


def next_due_at(uow: UnitOfWork) -> datetime | None:
    """When the next timer of a running instance is due; None: never."""
    found = uow.execute(_NEXT).scalar()
    assert found is None or isinstance(found, datetime)
    return found


def count_due(uow: UnitOfWork, now: datetime) -> int:
    """How many timers are due and not fired yet."""
    return int(uow.execute(select(func.count()).select_from(tables.timers).where(_T.due_at <= now, ~_SUSPENDED)).scalar_one())
