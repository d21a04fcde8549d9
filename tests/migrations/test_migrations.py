"""Migrations: what they make equals the tables in code, both ways, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import store as store_module
from engine.store import Store


@pytest.fixture(params=["sqlite", "memory", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "postgresql":
        found = request.getfixturevalue("postgres_url")
        assert isinstance(found, str)
        return found
    return "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path}/new folder/100% mine.db"


@pytest.fixture
def empty(url: str) -> Iterator[Store]:
    """A store without a schema."""
    opened = store_module.open(url)
    yield opened
    opened.close()


def test_migrating_makes_what_the_tables_in_code_say(empty: Store) -> None:
    assert empty.pending_migrations()
    empty.migrate()
    assert not empty.pending_migrations()
    assert empty.differences() == []


def test_a_database_that_lacks_something_differs(empty: Store) -> None:
    assert empty.differences() != []


def test_migrating_twice_changes_nothing(empty: Store) -> None:
    empty.migrate()
    with empty.unit_of_work() as uow:
        store_module.meta.put(uow, "secret", "kept")
        uow.commit()
    empty.migrate()
    with empty.reading() as uow:
        assert store_module.meta.get(uow, "secret") == "kept"


def test_down_to_nothing_and_up_again(empty: Store) -> None:
    blank = empty.differences()
    empty.migrate()
    empty.downgrade()
    assert empty.pending_migrations()
    assert len(empty.differences()) >= len(blank)
    empty.migrate()
    assert empty.differences() == []


def test_each_migration_goes_down_and_up_on_its_own(empty: Store) -> None:
    empty.migrate()
    for revision in ("0002", "0001"):
        empty.downgrade(revision)
        assert empty.pending_migrations()
    empty.migrate()
    assert empty.differences() == []


def test_a_failing_migration_leaves_nothing_half_done(empty: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    blank = len(empty.differences())
    with monkeypatch.context() as broken:
        broken.setattr("alembic.op.create_index", _fail)
        with pytest.raises(ZeroDivisionError):
            empty.migrate()
    assert len(empty.differences()) == blank
    empty.migrate()
    assert empty.differences() == []


def _fail(*_arguments: object, **_options: object) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_processes_that_start_together_migrate_once(url: str) -> None:
    failed: list[BaseException] = []
    stores = [store_module.open(url) for _ in range(3)]

    def migrate(opened: Store) -> None:
        try:
            opened.migrate()
        except BaseException as error:  # noqa: BLE001 - told to the test's thread
            failed.append(error)

    running = [threading.Thread(target=migrate, args=[opened]) for opened in stores]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(timeout=60)
    assert failed == []
    assert stores[0].differences() == []
    for opened in stores:
        opened.close()
