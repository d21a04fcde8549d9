"""Entries of panels name the record that they were filled from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    """Nothing that is there was filled from a record."""
    op.add_column("entries", sa.Column("source_id", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop it; the entries stay, as if they had been added."""
    op.drop_column("entries", "source_id")
