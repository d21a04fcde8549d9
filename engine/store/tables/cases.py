"""Cases, their people, and what of them may be listed."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table, Text, UniqueConstraint
from sqlalchemy import text as sql

from engine.model.states import CaseState
from engine.store.tables.columns import identity, instant, json, metadata, number, text, to
from engine.store.types import State

cases = Table(
    "cases",
    metadata,
    identity(),
    to("program_id", "programs"),
    text("pack", null=True),
    text("number"),
    number("serial"),
    number("year"),
    Column("state", State(CaseState), nullable=False),
    text("status", null=True),
    text("outcome", null=True),
    instant("opened_at"),
    instant("closed_at", null=True),
    instant("status_since", null=True),
    UniqueConstraint("program_id", "number"),
    UniqueConstraint("program_id", "year", "serial"),
    Index("ix_cases_state", "program_id", "state", "opened_at", "id"),
    Index("ix_cases_opened", "program_id", "opened_at", "id"),
    Index("ix_cases_status", "program_id", "status", "state"),
)

case_serials = Table(
    "case_serials",
    metadata,
    to("program_id", "programs"),
    Column("year", Integer, nullable=False, autoincrement=False),
    number("last"),
    PrimaryKeyConstraint("program_id", "year"),
)

participants = Table(
    "participants",
    metadata,
    identity(),
    text("program_id"),
    to("case_id", "cases"),
    to("person_id", "persons"),
    text("role"),
    number("position"),
    instant("from_at"),
    instant("to_at", null=True),
    Index("ix_participants_case", "case_id", "role", "position"),
    Index("ix_participants_person", "person_id", "case_id"),
    Index(
        "uq_participants_current",
        "case_id",
        "person_id",
        "role",
        unique=True,
        sqlite_where=sql("to_at IS NULL"),
        postgresql_where=sql("to_at IS NULL"),
    ),
)

duties = Table(
    "duties",
    metadata,
    identity(),
    text("program_id"),
    to("case_id", "cases"),
    to("person_id", "persons"),
    text("duty"),
    instant("at"),
    UniqueConstraint("case_id", "person_id", "duty"),
)

milestones = Table(
    "milestones",
    metadata,
    identity(),
    text("program_id"),
    to("case_id", "cases"),
    to("instance_id", "instances"),
    text("code"),
    text("element_id"),
    instant("at"),
    Index("ix_milestones_case", "case_id", "at"),
    Index("ix_milestones_code", "program_id", "code", "at"),
)

facts = Table(
    "facts",
    metadata,
    text("program_id"),
    to("case_id", "cases"),
    Column("key", Text, nullable=False),
    json("value"),
    instant("at"),
    #: the value as a text that sorts as it does; None for what has no order
    text("comparable", null=True),
    PrimaryKeyConstraint("case_id", "key"),
    Index("ix_facts_key", "program_id", "key"),
    Index("ix_facts_comparable", "program_id", "key", "comparable", "case_id"),
)

walls = Table(
    "walls",
    metadata,
    identity(),
    text("program_id"),
    to("case_id", "cases"),
    to("person_id", "persons"),
    text("reason"),
    instant("at"),
    instant("cleared_at", null=True),
    text("by_id", null=True),
    text("person_wall_id", null=True),
    text("clearing_by", null=True),
    text("cleared_by", null=True),
    Index("ix_walls_person", "person_id", "case_id"),
    Index("ix_walls_case", "case_id"),
    Index("ix_walls_person_wall", "person_wall_id"),
)

person_walls = Table(
    "person_walls",
    metadata,
    identity(),
    to("program_id", "programs"),
    to("person_id", "persons"),
    to("other_id", "persons"),
    text("reason"),
    instant("at"),
    instant("cleared_at", null=True),
    text("by_id", null=True),
    text("clearing_by", null=True),
    text("cleared_by", null=True),
    Index("ix_person_walls_other", "other_id"),
    Index("ix_person_walls_program", "program_id", "at"),
)
