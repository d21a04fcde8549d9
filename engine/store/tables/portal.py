"""Links and codes that open a visit to participants without an account, and what they are told of who opened their case."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, UniqueConstraint

from engine.model.portal import KeyKind
from engine.store.tables.columns import identity, instant, metadata, text, to
from engine.store.types import State

portal_keys = Table(
    "portal_keys",
    metadata,
    identity(),
    text("program_id"),
    to("case_id", "cases"),
    to("participant_id", "participants"),
    Column("kind", State(KeyKind), nullable=False),
    text("digest", null=True),
    text("by_id", null=True),
    instant("created_at"),
    instant("expires_at"),
    text("mail_id", null=True),
    instant("used_at", null=True),
    instant("ends_at", null=True),
    instant("revoked_at", null=True),
    UniqueConstraint("digest"),
    Index("ix_portal_keys_case", "case_id", "participant_id"),
    Index("ix_portal_keys_mail", "mail_id"),
)

openings = Table(
    "openings",
    metadata,
    identity(),
    to("case_id", "cases"),
    text("person_id"),
    text("role"),
    #: the newest one
    instant("at"),
    UniqueConstraint("case_id", "person_id", "role"),
)
