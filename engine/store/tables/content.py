"""What people wrote: every table here passes the sealing door, notices excepted, which hold no content."""

from __future__ import annotations

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table, Text
from sqlalchemy import text as sql

from engine.store.tables.columns import flag, identity, instant, metadata, number, sealed, text, to

records = Table(
    "records",
    metadata,
    identity(),
    text("program_id"),
    to("case_id", "cases"),
    text("instance_id", null=True),
    text("task_id", null=True),
    text("form"),
    text("participant_id", null=True),
    text("author_id", null=True),
    text("on_behalf_of", null=True),
    instant("at"),
    text("entry_id", null=True),
    *sealed(),
    Index("ix_records_case", "case_id", "cls", "at"),
    Index("ix_records_task", "task_id"),
)

entries = Table(
    "entries",
    metadata,
    identity(),
    text("entry"),
    number("version"),
    text("program_id"),
    to("case_id", "cases"),
    text("panel"),
    text("form"),
    text("participant_id", null=True),
    text("author_id", null=True),
    instant("at"),
    flag("released"),
    text("source_id", null=True),
    Index("uq_entries_version", "entry", "version", unique=True),
    Index("ix_entries_case", "case_id", "panel", "at"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("task_id", Text, nullable=False),
    text("program_id"),
    to("case_id", "cases"),
    Column("person_id", Text, nullable=False),
    instant("at"),
    number("version"),
    *sealed(),
    PrimaryKeyConstraint("task_id", "person_id"),
)

notices = Table(
    "notices",
    metadata,
    identity(),
    text("program_id"),
    to("case_id", "cases"),
    text("recipient_id"),
    text("template"),
    text("task_id", null=True),
    text("element_id", null=True),
    instant("at"),
    instant("read_at", null=True),
    text("mail_id", null=True),
    text("for_id", null=True),
    Index("ix_notices_recipient", "recipient_id", "at", "id"),
    Index("ix_notices_case", "case_id", "at"),
    Index("ix_notices_mail", "mail_id", sqlite_where=sql("mail_id IS NOT NULL"), postgresql_where=sql("mail_id IS NOT NULL")),
)

inbox_messages = Table(
    "inbox_messages",
    metadata,
    identity(),
    text("program_id"),
    text("name"),
    text("correlation"),
    text("message_id", null=True),
    instant("received_at"),
    instant("expires_at"),
    instant("delivered_at", null=True),
    *sealed(),
    Index(
        "uq_inbox_messages_message_id",
        "program_id",
        "name",
        "message_id",
        unique=True,
        sqlite_where=sql("message_id IS NOT NULL"),
        postgresql_where=sql("message_id IS NOT NULL"),
    ),
    Index("ix_inbox_messages_matching", "program_id", "name", "correlation", "received_at"),
    Index("ix_inbox_messages_expiry", "expires_at"),
)
