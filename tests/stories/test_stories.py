"""The stories of the demo are walked at the pages as written, without script; `python3 -m tests.stories` walks them in a browser."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import pytest

from tests.beginning import Begun, begun
from tests.stories import d1, d3, d4, d6, d7
from tests.stories.plain import PlainReader
from tests.stories.stage import Stage, pages, program


@pytest.fixture(scope="module")
def begin() -> Begun:
    """The program with its staff, once for all stories."""
    return begun(program)


@pytest.mark.parametrize("tell", [d1.tell, d3.tell, d4.tell, d6.tell, d7.tell], ids=["D1", "D3", "D4", "D6", "D7"])
def test_a_story_can_be_walked_as_written(begin: Begun, tell: Callable[[Stage], None]) -> None:
    world = begin.again()
    with closing(world.store):
        app = pages(world)
        stage: Stage = Stage(world, lambda login: PlainReader(app, stage.settle))
        tell(stage)
