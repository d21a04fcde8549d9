"""The stories of the demo in a real browser (`python3 -m tests.stories`): staff at a desk, parties on a phone.

With PARLEY_PICTURES set it writes the pictures of the help's pages for the workplace.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from api.web.help_guides import GUIDES
from engine import clock, store
from tests.browser.serving import served
from tests.pictures import WANTED
from tests.stories import TOLD
from tests.stories.reader import Named, Typed
from tests.stories.stage import NAMES, Stage, pages, program
from tests.world import ROOT

NewPage = Callable[..., Page]
PICTURES = ROOT / "api/web/static/help"
DESK = {"viewport": {"width": 1180, "height": 760}}
PHONE = {"viewport": {"width": 390, "height": 760}, "has_touch": True}
#: the help's pictures that are still to be made; the first story that comes by gives each
_MISSING = {step.picture for guide in GUIDES.values() for step in guide.steps}
_ROW = re.compile(r"(.+?)-\d+-")
_BESIDE = "(e, words) => (e.closest('tr,li,section,article,main')?.textContent ?? '').replace(/\\s+/g, ' ').includes(words)"
#: opens what an element is folded away in
_UNFOLD = "e => { for (let d = e.closest('details'); d; d = d.parentElement.closest('details')) d.open = true }"


class BrowserReader:
    """One person in a browser."""

    def __init__(self, page: Page, url: str, settle: Callable[[], None]) -> None:
        self._page, self._url, self._settle = page, url, settle

    @property
    def path(self) -> str:
        """Where the reader is."""
        parts = urlsplit(self._page.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def opens(self, path: str) -> None:
        """Go to an address."""
        self._page.goto(self._url + path)

    def follows(self, words: str, beside: str = "") -> None:
        """Follow the first link that says this, in a line that says `beside`; a dialog opens in the page."""
        link = self._first(self._page.locator("a[href]", has_text=words), beside)
        link.evaluate(_UNFOLD)
        here = self._page.url
        link.click()
        self._page.wait_for_function("here => location.href !== here || document.querySelector('dialog[open]')", arg=here)
        self._page.wait_for_load_state()

    def fills(self, typed: Typed) -> Typed:
        """Fill in what is shown; what comes to be shown by an answer is filled in too."""
        rest = typed
        for _ in range(2):
            rest = {name: value for name, value in rest.items() if not self._fill(name, value)}
        return rest

    def presses(self, button: str = "", beside: str = "") -> None:
        """Press a button of the page, or of its dialog."""
        where = self._page.locator("dialog[open]") if self._page.locator("dialog[open]").count() else self._page.locator("main")
        found = where.locator("form button:visible", has_text=button) if button else where.locator("form button.primary:visible")
        with self._page.expect_navigation():
            self._first(found, beside).click()
        self._settle()

    def text(self) -> str:
        """The words of the page's main part, in one line."""
        return " ".join((self._page.locator("main").text_content() or "").split())

    def picture(self, name: str, at: str = "") -> None:
        """A picture for the help, when they are wanted."""
        if name not in _MISSING or not os.environ.get(WANTED):
            return
        _MISSING.remove(name)
        place = self._page.get_by_text(at).first if at else self._page.locator("h1").last
        expect(place).to_be_visible()
        self._page.wait_for_load_state("networkidle")
        place.evaluate(f"e => e.scrollIntoView({{block: '{'center' if at else 'end'}'}})")
        self._page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")

    def _first(self, found: Locator, beside: str) -> Locator:
        found.first.wait_for(state="attached")
        fitting = [one for one in found.all() if not beside or one.evaluate(_BESIDE, beside)]
        assert fitting, f"Nothing beside “{beside}” on {self.path}"
        return fitting[0]

    def _fill(self, name: str, value: str | list[str] | Named) -> bool:
        inputs = self._page.locator(f'[name="{name}"]:visible')
        row = _ROW.match(name)
        if row and not inputs.count() and (adder := self._page.locator(f'[name="_add"][value="{row[1]}"]')).count():
            adder.click()
        if not inputs.count():
            return False
        kind = inputs.first.evaluate("e => e.type")
        if kind in ("radio", "checkbox"):
            for each in value if isinstance(value, list) else [value]:
                self._choice(name, each).check()
        elif kind == "select-one":
            chosen = {"label": self._option(inputs, value.words)} if isinstance(value, Named) else {"value": str(value)}
            inputs.first.select_option(**chosen)
        else:
            inputs.first.fill(str(value))
        return True

    def _choice(self, name: str, value: str | Named) -> Locator:
        if isinstance(value, Named):
            return self._page.locator("label", has_text=value.words).locator(f'[name="{name}"]').first
        return self._page.locator(f'[name="{name}"][value="{value}"]').first

    def _option(self, inputs: Locator, words: str) -> str:
        return next(one for one in inputs.first.locator("option").all_text_contents() if words in one)


@pytest.fixture
def stage(tmp_path: Path, new_page: NewPage) -> Iterator[Stage]:
    """The program with its staff, its pages served, nobody signed in yet."""
    opened = store.open(f"sqlite:///{tmp_path}/parley.sqlite")
    opened.migrate()
    world = program(opened)
    clock.use(world.clock)
    with served(world, pages(world)) as url:
        made: Stage = Stage(world, lambda login: BrowserReader(new_page(**(DESK if login in NAMES else PHONE)), url, made.settle))
        yield made
    opened.close()


@pytest.mark.parametrize("name", TOLD)
def test_a_story_is_walked_in_a_browser(stage: Stage, name: str) -> None:
    TOLD[name](stage)
