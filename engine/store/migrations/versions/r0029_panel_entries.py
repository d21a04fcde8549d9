"""Entries of the case page's panels: their versions, and which records are parts of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0029"
down_revision = "0028"

INSTANT = sa.Text().with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the table, and let records name the version that they are a part of."""
    op.create_table(
        "entries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("panel", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("participant_id", sa.Text(), nullable=True),
        sa.Column("author_id", sa.Text(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entries"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_entries_case_id_cases"),
    )
    op.create_index("uq_entries_version", "entries", ["entry", "version"], unique=True)
    op.create_index("ix_entries_case", "entries", ["case_id", "panel", "at"])
    op.add_column("records", sa.Column("entry_id", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop both."""
    op.drop_column("records", "entry_id")
    op.drop_index("ix_entries_case", "entries")
    op.drop_index("uq_entries_version", "entries")
    op.drop_table("entries")
