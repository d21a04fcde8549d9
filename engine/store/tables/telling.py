"""Mail on its way, what each person chose about being told, links of calendars."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint
from sqlalchemy import text as sql

from engine.model.telling import MailState
from engine.store.tables.columns import identity, instant, json, metadata, number, sealed, text, to
from engine.store.types import State

mails = Table(
    "mails",
    metadata,
    identity(),
    text("program_id"),
    to("case_id", "cases", null=True),
    to("person_id", "persons"),
    text("pack"),
    text("kind"),
    Column("state", State(MailState), nullable=False),
    instant("due_at"),
    instant("created_at"),
    number("attempts"),
    instant("ended_at", null=True),
    text("error_code", null=True),
    *sealed(),
    Index("ix_mails_due", "due_at", "id", sqlite_where=sql("state = 'waiting'"), postgresql_where=sql("state = 'waiting'")),
    Index("ix_mails_person", "person_id", "kind", sqlite_where=sql("state = 'waiting'"), postgresql_where=sql("state = 'waiting'")),
    Index("ix_mails_listed", "program_id", "created_at", "id"),
    Index("ix_mails_case", "case_id"),
)

#: one row a person, under the person's id
telling_choices = Table(
    "telling_choices",
    metadata,
    Column("id", Text, ForeignKey("persons.id"), primary_key=True),
    text("program_id"),
    json("ways"),
    Column("digest_at", Integer, nullable=True),
    Column("quiet_from", Integer, nullable=True),
    Column("quiet_until", Integer, nullable=True),
)

calendar_feeds = Table(
    "calendar_feeds",
    metadata,
    identity(),
    text("program_id"),
    to("account_id", "accounts"),
    text("digest"),
    instant("created_at"),
    instant("revoked_at", null=True),
    UniqueConstraint("digest"),
    Index("ix_calendar_feeds_account", "account_id"),
)
