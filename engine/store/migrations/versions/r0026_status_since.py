"""Since when a case has its status, so that the time that a status pauses can be given back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0026"
down_revision = "0025"

INSTANT = sa.Text().with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Cases know; of those that have a status already nobody knows since when, so nothing is given back for them."""
    op.add_column("cases", sa.Column("status_since", INSTANT, nullable=True))


def downgrade() -> None:
    """Without it; statuses stay as they are."""
    op.drop_column("cases", "status_since")
