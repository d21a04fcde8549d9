"""The store: its engines, how a transaction begins on each database, and its migrations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, RootTransaction, make_url

from engine.store import migrating
from engine.store.engines import fill, image_of, memory_engine, postgresql_engines, set_query_only, sqlite_engines
from engine.store.failures import translated
from engine.store.turns import NoTurn, Turn
from engine.store.unit_of_work import UnitOfWork

#: how long one writer waits for another in this process, in seconds; the same as SQLite's busy timeout
_PATIENCE = 30.0


class Store:
    """A database opened for units of work. Threads may share it; each unit of work belongs to one thread."""

    def __init__(self, url: str, reader: Engine, writer: Engine, turn: Turn | NoTurn, *, shared: bool) -> None:
        self.url = url
        self._reader = reader
        self._writer = writer
        #: SQLite lets one write at a time; waiting here is fairer and quicker than SQLite's polling
        self._turn = turn
        #: reader and writer are one connection (in memory), so reading waits its turn too
        self._shared = shared

    @property
    def engines(self) -> tuple[Engine, ...]:
        """Reader and writer, for what counts statements."""
        return (self._writer,) if self._shared else (self._reader, self._writer)

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        """A transaction that writes: BEGIN IMMEDIATE on SQLite. Leaving without commit rolls back.

        Raises Conflict when other writers do not let go for 30 s, RuntimeError inside another one of this thread.
        """
        with self._transaction(self._writer, self._turn, writes=True) as uow:
            yield uow

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """A transaction that only reads, and sees one state of the data throughout; never waits for writers."""
        with self._transaction(self._reader, self._turn if self._shared else NoTurn(), writes=False) as uow:
            yield uow

    def migrate(self) -> None:
        """Bring the schema to the newest migration."""
        with self._migration() as connection:
            migrating.upgrade(connection)

    def downgrade(self, revision: str = "base") -> None:
        """Take the schema back to an older migration; "base" is an empty database."""
        with self._migration() as connection:
            migrating.downgrade(connection, revision)

    def pending_migrations(self) -> bool:
        """Whether `migrate` has something to do."""
        with self._migration() as connection:
            return migrating.pending(connection)

    def differences(self) -> list[object]:
        """How the database differs from the tables declared in code; empty when they agree."""
        with self._migration() as connection:
            return migrating.differences(connection)

    def image(self) -> bytes:
        """All of a private database in memory, as `private` takes it again. Raises RuntimeError for other databases."""
        if not self._shared:
            raise RuntimeError("Only a private database has an image.")
        with self._migration() as connection:
            return image_of(connection)

    def close(self) -> None:
        """Give all connections back."""
        self._reader.dispose()
        self._writer.dispose()

    @contextmanager
    def _transaction(self, engine: Engine, turn: Turn | NoTurn, *, writes: bool) -> Iterator[UnitOfWork]:
        turn.take()
        try:
            with translated():
                connection = engine.connect()
                if self._shared:
                    # The one connection begins IMMEDIATE, which it may not while it is query-only from the last reader.
                    set_query_only(connection, False)
                transaction = _begin(connection)
                if self._shared and not writes:
                    set_query_only(connection, True)
        except BaseException:
            turn.give()
            raise

        def end(commit: bool) -> None:
            try:
                if commit:
                    transaction.commit()
                else:
                    transaction.rollback()
            finally:
                connection.close()
                turn.give()

        uow = UnitOfWork(connection, end, writes=writes)
        try:
            yield uow
        finally:
            uow.leave()

    @contextmanager
    def _migration(self) -> Iterator[Connection]:
        self._turn.take()
        try:
            with self._writer.connect() as connection:
                if self._shared:
                    set_query_only(connection, False)
                yield connection
        finally:
            self._turn.give()


def _begin(connection: Connection) -> RootTransaction:
    try:
        return connection.begin()
    except BaseException:
        connection.close()
        raise


def open(url: str, *, hasty: bool = False) -> Store:
    """Open a database: `sqlite:///path`, `sqlite://` (private, in memory) or `postgresql+psycopg://…`.

    `hasty` is for a file that is made anew and thrown away when that is cut off: its commits do not wait for the disk.
    Raises ValueError for another kind of address. Does not migrate.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        reader, writer = postgresql_engines(parsed.set(drivername="postgresql+psycopg"))
        return Store(url, reader, writer, NoTurn(), shared=False)
    if parsed.get_backend_name() != "sqlite":
        raise ValueError("A database address begins with sqlite:// or postgresql+psycopg://.")
    if parsed.database in (None, "", ":memory:"):
        engine = memory_engine()
        return Store(url, engine, engine, Turn(_PATIENCE), shared=True)
    Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
    reader, writer = sqlite_engines(parsed, hasty=hasty)
    return Store(url, reader, writer, Turn(_PATIENCE), shared=False)


def private(image: bytes) -> Store:
    """A private database in memory with the content that `Store.image` gave; scenarios begin where another one ended."""
    engine = memory_engine()
    with engine.connect() as connection:
        fill(connection, image)
    return Store("sqlite://", engine, engine, Turn(_PATIENCE), shared=True)
