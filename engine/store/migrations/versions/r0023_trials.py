"""What scenarios gave when files were sent, and who else ever kept the same content."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Make the table, and what finds files by their content."""
    op.create_table(
        "trials",
        sa.Column("deployment_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("deployment_id", "name", name="pk_trials"),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployments.id"], name="fk_trials_deployment_id_deployments"),
    )
    op.create_index("ix_models_content", "models", ["program_id", "content_hash"])


def downgrade() -> None:
    """Drop both."""
    op.drop_index("ix_models_content", "models")
    op.drop_table("trials")
