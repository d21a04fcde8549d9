"""The lending library with its cast: lia lends, cor looks after books, kim and kit keep watch, ben and bea borrow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from engine import store
from engine.store import Store
from tests import beginning
from tests.beginning import Begun
from tests.operations import shelf
from tests.postgres import Postgres
from tests.world import World


def cast(opened: Store, files: Mapping[str, bytes]) -> World:
    """A world on an opened store with these files deployed and everybody in their roles."""
    world = World(opened)
    world.deploy(files)
    for name, role in {"lia": "librarian", "cor": "curator", "kim": "keeper", "kit": "keeper", "tom": "trustee"}.items():
        world.person(name, role)
    world.person("ben", staff=False)
    world.person("bea", staff=False)
    return world


@pytest.fixture
def empty() -> Iterator[Store]:
    """A migrated store in memory."""
    opened = beginning.empty()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def _library() -> Begun:
    return beginning.begun(lambda opened: cast(opened, shelf.library()))


@pytest.fixture
def library(_library: Begun) -> Iterator[World]:
    """A world with the library pack deployed."""
    world = _library.again()
    yield world
    world.store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store of each kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("empty")
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.database(template=postgres.template("migration", _tables)) as url:
        found = store.open(url)
        yield found
        found.close()


def _tables(url: str) -> None:
    found = store.open(url)
    found.migrate()
    found.close()
