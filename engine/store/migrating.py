"""Schema migrations, run in one transaction of our own; processes that start together take turns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from engine.store.tables import metadata

#: any number of ours: who migrates holds it
_LOCK = 7_245_110_001
_FOLDER = Path(__file__).parent / "migrations"


def upgrade(connection: Connection) -> None:
    """To the newest migration; nothing when it is there already."""
    with connection.begin():
        _take_turn(connection)
        if _current(connection) != _newest():
            command.upgrade(_config(connection), "head")


def downgrade(connection: Connection, revision: str) -> None:
    """To an older migration, "base" for an empty database."""
    with connection.begin():
        _take_turn(connection)
        command.downgrade(_config(connection), revision)


def pending(connection: Connection) -> bool:
    """Whether `upgrade` has something to do."""
    with connection.begin():
        return _current(connection) != _newest()


def differences(connection: Connection) -> list[object]:
    """What would have to change in the database to be like the tables in code."""
    with connection.begin():
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": metadata})
        return list(compare_metadata(context, metadata))


def _current(connection: Connection) -> set[str]:
    return set(MigrationContext.configure(connection).get_current_heads())


def _newest() -> set[str]:
    return set(ScriptDirectory(str(_FOLDER)).get_heads())


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    attributes: dict[str, Any] = config.attributes
    attributes["connection"] = connection
    return config


def _take_turn(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
