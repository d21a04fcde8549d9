"""The pages over the lending library, in time that only tests move."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from api.app import create_app
from api.running import Config, Mode
from engine import clock, store
from engine.model.cases import Case
from tests.visiting import Visitor
from tests.world import ROOT, World, pack_files

LIBRARY = ROOT / "tests/packs/library"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """What is deployed: the library's pack; a module that needs other forms changes them here."""
    return pack_files(LIBRARY, LIBRARY / "forms")


@pytest.fixture(scope="module")
def library(files: dict[str, bytes]) -> Iterator[World]:
    """A world with the library pack deployed and everybody in their roles."""
    opened = store.open("sqlite://")
    opened.migrate()
    world = World(opened)
    world.deploy(files)
    for name, role in {"lia": "librarian", "cor": "curator", "kim": "keeper", "tom": "trustee", "tia": "trustee"}.items():
        world.person(name, role)
    for name in ("ben", "bea"):
        world.person(name, staff=False)
    yield world
    opened.close()


@pytest.fixture(autouse=True)
def _time(library: World) -> None:
    """The world lives for a whole module; the clock is put back after each test."""
    clock.use(library.clock)


@pytest.fixture
def loan(library: World) -> Case:
    """A new loan that ben asked for, looked after by cor."""
    given = {"bookClass": "fragile", "wish": "CANARY-wish"}
    return library.open_case("lia", "library", [("borrower", "ben"), ("curator", "cor")], given)


@pytest.fixture(scope="module")
def app(library: World) -> Flask:
    """The application over that world."""
    made = create_app(library.store, Config(mode=Mode.SERVE, secret=b"a secret of the tests, long enough"))
    made.testing = False
    return made


@pytest.fixture
def visit(app: Flask, library: World) -> Callable[[str], Visitor]:
    """Gives a visitor who is signed in."""
    return lambda name: Visitor(app.test_client()).sign_in_as(library, name)
