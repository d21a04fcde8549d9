"""The audit trail, its seals, and what the installation itself remembers."""

from __future__ import annotations

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table, Text, UniqueConstraint
from sqlalchemy import text as sql

from engine.store.tables.columns import big_number, blob, identity, instant, json, metadata, number, sealed, text

audit_entries = Table(
    "audit_entries",
    metadata,
    identity(),
    text("program_id"),
    text("chain"),
    big_number("seq"),
    instant("at"),
    text("event"),
    text("actor_id", null=True),
    text("on_behalf_of", null=True),
    text("via"),
    text("case_id", null=True),
    text("instance_id", null=True),
    text("definition_id", null=True),
    text("process_key", null=True),
    text("element_id", null=True),
    text("task_id", null=True),
    json("details"),
    blob("salt"),
    text("details_digest"),
    text("previous", null=True),
    text("hash"),
    #: two writers that read the same head cannot both link to it
    UniqueConstraint("chain", "seq"),
    Index("ix_audit_entries_instance", "instance_id", "id"),
    Index("ix_audit_entries_case", "case_id", "id"),
    Index("ix_audit_entries_program", "program_id", "id"),
    Index(
        "ix_audit_entries_element",
        "program_id",
        "process_key",
        "element_id",
        "id",
        "instance_id",
        sqlite_where=sql("element_id IS NOT NULL"),
        postgresql_where=sql("element_id IS NOT NULL"),
    ),
)

seals = Table(
    "seals",
    metadata,
    identity(),
    text("program_id"),
    big_number("seq"),
    instant("at"),
    json("heads"),
    text("previous", null=True),
    text("hash"),
    UniqueConstraint("program_id", "seq"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("account_id", Text, nullable=False),
    Column("key", Text, nullable=False),
    text("fingerprint"),
    number("status"),
    instant("at"),
    *sealed(),
    PrimaryKeyConstraint("account_id", "key"),
    Index("ix_idempotency_keys_at", "at"),
)

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    text("value"),
)
