"""Deployments and definitions; instances and their projections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0002"
down_revision = "0001"

INSTANT = sa.Text().with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    _deployments()
    _resources()
    _definitions()
    _instances()
    _milestones()
    _timers()
    _subscriptions()
    _incidents()
    _snapshots()
    _jobs()


def downgrade() -> None:
    """Drop them, those that refer to others first."""
    for table in reversed(_TABLES):
        op.drop_table(table)


_TABLES = (
    "deployments",
    "resources",
    "definitions",
    "instances",
    "milestones",
    "timers",
    "subscriptions",
    "incidents",
    "snapshots",
    "jobs",
)


def _deployments() -> None:
    op.create_table(
        "deployments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("deployed_by", sa.Text(), nullable=True),
        sa.Column("deployed_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_deployments"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_deployments_program_id"),
    )
    op.create_index("ix_deployments_hash", "deployments", ["program_id", "content_hash"])
    op.create_index("ix_deployments_pack", "deployments", ["program_id", "pack", "state", "deployed_at"])
    op.create_index("ix_deployments_time", "deployments", ["program_id", "deployed_at", "id"])


def _resources() -> None:
    op.create_table(
        "resources",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("deployment_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_resources"),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployments.id"], name="fk_resources_deployment_id"),
        sa.UniqueConstraint("deployment_id", "name", name="uq_resources_deployment_id_name"),
    )


def _definitions() -> None:
    op.create_table(
        "definitions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("deployment_id", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("closure_hash", sa.Text(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("normalised", sa.LargeBinary(), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_definitions"),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployments.id"], name="fk_definitions_deployment_id"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_definitions_program_id"),
        sa.UniqueConstraint("program_id", "key", "version", name="uq_definitions_program_id_key_version"),
    )
    op.create_index("ix_definitions_content", "definitions", ["program_id", "key", "content_hash"])
    op.create_index("ix_definitions_deployment", "definitions", ["deployment_id"])


def _instances() -> None:
    op.create_table(
        "instances",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("definition_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("definition_version", sa.Integer(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("end_event", sa.Text(), nullable=True),
        sa.Column("suspended_at", INSTANT, nullable=True),
        sa.Column("subject_task_id", sa.Text(), nullable=True),
        sa.Column("state_blob", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_instances"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_instances_case_id"),
        sa.ForeignKeyConstraint(["definition_id"], ["definitions.id"], name="fk_instances_definition_id"),
    )
    op.create_index("ix_instances_case", "instances", ["case_id"])
    op.create_index("ix_instances_definition", "instances", ["definition_id", "state"])
    op.create_index("ix_instances_key", "instances", ["program_id", "key", "state"])
    op.create_index("ix_instances_started", "instances", ["program_id", "started_at", "id"])
    op.create_index("ix_instances_subject", "instances", ["subject_task_id"])


def _milestones() -> None:
    op.create_table(
        "milestones",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_milestones"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_milestones_case_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name="fk_milestones_instance_id"),
    )
    op.create_index("ix_milestones_case", "milestones", ["case_id", "at"])
    op.create_index("ix_milestones_code", "milestones", ["program_id", "code", "at"])


def _timers() -> None:
    op.create_table(
        "timers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("token_id", sa.Text(), nullable=True),
        sa.Column("task_id", sa.Text(), nullable=True),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("process_key", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.Column("anchor_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_timers"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_timers_case_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name="fk_timers_instance_id"),
    )
    op.create_index("ix_timers_case", "timers", ["case_id"])
    op.create_index("ix_timers_due", "timers", ["due_at"])
    op.create_index("ix_timers_instance", "timers", ["instance_id"])
    op.create_index("ix_timers_task", "timers", ["task_id"])


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("token_id", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("process_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation", sa.Text(), nullable=True),
        sa.Column("since", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_subscriptions_case_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name="fk_subscriptions_instance_id"),
    )
    op.create_index("ix_subscriptions_case", "subscriptions", ["case_id"])
    op.create_index("ix_subscriptions_instance", "subscriptions", ["instance_id"])
    op.create_index("ix_subscriptions_matching", "subscriptions", ["program_id", "kind", "name", "correlation"])


def _incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("process_key", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("resolved_at", INSTANT, nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_incidents"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_incidents_case_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name="fk_incidents_instance_id"),
    )
    op.create_index("ix_incidents_case", "incidents", ["case_id"])
    op.create_index("ix_incidents_instance", "incidents", ["instance_id"])
    op.create_index(
        "ix_incidents_open",
        "incidents",
        ["program_id", "at", "id"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


def _snapshots() -> None:
    op.create_table(
        "snapshots",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("slot", sa.Integer(), nullable=True),
        sa.Column("state_blob", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_snapshots"),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name="fk_snapshots_instance_id"),
        sa.UniqueConstraint("instance_id", "slot", name="uq_snapshots_instance_id_slot"),
    )
    op.create_index("ix_snapshots_instance", "snapshots", ["instance_id", "version"])


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=True),
        sa.Column("cls", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
    )
    op.create_index(
        "ix_jobs_due", "jobs", ["due_at"], sqlite_where=sa.text("state = 'available'"), postgresql_where=sa.text("state = 'available'")
    )
    op.create_index(
        "uq_jobs_open",
        "jobs",
        ["program_id", "key"],
        unique=True,
        sqlite_where=sa.text("state = 'available'"),
        postgresql_where=sa.text("state = 'available'"),
    )
