"""Where tokens stand and how long they stood: what maps count. No content, nothing of cases that a person may not see."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

import orjson
from sqlalchemy import Engine, Text, func, select, type_coerce

from engine.model.ids import lowest_id
from engine.model.maps import Passage
from engine.model.states import InstanceState
from engine.store import tables
from engine.store.task_rows import OPEN
from engine.store.unit_of_work import UnitOfWork
from engine.store.walls import hidden_from

_I, _T, _A = tables.instances.c, tables.user_tasks.c, tables.audit_entries.c
_ENDED = (InstanceState.COMPLETED, InstanceState.TERMINATED)
_ENTERED, _LEFT = "element_entered", ("element_completed", "element_cancelled")
_MOVED = select(_A.element_id, _A.instance_id, _A.event, _A.at, type_coerce(_A.details, Text()), _A.definition_id)


#: answers that are remembered of a database; of 5,000 cases and a year one takes about ten megabytes
_REMEMBERED = 8
_settled: WeakKeyDictionary[Engine, OrderedDict[object, tuple[Passage, ...]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Stays in one process of instances of some definitions, left within a time, as one person may know of them."""

    program_id: str
    process_key: str
    definition_ids: Collection[str]
    since: datetime
    until: datetime
    unseen_by: str


def standing(uow: UnitOfWork, program_id: str, unseen_by: str) -> list[tuple[str, str, str | None]]:
    """Instance id, definition id and places (as `Instance.places`) of everything that has not ended."""
    statement = select(_I.id, _I.definition_id, _I.places).where(
        _I.program_id == program_id, _I.state.not_in(_ENDED), _I.case_id.not_in(hidden_from(unseen_by))
    )
    return [(id, definition, places) for id, definition, places in uow.execute(statement)]


def overdue(uow: UnitOfWork, program_id: str, now: datetime, unseen_by: str) -> dict[str, dict[tuple[str, str], int]]:
    """How many open tasks are past their due date, by instance, then by process and element."""
    statement = (
        select(_T.instance_id, _T.process_key, _T.element_id, func.count())
        .where(_T.program_id == program_id, OPEN, _T.due_key < now, _T.case_id.not_in(hidden_from(unseen_by)))
        .group_by(_T.instance_id, _T.process_key, _T.element_id)
    )
    found: dict[str, dict[tuple[str, str], int]] = {}
    for instance, process, element, number in uow.execute(statement):
        found.setdefault(instance, {})[process, element] = number
    return found


def definitions(uow: UnitOfWork, program_id: str) -> frozenset[str]:
    """The definitions that instances of a program run by or ran by."""
    return frozenset(uow.execute(select(_I.definition_id).where(_I.program_id == program_id).distinct()).scalars())


def settled(uow: UnitOfWork, wanted: Wanted, element_ids: Collection[str]) -> tuple[Passage, ...]:
    """As `at_tasks` and `at_others` together, remembered: only for a time to which nothing is added any more."""
    known = _settled.setdefault(uow.database, OrderedDict())
    hidden = frozenset(uow.execute(hidden_from(wanted.unseen_by)).scalars())
    key = (replace(wanted, unseen_by="", definition_ids=frozenset(wanted.definition_ids)), frozenset(element_ids), hidden)
    found = known.get(key)
    if found is None:
        found = known[key] = (*at_tasks(uow, wanted), *at_others(uow, wanted, element_ids))
        with suppress(KeyError):  # another thread may have been quicker
            while len(known) > _REMEMBERED:
                known.popitem(last=False)
    return found


def at_tasks(uow: UnitOfWork, wanted: Wanted) -> list[Passage]:
    """The stays at user tasks."""
    statement = select(_T.element_id, _T.instance_id, _T.participant_id, _T.created_at, _T.ended_at, _T.due_at).where(
        _T.program_id == wanted.program_id,
        _T.process_key == wanted.process_key,
        _T.definition_id.in_(sorted(wanted.definition_ids)),
        _T.ended_at >= wanted.since,
        _T.ended_at < wanted.until,
        _T.case_id.not_in(hidden_from(wanted.unseen_by)),
    )
    return [Passage(row[0], row[1], row[2] or "", row[3], row[4], row[5]) for row in uow.execute(statement)]


def at_others(uow: UnitOfWork, wanted: Wanted, element_ids: Collection[str]) -> list[Passage]:
    """The stays at other elements, from the audit entries. Of several of one item the first to come is the first to go."""
    if not element_ids:
        return []
    there = (_A.program_id == wanted.program_id, _A.process_key == wanted.process_key, _A.element_id.in_(sorted(element_ids)))
    seen = (_A.element_id.is_not(None), _A.event.in_((_ENTERED, *_LEFT)), _A.case_id.not_in(hidden_from(wanted.unseen_by)))
    moved, begin = _MOVED.where(*there, *seen), lowest_id(wanted.since)
    within = uow.execute(moved.where(_A.id >= begin).order_by(_A.id)).all()
    left = [row for row in within if row.instance_id < begin and row.event in _LEFT]
    older, elements = {row.instance_id for row in left}, {row.element_id for row in left}
    before: Sequence[Any] = ()
    if older:
        # Not by the instances' index: that would read all that ever happened in them.
        told = moved.where(_A.id >= min(older), _A.id < begin, (_A.instance_id + "").in_(sorted(older)))
        told = told.where(_A.element_id.in_(sorted(elements)))
        before = uow.execute(told.order_by(_A.id)).all()
    found = _paired([*before, *within], wanted.definition_ids)
    return [one for one in found if wanted.since <= one.left < wanted.until]


def _paired(rows: Iterable[Any], definition_ids: Collection[str]) -> list[Passage]:
    waiting: dict[tuple[str, str, str], deque[datetime]] = defaultdict(deque)
    found = []
    for element_id, instance_id, event, at, details, definition_id in rows:
        came = waiting[element_id, instance_id, item := _item(details)]
        if event == _ENTERED:
            came.append(at)
        elif came:
            entered = came.popleft()
            if definition_id in definition_ids:
                found.append(Passage(element_id, instance_id, item, entered, at))
    return found


def _item(details: str | None) -> str:
    """Which item of several an entry is about; few have one, so that most details need not be read."""
    read = orjson.loads(details) if details and '"item"' in details else None
    return str(read.get("item", "")) if isinstance(read, dict) else ""
