"""Somebody without an account on a small phone: the link of staff's code, the form, the thanks; read by axe, no wider than the screen."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine import clock, store
from tests.browser.serving import give_password, served, sign_in
from tests.operations import acts
from tests.operations.conftest import cast
from tests.operations.telling import told_by_mail
from tests.world import ROOT, World

DIST = ROOT / "api/web/static/dist"
PHONE = {"viewport": {"width": 360, "height": 640}}
#: how much wider than its window a page is, in pixels
TOO_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[World]:
    """The library, with somebody who can make codes."""
    opened = store.open(f"sqlite:///{tmp_path}/library.sqlite")
    opened.migrate()
    world = cast(opened, told_by_mail())
    give_password(world, "lia")
    clock.use(world.clock)
    yield world
    opened.close()


def test_a_code_that_was_read_out_leads_a_phone_to_its_task(
    library: World, page: Page, new_page: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    case = acts.loan(library)
    (participant,) = library.participant_ids(case, "ben")
    with served(library) as url:
        sign_in(page, url, "lia")
        page.goto(f"{url}/cases/{case.id}?tab=people")
        page.get_by_role("link", name="Let in …").click()
        expect(page).to_have_url(re.compile(participant))
        page.get_by_role("button", name="Make a code").click()
        code = page.locator("#code").inner_text()
        assert axe(page) == []
        phone = new_page(**PHONE)
        phone.goto(f"{url}/portal")
        looked_at(phone, axe)
        phone.get_by_label("eight letters").fill(code.lower())
        phone.keyboard.press("Enter")
        expect(phone.get_by_role("heading", level=1)).to_contain_text("Ben")
        looked_at(phone, axe)
        phone.locator("main a.primary").first.click()
        looked_at(phone, axe)
        phone.get_by_label("Yes").check()
        phone.get_by_role("button", name="Go on").click()
        phone.get_by_role("button", name="Send").last.click()
        expect(phone.locator("[aria-invalid]")).to_have_count(1)
        looked_at(phone, axe)
        phone.get_by_label("Back on").fill("2026-04-01")
        phone.get_by_role("button", name="Send").last.click()
        expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")
        phone.get_by_role("button", name="Leave").click()
        phone.goto(f"{url}/portal/enter/{'x' * 43}")
        looked_at(phone, axe)
        page.reload()
        expect(page.get_by_text(code)).to_have_count(0)


def looked_at(phone: Page, axe: Callable[[Page], list[str]]) -> None:
    """Nothing of the page breaks a rule, stands out of the screen or asks for a script."""
    assert axe(phone) == []
    assert phone.evaluate(TOO_WIDE) <= 0
    assert phone.locator("script[src]").count() == 0


def test_a_file_that_cannot_be_taken_is_told_of_before_it_is_sent(page: Page) -> None:
    """The script alone, over a page of its own: what the server would say at the end of a long way is said at once."""
    built = json.loads((DIST / "manifest.json").read_text())
    form = '<form><p class="file"><input type="file" id="f-photo" accept=".png" data-most="2000000"></p></form>'
    script = f'<!doctype html>{form}<script type="module" src="/dist/{built["files.js"]}"></script>'
    page.route("http://localhost:47001/", lambda route: route.fulfill(content_type="text/html", body=script))
    page.route("http://localhost:47001/dist/*", lambda route: route.fulfill(path=DIST / route.request.url.rpartition("/")[2]))
    page.goto("http://localhost:47001/")
    told = page.get_by_role("alert")
    for name, size, words in (("old.exe", 9, "Choose one of: .png"), ("big.png", 2_000_001, "at most 2 MB"), ("none.png", 0, "is empty")):
        page.set_input_files("input", {"name": name, "mimeType": "image/png", "buffer": b"x" * size})
        expect(told).to_contain_text(words)
        assert page.input_value("input") == ""
    page.set_input_files("input", {"name": "Book.PNG", "mimeType": "image/png", "buffer": b"x" * 2_000_000})
    expect(told).to_have_count(0)
    assert page.input_value("input").endswith("Book.PNG")
