"""Opening a store, and the one in memory."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import store as store_module
from engine.model.errors import Conflict
from engine.store import Store, count_statements
from engine.store.turns import Turn


@pytest.fixture
def memory() -> Iterator[Store]:
    """A migrated store in memory."""
    opened = store_module.open("sqlite://")
    opened.migrate()
    yield opened
    opened.close()


def test_another_kind_of_address_is_refused() -> None:
    with pytest.raises(ValueError, match="begins with"):
        store_module.open("mysql://somewhere/x")


def test_a_file_is_made_with_its_folder_and_written_ahead(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "parley.db"
    opened = store_module.open(f"sqlite:///{path}")
    opened.migrate()
    settings = {}
    with opened.unit_of_work() as uow:
        assert uow.writes
        settings = {name: _pragma(opened, name) for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")}
    opened.close()
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000}
    assert path.exists()


def test_a_file_that_is_made_anew_does_not_wait_for_the_disk(tmp_path: Path) -> None:
    opened = store_module.open(f"sqlite:///{tmp_path / 'made.sqlite'}", hasty=True)
    with opened.unit_of_work():
        settings = {name: _pragma(opened, name) for name in ("journal_mode", "synchronous", "foreign_keys")}
    opened.close()
    assert settings == {"journal_mode": "wal", "synchronous": 0, "foreign_keys": 1}


def _pragma(opened: Store, name: str) -> object:
    reader = opened.engines[0]
    with reader.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        return driver.execute(f"PRAGMA {name}").fetchone()[0]


def test_two_stores_in_memory_share_nothing(memory: Store) -> None:
    other = store_module.open("sqlite://")
    assert other.pending_migrations()
    other.close()


def test_reading_in_memory_refuses_writes_and_writing_works_after_it(memory: Store) -> None:
    with memory.reading() as uow, pytest.raises(Exception, match="readonly"):
        store_module.meta.put(uow, "k", "v")
    with memory.unit_of_work() as uow:
        store_module.meta.put(uow, "k", "v")
        uow.commit()
    with memory.reading() as uow:
        assert store_module.meta.get(uow, "k") == "v"


def test_threads_take_turns_in_memory(memory: Store) -> None:
    def add() -> None:
        for _ in range(20):
            with memory.unit_of_work() as uow:
                count = int(store_module.meta.get(uow, "n") or 0)
                store_module.meta.put(uow, "n", str(count + 1))
                uow.commit()

    running = [threading.Thread(target=add) for _ in range(4)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(timeout=60)
    with memory.reading() as uow:
        assert store_module.meta.get(uow, "n") == "80"


def test_an_effect_in_memory_may_open_another_unit_of_work(memory: Store) -> None:
    found: list[str | None] = []

    def look() -> None:
        with memory.reading() as uow:
            found.append(store_module.meta.get(uow, "k"))

    with memory.unit_of_work() as uow:
        store_module.meta.put(uow, "k", "v")
        uow.on_commit(look)
        uow.commit()
    assert found == ["v"]


def test_a_unit_of_work_inside_another_is_a_mistake_told_at_once(memory: Store) -> None:
    with memory.unit_of_work(), pytest.raises(RuntimeError, match="pass that one on"), memory.unit_of_work():
        raise AssertionError


def test_a_turn_that_does_not_come_is_a_conflict() -> None:
    turn = Turn(0.01)
    turn.take()
    refused: list[BaseException] = []

    def wait() -> None:
        try:
            turn.take()
        except Conflict as error:
            refused.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    waiting.join(timeout=10)
    assert len(refused) == 1
    turn.give()


def test_a_lock_held_by_another_process_is_a_conflict(tmp_path: Path) -> None:
    path = tmp_path / "parley.db"
    opened = store_module.open(f"sqlite:///{path}")
    opened.migrate()
    with opened.engines[1].connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.execute("PRAGMA busy_timeout=1")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Conflict), opened.unit_of_work():
        raise AssertionError
    other.execute("ROLLBACK")
    other.close()
    with opened.unit_of_work() as uow:
        uow.commit()
    opened.close()


def test_counting_stops_at_the_end(memory: Store) -> None:
    with count_statements(memory) as seen, memory.reading() as uow:
        store_module.programs.all(uow)
    with memory.reading() as uow:
        store_module.programs.all(uow)
    assert seen.count == 1
    assert "programs" in seen.texts[0]
