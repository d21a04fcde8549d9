"""A procedure's page says where its cases stopped by an error, and nothing of the cases."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.operations import acts, shelf
from tests.visiting import Visitor
from tests.world import World

Visit = Callable[[str], Visitor]


@pytest.fixture
def stopped(library: World) -> list[str]:
    """Two cases stopped at the same element; gives what must not be told of them."""
    library.deploy(shelf.library(shelf.shaky()))
    secrets = ["CANARY", "Ben"]
    for _ in range(2):
        case = acts.started(library, "shaky")
        library.complete("lia", case, "tidy")
        secrets += [case.id, case.number]
    return secrets


def test_the_page_of_a_procedure_tells_element_version_sentence_and_count(visit: Visit, stopped: list[str]) -> None:
    tom = visit("tom")
    page = tom.see("/procedures/shaky")
    (row,) = page.xpath("//table[caption[contains(., 'Where cases stopped')]]//tbody/tr")
    cells = [" ".join(cell.text_content().split()) for cell in row.xpath("td")]
    assert "enough" in cells[0]
    assert cells[1] == "1"
    assert cells[2]
    assert cells[3] == "2"
    assert not [secret for secret in stopped if secret in str(page.text_content())]


def test_a_procedure_without_incidents_says_nothing_of_them(visit: Visit) -> None:
    assert "Stopped by an error" not in str(visit("tom").see("/procedures/loan").text_content())
