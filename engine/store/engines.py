"""SQLAlchemy engines for each database: how a connection is set up and how its transactions begin.

Measured reasons: Python's own transaction control on SQLite loses updates silently, so that every transaction is begun
by us; a read under BEGIN IMMEDIATE would wait behind every writer, so that reads have connections of their own.
"""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from sqlalchemy import URL, Connection, Engine, PoolProxiedConnection, StaticPool, create_engine, event

from engine.language import say
from engine.model.errors import Conflict

# busy_timeout first: the others may have to wait for a neighbour already.
_PRAGMAS = ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
_HASTY = (*_PRAGMAS, "synchronous=OFF")
#: SQLite does not wait by itself while several connections turn a new file to WAL at once; so often we try again
_TRIES, _PAUSE = 200, 0.05


def sqlite_engines(url: URL, *, hasty: bool = False) -> tuple[Engine, Engine]:
    """Reader and writer for a file. One writing connection suffices: SQLite has one writer at a time.

    `hasty` does not wait for the disk at a commit.
    """
    pragmas = _HASTY if hasty else _PRAGMAS
    reader = create_engine(url, pool_size=8, max_overflow=120)
    writer = create_engine(url, pool_size=1, max_overflow=0)
    _set_up_sqlite(reader, (*pragmas, "query_only=ON"), begin="BEGIN")
    _set_up_sqlite(writer, pragmas, begin="BEGIN IMMEDIATE")
    return reader, writer


def memory_engine() -> Engine:
    """One connection to a private database in memory, for reader and writer alike."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    _set_up_sqlite(engine, ("foreign_keys=ON",), begin="BEGIN IMMEDIATE")
    return engine


def postgresql_engines(url: URL) -> tuple[Engine, Engine]:
    """Reader (read-only, repeatable read: one snapshot) and writer (read committed; versions and row locks guard)."""
    # lists rely on the parts of a UNION ALL being read in their order
    options = {"options": "-c timezone=UTC -c enable_parallel_append=off"}
    reader = create_engine(url, pool_size=8, max_overflow=24, pool_pre_ping=True, isolation_level="REPEATABLE READ", connect_args=options)
    writer = create_engine(url, pool_size=8, max_overflow=24, pool_pre_ping=True, connect_args=options)
    return reader.execution_options(postgresql_readonly=True), writer


def set_query_only(connection: Connection, on: bool) -> None:
    """Refuse or allow writes on the one connection of a database in memory."""
    _driver(connection).execute(f"PRAGMA query_only={'ON' if on else 'OFF'}")


def image_of(connection: Connection) -> bytes:
    """The whole content of a database in memory."""
    return _driver(connection).serialize()


def fill(connection: Connection, image: bytes) -> None:
    """Replace the content of a database in memory."""
    _driver(connection).deserialize(image)


def _set_up_sqlite(engine: Engine, pragmas: tuple[str, ...], *, begin: str) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in pragmas:
            _set(connection, pragma)

    def begun(connection: PoolProxiedConnection) -> None:
        try:
            connection.cursor().execute(begin)
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise Conflict(say("The database was busy with other work; nothing was saved. Try again.")) from error
            raise

    # Not by the event of that name: an engine that somebody listens to asks its listeners at every statement.
    engine.dialect.do_begin = begun  # type: ignore[method-assign, assignment]


def _set(connection: sqlite3.Connection, pragma: str) -> None:
    for left in reversed(range(_TRIES)):
        try:
            connection.execute(f"PRAGMA {pragma}")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or left == 0:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver
