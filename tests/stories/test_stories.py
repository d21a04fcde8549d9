"""The stories of the demo are walked at the pages as written, without script; `python3 -m tests.stories` walks them in a browser."""

from __future__ import annotations

from contextlib import closing

import pytest

from tests.beginning import Begun, begun
from tests.stories import TOLD
from tests.stories.plain import PlainReader
from tests.stories.stage import Stage, pages, program


@pytest.fixture(scope="module")
def begin() -> Begun:
    """The program with its staff, once for all stories."""
    return begun(program)


@pytest.mark.parametrize("name", TOLD)
def test_a_story_can_be_walked_as_written(begin: Begun, name: str) -> None:
    world = begin.again()
    with closing(world.store):
        app = pages(world)
        stage: Stage = Stage(world, lambda login: PlainReader(app, stage.settle))
        TOLD[name](stage)
