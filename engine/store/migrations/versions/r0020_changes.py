"""Changes: proposed files of a pack; models get a change or a folder, and a revision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0020"
down_revision = "0006"

INSTANT = sa.Text().with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the tables; what was imported before keeps its id in the folder without a name."""
    op.create_table(
        "changes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("base_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("deployment_id", sa.Text(), nullable=True),
        sa.Column("asked_by", sa.Text(), nullable=True),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_changes_program_id_programs"),
        sa.ForeignKeyConstraint(["base_id"], ["deployments.id"], name="fk_changes_base_id_deployments"),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployments.id"], name="fk_changes_deployment_id_deployments"),
    )
    op.create_index("ix_changes_state", "changes", ["program_id", "state", "changed_at"])
    op.create_index("ix_changes_deployment", "changes", ["deployment_id"])
    with op.batch_alter_table("models") as models:
        models.add_column(sa.Column("change_id", sa.Text(), nullable=True))
        models.add_column(sa.Column("folder", sa.Text(), nullable=False, server_default=""))
        models.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        models.add_column(sa.Column("removed", sa.Boolean(), nullable=False, server_default=sa.false()))
        models.add_column(sa.Column("changed_by", sa.Text(), nullable=True))
        models.add_column(sa.Column("changed_at", INSTANT, nullable=True))
    op.execute("UPDATE models SET changed_by = created_by, changed_at = created_at")
    with op.batch_alter_table("models") as models:
        for name, kind in (("folder", sa.Text()), ("revision", sa.Integer()), ("removed", sa.Boolean())):
            models.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
        models.alter_column("changed_at", existing_type=INSTANT, nullable=False)
        models.create_foreign_key("fk_models_change_id_changes", "changes", ["change_id"], ["id"])
        models.create_unique_constraint("uq_models_change_id_name", ["change_id", "name"])
    op.create_index("ix_models_folder", "models", ["program_id", "folder", "name"])
    op.create_table(
        "editors",
        sa.Column("change_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("change_id", "name", "person_id", name="pk_editors"),
        sa.ForeignKeyConstraint(["change_id"], ["changes.id"], name="fk_editors_change_id_changes"),
    )


def downgrade() -> None:
    """Back to models without changes; files of changes are dropped with them."""
    op.drop_table("editors")
    op.drop_index("ix_models_folder", "models")
    op.execute("DELETE FROM models WHERE change_id IS NOT NULL")
    with op.batch_alter_table("models") as models:
        models.drop_constraint("uq_models_change_id_name", type_="unique")
        models.drop_constraint("fk_models_change_id_changes", type_="foreignkey")
        for name in ("change_id", "folder", "revision", "removed", "changed_by", "changed_at"):
            models.drop_column(name)
    op.drop_table("changes")
