"""A task's page says what follows on each choice, and whose answers it takes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.model.cases import Case
from tests.operations import shelf
from tests.visiting import Visitor
from tests.world import World

Visit = Callable[[str], Visitor]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The library in which a librarian may write down what a borrower answers by phone."""
    return shelf.library()


def test_what_follows_on_each_choice_is_told(library: World, loan: Case, visit: Visit) -> None:
    page = visit("ben").see(f"/tasks/{library.task(loan, 'answer-terms').id}")
    told = [one.text_content() for one in page.xpath("//ul[@class='outcomes']/li")]
    assert told == ["If Answer to the terms is “Accepted”: “Wait for the book” follows.", "Otherwise: it ends with “Not lent”."]


def test_nothing_is_told_where_the_form_decides_nothing(library: World, loan: Case, visit: Visit) -> None:
    library.complete("ben", loan, "answer-terms", {"answer": "yes", "dueBack": "2026-04-01"})
    page = visit("lia").see(f"/tasks/{library.task(loan, 'recall').id}")
    assert not page.xpath("//ul[@class='outcomes']")


def test_a_form_of_one_party_names_the_party_on_top(library: World, loan: Case, visit: Visit) -> None:
    terms = f"/tasks/{library.task(loan, 'answer-terms').id}"
    assert "This form is about Ben Example and nobody else" in (ben := visit("ben")).see(terms).text_content(), ben.text()
    assert ben.document().xpath("//form[@data-form]/@aria-label") == []
    (lia := visit("lia")).see(terms)
    assert "You are entering this for Ben Example, Borrower" in lia.text()


def test_who_enters_for_others_reads_whose_answers_it_is_where_they_send_them(library: World, loan: Case, visit: Visit) -> None:
    page = visit("lia").see(f"/tasks/{library.task(loan, 'answer-terms').id}")
    assert page.xpath("//form[@data-form]/@aria-label") == ["Answers of Ben Example, Borrower"]
    assert page.xpath("//button[contains(@class, 'primary')]")[0].text_content() == "Send the answers of Ben Example"
    assert page.xpath("//h2[@id='whose']//*[contains(@class, 'party-sign')]/path/@d")


def test_two_parties_of_a_case_have_signs_of_their_own(library: World) -> None:
    joining = [("borrower", "ben"), ("borrower", "bea"), ("curator", "cor")]
    both = library.open_case("lia", "library", joining, {"bookClass": "fragile", "wish": "CANARY-wish"})
    seen = {line.who.label: line.who.place for line in library.page("lia", both).participants}
    assert seen == {"Ben Example": 0, "Bea Example": 1, "Cor Example": 2}
