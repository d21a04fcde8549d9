"""The tasks of one procedure that ended within a time are found without reading those of all others: its map."""

from __future__ import annotations

from alembic import op

revision = "0038"
down_revision = "0037"

_NAME = "ix_user_tasks_ended"


def upgrade() -> None:
    """Make the index."""
    op.create_index(_NAME, "user_tasks", ["program_id", "process_key", "ended_at"])


def downgrade() -> None:
    """As before."""
    op.drop_index(_NAME, "user_tasks")
