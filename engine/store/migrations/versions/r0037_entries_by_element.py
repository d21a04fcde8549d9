"""What came and went at a step is found without reading all that ever happened: the map over long times."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"

_NAME, _WHERE = "ix_audit_entries_element", sa.text("element_id IS NOT NULL")


def upgrade() -> None:
    """Make the index."""
    columns = ["program_id", "process_key", "element_id", "id", "instance_id"]
    op.create_index(_NAME, "audit_entries", columns, sqlite_where=_WHERE, postgresql_where=_WHERE)


def downgrade() -> None:
    """As before."""
    op.drop_index(_NAME, "audit_entries")
