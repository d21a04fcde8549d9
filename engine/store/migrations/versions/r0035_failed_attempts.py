"""Failed attempts to sign in are counted in the database, by all web processes together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0035"
down_revision = "0034"

INSTANT = sa.Text().with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """A table of them, by what they are counted for and by age."""
    op.create_table(
        "failed_attempts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_failed_attempts"),
    )
    op.create_index("ix_failed_attempts_key", "failed_attempts", ["key", "at"])
    op.create_index("ix_failed_attempts_at", "failed_attempts", ["at"])


def downgrade() -> None:
    """Without it; nobody has to wait."""
    op.drop_table("failed_attempts")
