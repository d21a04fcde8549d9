from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.bpmn.drawing import Story


@pytest.fixture(params=[True, False], ids=["stored", "in memory"])
def tell(request: pytest.FixtureRequest) -> Callable[..., Story]:
    """Begins a story; each test runs with the instance stored and read again between all acts, and kept in memory."""

    def begin(*files: bytes, **more: object) -> Story:
        return Story(*files, restoring=request.param, **more)  # type: ignore[arg-type]  # handed on as given

    return begin
