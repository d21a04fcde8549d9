"""Which instances wait for which messages and signals."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam

from engine.model.instances import Subscription
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Subscription, tables.subscriptions)
_T = tables.subscriptions.c
_BY_INSTANCE = _SHAPE.select().where(_T.instance_id == bindparam("instance_id")).order_by(_T.since, _T.id)
_DELETE = tables.subscriptions.delete().where(_T.id.in_(bindparam("ids", expanding=True)))
_DROP = tables.subscriptions.delete().where(
    _T.instance_id == bindparam("instance_id"), _T.token_id.in_(bindparam("tokens", expanding=True))
)


def replace(uow: UnitOfWork, insert: Sequence[Subscription], delete: Collection[str]) -> None:
    """Delete subscriptions by id, then store new ones; a statement each, none for nothing."""
    if delete:
        uow.execute(_DELETE, {"ids": sorted(delete)})
    _SHAPE.insert(uow, insert)


def drop(uow: UnitOfWork, instance_id: str, token_ids: Collection[str]) -> None:
    """Delete what some tokens of an instance wait for; no statement for nothing."""
    if token_ids:
        uow.execute(_DROP, {"instance_id": instance_id, "tokens": sorted(token_ids)})


def matching(uow: UnitOfWork, program_id: str, kind: str, name: str, correlation: str | None = None) -> tuple[Subscription, ...]:
    """Who waits for a message or signal of a name, the longest waiting first; a message also by its correlation key."""
    statement = _SHAPE.select().where(_T.program_id == program_id, _T.kind == kind, _T.name == name)
    if kind == "message":
        statement = statement.where(_T.correlation == correlation)
    return _SHAPE.all(uow, statement.order_by(_T.since, _T.id))


def find(uow: UnitOfWork, id: str) -> Subscription | None:
    """The subscription with an id."""
    return _SHAPE.find(uow, id)


def delete_of_instance(uow: UnitOfWork, instance_id: str) -> int:
    """Delete all subscriptions of an instance; how many there were."""
    return uow.changed(tables.subscriptions.delete().where(_T.instance_id == instance_id))


def of_instance(uow: UnitOfWork, instance_id: str) -> tuple[Subscription, ...]:
    """What an instance waits for, oldest first."""
    return _SHAPE.all(uow, _BY_INSTANCE, {"instance_id": instance_id})


def of_case(uow: UnitOfWork, case_id: str) -> tuple[Subscription, ...]:
    """What a case waits for, oldest first."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.case_id == case_id).order_by(_T.since, _T.id))
