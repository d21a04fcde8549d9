from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.bpmn.drawing import Story

#: How a story is told: kept in memory; stored and read again before every act; stored and read again between any two steps.
MODES = {"in memory": {"restoring": False}, "stored": {"restoring": True}, "stored at each step": {"restoring": True, "steps": 1}}


@pytest.fixture(params=list(MODES))
def tell(request: pytest.FixtureRequest) -> Callable[..., Story]:
    """Begins a story. Each test runs once for each mode, and what it asserts of trace, order, end and data holds in all of them."""
    mode = MODES[request.param]

    def begin(*files: bytes, **more: object) -> Story:
        return Story(*files, **{**mode, **more})  # type: ignore[arg-type]  # handed on as given

    return begin
