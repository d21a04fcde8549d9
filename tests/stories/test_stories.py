"""The stories of the demo are walked at the pages as written, without script; `python3 -m tests.stories` walks them in a browser."""

from __future__ import annotations

from contextlib import closing

import pytest
from flask import Flask

from api.app import create_app_of
from api.running import Parley
from tests.beginning import Begun, begun
from tests.stories import TOLD
from tests.stories.plain import PlainReader
from tests.stories.stage import CONFIG, Stage, program


@pytest.fixture(scope="module")
def begin() -> Begun:
    """The program with its staff, once for all stories."""
    return begun(program)


@pytest.fixture(scope="module")
def parley(begin: Begun) -> Parley:
    """What runs; each story gives it a store of its own."""
    return Parley(begin.world.store, CONFIG)


@pytest.fixture(scope="module")
def app(parley: Parley) -> Flask:
    """One application for all stories: its templates are read once."""
    return create_app_of(parley)


@pytest.mark.parametrize("name", TOLD)
def test_a_story_can_be_walked_as_written(begin: Begun, parley: Parley, app: Flask, name: str) -> None:
    world = begin.again()
    with closing(world.store):
        parley.store = world.store
        stage: Stage = Stage(world, lambda login: PlainReader(app, stage.settle))
        TOLD[name](stage)
