"""Databases made once and begun from again and again: migrating and deploying for each test would take longer than the tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from engine import store
from engine.store import Store
from tests.world import World


@cache
def _tables() -> bytes:
    opened = store.open("sqlite://")
    opened.migrate()
    image = opened.image()
    opened.close()
    return image


def empty() -> Store:
    """A migrated, empty store in memory."""
    return store.private(_tables())


@dataclass(frozen=True)
class Begun:
    """A world in memory as it was once told."""

    world: World
    image: bytes

    def again(self) -> World:
        """The same world once more, in a store of its own, which the caller closes."""
        return self.world.again(store.private(self.image))


def begun(furnish: Callable[[Store], World]) -> Begun:
    """What `furnish` makes of an empty store, to begin from."""
    opened = empty()
    world = furnish(opened)
    image = opened.image()
    opened.close()
    return Begun(world, image)
