"""The mediation program with its cast, in sandbox time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine import store
from tests.processes.telling import CAST
from tests.world import ROOT, World, pack_files


@pytest.fixture
def world() -> Iterator[World]:
    """A world with the mediation pack deployed and everybody in their roles."""
    opened = store.open("sqlite://")
    opened.migrate()
    told = World(opened)
    told.deploy(pack_files(ROOT / "processes/mediation", ROOT / "forms/mediation"))
    for name, roles in CAST.items():
        told.person(name, *roles)
    for name in ("ana", "ben", "cem", "dia"):
        told.person(name, staff=False)
    yield told
    opened.close()
