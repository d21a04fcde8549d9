"""A case that waits for outside work, as its page shows it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.app import create_app
from api.running import Config, Mode
from engine import store
from engine.operations.running import outside_work
from tests.operations import acts, couriers
from tests.operations.conftest import cast
from tests.visiting import Visitor
from tests.world import World


@pytest.fixture(scope="module")
def library() -> Iterator[World]:
    """The library with a courier's price to be asked for."""
    opened = store.open("sqlite://")
    opened.migrate()
    yield cast(opened, couriers.library(couriers.delivery()))
    opened.close()


def test_the_page_says_what_work_is_waited_for_and_a_failed_one_can_be_retried_there(library: World) -> None:
    library.person("wim", "courier")
    case = acts.started(library, "delivery")
    app = create_app(library.store, Config(mode=Mode.SERVE, secret=b"a secret of the tests, long enough"))
    visitor = Visitor(app.test_client()).sign_in_as(library, "kim")
    visitor.see(f"/cases/{case.id}")
    assert "Outside work of type courier-price, attempt 1 of 3, not taken yet" in visitor.text()
    assert "a worker" in visitor.text()
    with library.acting("wim") as (uow, actor):
        (job,) = outside_work.fetch(uow, actor, "w1", ["courier-price"])
        outside_work.fail(uow, actor, job.id, "w1", code="closed", retries_left=0)
    visitor.see(f"/cases/{case.id}")
    assert "A repair" in visitor.text()
    assert "was given up (closed)" in visitor.text()
    visitor.see(f"/cases/{case.id}/acts/retry?instance={acts.instance(library, case).id}")
    visitor.submit("Try again", {"reason": "Open now"})
    visitor.see(f"/cases/{case.id}")
    assert "attempt 1 of 3, ready to be tried again" in visitor.text()
