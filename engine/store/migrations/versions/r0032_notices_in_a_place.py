"""Whom a notice was first for, where it goes to who stands in for them too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Notices may name somebody; those that are there were for their recipients."""
    op.add_column("notices", sa.Column("for_id", sa.Text(), nullable=True))


def downgrade() -> None:
    """Without it; the notices stay."""
    op.drop_column("notices", "for_id")
