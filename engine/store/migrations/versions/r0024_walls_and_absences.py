"""Walls that people put up and take down, walls against other people, and who stands in for whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0024"
down_revision = "0023"

INSTANT = sa.Text().with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Add columns and tables."""
    for name in ("by_id", "person_wall_id", "clearing_by", "cleared_by"):
        op.add_column("walls", sa.Column(name, sa.Text(), nullable=True))
    op.create_index("ix_walls_person_wall", "walls", ["person_wall_id"])
    op.create_table(
        "person_walls",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("cleared_at", INSTANT, nullable=True),
        sa.Column("by_id", sa.Text(), nullable=True),
        sa.Column("clearing_by", sa.Text(), nullable=True),
        sa.Column("cleared_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_person_walls"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_person_walls_program_id"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_person_walls_person_id"),
        sa.ForeignKeyConstraint(["other_id"], ["persons.id"], name="fk_person_walls_other_id"),
    )
    op.create_index("ix_person_walls_other", "person_walls", ["other_id"])
    op.create_index("ix_person_walls_program", "person_walls", ["program_id", "at"])
    op.create_table(
        "absences",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("from_at", INSTANT, nullable=False),
        sa.Column("to_at", INSTANT, nullable=False),
        sa.Column("by_id", sa.Text(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_absences"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_absences_program_id"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_absences_person_id"),
    )
    op.create_index("ix_absences_program", "absences", ["program_id", "to_at"])
    op.create_index("ix_absences_person", "absences", ["person_id", "to_at"])
    op.create_table(
        "stand_ins",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("absence_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("pack", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_stand_ins"),
        sa.ForeignKeyConstraint(["absence_id"], ["absences.id"], name="fk_stand_ins_absence_id"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_stand_ins_person_id"),
    )
    op.create_index("ix_stand_ins_absence", "stand_ins", ["absence_id"])


def downgrade() -> None:
    """Without them; walls of single cases stay."""
    op.drop_table("stand_ins")
    op.drop_table("absences")
    op.drop_table("person_walls")
    op.drop_index("ix_walls_person_wall", "walls")
    for name in ("cleared_by", "clearing_by", "person_wall_id", "by_id"):
        op.drop_column("walls", name)
