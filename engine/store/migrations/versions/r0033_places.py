"""Where the tokens of an instance stand, beside its state: the map counts them without reading states."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Instances may say it; of those that are there it is read from their state until they move next."""
    op.add_column("instances", sa.Column("places", sa.Text(), nullable=True))


def downgrade() -> None:
    """Without it; states stay."""
    op.drop_column("instances", "places")
