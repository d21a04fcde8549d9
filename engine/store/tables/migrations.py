"""Migrations of running instances between versions, and each instance's part in them."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, UniqueConstraint

from engine.model.states import MigrationRowState, MigrationState
from engine.store.tables.columns import identity, instant, json, metadata, number, text, to
from engine.store.types import State

migrations = Table(
    "migrations",
    metadata,
    identity(),
    to("program_id", "programs"),
    text("key"),
    to("from_id", "definitions"),
    to("to_id", "definitions"),
    number("from_version"),
    number("to_version"),
    json("mapping"),
    text("why"),
    Column("state", State(MigrationState), nullable=False),
    text("proposed_by", null=True),
    instant("proposed_at"),
    text("decided_by", null=True),
    instant("decided_at", null=True),
    text("decision_reason", null=True),
    text("undone_by", null=True),
    instant("undone_at", null=True),
    Index("ix_migrations_state", "program_id", "state", "proposed_at"),
    Index("ix_migrations_key", "program_id", "key", "proposed_at"),
)

migration_rows = Table(
    "migration_rows",
    metadata,
    identity(),
    text("program_id"),
    to("migration_id", "migrations"),
    to("instance_id", "instances"),
    to("case_id", "cases"),
    Column("state", State(MigrationRowState), nullable=False),
    instant("at"),
    json("result"),
    to("snapshot_id", "snapshots", null=True),
    text("left_hash", null=True),
    UniqueConstraint("migration_id", "instance_id"),
    Index("ix_migration_rows_state", "migration_id", "state", "id"),
    Index("ix_migration_rows_case", "case_id"),
)
