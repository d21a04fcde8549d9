"""What a case waits for, said in the list of cases and on its page, over many made-up cases: word for word the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine import clock
from engine.operations.cases import case_pages, cases
from tests import synthetic
from tests.synthetic import Played


@pytest.fixture(scope="module")
def played() -> Iterator[Played]:
    with synthetic.cases_played() as found:
        yield found


def test_a_list_and_the_page_say_the_same_of_a_case(played: Played) -> None:
    actor = played.actor("supervisor")
    with played.store.reading() as uow, clock.within(played.clock):
        told = {line.id: line.sentence for line in cases.list_(uow, actor, limit=100).items if line.state == "open"}
        assert len(told) > 10
        assert {id: case_pages.page(uow, actor, id).explanation.sentence for id in told} == told
