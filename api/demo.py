"""Seeding the demo: a made-up program with the packs of this checkout, so that there is something to look at."""

from __future__ import annotations

from api import places
from engine.operations import deployments, programs
from engine.store import Store


def seed(store: Store) -> None:
    """Fill an empty store: one program, every pack under processes/ deployed."""
    with store.unit_of_work() as uow:
        program = programs.ensure(uow, key="demo", title="Demo program")
        for pack in sorted((places.ROOT / "processes").glob("*/pack.toml")):
            deployments.deploy(uow, programs.system(program), places.pack_files(pack.parent), sandbox=True)
        uow.commit()
