"""The steps that the stories of the studio share: a change is begun, a diagram opened and drawn on, the change sent and approved."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.serving import sign_in

SAVED = re.compile(r"Saved \d\d:\d\d")
_WHOLE = re.compile("the whole diagram", re.IGNORECASE)
#: milliseconds that a diagram may take to open on a busy machine before its element is shown
_LOADING = 20_000


def begin(page: Page, url: str, title: str, *, by: str = "pam", pack: str = "mediation") -> str:
    """Somebody signs in and begins a change; gives its address."""
    sign_in(page, url, by)
    page.goto(f"{url}/procedures/changes/new?pack={pack}")
    page.get_by_label("What is to change").fill(title)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url(re.compile(r"/procedures/changes/\w{20,}$"))
    return page.url


def draw(page: Page, change: str, name: str, at: str = "") -> None:
    """Open the room of a diagram with an element selected."""
    page.goto(f"{change}/diagram/{name}" + (f"?at={at}" if at else ""))
    opened(page)
    if at:
        expect(page.locator(".bio-properties-panel-header")).not_to_contain_text(_WHOLE, timeout=_LOADING)


def draw_new(page: Page, name: str) -> None:
    """From the page of a change: a new diagram, in its room."""
    page.get_by_label("Its name, as people will read it").fill(name)
    page.get_by_role("button", name="Draw a new diagram").click()
    opened(page)


def opened(page: Page) -> None:
    """Wait until the room has drawn its file."""
    expect(page.locator("[data-status]")).to_have_text("Opened")


def content(page: Page, change: str, name: str) -> str:
    """A file as the server has it."""
    return page.request.get(f"{change}/files/{name}").text()


def add(page: Page, kind: str, name: str) -> None:
    """Put a step after the one that is selected, by keyboard, and name it."""
    page.get_by_role("button", name="Add …").press("Enter")
    page.locator(".djs-popup input").press_sequentially(kind)
    expect(page.locator(".djs-popup .entry.selected .djs-popup-label")).to_have_text(re.compile(f"^{kind}$", re.IGNORECASE))
    page.keyboard.press("Enter")
    expect(page.locator(".djs-direct-editing-content")).to_be_visible()
    page.keyboard.type(name)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".djs-direct-editing-content")).to_have_count(0)


def pick(page: Page, element: str) -> Locator:
    """Select an element with the mouse; gives the panel."""
    page.locator(f".djs-element[data-element-id={element}]").first.click()
    return page.get_by_role("region", name="What is selected")


def due(page: Page, number: str, unit: str) -> None:
    """Say in the panel when the selected step is due."""
    page.get_by_label("Due", exact=True).select_option("fixed")
    page.get_by_label("Length", exact=True).fill(number)
    page.get_by_label("Unit").first.select_option(unit)


def send(page: Page, why: str) -> None:
    """Send the change that is shown with its reason; from the page of its scenarios when these are to be run first."""
    button = page.get_by_role("button", name=re.compile(r"Send for approval|Run \d+ scenarios? and send"))
    page.get_by_label("Why", exact=True).fill(why)
    with page.expect_navigation():
        button.click()
    if page.url.endswith("/scenarios"):
        button.click(timeout=90_000)
    expect(page.locator(".toast")).to_contain_text("Sent. A second person has to approve it.")


def approve(second: Page, url: str, title: str, *sentences: str) -> None:
    """The second person finds the change in the inbox, reads what changes and approves."""
    second.goto(f"{url}/inbox")
    second.get_by_role("link", name=f"Approve: {title}").click()
    for sentence in sentences:
        expect(second.locator("main")).to_contain_text(sentence)
    second.get_by_role("button", name="Approve", exact=True).click()
    expect(second.locator(".toast")).to_contain_text("Approved")
