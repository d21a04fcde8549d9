"""The audit trail: entries chained by case; the chain's next link is made under a lock."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select

from engine.model.lists import Page
from engine.model.trail import AuditEntry
from engine.store import pages, tables
from engine.store.conflicts import upsert
from engine.store.rows import Shape
from engine.store.unit_of_work import UnitOfWork
from engine.store.walls import hidden_from

_SHAPE = Shape(AuditEntry, tables.audit_entries)
_T = tables.audit_entries.c
_TAKE_TURN = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("chain"), 0)))


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain."""

    chain: str
    seq: int
    hash: str


def last_of(chain: ColumnElement[str], program_id: ColumnElement[str]) -> Select[Any]:
    """The last entry of a chain: chain, seq, hash; for use inside another query too."""
    found = select(_T.chain, _T.seq, _T.hash).where(_T.chain == chain, _T.program_id == program_id)
    return found.order_by(_T.seq.desc()).limit(1)


_HEAD = last_of(bindparam("chain"), bindparam("program_id"))


@cache
def _append(dialect: str) -> Any:
    return upsert(dialect, tables.audit_entries).on_conflict_do_nothing(index_elements=[_T.chain, _T.seq])


def remember_head(uow: UnitOfWork, chain: str, known: Head | None) -> None:
    """The end of a chain as read without taking turns: somebody may append before this unit of work does."""
    uow.memo["audit_head", chain] = known


def newest(uow: UnitOfWork, program_id: str) -> str | None:
    """The id of the newest entry of a program: it is another one as soon as anything happened."""
    found: str | None = uow.execute(select(_T.id).where(_T.program_id == program_id).order_by(_T.id.desc()).limit(1)).scalar()
    return found


def head(uow: UnitOfWork, program_id: str, chain: str) -> Head | None:
    """The last entry of a chain; None: it has none yet.

    Once asked for in a unit of work that writes, nobody else can append to the chain until this one ends; unless it
    was remembered (`remember_head`), when that is found out by `append`.
    """
    if ("audit_head", chain) in uow.memo:
        known = uow.memo["audit_head", chain]
        assert known is None or isinstance(known, Head)
        return known
    if uow.writes and uow.dialect == "postgresql":
        uow.execute(_TAKE_TURN, {"chain": chain})
    row = uow.execute(_HEAD, {"chain": chain, "program_id": program_id}).first()
    return None if row is None else Head(*row)


def append(uow: UnitOfWork, entries: Sequence[AuditEntry]) -> bool:
    """Store linked entries; False, and none is stored, when somebody appended since the head of a chain was read.

    Then the heads are forgotten, and who asks for them again waits for their turn.
    """
    if not entries:
        return True
    stored = uow.execute(_append(uow.dialect), [_SHAPE.row(entry) for entry in entries]).rowcount
    for entry in entries:
        uow.memo["audit_head", entry.chain] = Head(entry.chain, entry.seq, entry.hash)
    if stored == len(entries):
        return True
    # Some may have found a place behind a gap; they are linked to what nobody will ever see.
    uow.execute(tables.audit_entries.delete().where(_T.id.in_([entry.id for entry in entries])))
    for entry in entries:
        uow.memo.pop(("audit_head", entry.chain), None)
    return False


def list_(
    uow: UnitOfWork,
    program_id: str,
    *,
    instance_id: str | None = None,
    case_id: str | None = None,
    event: str | None = None,
    unseen_by: str | None = None,
    newest_first: bool = False,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[AuditEntry]:
    """Entries in the order they were written; all that is given has to fit. `unseen_by` leaves out cases hidden from a person."""
    order = ((_T.id, newest_first),)
    statement = _SHAPE.select().where(_T.program_id == program_id)
    wanted = {"instance_id": instance_id, "case_id": case_id, "event": event}
    for name, value in wanted.items():
        if value is not None:
            statement = statement.where(_T[name] == value)
    if unseen_by is not None:
        statement = statement.where(or_(_T.case_id.is_(None), _T.case_id.not_in(hidden_from(unseen_by))))
    if cursor is not None:
        statement = statement.where(pages.after(order, pages.decode(cursor, str)))
    found = _SHAPE.all(uow, pages.ordered(statement, order, limit))
    return pages.page(found, limit, lambda entry: (entry.id,))


def tries(uow: UnitOfWork, event: str, case_ids: Collection[str]) -> dict[tuple[str, str], tuple[int, datetime]]:
    """How often an event was written on cases by each person, and when last: by (case, person)."""
    if not case_ids:
        return {}
    count = select(_T.chain, _T.actor_id, func.count(), func.max(_T.at)).where(_T.chain.in_(sorted(case_ids)), _T.event == event)
    rows = uow.execute(count.where(_T.actor_id.is_not(None)).group_by(_T.chain, _T.actor_id))
    return {(row[0], row[1]): (int(row[2]), row[3]) for row in rows}


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
