"""Deployed files and the versions of process definitions."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table, UniqueConstraint

from engine.model.compared import Mark
from engine.model.starts import StartKind, StartState
from engine.model.states import ChangeState, DeploymentState
from engine.store.tables.columns import blob, flag, identity, instant, json, metadata, number, text, to
from engine.store.types import State

deployments = Table(
    "deployments",
    metadata,
    identity(),
    to("program_id", "programs"),
    text("pack", null=True),
    text("content_hash"),
    Column("state", State(DeploymentState), nullable=False),
    text("deployed_by", null=True),
    instant("deployed_at"),
    text("decided_by", null=True),
    instant("decided_at", null=True),
    text("decision_reason", null=True),
    Index("ix_deployments_hash", "program_id", "content_hash"),
    Index("ix_deployments_pack", "program_id", "pack", "state", "deployed_at"),
    Index("ix_deployments_time", "program_id", "deployed_at", "id"),
)

resources = Table(
    "resources",
    metadata,
    identity(),
    text("program_id"),
    to("deployment_id", "deployments"),
    text("kind"),
    text("name"),
    text("content_hash"),
    blob("content"),
    UniqueConstraint("deployment_id", "name"),
)

changes = Table(
    "changes",
    metadata,
    identity(),
    to("program_id", "programs"),
    text("pack", null=True),
    text("title"),
    text("why"),
    to("base_id", "deployments", null=True),
    Column("state", State(ChangeState), nullable=False),
    text("created_by", null=True),
    instant("created_at"),
    instant("changed_at"),
    to("deployment_id", "deployments", null=True),
    text("asked_by", null=True),
    instant("asked_at", null=True),
    Index("ix_changes_state", "program_id", "state", "changed_at"),
    Index("ix_changes_deployment", "deployment_id"),
)

models = Table(
    "models",
    metadata,
    identity(),
    to("program_id", "programs"),
    to("change_id", "changes", null=True),
    text("folder"),
    text("name"),
    text("content_hash"),
    number("revision"),
    flag("removed"),
    text("created_by", null=True),
    instant("created_at"),
    text("changed_by", null=True),
    instant("changed_at"),
    blob("content"),
    UniqueConstraint("change_id", "name"),
    Index("ix_models_folder", "program_id", "folder", "name"),
    Index("ix_models_content", "program_id", "content_hash"),
)

#: what each scenario gave when a deployment was sent; those it takes out or changes as they were before
trials = Table(
    "trials",
    metadata,
    to("deployment_id", "deployments"),
    text("name"),
    text("title"),
    Column("mark", State(Mark), nullable=True),
    flag("passed"),
    text("message"),
    PrimaryKeyConstraint("deployment_id", "name"),
)

#: who has which file of a change open, as told by their browser
editors = Table(
    "editors",
    metadata,
    to("change_id", "changes"),
    text("name"),
    text("person_id"),
    instant("at"),
    PrimaryKeyConstraint("change_id", "name", "person_id"),
)

definitions = Table(
    "definitions",
    metadata,
    identity(),
    to("program_id", "programs"),
    to("deployment_id", "deployments"),
    text("pack", null=True),
    text("key"),
    number("version"),
    text("name"),
    text("file"),
    text("content_hash"),
    text("closure_hash"),
    blob("source"),
    blob("normalised"),
    json("manifest"),
    Column("state", State(DeploymentState), nullable=False),
    instant("created_at"),
    UniqueConstraint("program_id", "key", "version"),
    Index("ix_definitions_deployment", "deployment_id"),
    Index("ix_definitions_content", "program_id", "key", "content_hash"),
)

starts = Table(
    "starts",
    metadata,
    identity(),
    to("program_id", "programs"),
    to("definition_id", "definitions"),
    text("pack", null=True),
    text("process_key"),
    text("element_id"),
    Column("kind", State(StartKind), nullable=False),
    text("name", null=True),
    text("rule", null=True),
    text("resolved", null=True),
    Column("state", State(StartState), nullable=False),
    instant("since"),
    instant("anchor_at", null=True),
    instant("due_at", null=True),
    Column("remaining", Integer, nullable=True),
    Column("step", Integer, nullable=True),
    flag("held"),
    instant("last_at", null=True),
    number("attempts"),
    text("problem", null=True),
    UniqueConstraint("program_id", "process_key", "element_id"),
    Index("ix_starts_due", "due_at"),
    Index("ix_starts_name", "program_id", "kind", "name"),
)
