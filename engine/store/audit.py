"""The audit trail: entries chained by case; the chain's next link is made under a lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from engine.model.lists import Page
from engine.model.trail import AuditEntry
from engine.store import pages, tables
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork

_SHAPE = Shape(AuditEntry, tables.audit_entries)
_T = tables.audit_entries.c
_HEAD = (
    select(_T.chain, _T.seq, _T.hash)
    .where(_T.chain == bindparam("chain"), _T.program_id == bindparam("program_id"))
    .order_by(_T.seq.desc())
    .limit(1)
)
_TAKE_TURN = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("chain"), 0)))


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain."""

    chain: str
    seq: int
    hash: str


def head(uow: UnitOfWork, program_id: str, chain: str) -> Head | None:
    """The last entry of a chain; None: it has none yet.

    Once asked for in a unit of work that writes, nobody else can append to the chain until this one ends.
    """
    known = uow.memo.get(("audit_head", chain))
    if isinstance(known, Head):
        return known
    if uow.writes and uow.dialect == "postgresql":
        uow.execute(_TAKE_TURN, {"chain": chain})
    row = uow.execute(_HEAD, {"chain": chain, "program_id": program_id}).first()
    return None if row is None else Head(*row)


def append(uow: UnitOfWork, entries: Sequence[AuditEntry]) -> None:
    """Store linked entries. Raises Conflict when somebody appended to the chain since its head was read."""
    _SHAPE.insert(uow, entries)
    for entry in entries:
        uow.memo["audit_head", entry.chain] = Head(entry.chain, entry.seq, entry.hash)


def list_(
    uow: UnitOfWork,
    program_id: str,
    *,
    instance_id: str | None = None,
    case_id: str | None = None,
    event: str | None = None,
    newest_first: bool = False,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[AuditEntry]:
    """Entries in the order they were written; all that is given has to fit."""
    order = ((_T.id, newest_first),)
    statement = _SHAPE.select().where(_T.program_id == program_id)
    wanted = {"instance_id": instance_id, "case_id": case_id, "event": event}
    for name, value in wanted.items():
        if value is not None:
            statement = statement.where(_T[name] == value)
    if cursor is not None:
        statement = statement.where(pages.after(order, pages.decode(cursor, str)))
    found = _SHAPE.all(uow, pages.ordered(statement, order, limit))
    return pages.page(found, limit, lambda entry: (entry.id,))


def chain(uow: UnitOfWork, chain_id: str) -> tuple[AuditEntry, ...]:
    """All entries of a chain in its order."""
    return _SHAPE.all(uow, _SHAPE.select().where(_T.chain == chain_id).order_by(_T.seq))


def completed_elements(uow: UnitOfWork, instance_id: str) -> frozenset[tuple[str, str]]:
    """The elements that an instance completed at least once: process key and element id."""
    statement = select(_T.process_key, _T.element_id).where(
        _T.instance_id == instance_id, _T.event == "element_completed", _T.element_id.is_not(None)
    )
    return frozenset((row[0], row[1]) for row in uow.execute(statement.distinct()))


def heads(uow: UnitOfWork, program_id: str) -> tuple[Head, ...]:
    """The last entry of every chain of a program, by chain."""
    last = select(_T.chain, func.max(_T.seq).label("seq")).where(_T.program_id == program_id).group_by(_T.chain).subquery()
    statement = select(_T.chain, _T.seq, _T.hash).join(last, (last.c.chain == _T.chain) & (last.c.seq == _T.seq))
    return tuple(Head(*row) for row in uow.execute(statement.order_by(_T.chain)))
