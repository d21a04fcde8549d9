"""Outside work and the hosts that webhooks may call."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, UniqueConstraint
from sqlalchemy import text as sql

from engine.model.outside import OutsideState
from engine.store.tables.columns import flag, identity, instant, metadata, number, sealed, text, to
from engine.store.types import State

outside_jobs = Table(
    "outside_jobs",
    metadata,
    identity(),
    text("program_id"),
    to("case_id", "cases"),
    to("instance_id", "instances"),
    text("pack", null=True),
    text("token_id"),
    text("process_key"),
    text("element_id"),
    text("name"),
    text("type"),
    Column("state", State(OutsideState), nullable=False),
    number("retries"),
    number("retries_left"),
    number("attempts"),
    text("backoff"),
    number("timeout"),
    instant("due_at"),
    instant("created_at"),
    text("lock_owner", null=True),
    text("lock_person", null=True),
    instant("locked_until", null=True),
    instant("ended_at", null=True),
    text("error_code", null=True),
    *sealed(),
    UniqueConstraint("instance_id", "token_id"),
    #: who fetches asks for types; the end of a hold is its due date, so one range tells what can be taken
    Index(
        "ix_outside_jobs_due",
        "type",
        "due_at",
        "id",
        sqlite_where=sql("state = 'available'"),
        postgresql_where=sql("state = 'available'"),
    ),
    Index("ix_outside_jobs_listed", "program_id", "created_at", "id"),
    Index("ix_outside_jobs_case", "case_id"),
)

hosts = Table(
    "hosts",
    metadata,
    identity(),
    to("program_id", "programs"),
    text("name"),
    number("port"),
    flag("private"),
    instant("added_at"),
    text("added_by", null=True),
    UniqueConstraint("program_id", "name", "port"),
)
