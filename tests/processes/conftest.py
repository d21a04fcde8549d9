"""The mediation program with its cast, in sandbox time.

Setting the program up, and bringing a case into mediation, is done once; every story then goes on from a copy of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from engine import store
from engine.model.cases import Case
from tests.processes import telling
from tests.world import ROOT, START, World, pack_files


@dataclass(frozen=True)
class Told:
    """A world as far as it has been told, in a file that is copied for each story that goes on from it."""

    world: World
    path: Path
    at: datetime
    case: Case | None = None

    def again(self, path: Path) -> World:
        """The same world once more, in a file of its own."""
        shutil.copy(self.path, path)
        return self.world.again(store.open(f"sqlite:///{path}"), self.at)


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The mediation pack deployed and everybody in their roles."""
    path = tmp_path_factory.mktemp("told") / "begin.sqlite"
    opened = store.open(f"sqlite:///{path}")
    opened.migrate()
    world = World(opened)
    world.deploy(pack_files(ROOT / "processes/mediation", ROOT / "forms/mediation"))
    for name, roles in telling.CAST.items():
        world.person(name, *roles)
    for name in telling.OUTSIDE:
        world.person(name, staff=False)
    opened.close()
    return Told(world, path, START)


@pytest.fixture(scope="session")
def told_to_mediation(told: Told, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A case of ana and ben, with mira, in active mediation."""
    path = tmp_path_factory.mktemp("told") / "mediation.sqlite"
    world = told.again(path)
    case = telling.in_mediation(world)
    world.store.close()
    return Told(world, path, START, case)


@pytest.fixture
def world(told: Told, tmp_path: Path) -> Iterator[World]:
    """The program with its cast, and no case yet."""
    fresh = told.again(tmp_path / "world.sqlite")
    yield fresh
    fresh.store.close()


@pytest.fixture
def underway(told_to_mediation: Told, tmp_path: Path) -> Iterator[tuple[World, Case]]:
    """The program, and a case in active mediation."""
    assert told_to_mediation.case is not None
    fresh = told_to_mediation.again(tmp_path / "world.sqlite")
    yield fresh, told_to_mediation.case
    fresh.store.close()
