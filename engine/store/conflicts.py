"""INSERT … ON CONFLICT, which both databases write alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(dialect: str, table: Table) -> Any:
    """An INSERT that has on_conflict_do_nothing and on_conflict_do_update (the two databases' types share no base).

    Its row count is kept, which SQLAlchemy drops otherwise: it tells whether a row was new.
    """
    made: Any = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return made.execution_options(preserve_rowcount=True)
