"""Start events that start instances by themselves: timers, messages, signals and conditions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0006"
down_revision = "0005"

INSTANT = sa.Text().with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "starts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("definition_id", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=True),
        sa.Column("process_key", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("resolved", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("anchor_at", INSTANT, nullable=True),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("remaining", sa.Integer(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("last_at", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_starts"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_starts_program_id_programs"),
        sa.ForeignKeyConstraint(["definition_id"], ["definitions.id"], name="fk_starts_definition_id_definitions"),
        sa.UniqueConstraint("program_id", "process_key", "element_id", name="uq_starts_program_id_process_key_element_id"),
    )
    op.create_index("ix_starts_due", "starts", ["due_at"])
    op.create_index("ix_starts_name", "starts", ["program_id", "kind", "name"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("starts")
