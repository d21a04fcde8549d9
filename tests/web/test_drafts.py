"""What is typed and not sent: a newer draft is never written over, and only its author can open what a browser keeps of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from engine import store
from engine.model.cases import Case
from engine.model.content import Draft
from tests.operations import shelf
from tests.visiting import Visitor
from tests.world import World

Visit = Callable[[str], Visitor]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The library in which a librarian may write down what a borrower answers by phone."""
    return shelf.library()


@pytest.fixture
def terms(library: World, loan: Case) -> str:
    return f"/tasks/{library.task(loan, 'answer-terms').id}"


def put(visitor: Visitor, address: str, typed: dict[str, str]) -> TestResponse:
    token = visitor.document().xpath("//input[@name='csrf_token']")[0].value
    return visitor.client.put(f"{address}/draft", data={"csrf_token": token, **typed})


def kept(library: World, address: str, name: str) -> Draft | None:
    with library.store.reading() as uow:
        return store.drafts.get(uow, address.rpartition("/")[2], library.people[name].id)


def test_a_save_from_a_page_that_is_older_than_the_draft_is_refused_and_both_texts_stay(library: World, terms: str, visit: Visit) -> None:
    visitor = visit("ben")
    visitor.see(terms)
    first = put(visitor, terms, {"_version": "0", "answer": "no", "why": "from the first tab"})
    second = put(visitor, terms, {"_version": "0", "answer": "no", "why": "from the second tab"})
    assert (first.status_code, first.headers["ETag"]) == (200, '"1"')
    assert (second.status_code, second.headers["ETag"]) == (412, '"1"')
    assert second.text.startswith("This form was also filled in in another tab or on another device, at 09:00.")
    draft = kept(library, terms, "ben")
    assert draft is not None
    assert draft.body == {"answer": "no", "why": "from the first tab"}


@pytest.mark.parametrize("button", ["Send", "Keep it for later"])
def test_without_script_an_older_page_comes_back_with_both_texts(library: World, loan: Case, terms: str, visit: Visit, button: str) -> None:
    visitor = visit("ben")
    visitor.see(terms)
    put(visitor, terms, {"_version": "0", "answer": "no", "why": "from the other tab"})
    page = visitor.submit(button, {"answer": "no", "why": "from this page"}, status=409)
    assert page.xpath("//textarea[@name='why'] | //input[@name='why']")[0].value == "from this page"
    assert "from the other tab" in visitor.text()
    assert library.names(loan) == ["answer-terms"], "nothing was sent"
    visitor.submit(button)
    draft = kept(library, terms, "ben")
    assert (library.names(loan) == ["answer-terms"]) == (draft is not None)


def test_a_form_is_kept_for_later_without_script(terms: str, visit: Visit) -> None:
    visitor = visit("ben")
    visitor.see(terms)
    page = visitor.submit("Keep it for later", {"answer": "no", "why": "Half a thought"})
    assert "Saved 09:00" in visitor.text()
    assert page.xpath("//textarea[@name='why'] | //input[@name='why']")[0].value == "Half a thought"


def test_what_a_browser_kept_is_filled_in_and_not_sent(library: World, loan: Case, terms: str, visit: Visit) -> None:
    visitor = visit("ben")
    visitor.see(terms)
    page = visitor.send(terms, {"_restore": "1", "_version": "0", "answer": "no", "why": "typed without a connection"})
    assert page.xpath("//textarea[@name='why'] | //input[@name='why']")[0].value == "typed without a connection"
    assert page.xpath("//form[@data-restored]")
    assert library.names(loan) == ["answer-terms"]


def test_the_key_of_a_browser_is_of_one_account_and_one_task(library: World, loan: Case, terms: str, visit: Visit) -> None:
    again = library.open_case("lia", "library", [("borrower", "ben"), ("curator", "cor")], {"bookClass": "fragile", "wish": "x"})
    other = f"/tasks/{library.task(again, 'answer-terms').id}"
    ben, lia = visit("ben"), visit("lia")
    given = [one.client.get(f"{address}/draft/key").json for one, address in ((ben, terms), (ben, terms), (ben, other), (lia, terms))]
    keys = [one["key"] for one in given if one is not None]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3
    assert len({one["owner"] for one in given if one is not None}) == 2


def test_the_key_is_gone_with_the_task_and_from_whoever_may_not_work_on_it(library: World, loan: Case, terms: str, visit: Visit) -> None:
    assert visit("bea").client.get(f"{terms}/draft/key").status_code == 404
    library.complete("ben", loan, "answer-terms", {"answer": "yes", "dueBack": "2026-04-01"})
    assert visit("ben").client.get(f"{terms}/draft/key").status_code in (404, 409)


def test_signing_out_empties_what_the_browser_kept(visit: Visit) -> None:
    visitor = visit("ben")
    visitor.see("/inbox")
    token = visitor.document().xpath("//input[@name='csrf_token']")[0].value
    assert visitor.client.post("/sign-out", data={"csrf_token": token}).headers["Clear-Site-Data"] == '"storage"'
