"""A form that is sent after the sign-in ran out: what was typed comes back to whoever typed it, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine import store
from engine.model.cases import Case
from tests.operations import notebook
from tests.visiting import Visitor
from tests.world import World

Visit = Callable[[str], Visitor]
TYPED = {"answer": "no", "why": "CANARY-why it does not suit me"}


@pytest.fixture
def terms(library: World, loan: Case) -> str:
    return f"/tasks/{library.task(loan, 'answer-terms').id}"


def late(visit: Visit, terms: str, **changed: str) -> Visitor:
    """Ben, whose sign-in runs out between opening the form and sending it."""
    visitor = visit("ben")
    visitor.see(terms)
    visitor.client.delete_cookie("parley")
    visitor.submit("Send", TYPED | changed)
    return visitor


def draft(library: World, terms: str, name: str) -> object:
    with library.store.reading() as uow:
        found = store.drafts.get(uow, terms.rpartition("/")[2], library.people[name].id)
    return found.body if found else None


def test_what_was_typed_is_there_after_signing_in_again(library: World, loan: Case, terms: str, visit: Visit) -> None:
    visitor = late(visit, terms)
    assert "What you typed is kept, but was not sent: sign in to go on." in visitor.answer.text  # type: ignore[union-attr]
    assert visitor.document().xpath("//input[@name='next']/@value")[0].startswith(terms)
    visitor.sign_in_as(library, "ben")
    page = visitor.see(terms)
    assert page.xpath("//textarea[@name='why'] | //input[@name='why']")[0].value == TYPED["why"]
    assert library.names(loan) == ["answer-terms"], "nothing was sent"
    visitor.submit("Send")
    assert library.names(loan) != ["answer-terms"]


def test_nothing_of_it_stands_in_an_address_a_cookie_or_the_next_page(terms: str, visit: Visit) -> None:
    visitor = late(visit, terms)
    assert visitor.answer is not None
    assert "CANARY" not in visitor.answer.text
    for answer in (*visitor.answer.history, visitor.answer):
        assert "CANARY" not in str(answer.headers)


def test_whoever_signs_in_instead_does_not_see_it(library: World, terms: str, visit: Visit) -> None:
    visitor = late(visit, terms).sign_in_as(library, "lia")
    assert "CANARY-why" not in visitor.see(terms).text_content()
    assert draft(library, terms, "lia") is None


def test_words_of_a_page_that_was_left_open_are_kept_for_who_opened_it(library: World, terms: str, visit: Visit) -> None:
    visitor = visit("ben")
    visitor.see(terms)
    page = visitor.answer
    visitor.client.delete_cookie("parley")
    visitor.sign_in_as(library, "lia")
    with visitor.client.session_transaction() as session:
        session["csrf_token"] = "another"
    visitor.answer = page
    visitor.submit("Send", TYPED)
    assert "kept for them" in visitor.answer.text  # type: ignore[union-attr]
    assert draft(library, terms, "ben") == TYPED
    assert draft(library, terms, "lia") is None


def test_who_signed_in_anew_in_another_tab_gets_the_page_back_with_their_words(library: World, terms: str, visit: Visit) -> None:
    visitor = visit("ben")
    visitor.see(terms)
    with visitor.client.session_transaction() as session:
        session["csrf_token"] = "of the new sign-in"
    page = visitor.submit("Send", TYPED, status=409)
    assert "You signed in anew" in visitor.text()
    assert page.xpath("//textarea[@name='why'] | //input[@name='why']")[0].value == TYPED["why"]
    visitor.submit("Send")
    assert "is complete" in visitor.text()


@pytest.mark.parametrize("forged", ["", "nonsense", "1.2.3", "someone.0." + "0" * 64])
def test_a_page_that_we_did_not_make_keeps_nothing(library: World, terms: str, visit: Visit, forged: str) -> None:
    visitor = visit("ben")
    visitor.see(terms)
    visitor.client.delete_cookie("parley")
    visitor.submit("Send", TYPED | {"_whose": forged}, status=403)
    assert draft(library, terms, "ben") is None


def test_a_mark_of_another_task_or_of_ended_sessions_keeps_nothing(library: World, terms: str, visit: Visit) -> None:
    other = library.open_case("lia", "library", [("borrower", "ben"), ("curator", "cor")], {"bookClass": "fragile", "wish": "CANARY-wish"})
    mark = visit("ben").see(f"/tasks/{library.task(other, 'answer-terms').id}").xpath("//input[@name='_whose']/@value")[0]
    visitor = visit("ben")
    visitor.see(terms)
    visitor.client.delete_cookie("parley")
    visitor.submit("Send", TYPED | {"_whose": mark}, status=403)
    assert draft(library, terms, "ben") is None


def test_a_newer_draft_is_not_written_over_and_the_words_stay_on_the_page(library: World, terms: str, visit: Visit) -> None:
    elsewhere = visit("ben")
    elsewhere.see(terms)
    visitor = visit("ben")
    visitor.see(terms)
    elsewhere.submit("Keep it for later", {"answer": "no", "why": "from elsewhere"})
    visitor.client.delete_cookie("parley")
    visitor.submit("Send", TYPED, status=409)
    assert draft(library, terms, "ben") == {"answer": "no", "why": "from elsewhere"}
    visitor.sign_in_as(library, "ben")
    page = visitor.submit("Go on with what I typed", status=409)
    assert page.xpath("//textarea[@name='why'] | //input[@name='why']")[0].value == TYPED["why"]
    assert "from elsewhere" in visitor.text()


def _again(library: World, visitor: Visitor, name: str) -> None:
    """Signs in beside the page that holds the words, comes back and goes on."""
    page = visitor.answer
    visitor.sign_in_as(library, name)
    visitor.answer = page
    visitor.submit("Go on with what I typed", status=409)
    assert "You are signed in again" in visitor.text()
    visitor.submit("Go on with what I typed")


@pytest.fixture
def noted(library: World) -> World:
    """The library with panels on its loans."""
    library.deploy(notebook.files())
    return library


def test_an_entry_beside_tasks_stays_on_the_page_until_it_is_sent_again(noted: World, loan: Case, visit: Visit) -> None:
    visitor = visit("cor")
    visitor.see(f"/cases/{loan.id}/panels/promises/new/promise")
    visitor.client.delete_cookie("parley")
    visitor.submit("Keep it", {"promised": "A new cover", "promisedFor": "2026-03-05", "promiseState": "open"}, status=409)
    _again(noted, visitor, "cor")
    assert "A new cover" in visitor.text()


def test_a_case_that_was_being_opened_stays_on_the_page_until_it_is_sent_again(library: World, visit: Visit) -> None:
    visitor = visit("lia")
    visitor.see("/cases/new?pack=library")
    visitor.client.delete_cookie("parley")
    visitor.submit("Open the case", {"seat-0-name": "Nia Typed"}, status=409)
    _again_shows(library, visitor)


def _again_shows(library: World, visitor: Visitor) -> None:
    page = visitor.answer
    visitor.sign_in_as(library, "lia")
    visitor.answer = page
    visitor.submit("Go on with what I typed", status=409)
    shown = visitor.submit("Go on with what I typed", status=422)
    assert shown.xpath("//input[@name='seat-0-name']/@value") == ["Nia Typed"]


@pytest.mark.parametrize("forged", ["", "someone.0." + "0" * 64])
def test_a_page_of_an_entry_that_we_did_not_make_is_not_shown_again(noted: World, loan: Case, visit: Visit, forged: str) -> None:
    visitor = visit("cor")
    visitor.see(f"/cases/{loan.id}/panels/promises/new/promise")
    visitor.client.delete_cookie("parley")
    visitor.submit("Keep it", {"promised": "CANARY-promise", "_whose": forged}, status=403)
    assert "CANARY" not in visitor.answer.text  # type: ignore[union-attr]


def test_whoever_signed_in_instead_is_not_shown_what_was_typed_beside_tasks(noted: World, loan: Case, visit: Visit) -> None:
    visitor = visit("cor")
    visitor.see(f"/cases/{loan.id}/panels/promises/new/promise")
    page = visitor.answer
    visitor.sign_in_as(noted, "lia")
    with visitor.client.session_transaction() as session:
        session["csrf_token"] = "another"
    visitor.answer = page
    visitor.submit("Keep it", {"promised": "CANARY-promise", "promisedFor": "2026-03-05", "promiseState": "open"})
    assert "Somebody else opened that page" in visitor.text()
    assert "CANARY" not in visitor.answer.text  # type: ignore[union-attr]
