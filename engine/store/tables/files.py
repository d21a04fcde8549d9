"""Files that people gave: what is known of each, and its content in parts, both through the sealing door."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, PrimaryKeyConstraint, Table

from engine.store.tables.columns import flag, identity, instant, metadata, sealed, text, to

files = Table(
    "files",
    metadata,
    identity(),
    text("program_id"),
    to("case_id", "cases"),
    text("task_id"),
    text("field"),
    text("participant_id", null=True),
    text("author_id"),
    text("media_type"),
    Column("size", BigInteger, nullable=False),
    text("digest"),
    flag("scanned"),
    instant("at"),
    instant("sent_at", null=True),
    *sealed(),
    Index("ix_files_task", "task_id", "author_id"),
    Index("ix_files_case", "case_id", "at"),
)

file_parts = Table(
    "file_parts",
    metadata,
    to("file_id", "files"),
    Column("number", Integer, nullable=False),
    *sealed(),
    PrimaryKeyConstraint("file_id", "number"),
)

opening_files = Table(
    "opening_files",
    metadata,
    identity(),
    text("program_id"),
    text("pack"),
    text("field"),
    text("author_id"),
    text("media_type"),
    Column("size", BigInteger, nullable=False),
    text("digest"),
    flag("scanned"),
    instant("at"),
    *sealed(),
    Index("ix_opening_files_author", "program_id", "author_id"),
    Index("ix_opening_files_at", "at"),
)

opening_file_parts = Table(
    "opening_file_parts",
    metadata,
    to("file_id", "opening_files"),
    Column("number", Integer, nullable=False),
    *sealed(),
    PrimaryKeyConstraint("file_id", "number"),
)
