"""Open invitations to surveys, and how often each answer was given: two tables that share nothing but the month."""

from __future__ import annotations

from sqlalchemy import PrimaryKeyConstraint, Table, UniqueConstraint

from engine.store.tables.columns import identity, instant, metadata, number, text, to

#: a row is deleted when its invitation is used or over
invitations = Table(
    "invitations",
    metadata,
    identity(),
    text("program_id"),
    to("case_id", "cases"),
    to("participant_id", "participants"),
    text("pack"),
    text("survey"),
    text("part"),
    text("month"),
    instant("ends_at"),
    UniqueConstraint("participant_id", "survey"),
)

#: counted up in place, so that no row, and no order of rows, stands for one who answered
tallies = Table(
    "tallies",
    metadata,
    text("program_id"),
    text("pack"),
    text("survey"),
    text("month"),
    text("part"),
    text("question"),
    text("value"),
    number("count"),
    PrimaryKeyConstraint("program_id", "pack", "survey", "month", "part", "question", "value", name="pk_tallies"),
)
