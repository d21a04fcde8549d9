"""Hosts that webhooks of a program may call."""

from __future__ import annotations

from engine.model.outside import Host
from engine.store import tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(Host, tables.hosts)
_T = tables.hosts.c


def insert(uow: UnitOfWork, host: Host) -> None:
    """Raises Conflict when the program allows it already."""
    _SHAPE.insert(uow, [host])


def get(uow: UnitOfWork, id: str) -> Host:
    """Raises NotFound."""
    return _SHAPE.get(uow, id)


def find(uow: UnitOfWork, program_id: str, name: str, port: int) -> Host | None:
    """The allowed host with a name and port."""
    return _SHAPE.first(uow, _SHAPE.select().where(_T.program_id == program_id, _T.name == name, _T.port == port))


def all(uow: UnitOfWork, program_id: str) -> tuple[Host, ...]:
    """All allowed hosts, by name."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.program_id == program_id).order_by(_T.name, _T.port))


def delete(uow: UnitOfWork, id: str) -> bool:
    """Whether it was there."""
    return uow.changed(tables.hosts.delete().where(_T.id == id)) == 1
