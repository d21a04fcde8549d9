"""The index of tasks that ended begins with the procedure.

Begun with the program it was taken for every question that names only a program, before the partial indexes made for those.
"""

from __future__ import annotations

from alembic import op

revision = "0039"
down_revision = "0038"

_NAME = "ix_user_tasks_ended"


def upgrade() -> None:
    """The procedure first."""
    op.drop_index(_NAME, "user_tasks")
    op.create_index(_NAME, "user_tasks", ["process_key", "program_id", "ended_at"])


def downgrade() -> None:
    """As before."""
    op.drop_index(_NAME, "user_tasks")
    op.create_index(_NAME, "user_tasks", ["program_id", "process_key", "ended_at"])
