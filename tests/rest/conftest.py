"""The REST door over the lending library, and over an empty sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.app import create_app_of
from api.sandbox import Playground
from engine.store import Store
from tests import beginning
from tests.beginning import Begun
from tests.processes import telling
from tests.rest.afar import FORMS, PACK, Afar
from tests.rest.calling import SECRET, Caller, Rest, over
from tests.serving import running
from tests.world import ROOT, World, pack_files

LIBRARY = ROOT / "tests/packs/library"


@pytest.fixture(scope="session")
def _library() -> Begun:
    return beginning.begun(furnished)


@pytest.fixture
def rest(_library: Begun) -> Iterator[Rest]:
    """The lending library with its cast: lia lends, cor looks after books, kim keeps watch, tom decides, ben borrows."""
    world = _library.again()
    yield over(world)
    world.store.close()


def furnished(opened: Store) -> World:
    """The library's cast in a migrated store."""
    world = World(opened)
    world.deploy(pack_files(LIBRARY, LIBRARY / "forms"))
    for name, role in (("lia", "librarian"), ("cor", "curator"), ("kim", "keeper"), ("tom", "trustee"), ("uma", "trustee")):
        world.person(name, role)
    world.person("ben", staff=False)
    world.person("bea", staff=False)
    return world


@pytest.fixture
def playground() -> Iterator[Playground]:
    """A sandbox."""
    made = Playground(SECRET)
    yield made
    made.close()


@pytest.fixture
def sandbox(playground: Playground) -> Caller:
    """The sandbox's administrator."""
    return Caller(create_app_of(playground.parley).test_client(), playground.token)


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which a real server keeps its database."""
    return tmp_path_factory.mktemp("afar")


@pytest.fixture(scope="session")
def afar(data: Path) -> Iterator[Afar]:
    """A sandbox in a process of its own, with the pack and its whole cast, made over HTTP."""
    with running("sandbox", data) as served:
        assert served.token is not None
        made = Afar(served.url, {"ada": served.token}, served.written)
        deployed = made.deploy("ada", pack_files(PACK, FORMS))
        assert deployed.status == 201, deployed.text
        for name, roles in telling.CAST.items():
            made.person(name, *roles)
        for name in telling.OUTSIDE:
            made.person(name, staff=False)
        yield made
