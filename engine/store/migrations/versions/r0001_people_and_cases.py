"""Programs, persons, accounts; cases, their people and what of them may be listed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0001"
down_revision = None

INSTANT = sa.Text().with_variant(TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    _programs()
    _persons()
    _accounts()
    _tokens()
    _memberships()
    _cases()
    _case_serials()
    _participants()
    _duties()
    _facts()
    _walls()


def downgrade() -> None:
    """Drop them, those that refer to others first."""
    for table in reversed(_TABLES):
        op.drop_table(table)


_TABLES = (
    "programs",
    "persons",
    "accounts",
    "tokens",
    "memberships",
    "cases",
    "case_serials",
    "participants",
    "duties",
    "facts",
    "walls",
)


def _programs() -> None:
    op.create_table(
        "programs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_programs"),
        sa.UniqueConstraint("key", name="uq_programs_key"),
    )


def _persons() -> None:
    op.create_table(
        "persons",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("staff", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("deactivated_at", INSTANT, nullable=True),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=True),
        sa.Column("phone_key", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_persons"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_persons_program_id"),
    )
    op.create_index("ix_persons_program", "persons", ["program_id", "search_key", "id"])


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("administrator", sa.Boolean(), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("deactivated_at", INSTANT, nullable=True),
        sa.Column("login_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_accounts_person_id"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_accounts_program_id"),
        sa.UniqueConstraint("login_key", name="uq_accounts_login_key"),
        sa.UniqueConstraint("person_id", name="uq_accounts_person_id"),
    )
    op.create_index("ix_accounts_program", "accounts", ["program_id", "login_key"])


def _tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_tokens_account_id"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_tokens_program_id"),
        sa.UniqueConstraint("digest", name="uq_tokens_digest"),
    )
    op.create_index("ix_tokens_account", "tokens", ["account_id"])


def _memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("from_at", INSTANT, nullable=False),
        sa.Column("to_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_memberships"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_memberships_person_id"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_memberships_program_id"),
    )
    op.create_index("ix_memberships_person", "memberships", ["person_id", "to_at"])
    op.create_index("ix_memberships_role", "memberships", ["program_id", "role", "to_at"])


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_cases_program_id"),
        sa.UniqueConstraint("program_id", "number", name="uq_cases_program_id_number"),
        sa.UniqueConstraint("program_id", "year", "serial", name="uq_cases_program_id_year_serial"),
    )
    op.create_index("ix_cases_opened", "cases", ["program_id", "opened_at", "id"])
    op.create_index("ix_cases_state", "cases", ["program_id", "state", "opened_at", "id"])


def _case_serials() -> None:
    op.create_table(
        "case_serials",
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("program_id", "year", name="pk_case_serials"),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name="fk_case_serials_program_id"),
    )


def _participants() -> None:
    op.create_table(
        "participants",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("from_at", INSTANT, nullable=False),
        sa.Column("to_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_participants"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_participants_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_participants_person_id"),
    )
    op.create_index("ix_participants_case", "participants", ["case_id", "role", "position"])
    op.create_index("ix_participants_person", "participants", ["person_id", "case_id"])
    op.create_index(
        "uq_participants_current",
        "participants",
        ["case_id", "person_id", "role"],
        unique=True,
        sqlite_where=sa.text("to_at IS NULL"),
        postgresql_where=sa.text("to_at IS NULL"),
    )


def _duties() -> None:
    op.create_table(
        "duties",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_duties"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_duties_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_duties_person_id"),
        sa.UniqueConstraint("case_id", "person_id", "duty", name="uq_duties_case_id_person_id_duty"),
    )


def _facts() -> None:
    op.create_table(
        "facts",
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "key", name="pk_facts"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_facts_case_id"),
    )
    op.create_index("ix_facts_key", "facts", ["program_id", "key"])


def _walls() -> None:
    op.create_table(
        "walls",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("cleared_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_walls"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_walls_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_walls_person_id"),
    )
    op.create_index("ix_walls_case", "walls", ["case_id"])
    op.create_index("ix_walls_person", "walls", ["person_id", "case_id"])
