"""Who opened a case in which role, and when last: its participants are told of the roles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0036"
down_revision = "0035"

INSTANT = sa.Text().with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """A table of them, empty: nobody knows what was looked at before."""
    op.create_table(
        "openings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_openings"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_openings_case_id_cases"),
        sa.UniqueConstraint("case_id", "person_id", "role", name="uq_openings_case_id_person_id_role"),
    )


def downgrade() -> None:
    """Without it."""
    op.drop_table("openings")
