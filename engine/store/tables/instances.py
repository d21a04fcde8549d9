"""Running procedures and their projections."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint
from sqlalchemy import text as sql

from engine.model.states import IncidentState, InstanceState, JobState, RungState, TimerKind
from engine.store.tables.columns import blob, identity, instant, metadata, number, sealed, text, to
from engine.store.types import State

instances = Table(
    "instances",
    metadata,
    identity(),
    text("program_id"),
    to("case_id", "cases"),
    to("definition_id", "definitions"),
    text("key"),
    number("definition_version"),
    text("business_key", null=True),
    Column("state", State(InstanceState), nullable=False),
    number("version"),
    instant("started_at"),
    instant("ended_at", null=True),
    text("end_event", null=True),
    instant("suspended_at", null=True),
    text("subject_task_id", null=True),
    instant("dead_at", null=True),
    text("places", null=True),
    #: last, so that a scan of the other columns need not walk the overflow pages of the state
    blob("state_blob"),
    Index("ix_instances_case", "case_id"),
    Index("ix_instances_definition", "definition_id", "state"),
    Index("ix_instances_started", "program_id", "started_at", "id"),
    Index("ix_instances_key", "program_id", "key", "state"),
    Index("ix_instances_subject", "subject_task_id"),
    Index(
        "ix_instances_dead",
        "program_id",
        "case_id",
        sqlite_where=sql("dead_at IS NOT NULL"),
        postgresql_where=sql("dead_at IS NOT NULL"),
    ),
)

timers = Table(
    "timers",
    metadata,
    identity(),
    text("program_id"),
    to("case_id", "cases"),
    to("instance_id", "instances"),
    Column("kind", State(TimerKind), nullable=False),
    text("token_id", null=True),
    text("task_id", null=True),
    text("element_id"),
    text("process_key"),
    text("rule"),
    text("calendar", null=True),
    instant("anchor_at"),
    instant("due_at"),
    number("attempts"),
    text("name"),
    Index("ix_timers_due", "due_at"),
    Index("ix_timers_instance", "instance_id"),
    Index("ix_timers_task", "task_id"),
    Index("ix_timers_case", "case_id"),
)

rungs = Table(
    "rungs",
    metadata,
    identity(),
    text("program_id"),
    to("case_id", "cases"),
    to("task_id", "user_tasks"),
    text("rule"),
    number("position"),
    text("act"),
    Column("state", State(RungState), nullable=False),
    instant("due_at"),
    instant("at"),
    UniqueConstraint("task_id", "rule", "position", "due_at"),
    Index("ix_rungs_case", "case_id"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    identity(),
    text("program_id"),
    to("case_id", "cases"),
    to("instance_id", "instances"),
    text("token_id"),
    text("element_id"),
    text("process_key"),
    text("kind"),
    text("name"),
    text("correlation", null=True),
    instant("since"),
    Index("ix_subscriptions_matching", "program_id", "kind", "name", "correlation"),
    Index("ix_subscriptions_instance", "instance_id"),
    Index("ix_subscriptions_case", "case_id"),
)

incidents = Table(
    "incidents",
    metadata,
    identity(),
    text("program_id"),
    to("case_id", "cases"),
    to("instance_id", "instances"),
    text("process_key"),
    text("element_id"),
    text("code"),
    text("message"),
    Column("state", State(IncidentState), nullable=False),
    instant("at"),
    instant("resolved_at", null=True),
    text("resolved_by", null=True),
    Index("ix_incidents_instance", "instance_id"),
    Index("ix_incidents_case", "case_id"),
    Index(
        "ix_incidents_open",
        "program_id",
        "at",
        "id",
        sqlite_where=sql("state = 'open'"),
        postgresql_where=sql("state = 'open'"),
    ),
)

snapshots = Table(
    "snapshots",
    metadata,
    identity(),
    text("program_id"),
    to("instance_id", "instances"),
    number("version"),
    text("reason"),
    instant("at"),
    #: a step's snapshot takes the place of the one 20 steps before; None is kept for good
    Column("slot", Integer, nullable=True),
    blob("state_blob"),
    UniqueConstraint("instance_id", "slot"),
    Index("ix_snapshots_instance", "instance_id", "version"),
)

jobs = Table(
    "jobs",
    metadata,
    identity(),
    text("program_id"),
    text("case_id", null=True),
    text("kind"),
    text("key"),
    instant("due_at"),
    number("attempts"),
    Column("state", State(JobState), nullable=False),
    instant("created_at"),
    *sealed(),
    Index(
        "uq_jobs_open",
        "program_id",
        "key",
        unique=True,
        sqlite_where=sql("state = 'available'"),
        postgresql_where=sql("state = 'available'"),
    ),
    Index(
        "ix_jobs_due",
        "due_at",
        sqlite_where=sql("state = 'available'"),
        postgresql_where=sql("state = 'available'"),
    ),
)
