"""The panels of a case in the browser: adding, changing, releasing, and what stands there for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from api.app import create_app
from api.running import Config, Mode
from engine import store
from engine.model.cases import Case
from tests.operations import notebook
from tests.operations.conftest import cast
from tests.visiting import Visitor
from tests.world import World

Visit = Callable[[str], Visitor]


@pytest.fixture(scope="module")
def library() -> Iterator[World]:
    """The library with panels on its loans."""
    opened = store.open("sqlite://")
    opened.migrate()
    yield cast(opened, notebook.files())
    opened.close()


@pytest.fixture(scope="module")
def app(library: World) -> Flask:
    """The application over it."""
    made = create_app(library.store, Config(mode=Mode.SERVE, secret=b"a secret of the tests, long enough"))
    made.testing = False
    return made


@pytest.fixture
def loan(library: World) -> Case:
    """A loan of ben and bea together, looked after by cor."""
    people = (("borrower", "ben"), ("borrower", "bea"), ("curator", "cor"))
    return library.open_case("lia", "library", people, {"bookClass": "fragile", "wish": "a wish"})


def _about(library: World, loan: Case, name: str) -> str:
    return next(iter(library.participant_ids(loan, name)))


def test_a_case_lists_its_parts_and_each_leads_to_what_may_be_added(loan: Case, visit: Visit) -> None:
    visitor = visit("cor")
    page = visitor.see(f"/cases/{loan.id}?tab=records")
    titles = [one.text_content() for one in page.xpath("//ul[@class='entry-index']//a")]
    assert titles == ["Calls", "Wishes", "Promises", "At the desk"]
    page = visitor.see(page.xpath("//a[text()='At the desk']/@href")[0])
    buttons = page.xpath("//nav[contains(@class, 'console')]//a")
    assert [" ".join(one.text_content().split()) for one in buttons] == ["My own note", "Damage"]


def test_an_entry_is_written_once_however_often_it_is_sent(loan: Case, visit: Visit) -> None:
    visitor = visit("cor")
    where = f"/cases/{loan.id}/panels/promises"
    page = visitor.see(f"{where}/new/promise")
    once = page.xpath("//input[@name='_once']/@value")[0]
    typed = {"_once": once, "promised": "A new cover", "promisedFor": "2026-03-05", "promiseState": "open"}
    for _ in range(2):
        page = visitor.send(f"{where}/new/promise", typed)
    assert "Kept: A promise" in visitor.text()
    assert len(page.xpath("//section[contains(@class, 'entry')]")) == 1


def test_a_mistake_comes_back_with_what_was_typed(loan: Case, visit: Visit) -> None:
    visitor = visit("cor")
    visitor.see(f"/cases/{loan.id}/panels/promises/new/promise")
    page = visitor.submit("Keep it", {"promised": "A new cover", "promisedFor": "soon"}, status=422)
    assert page.get_element_by_id("f-promised").text.strip() == "A new cover"
    assert page.get_element_by_id("f-promisedFor").get("aria-invalid") == "true"


def test_a_log_asks_whom_a_call_was_with(library: World, loan: Case, visit: Visit) -> None:
    visitor = visit("cor")
    visitor.see(f"/cases/{loan.id}/panels/calls/new/call")
    visitor.submit("Keep it", {"calledAt": "2026-03-02T10:00"}, status=422)
    assert "Choose whom this is about." in visitor.text()
    visitor.submit("Keep it", {"_about": _about(library, loan, "bea"), "calledAt": "2026-03-02T10:00", "callSaid": "CANARY-said"})
    assert "CANARY-said" in visitor.text()
    assert "CANARY" not in visit("kim").see(f"/cases/{loan.id}/panels/calls").text_content()
    visit("bea").see(f"/cases/{loan.id}/panels/calls", 404)


def test_a_change_is_a_new_version_and_the_page_of_before_is_told(loan: Case, visit: Visit) -> None:
    visitor = visit("cor")
    visitor.see(f"/cases/{loan.id}/panels/promises/new/promise")
    page = visitor.submit("Keep it", {"promised": "First", "promisedFor": "2026-03-05", "promiseState": "open"})
    change = page.xpath("//a[contains(@href, '/change')]/@href")[0]
    visitor.see(change)
    page = visitor.submit("Keep it", {"promised": "Second"})
    assert "Second" in page.text_content()
    assert "What it said before" in page.text_content()
    old = {"_entry": "1", "promised": "Third", "promisedFor": "2026-03-05", "promiseState": "open"}
    page = visitor.send(change, old, status=412)
    assert "Somebody changed this entry meanwhile" in visitor.text()
    assert page.get_element_by_id("f-promised").text.strip() == "Third"
    assert "Second" in page.xpath("//div[contains(@class, 'warning')]")[0].text_content()
    visitor.submit("Keep it")
    assert "Third" in visitor.text()


def test_who_looks_after_walls_puts_one_up_from_the_case(loan: Case, visit: Visit) -> None:
    kim, lia = visit("kim"), visit("lia")
    page = kim.see(f"/cases/{loan.id}?tab=people")
    kim.see(page.xpath("//a[contains(., 'Keep somebody away')]/@href")[0])
    assert loan.number in kim.text()
    assert "Keep somebody away" not in lia.see(f"/cases/{loan.id}?tab=people").text_content()


def test_dates_are_written_as_their_reader_writes_them(loan: Case, visit: Visit) -> None:
    visitor = visit("cor")
    visitor.see(f"/cases/{loan.id}/panels/promises/new/promise")
    visitor.submit("Keep it", {"promised": "A cover until 2026-03-05", "promisedFor": "2026-03-05", "promiseState": "open"})
    told = [one.text_content() for one in visitor.document().xpath("//section[contains(@class, 'panel-entry')][1]//dd")]
    assert told == ["A cover until 2026-03-05", "5 Mar 2026", "Open"]


def test_what_is_typed_into_a_note_is_saved_and_filled_in_for_its_author_alone(library: World, loan: Case, visit: Visit) -> None:
    visitor = visit("cor")
    note = f"/cases/{loan.id}/panels/desk/new/thought"
    page = visitor.see(note)
    address = page.xpath("//form/@data-draft")[0]
    typed = {"csrf_token": page.xpath("//input[@name='csrf_token']/@value")[0], "_version": "0", "thought": "CANARY-half a thought"}
    first, second = visitor.client.put(address, data=typed), visitor.client.put(address, data={**typed, "thought": "another tab"})
    assert (first.status_code, second.status_code) == (200, 412)
    assert first.text.startswith("Saved ")
    page = visitor.see(note)
    assert page.get_element_by_id("f-thought").text.strip() == "CANARY-half a thought"
    assert page.xpath("//input[@name='_version']/@value") == ["1"]
    assert visitor.client.get(f"{address}/key").json["owner"]
    for name, status in (("bea", 404), ("kim", 403)):
        other = visit(name)
        assert (other.client.get(f"{address}/key").status_code, name) == (status, name)
    visitor.see(note)
    visitor.submit("Keep it")
    assert "CANARY" not in visitor.see(note).text_content(), "what was sent is no longer typed"
    with library.store.reading() as uow:
        assert store.drafts.get(uow, page.xpath("//form/@data-task")[0], library.people["cor"].id) is None


def test_a_draft_about_one_participant_is_not_filled_in_for_the_other(library: World, loan: Case, visit: Visit) -> None:
    visitor = visit("cor")
    ben, bea = (_about(library, loan, name) for name in ("ben", "bea"))
    page = visitor.see(f"/cases/{loan.id}/panels/calls/new/call?participant={ben}")
    typed = {"csrf_token": page.xpath("//input[@name='csrf_token']/@value")[0], "_version": "0", "callSaid": "CANARY-ben"}
    assert visitor.client.put(page.xpath("//form/@data-draft")[0], data=typed).status_code == 200
    assert "CANARY" in visitor.see(f"/cases/{loan.id}/panels/calls/new/call?participant={ben}").text_content()
    assert "CANARY" not in visitor.see(f"/cases/{loan.id}/panels/calls/new/call?participant={bea}").text_content()


def test_a_borrower_releases_what_is_theirs_and_staff_write_down_the_permission(library: World, loan: Case, visit: Visit) -> None:
    ben, cor, bea = visit("ben"), visit("cor"), visit("bea")
    where = f"/cases/{loan.id}/panels/wishes"
    ben.see(f"{where}/new/wish")
    page = ben.submit("Keep it", {"wished": "CANARY-quiet"})
    ask = page.xpath("//a[contains(@href, '/release')]/@href")[0]
    assert "CANARY" not in bea.see(where).text_content()
    bea.see(ask, 404)
    cor.see(ask)
    cor.submit("Release it", {}, status=422)
    assert "CANARY" not in bea.see(where).text_content()
    ben.see(ask)
    ben.submit("Release it")
    assert "CANARY-quiet" in bea.see(where).text_content()
    ben.see(ask, 404)


def test_who_may_not_add_is_refused_and_bad_addresses_find_nothing(loan: Case, visit: Visit) -> None:
    visit("kim").see(f"/cases/{loan.id}/panels/promises/new/promise", 403)
    visit("cor").see(f"/cases/{loan.id}/panels/nothing", 404)
    visit("cor").see(f"/cases/{loan.id}/panels/promises/new/wish", 404)
    visit("cor").see(f"/cases/{loan.id}/panels/promises/entries/nothing/change", 404)
    visit("cor").send(f"/cases/{loan.id}/panels/promises/new/promise", {"_once": "x" * 32, "promised": "x"}, status=400)
    visit("tom").see(f"/cases/{loan.id}/panels/promises", 404)
