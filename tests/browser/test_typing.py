"""What is typed into a task is never lost: without a connection, after a time-out, in a second tab, and with scripts off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine import clock, store
from engine.model.cases import Case
from tests.browser.serving import give_password, served, sign_in
from tests.world import ROOT, World, pack_files

NewPage = Callable[..., Page]
LIBRARY = ROOT / "tests/packs/library"
SAVED = re.compile(r"Saved \d\d:\d\d")
#: what the browser keeps of things typed, as one text
STORED = "() => JSON.stringify(Object.entries(localStorage).filter(([name]) => name.startsWith('parley-typed:')))"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The library's pack with a borrower, in a file that several threads can use."""
    path: Path = tmp_path_factory.mktemp("world") / "parley.sqlite"
    opened = store.open(f"sqlite:///{path}")
    opened.migrate()
    told = World(opened)
    told.deploy(pack_files(LIBRARY, LIBRARY / "forms"))
    for name, role in {"lia": "librarian", "cor": "curator"}.items():
        told.person(name, role)
    told.person("ben", staff=False)
    give_password(told, "ben")
    yield told
    opened.close()


@pytest.fixture(autouse=True)
def _time(world: World) -> None:
    clock.use(world.clock)


@pytest.fixture(scope="module")
def url(world: World) -> Iterator[str]:
    """Where the pages are."""
    with served(world) as address:
        yield address


@pytest.fixture
def loan(world: World) -> Case:
    """A loan whose terms ben is to answer."""
    return world.open_case("lia", "library", [("borrower", "ben"), ("curator", "cor")], {"bookClass": "fragile", "wish": "CANARY-wish"})


def test_typing_goes_on_without_a_connection_after_a_time_out_and_in_a_second_tab(page: Page, url: str, world: World, loan: Case) -> None:
    terms = f"{url}/tasks/{world.task(loan, 'answer-terms').id}"
    sign_in(page, url, "ben")
    page.goto(terms)
    saved, why, note = page.locator("#saved"), page.get_by_label("Why not?"), page.locator("[data-note]")
    page.get_by_role("radio", name="No").check()
    expect(saved).to_have_text(SAVED)

    page.context.set_offline(True)
    why.fill("CANARY-offline")
    expect(note).to_contain_text("There is no connection. What you type is kept in this browser, encrypted")
    page.get_by_role("button", name="Send").click()
    expect(why).to_have_value("CANARY-offline")
    assert "parley-typed:" in page.evaluate(STORED)
    assert "CANARY" not in page.evaluate(STORED)
    page.context.set_offline(False)
    expect(saved).to_have_text(SAVED)
    expect(note).to_be_hidden()
    assert page.evaluate(STORED) == "[]"

    page.context.clear_cookies()
    why.fill("CANARY-timed-out")
    expect(note).to_contain_text("You were signed out after a time")
    assert "CANARY" not in page.evaluate(STORED)
    page.on("dialog", lambda dialog: dialog.accept())  # the browser asks before it leaves what is not saved
    page.goto(f"{url}/sign-in")
    sign_in(page, url, "ben")
    page.goto(terms)
    expect(note).to_contain_text("It is kept in this browser, encrypted.")
    page.get_by_role("button", name="Fill it in").click()
    expect(page.get_by_label("Why not?")).to_have_value("CANARY-timed-out")
    expect(saved).to_have_text(SAVED)

    second = page.context.new_page()
    second.goto(terms)
    second.get_by_label("Why not?").fill("from the second tab")
    expect(second.locator("#saved")).to_have_text(SAVED)
    expect(note).to_contain_text("You went on with this form in another tab")
    why.fill("from the first tab")
    expect(note).to_contain_text("What you typed here stays here.")
    page.get_by_role("button", name="Go on with what is here").click()
    expect(saved).to_have_text(SAVED)
    page.locator(".me summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("/sign-in"))
    assert page.evaluate(STORED) == "[]"


def test_with_scripts_off_a_form_is_kept_for_later_and_sent(new_page: NewPage, url: str, world: World, loan: Case) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 360, "height": 740})
    sign_in(page, url, "ben")
    page.goto(f"{url}/tasks/{world.task(loan, 'answer-terms').id}")
    page.get_by_role("radio", name="No").check()
    page.get_by_role("button", name="Keep it for later").click()
    expect(page.locator(".toast")).to_have_text(SAVED)
    expect(page.get_by_role("radio", name="No")).to_be_checked()
    page.get_by_label("Why not?").fill("The shelf is full")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("Done: “Answer the terms” is complete")
