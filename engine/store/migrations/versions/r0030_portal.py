"""Links and codes that open a visit to participants without an account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0030"
down_revision = "0029"

INSTANT = sa.Text().with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "portal_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("participant_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("by_id", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("mail_id", sa.Text(), nullable=True),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("ends_at", INSTANT, nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_portal_keys"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_portal_keys_case_id_cases"),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name="fk_portal_keys_participant_id_participants"),
        sa.UniqueConstraint("digest", name="uq_portal_keys_digest"),
    )
    op.create_index("ix_portal_keys_case", "portal_keys", ["case_id", "participant_id"])
    op.create_index("ix_portal_keys_mail", "portal_keys", ["mail_id"])


def downgrade() -> None:
    """Without it."""
    op.drop_table("portal_keys")
