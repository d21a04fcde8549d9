"""Mail on its way, what each person chose about being told, links of calendars."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0022"
down_revision = "0021"

INSTANT = sa.Text().with_variant(TIMESTAMP(timezone=True), "postgresql")
WAITING = sa.text("state = 'waiting'")
WITH_MAIL = sa.text("mail_id IS NOT NULL")


def upgrade() -> None:
    """Make the tables; notices know the mail that tells of them."""
    _mails()
    op.create_table(
        "telling_choices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("ways", sa.Text(), nullable=False),
        sa.Column("digest_at", sa.Integer(), nullable=True),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_telling_choices"),
        sa.ForeignKeyConstraint(["id"], ["persons.id"], name="fk_telling_choices_id_persons"),
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_feeds"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_calendar_feeds_account_id_accounts"),
        sa.UniqueConstraint("digest", name="uq_calendar_feeds_digest"),
    )
    op.create_index("ix_calendar_feeds_account", "calendar_feeds", ["account_id"])
    op.add_column("notices", sa.Column("mail_id", sa.Text(), nullable=True))
    op.create_index("ix_notices_mail", "notices", ["mail_id"], sqlite_where=WITH_MAIL, postgresql_where=WITH_MAIL)


def _mails() -> None:
    op.create_table(
        "mails",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=True),
        sa.Column("cls", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mails"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_mails_case_id_cases"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_mails_person_id_persons"),
    )
    op.create_index("ix_mails_due", "mails", ["due_at", "id"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index("ix_mails_person", "mails", ["person_id", "kind"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index("ix_mails_listed", "mails", ["program_id", "created_at", "id"])
    op.create_index("ix_mails_case", "mails", ["case_id"])


def downgrade() -> None:
    """Without them; notices stay."""
    op.drop_index("ix_notices_mail", "notices")
    op.drop_column("notices", "mail_id")
    op.drop_table("calendar_feeds")
    op.drop_table("telling_choices")
    op.drop_table("mails")
