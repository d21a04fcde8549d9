"""The lending library with its cast: lia lends, cor looks after books, kim keeps watch, ben and bea borrow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine import store
from tests.world import ROOT, World, pack_files

LIBRARY = ROOT / "tests/packs/library"


@pytest.fixture
def library() -> Iterator[World]:
    """A world with the library pack deployed and everybody in their roles."""
    opened = store.open("sqlite://")
    opened.migrate()
    world = World(opened)
    world.deploy(pack_files(LIBRARY, LIBRARY / "forms"))
    world.person("lia", "librarian")
    world.person("cor", "curator")
    world.person("kim", "keeper")
    world.person("kit", "keeper")
    world.person("tom", "trustee")
    world.person("ben", staff=False)
    world.person("bea", staff=False)
    yield world
    opened.close()
