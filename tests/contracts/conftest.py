"""The same store tests on both databases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine import store as store_module
from engine.store import Store, UnitOfWork
from engine.store.tables import metadata
from tests.contracts.cast import World, begin
from tests.postgres import Postgres


@contextmanager
def _opened(url: str) -> Iterator[Store]:
    opened = store_module.open(url)
    try:
        yield opened
    finally:
        opened.close()


def _migrate(url: str) -> None:
    with _opened(url) as opened:
        opened.migrate()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "parley.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_store(postgres: Postgres) -> Iterator[Store]:
    """One migrated store on PostgreSQL for all tests, which empty it first: a new database each would take longer."""
    with postgres.database() as url:
        _migrate(url)
        with _opened(url) as opened:
            yield opened


def _emptied(opened: Store) -> Store:
    with opened.unit_of_work() as uow:
        for table in reversed(metadata.sorted_tables):
            uow.execute(table.delete())
        uow.commit()
    return opened


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A migrated, empty store, on SQLite in a file and on PostgreSQL."""
    if request.param == "postgresql":
        yield _emptied(request.getfixturevalue("postgresql_store"))
        return
    copy = shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "parley.db")
    with _opened(f"sqlite:///{copy}") as opened:
        yield opened


@pytest.fixture
def database(store: Store) -> Store:
    """The same, for tests that call the package `store`."""
    return store


@pytest.fixture
def world(store: Store) -> World:
    """A committed world."""
    with store.unit_of_work() as uow:
        made = begin(uow)
        uow.commit()
    return made


@pytest.fixture
def uow(store: Store, world: World) -> Iterator[UnitOfWork]:
    """A writing unit of work after the world was committed; rolled back in the end."""
    with store.unit_of_work() as opened:
        yield opened
