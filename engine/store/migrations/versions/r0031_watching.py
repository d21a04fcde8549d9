"""What lists of cases are asked by: facts as texts that compare in order, dead instances, statuses; and saved views of other lists."""

from __future__ import annotations

from decimal import Decimal

import orjson
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0031"
down_revision = "0030"

INSTANT = sa.Text().with_variant(TIMESTAMP(timezone=True), "postgresql")
_DEAD = sa.text("dead_at IS NOT NULL")
_FACTS = sa.table("facts", sa.column("case_id"), sa.column("key"), sa.column("value"), sa.column("comparable"))
_TAGS = ("$date", "$datetime")
_BATCH = 1000


def upgrade() -> None:
    """Add the columns, fill in what known facts compare by, and index them."""
    op.add_column("facts", sa.Column("comparable", sa.Text(), nullable=True))
    op.add_column("instances", sa.Column("dead_at", INSTANT, nullable=True))
    op.add_column("saved_views", sa.Column("place", sa.Text(), nullable=True))
    _fill(op.get_bind())
    op.create_index("ix_facts_comparable", "facts", ["program_id", "key", "comparable", "case_id"])
    op.create_index("ix_instances_dead", "instances", ["program_id", "case_id"], sqlite_where=_DEAD, postgresql_where=_DEAD)
    op.create_index("ix_cases_status", "cases", ["program_id", "status", "state"])


def _fill(connection: sa.Connection) -> None:
    known = [
        {"which": row.case_id, "named": row.key, "text": text}
        for row in connection.execute(sa.select(_FACTS.c.case_id, _FACTS.c.key, _FACTS.c.value))
        if (text := _comparable(orjson.loads(row.value))) is not None
    ]
    which = (_FACTS.c.case_id == sa.bindparam("which"), _FACTS.c.key == sa.bindparam("named"))
    for first in range(0, len(known), _BATCH):
        connection.execute(_FACTS.update().where(*which).values(comparable=sa.bindparam("text")), known[first : first + _BATCH])


def _comparable(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return _number(Decimal(value))
    if isinstance(value, dict) and len(value) == 1:
        ((tag, body),) = value.items()
        body = body[0] if isinstance(body, list) and body else body
        return _number(Decimal(body)) if tag == "$number" else str(body) if tag in _TAGS else None
    return value if isinstance(value, str) else None


def _number(value: Decimal) -> str:
    within = max(min(value, Decimal(10**15)), Decimal(-(10**15)))
    return f"{within + 10**15:.12f}".zfill(29)


def downgrade() -> None:
    """Without them."""
    for name, table in (("ix_cases_status", "cases"), ("ix_instances_dead", "instances"), ("ix_facts_comparable", "facts")):
        op.drop_index(name, table)
    op.drop_column("saved_views", "place")
    op.drop_column("instances", "dead_at")
    op.drop_column("facts", "comparable")
