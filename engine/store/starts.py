"""Start events that wait to start instances by themselves, a row each; of each process only those of the newest active version."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace as changed
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from engine.model.starts import Start, StartKind, StartState
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Start, tables.starts)
_T = tables.starts.c
_WAITING = _T.state == StartState.WAITING
_TIMER = _T.kind == StartKind.TIMER
_CONDITION = _T.kind == StartKind.CONDITIONAL


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Timers that are due, and conditions, which are looked at always unless they failed and wait."""
    looked_at = and_(_CONDITION, or_(_T.due_at.is_(None), _T.due_at <= now))
    return and_(_WAITING, or_(and_(_TIMER, _T.due_at <= now), looked_at))


def of_process(uow: UnitOfWork, program_id: str, process_key: str) -> tuple[Start, ...]:
    """The starts of a process, in the order of their elements' ids; held until the end of a unit of work that writes."""
    statement = _SHAPE.select().where(_T.program_id == program_id, _T.process_key == process_key).order_by(_T.element_id)
    return _SHAPE.all(uow, statement.with_for_update() if uow.writes else statement)


def of_processes(uow: UnitOfWork, program_id: str, process_keys: Collection[str]) -> tuple[Start, ...]:
    """The starts of several processes, to be looked at only, in the order of their elements' ids."""
    statement = _SHAPE.select().where(_T.program_id == program_id, _T.process_key.in_(sorted(process_keys)))
    return _SHAPE.all(uow, statement.order_by(_T.process_key, _T.element_id))


def replace(uow: UnitOfWork, insert: Sequence[Start], delete: Collection[str]) -> None:
    """Delete starts by id, then store new ones."""
    if delete:
        uow.execute(tables.starts.delete().where(_T.id.in_(sorted(delete))))
    _SHAPE.insert(uow, insert)


def drop_others(uow: UnitOfWork, program_id: str, pack: str, keys: Collection[str]) -> int:
    """Delete the starts of a pack's processes that are none of these; how many there were."""
    return uow.changed(tables.starts.delete().where(_T.program_id == program_id, _T.pack == pack, _T.process_key.not_in(sorted(keys))))


def due(uow: UnitOfWork, now: datetime) -> tuple[Start, ...]:
    """What may start an instance now: due timers, the longest due first, then conditions that are to be looked at.

    There are only as many as the programs' processes have, so that all are given.
    """
    return _SHAPE.all(uow, _SHAPE.select().where(_is_due(now)).order_by(_T.kind.desc(), _T.due_at, _T.id))


def claim(uow: UnitOfWork, id: str, now: datetime) -> Start | None:
    """One start, held until the unit of work ends; None when it is gone, not due any more, or held by another."""
    statement = _SHAPE.select().where(_T.id == id, _is_due(now))
    return _SHAPE.first(uow, statement.with_for_update(skip_locked=True))


def find(uow: UnitOfWork, id: str) -> Start | None:
    """The start with an id."""
    return _SHAPE.find(uow, id)


def update(uow: UnitOfWork, start: Start) -> None:
    """Raises NotFound."""
    _SHAPE.update(uow, start)


def fail(uow: UnitOfWork, id: str, problem: str | None, again_at: datetime | None = None) -> bool:
    """Say why a start failed (None: it only lost a race) and, of what comes by itself, when again; whether it is still there."""
    found = _SHAPE.first(uow, _SHAPE.select().where(_T.id == id).with_for_update())
    if found is None:
        return False
    _SHAPE.update(uow, changed(found, problem=problem or found.problem, attempts=found.attempts + 1, due_at=again_at or found.due_at))
    return True


def matching(uow: UnitOfWork, program_id: str, kind: StartKind, name: str) -> tuple[Start, ...]:
    """Who starts by a message or signal of this name, the longest there first."""
    statement = _SHAPE.select().where(_T.program_id == program_id, _T.kind == kind, _T.name == name, _WAITING)
    return _SHAPE.all(uow, statement.order_by(_T.since, _T.id))


def next_due_at(uow: UnitOfWork) -> datetime | None:
    """When the next timer is due, or a failed condition is looked at again; None: never."""
    statement = select(_T.due_at).where(_WAITING, _T.due_at.is_not(None)).order_by(_T.due_at).limit(1)
    found = uow.execute(statement).scalar()
    assert found is None or isinstance(found, datetime)
    return found


def has_conditions(uow: UnitOfWork) -> bool:
    """Whether any process starts when a condition becomes true."""
    return uow.execute(select(_T.id).where(_WAITING, _CONDITION).limit(1)).first() is not None
