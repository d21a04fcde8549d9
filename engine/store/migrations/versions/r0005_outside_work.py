"""Outside work: jobs of service tasks, and the hosts that webhooks may call."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0005"
down_revision = "0004"

INSTANT = sa.Text().with_variant(TIMESTAMP(timezone=True), "postgresql")
_AVAILABLE = sa.text("state = 'available'")


def upgrade() -> None:
    """Make the tables."""
    _outside_jobs()
    op.create_table(
        "hosts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("added_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hosts"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_hosts_program_id_programs"),
        sa.UniqueConstraint("program_id", "name", "port", name="uq_hosts_program_id_name_port"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("hosts")
    op.drop_table("outside_jobs")


def _outside_jobs() -> None:
    op.create_table(
        "outside_jobs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=True),
        sa.Column("token_id", sa.Text(), nullable=False),
        sa.Column("process_key", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("retries_left", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("backoff", sa.Text(), nullable=False),
        sa.Column("timeout", sa.Integer(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("lock_owner", sa.Text(), nullable=True),
        sa.Column("lock_person", sa.Text(), nullable=True),
        sa.Column("locked_until", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=True),
        sa.Column("cls", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outside_jobs"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_outside_jobs_case_id_cases"),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name="fk_outside_jobs_instance_id_instances"),
        sa.UniqueConstraint("instance_id", "token_id", name="uq_outside_jobs_instance_id_token_id"),
    )
    due = ["type", "due_at", "id"]
    op.create_index("ix_outside_jobs_due", "outside_jobs", due, sqlite_where=_AVAILABLE, postgresql_where=_AVAILABLE)
    op.create_index("ix_outside_jobs_listed", "outside_jobs", ["program_id", "created_at", "id"])
    op.create_index("ix_outside_jobs_case", "outside_jobs", ["case_id"])
