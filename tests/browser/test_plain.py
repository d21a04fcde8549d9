"""The plain view and comparing in a real browser: by keyboard alone, without script, on a phone, and side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine import clock, store
from tests.browser.serving import give_password, served, sign_in
from tests.browser.walking import begin
from tests.processes import telling
from tests.world import ROOT, World, pack_files

NewPage = Callable[..., Page]
Axe = Callable[[Page], list[str]]
FILE = "consent-collection.bpmn"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The mediation pack with its cast, in a file that several threads can use."""
    path: Path = tmp_path_factory.mktemp("world") / "parley.sqlite"
    opened = store.open(f"sqlite:///{path}")
    opened.migrate()
    told = World(opened)
    told.deploy(pack_files(ROOT / "processes/mediation", ROOT / "forms/mediation"))
    for name, roles in telling.CAST.items():
        told.person(name, *roles)
    give_password(told, "pam")
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


def tab_to(page: Page, wanted: str, most: int = 400) -> None:
    """Press Tab until what has the focus says this, as somebody without a mouse would."""
    for _ in range(most):
        page.keyboard.press("Tab")
        said = page.evaluate("(document.activeElement.textContent.trim() || document.activeElement.id).replace(/\\s+/g, ' ')")
        if wanted in said:
            return
    pytest.fail(f"Tab never came to “{wanted}”.")


def test_the_expiry_is_changed_in_words_by_keyboard_alone_and_without_script(new_page: NewPage, url: str, axe: Axe) -> None:
    page = new_page()
    change = begin(page, url, "By keyboard")
    still = page.context.browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())  # type: ignore[union-attr]
    bare = still.new_page()
    bare.goto(f"{change}/plain/{FILE}")
    link = bare.get_by_role("link", name=re.compile("Change .*it stops, and instead: No answer in time")).first
    link.focus()
    bare.keyboard.press("Enter")
    field = bare.get_by_label(re.compile("Its value"))
    expect(field).to_have_value("14 days")
    field.focus()
    bare.keyboard.press("Control+a")
    bare.keyboard.type("21 days")
    bare.keyboard.press("Enter")
    expect(bare.locator("main")).to_contain_text("If it is not done after 21 days (setting “A consent request expires after”)")
    still.close()
    page.goto(f"{change}/plain/{FILE}")
    tab_to(page, "Intake coordinator: Call the party")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("edit=call_party"))
    assert axe(page) == []
    tab_to(page, "name")
    page.keyboard.press("Control+a")
    page.keyboard.type("Ring the party")
    page.keyboard.press("Enter")
    expect(page.locator("#e-call_party").first).to_contain_text("Intake coordinator: Ring the party")
    assert axe(page) == []


def test_what_changed_is_read_in_sentences_and_seen_side_by_side(page: Page, url: str, axe: Axe) -> None:
    change = begin(page, url, "To compare")
    page.goto(f"{change}/plain/{FILE}?edit=consent_expires")
    page.get_by_label(re.compile("Its value")).fill("21 days")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{change}/plain/{FILE}?edit=call_party")
    page.get_by_label("Name", exact=True).fill("Ring the party")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="What this changes").click()
    lines = page.locator(".differences")
    expect(lines.first).to_contain_text("“Call the party”, name: Call the party → Ring the party")
    expect(lines.last).to_contain_text("Setting “A consent request expires after”: 14 days → 21 days (new cases)")
    badges = page.locator(".djs-overlays[data-container-id=call_party] .token.changed")
    expect(badges).to_have_count(2)
    expect(badges.first).to_have_attribute("title", "Changed")
    assert axe(page) == []


def test_the_words_fit_a_phone_and_a_sheet_of_paper(new_page: NewPage, url: str, axe: Axe) -> None:
    page = new_page(viewport={"width": 360, "height": 740}, color_scheme="dark")
    sign_in(page, url, "pam")
    page.goto(f"{url}/procedures/mediation-case/plain")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert axe(page) == []
    sheet = page.pdf(format="A4")
    assert sheet.startswith(b"%PDF")
    page.emulate_media(media="print")
    expect(page.locator(".crumbs")).to_be_hidden()


def move_a_finger(page: Page, start: tuple[float, float], to_the_left: float) -> None:
    screen = page.context.new_cdp_session(page)
    for kind, x in (("touchStart", start[0]), ("touchMove", start[0] - to_the_left / 2), ("touchMove", start[0] - to_the_left)):
        screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": start[1]}]})
    screen.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_large_diagram_opens_where_it_can_be_read_and_fills_the_window_when_asked(page: Page, url: str) -> None:
    sign_in(page, url, "pam")
    page.goto(f"{url}/procedures/consent-collection")
    region = page.get_by_role("region", name="Diagram of Consent collection")
    label = region.locator("[data-element-id=answer_consent_request] text").first
    expect(label).to_be_in_viewport()
    assert label.evaluate("(one) => one.getBoundingClientRect().height") > 15, "three lines of words that can be read"
    tools, drawing = region.locator("[data-diagram-tools]").bounding_box(), region.locator("[data-diagram-canvas]").bounding_box()
    assert tools
    assert drawing
    assert tools["y"] + tools["height"] <= drawing["y"], "the buttons hide nothing of the drawing"
    before = label.bounding_box()
    move_a_finger(page, (drawing["x"] + 200, drawing["y"] + 100), 60)
    after = label.bounding_box()
    assert before
    assert after
    assert round(before["x"] - after["x"]) == 60
    region.get_by_role("button", name="Large").click()
    expect(region).to_have_css("position", "fixed")
    page.keyboard.press("Escape")
    expect(region).to_have_css("position", "relative")
    expect(region.get_by_role("button", name="Large")).to_be_focused()
