"""What a case waits for, said in the list of cases and on its page, over many made-up cases: word for word the same.

Only the page names people outside the program, to whoever reads names; a list calls them by their role.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from engine import clock
from engine.model.views import CasePage
from engine.operations.cases import case_pages, cases
from tests import synthetic
from tests.synthetic import Played


@pytest.fixture(scope="module")
def played() -> Iterator[Played]:
    with synthetic.cases_played() as found:
        yield found


@pytest.mark.parametrize(("role", "least"), [("supervisor", 11), ("intake", 11), ("roster_mediator", 1)])
def test_a_list_and_the_page_say_the_same_of_a_case(played: Played, role: str, least: int) -> None:
    actor = played.actor(role)
    with played.store.reading() as uow, clock.within(played.clock):
        told = {line.id: line.sentence for line in cases.list_(uow, actor, limit=100).items if line.state == "open"}
        assert len(told) >= least
        assert {id: _unnamed(case_pages.page(uow, actor, id)) for id in told} == told


def _unnamed(page: CasePage) -> str:
    """What the page says the case waits for, without the names of the parties."""
    name = "|".join(re.escape(one.who.label) for one in page.participants if one.outside)
    return re.sub(f"by (?:{name})(?:(?:, | and )(?:{name}))* ", "by party ", page.explanation.sentence)
