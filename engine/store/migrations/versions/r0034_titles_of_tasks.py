"""Open tasks that nobody has are searched by title; counting and sorting read indexes only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

_UNCLAIMED = sa.text("state = 'open' AND assignee_id IS NULL")
_ASSIGNED = sa.text("state = 'open' AND assignee_id IS NOT NULL")
_NAME = "ix_user_tasks_role_name"
_LONGER = (
    ("ix_user_tasks_role_age", ["program_id", "role", "id"], ["due_key", "urgency"], _UNCLAIMED),
    ("ix_user_tasks_assignee", ["assignee_id", "due_key", "urgency", "id"], ["case_id"], _ASSIGNED),
)


def upgrade() -> None:
    """Make the index by title, and two anew with what narrows."""
    _index(_NAME, ["program_id", "role", "name", "case_id", "participant_id"], _UNCLAIMED)
    for name, columns, more, where in _LONGER:
        op.drop_index(name, "user_tasks")
        _index(name, [*columns, *more], where)


def downgrade() -> None:
    """As before."""
    for name, columns, _more, where in _LONGER:
        op.drop_index(name, "user_tasks")
        _index(name, columns, where)
    op.drop_index(_NAME, "user_tasks")


def _index(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "user_tasks", columns, sqlite_where=where, postgresql_where=where)
