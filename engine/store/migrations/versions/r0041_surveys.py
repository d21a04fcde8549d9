"""Surveys: open invitations, and how often each answer was given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0041"
down_revision = "0040"

INSTANT = sa.Text().with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the tables; they share nothing but the month."""
    op.create_table(
        "invitations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("participant_id", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("survey", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_invitations_case_id_cases"),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name="fk_invitations_participant_id_participants"),
        sa.UniqueConstraint("participant_id", "survey", name="uq_invitations_participant_id_survey"),
    )
    keys = ("program_id", "pack", "survey", "month", "part", "question", "value")
    op.create_table(
        "tallies",
        *(sa.Column(key, sa.Text(), nullable=False) for key in keys),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*keys, name="pk_tallies"),
    )


def downgrade() -> None:
    """Without them."""
    op.drop_table("tallies")
    op.drop_table("invitations")
