"""User tasks and rungs; what people wrote; the audit trail; what the installation remembers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0003"
down_revision = "0002"

INSTANT = sa.Text().with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    _user_tasks()
    _rungs()
    _records()
    _drafts()
    _notices()
    _inbox_messages()
    _audit_entries()
    _seals()
    _idempotency_keys()
    _meta()


def downgrade() -> None:
    """Drop them, those that refer to others first."""
    for table in reversed(_TABLES):
        op.drop_table(table)


_TABLES = (
    "user_tasks",
    "rungs",
    "records",
    "drafts",
    "notices",
    "inbox_messages",
    "audit_entries",
    "seals",
    "idempotency_keys",
    "meta",
)


def _user_tasks() -> None:
    op.create_table(
        "user_tasks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("definition_id", sa.Text(), nullable=False),
        sa.Column("token_id", sa.Text(), nullable=False),
        sa.Column("process_key", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("duty", sa.Text(), nullable=True),
        sa.Column("participant_id", sa.Text(), nullable=True),
        sa.Column("assignee_id", sa.Text(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("follow_up_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("completed_by", sa.Text(), nullable=True),
        sa.Column("on_behalf_of", sa.Text(), nullable=True),
        sa.Column("nobody", sa.Text(), nullable=True),
        sa.Column("due_since", INSTANT, nullable=True),
        sa.Column("shows", sa.Text(), nullable=False),
        sa.Column("discreet", sa.Boolean(), nullable=False),
        sa.Column("due_key", INSTANT, nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_user_tasks"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_user_tasks_case_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name="fk_user_tasks_instance_id"),
    )
    op.create_index(
        "ix_user_tasks_assignee",
        "user_tasks",
        ["assignee_id", "due_key", "urgency", "id"],
        sqlite_where=sa.text("state = 'open' AND assignee_id IS NOT NULL"),
        postgresql_where=sa.text("state = 'open' AND assignee_id IS NOT NULL"),
    )
    op.create_index("ix_user_tasks_case", "user_tasks", ["case_id", "state"])
    op.create_index(
        "ix_user_tasks_due",
        "user_tasks",
        ["program_id", "due_key", "urgency", "id"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_user_tasks_instance", "user_tasks", ["instance_id", "state"])
    op.create_index(
        "ix_user_tasks_participant",
        "user_tasks",
        ["participant_id", "due_key", "urgency", "id"],
        sqlite_where=sa.text("state = 'open' AND participant_id IS NOT NULL"),
        postgresql_where=sa.text("state = 'open' AND participant_id IS NOT NULL"),
    )
    op.create_index(
        "ix_user_tasks_role",
        "user_tasks",
        ["program_id", "role", "due_key", "urgency", "id"],
        sqlite_where=sa.text("state = 'open' AND assignee_id IS NULL"),
        postgresql_where=sa.text("state = 'open' AND assignee_id IS NULL"),
    )
    op.create_index(
        "ix_user_tasks_stuck",
        "user_tasks",
        ["program_id", "case_id"],
        sqlite_where=sa.text("state = 'open' AND nobody IS NOT NULL"),
        postgresql_where=sa.text("state = 'open' AND nobody IS NOT NULL"),
    )


def _rungs() -> None:
    op.create_table(
        "rungs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rungs"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_rungs_case_id"),
        sa.ForeignKeyConstraint(["task_id"], ["user_tasks.id"], name="fk_rungs_task_id"),
        sa.UniqueConstraint("task_id", "rule", "position", "due_at", name="uq_rungs_task_id_rule_position_due_at"),
    )
    op.create_index("ix_rungs_case", "rungs", ["case_id"])


def _records() -> None:
    op.create_table(
        "records",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=True),
        sa.Column("task_id", sa.Text(), nullable=True),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("participant_id", sa.Text(), nullable=True),
        sa.Column("author_id", sa.Text(), nullable=True),
        sa.Column("on_behalf_of", sa.Text(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=True),
        sa.Column("cls", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_records"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_records_case_id"),
    )
    op.create_index("ix_records_case", "records", ["case_id", "cls", "at"])
    op.create_index("ix_records_task", "records", ["task_id"])


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=True),
        sa.Column("cls", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("task_id", "person_id", name="pk_drafts"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_drafts_case_id"),
    )


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("recipient_id", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=True),
        sa.Column("element_id", sa.Text(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_notices_case_id"),
    )
    op.create_index("ix_notices_case", "notices", ["case_id", "at"])
    op.create_index("ix_notices_recipient", "notices", ["recipient_id", "at", "id"])


def _inbox_messages() -> None:
    op.create_table(
        "inbox_messages",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("delivered_at", INSTANT, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=True),
        sa.Column("cls", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbox_messages"),
    )
    op.create_index("ix_inbox_messages_expiry", "inbox_messages", ["expires_at"])
    op.create_index("ix_inbox_messages_matching", "inbox_messages", ["program_id", "name", "correlation", "received_at"])
    op.create_index(
        "uq_inbox_messages_message_id",
        "inbox_messages",
        ["program_id", "name", "message_id"],
        unique=True,
        sqlite_where=sa.text("message_id IS NOT NULL"),
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )


def _audit_entries() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=True),
        sa.Column("on_behalf_of", sa.Text(), nullable=True),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("instance_id", sa.Text(), nullable=True),
        sa.Column("definition_id", sa.Text(), nullable=True),
        sa.Column("process_key", sa.Text(), nullable=True),
        sa.Column("element_id", sa.Text(), nullable=True),
        sa.Column("task_id", sa.Text(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("details_digest", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=True),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
        sa.UniqueConstraint("chain", "seq", name="uq_audit_entries_chain_seq"),
    )
    op.create_index("ix_audit_entries_case", "audit_entries", ["case_id", "id"])
    op.create_index("ix_audit_entries_instance", "audit_entries", ["instance_id", "id"])
    op.create_index("ix_audit_entries_program", "audit_entries", ["program_id", "id"])


def _seals() -> None:
    op.create_table(
        "seals",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("heads", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=True),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seals"),
        sa.UniqueConstraint("program_id", "seq", name="uq_seals_program_id_seq"),
    )


def _idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=True),
        sa.Column("cls", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "key", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_at", "idempotency_keys", ["at"])


def _meta() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
    )
