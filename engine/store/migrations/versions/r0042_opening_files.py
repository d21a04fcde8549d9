"""Files that were chosen for a case that is not open yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0042"
down_revision = "0041"

INSTANT = sa.Text().with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "opening_files",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("scanned", sa.Boolean(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=True),
        sa.Column("cls", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_opening_files"),
    )
    op.create_index("ix_opening_files_author", "opening_files", ["program_id", "author_id"])
    op.create_index("ix_opening_files_at", "opening_files", ["at"])
    op.create_table(
        "opening_file_parts",
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=True),
        sa.Column("cls", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("file_id", "number", name="pk_opening_file_parts"),
        sa.ForeignKeyConstraint(["file_id"], ["opening_files.id"], name="fk_opening_file_parts_file_id_opening_files"),
    )


def downgrade() -> None:
    """Drop both; whoever was opening a case chooses the files again."""
    op.drop_table("opening_file_parts")
    op.drop_table("opening_files")
