"""A task's page says what follows on each choice, and whose answers it takes."""

from __future__ import annotations

from collections.abc import Callable

from engine.model.cases import Case
from tests.visiting import Visitor
from tests.world import World

Visit = Callable[[str], Visitor]


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
    assert visit("lia").see(terms).xpath("//*[contains(@class, 'whose')]//h2")[0].text == "You are entering this for Ben Example"
