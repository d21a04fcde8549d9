"""Many cases from one, for measurements: its rows copied inside the database, as work would have left them.

An id of the copy begins with the copy's number where the first one has its time, so that ids stay unique; numbers of
audit chains are copied too, so what is copied here fails verification and belongs in no real database.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Column, ColumnElement, Integer, MetaData, Table, Text, func, insert, literal, select

from engine.model.cases import Case
from engine.store import tables
from engine.store.types import Instant
from engine.store.unit_of_work import UnitOfWork

#: columns that hold ids which the case's own rows have
_OWN = frozenset({"id", "case_id", "instance_id", "task_id", "participant_id", "subject_task_id", "chain"})
_PREFIX = 8

_copies = Table(
    "bench_copies",
    MetaData(),
    Column("prefix", Text, primary_key=True),
    Column("serial", Integer, nullable=False),
    Column("number", Text, nullable=False),
    Column("due_at", Instant(), nullable=False),
    prefixes=["TEMPORARY"],
)


def multiply(uow: UnitOfWork, case: Case, copies: int) -> None:
    """Copy a case that many times. Tasks that have a due date get one a second after the last copy's."""
    connection = uow.execute(select(literal(1))).connection
    _copies.create(connection)
    uow.execute(insert(_copies), list(_rows(case, copies)))
    for table in tables.metadata.sorted_tables:
        owner = table.c.id if table is tables.cases else table.c.get("case_id")
        if owner is not None:
            columns = [_copied(column) for column in table.c]
            chosen = select(*columns).join_from(table, _copies, literal(1) == 1).where(owner == case.id)
            uow.execute(insert(table).from_select(list(table.c), chosen))
    _copies.drop(connection)
    serials = tables.case_serials
    taken = serials.update().where(serials.c.program_id == case.program_id, serials.c.year == case.year)
    uow.execute(taken.values(last=case.serial + copies))


def id_of(id: str, copy: int) -> str:
    """The id that a row of the first case has in a copy, from 1."""
    return f"{copy:0{_PREFIX}x}{id[_PREFIX:]}"


def _rows(case: Case, copies: int) -> Iterator[dict[str, object]]:
    for copy in range(1, copies + 1):
        serial = case.serial + copy
        due_at = case.opened_at + timedelta(days=3, seconds=copy)
        yield {"prefix": id_of("", copy), "serial": serial, "number": f"{case.number}-{serial}", "due_at": due_at}


def _copied(column: Column[object]) -> ColumnElement[object]:
    """What a column of a copy holds."""
    if column.name in _OWN and column.table not in (tables.persons, tables.programs):
        return (_copies.c.prefix + func.substr(column, _PREFIX + 1)).label(column.name)
    if column.table is tables.cases and column.name in ("serial", "number"):
        return _copies.c[column.name].label(column.name)
    if column.table is tables.user_tasks and column.name in ("due_at", "due_key"):
        return _copies.c.due_at.label(column.name)
    return column
