"""A real browser. `page` is one person's; `new_page` opens more, each with cookies of its own.

Every page fails its test when it asks for anything beyond this machine, or when a script error was left unexpected.
`axe(page)` gives the accessibility rules that a page breaks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from tests import chromium

#: No calls home, no shared memory that containers lack, no graphics card; root may not use the sandbox.
_FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    # whoever asks for anything beyond this machine gets nothing
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
_NEAR = {"127.0.0.1", "localhost", "::1", "", None}

#: rules that the open page breaks; sorted out over there, since all that axe tells takes as long to be sent as to be found
_BROKEN = """() => axe.run(document, { resultTypes: ["violations"] }).then((found) => found.violations
    .filter((rule) => ["serious", "critical"].includes(rule.impact))
    .map(({ id, impact, help, nodes }) => ({ id, impact, help, targets: nodes.map((node) => node.target) })))"""

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once a session."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium.executable()), args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Opens a page with fresh cookies; takes the options of Playwright's new_context (viewport, java_script_enabled ...)."""
    contexts, strayed, errors = [], [], []

    def look(request: Request) -> None:
        if urlsplit(request.url).hostname not in _NEAR:
            strayed.append(request.url)

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", **options})
        contexts.append(context)
        context.on("request", look)  # not by a route, which takes the cache away: each page would load every script anew
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not strayed, f"Pages asked for {strayed}, beyond this machine."
    assert not errors, f"Scripts failed: {errors}"


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """One person's page, desktop size."""
    return new_page()


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """Checks a page for accessibility; gives one line for each rule that is broken seriously or critically."""
    script = chromium.AXE.read_text(encoding="utf-8")

    def check(page: Page) -> list[str]:
        page.evaluate(script)
        found = page.evaluate(_BROKEN)
        return [f"{rule['id']} ({rule['impact']}): {rule['help']} {rule['targets']}" for rule in found]

    return check
