"""How a task's due date was worked out in working time, so that it can be worked out again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0025"
down_revision = "0024"

INSTANT = sa.Text().with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Tasks know length, calendar and anchor; those that are open have none, as calendar time was all there was."""
    op.add_column("user_tasks", sa.Column("due_rule", sa.Text(), nullable=True))
    op.add_column("user_tasks", sa.Column("due_calendar", sa.Text(), nullable=True))
    op.add_column("user_tasks", sa.Column("due_anchor_at", INSTANT, nullable=True))


def downgrade() -> None:
    """Without them; due dates stay as they are."""
    op.drop_column("user_tasks", "due_anchor_at")
    op.drop_column("user_tasks", "due_calendar")
    op.drop_column("user_tasks", "due_rule")
