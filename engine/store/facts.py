"""The declared C1 variables of cases, projected for lists, search and measures."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from engine.model.cases import Fact
from engine.store import tables
from engine.store.conflicts import upsert
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Fact, tables.facts)
_T = tables.facts.c


@cache
def _insert(dialect: str) -> Any:
    statement = upsert(dialect, tables.facts)
    newest = {"value": statement.excluded.value, "at": statement.excluded.at}
    return statement.on_conflict_do_update(index_elements=[_T.case_id, _T.key], set_=newest)


def upsert_many(uow: UnitOfWork, program_id: str, case_id: str, values: Mapping[str, object], at: datetime) -> None:
    """Store the newest values, each FEEL's lossless JSON; keys not given stay as they are."""
    if not values:
        return
    rows = [{"program_id": program_id, "case_id": case_id, "key": key, "value": value, "at": at} for key, value in values.items()]
    uow.execute(_insert(uow.dialect), rows)


def of_case(uow: UnitOfWork, case_id: str) -> dict[str, Fact]:
    """The facts of a case by key."""
    return {fact.key: fact for fact in _SHAPE.all(uow, _SHAPE.select().where(_T.case_id == case_id).order_by(_T.key))}


def of_cases(uow: UnitOfWork, case_ids: Collection[str], keys: Collection[str]) -> tuple[Fact, ...]:
    """Some facts of some cases."""
    statement = _SHAPE.select().where(_T.case_id.in_(sorted(case_ids)), _T.key.in_(sorted(keys)))
    return _SHAPE.all(uow, statement.order_by(_T.case_id, _T.key)) if case_ids and keys else ()
