"""Programs, persons and how they sign in."""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from engine.store.tables.columns import flag, identity, instant, metadata, number, text, to

failed_attempts = Table(
    "failed_attempts",
    metadata,
    identity(),
    #: a digest of the login or address that it is counted for
    text("key"),
    instant("at"),
    Index("ix_failed_attempts_key", "key", "at"),
    Index("ix_failed_attempts_at", "at"),
)

programs = Table(
    "programs",
    metadata,
    identity(),
    text("key"),
    text("title"),
    text("timezone"),
    text("language"),
    instant("created_at"),
    UniqueConstraint("key"),
)

persons = Table(
    "persons",
    metadata,
    identity(),
    to("program_id", "programs"),
    text("name"),
    text("email", null=True),
    text("phone", null=True),
    text("language"),
    flag("staff"),
    instant("created_at"),
    instant("deactivated_at", null=True),
    #: name and address folded for search; SQLite folds ASCII only, so the fold is Python's on both databases
    text("search_key"),
    #: folded, to find the same person again
    text("name_key"),
    text("email_key", null=True),
    #: digits only
    text("phone_key", null=True),
    Index("ix_persons_program", "program_id", "search_key", "id"),
)

accounts = Table(
    "accounts",
    metadata,
    identity(),
    to("program_id", "programs"),
    to("person_id", "persons"),
    text("login"),
    text("password_hash", null=True),
    flag("administrator"),
    number("session_epoch"),
    instant("created_at"),
    instant("deactivated_at", null=True),
    text("login_key"),
    UniqueConstraint("login_key"),
    UniqueConstraint("person_id"),
    Index("ix_accounts_program", "program_id", "login_key"),
)

tokens = Table(
    "tokens",
    metadata,
    identity(),
    to("program_id", "programs"),
    to("account_id", "accounts"),
    text("digest"),
    text("label"),
    instant("created_at"),
    instant("expires_at", null=True),
    instant("revoked_at", null=True),
    UniqueConstraint("digest"),
    Index("ix_tokens_account", "account_id"),
)

memberships = Table(
    "memberships",
    metadata,
    identity(),
    to("program_id", "programs"),
    to("person_id", "persons"),
    text("role"),
    instant("from_at"),
    instant("to_at", null=True),
    Index("ix_memberships_person", "person_id", "to_at"),
    Index("ix_memberships_role", "program_id", "role", "to_at"),
)

absences = Table(
    "absences",
    metadata,
    identity(),
    to("program_id", "programs"),
    to("person_id", "persons"),
    instant("from_at"),
    instant("to_at"),
    text("by_id", null=True),
    instant("at"),
    instant("ended_at", null=True),
    Index("ix_absences_program", "program_id", "to_at"),
    Index("ix_absences_person", "person_id", "to_at"),
)

stand_ins = Table(
    "stand_ins",
    metadata,
    identity(),
    text("program_id"),
    to("absence_id", "absences"),
    to("person_id", "persons"),
    text("role", null=True),
    text("pack", null=True),
    Index("ix_stand_ins_absence", "absence_id"),
)
