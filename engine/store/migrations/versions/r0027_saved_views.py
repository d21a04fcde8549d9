"""Questions to one's list of tasks kept under a name, and the orders in which that list is read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

_UNCLAIMED = sa.text("state = 'open' AND assignee_id IS NULL")
_FOLLOWED = sa.text("state = 'open' AND follow_up_at IS NOT NULL")
_INDEXES = (
    ("ix_user_tasks_role_urgency", ["program_id", "role", "urgency", "due_key", "id"], _UNCLAIMED),
    ("ix_user_tasks_role_age", ["program_id", "role", "id"], _UNCLAIMED),
    ("ix_user_tasks_role_case", ["program_id", "role", "case_id", "due_key", "urgency", "id"], _UNCLAIMED),
    ("ix_user_tasks_follow_up", ["program_id", "follow_up_at"], _FOLLOWED),
)


def upgrade() -> None:
    """Make the table and the indexes."""
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_views"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_saved_views_person_id_persons"),
    )
    op.create_index("ix_saved_views_person", "saved_views", ["person_id"])
    op.create_index("ix_saved_views_program", "saved_views", ["program_id", "role"])
    for name, columns, where in _INDEXES:
        op.create_index(name, "user_tasks", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Drop them."""
    for name, _columns, _where in _INDEXES:
        op.drop_index(name, "user_tasks")
    op.drop_table("saved_views")
