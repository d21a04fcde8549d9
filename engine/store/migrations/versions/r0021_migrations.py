"""Migrations of running instances between versions, and each instance's part in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0021"
down_revision = "0020"

INSTANT = sa.Text().with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "migrations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("from_id", sa.Text(), nullable=False),
        sa.Column("to_id", sa.Text(), nullable=False),
        sa.Column("from_version", sa.Integer(), nullable=False),
        sa.Column("to_version", sa.Integer(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=True),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_migrations"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_migrations_program_id_programs"),
        sa.ForeignKeyConstraint(["from_id"], ["definitions.id"], name="fk_migrations_from_id_definitions"),
        sa.ForeignKeyConstraint(["to_id"], ["definitions.id"], name="fk_migrations_to_id_definitions"),
    )
    op.create_index("ix_migrations_state", "migrations", ["program_id", "state", "proposed_at"])
    op.create_index("ix_migrations_key", "migrations", ["program_id", "key", "proposed_at"])
    op.create_table(
        "migration_rows",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("migration_id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("snapshot_id", sa.Text(), nullable=True),
        sa.Column("left_hash", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_migration_rows"),
        sa.ForeignKeyConstraint(["migration_id"], ["migrations.id"], name="fk_migration_rows_migration_id_migrations"),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name="fk_migration_rows_instance_id_instances"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_migration_rows_case_id_cases"),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshots.id"], name="fk_migration_rows_snapshot_id_snapshots"),
        sa.UniqueConstraint("migration_id", "instance_id", name="uq_migration_rows_migration_id_instance_id"),
    )
    op.create_index("ix_migration_rows_state", "migration_rows", ["migration_id", "state", "id"])
    op.create_index("ix_migration_rows_case", "migration_rows", ["case_id"])


def downgrade() -> None:
    """Without them; where instances run stays as it is."""
    op.drop_table("migration_rows")
    op.drop_table("migrations")
