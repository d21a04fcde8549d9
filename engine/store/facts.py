"""The declared C1 variables of cases, projected for lists, search and measures."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from engine.model.cases import Fact
from engine.store import tables
from engine.store.conflicts import upsert
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Fact, tables.facts)
#: how FEEL's JSON tags what sorts as its text does
_MOMENTS = ("$date", "$datetime")
_MOST = 10**15
_T = tables.facts.c


@cache
def _insert(dialect: str) -> Any:
    statement = upsert(dialect, tables.facts)
    newest = {name: statement.excluded[name] for name in ("value", "at", "comparable")}
    return statement.on_conflict_do_update(index_elements=[_T.case_id, _T.key], set_=newest)


def upsert_many(uow: UnitOfWork, program_id: str, case_id: str, values: Mapping[str, object], at: datetime) -> None:
    """Store the newest values, each FEEL's lossless JSON; keys not given stay as they are."""
    if not values:
        return
    same = {"program_id": program_id, "case_id": case_id, "at": at}
    rows = [{**same, "key": key, "value": value, "comparable": comparable(value)} for key, value in values.items()]
    uow.execute(_insert(uow.dialect), rows)


def comparable(value: object) -> str | None:
    """A value in FEEL's lossless JSON as a text that sorts as the value does; None for what has no order (lists, durations)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return _number(Decimal(value))
    if isinstance(value, dict) and len(value) == 1:
        ((tag, body),) = value.items()
        body = body[0] if isinstance(body, list) and body else body
        return _number(Decimal(str(body))) if tag == "$number" else str(body) if tag in _MOMENTS else None
    return value if isinstance(value, str) else None


def _number(value: Decimal) -> str:
    """Shifted above zero and of one width, so that texts compare as numbers; to twelve places, up to 10^15 either way."""
    within = max(min(value, Decimal(_MOST)), Decimal(-_MOST))
    return f"{within + _MOST:.12f}".zfill(29)


def of_case(uow: UnitOfWork, case_id: str) -> dict[str, Fact]:
    """The facts of a case by key."""
    return {fact.key: fact for fact in _SHAPE.all(uow, _SHAPE.select().where(_T.case_id == case_id).order_by(_T.key))}


def of_cases(uow: UnitOfWork, case_ids: Collection[str], keys: Collection[str]) -> tuple[Fact, ...]:
    """Some facts of some cases."""
    statement = _SHAPE.select().where(_T.case_id.in_(sorted(case_ids)), _T.key.in_(sorted(keys)))
    return _SHAPE.all(uow, statement.order_by(_T.case_id, _T.key)) if case_ids and keys else ()
