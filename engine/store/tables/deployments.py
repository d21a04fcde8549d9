"""Deployed files and the versions of process definitions."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, UniqueConstraint

from engine.model.states import DeploymentState
from engine.store.tables.columns import blob, identity, instant, json, metadata, number, text, to
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

models = Table(
    "models",
    metadata,
    identity(),
    to("program_id", "programs"),
    text("name"),
    text("content_hash"),
    blob("content"),
    text("created_by", null=True),
    instant("created_at"),
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
