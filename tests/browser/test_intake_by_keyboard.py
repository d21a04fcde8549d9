"""A case is taken in with the keyboard alone, at the speed of a person who types: in under two minutes, the request included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine import clock, store
from tests.browser.serving import served
from tests.stories.stage import NAMES, pages, program
from tests.world import World

#: seconds that a person takes for a key, and for finding their way on a page that is new to them; counted, not waited
KEY, LOOK = 0.2, 2.0
#: what has the focus, in the words beside it: its own, and those of the group that it stands in
FOCUSED = """() => {
    const one = document.activeElement;
    const group = one.closest("fieldset, [role=group]");
    const named = group?.querySelector("legend, .legend")?.textContent ?? "";
    const own = one.labels?.[0]?.textContent ?? one.textContent;
    return `${named} | ${own}`.replace(/\\s+/g, " ").trim();
}"""


class Typist:
    """Somebody at a keyboard. `seconds` is how long it would have taken them so far."""

    def __init__(self, page: Page) -> None:
        self.page, self.seconds = page, 0.0

    def press(self, key: str) -> None:
        """Press a key."""
        self.page.keyboard.press(key)
        self.seconds += KEY

    def types(self, text: str) -> None:
        """Type a text, key by key."""
        self.page.keyboard.type(text)
        self.seconds += KEY * len(text)

    def comes_to(self, *words: str) -> None:
        """Press Tab until what has the focus says all of this."""
        for _ in range(60):
            self.press("Tab")
            said = self.page.evaluate(FOCUSED)
            if all(one in said for one in words):
                return
        raise AssertionError(f"The Tab key does not lead to {words}.")

    def writes(self, where: str, text: str, *, within: str = "") -> None:
        """Come to a field and type into it; into a list this chooses what begins so."""
        self.comes_to(within, where)
        self.types(text)

    def chooses(self, question: str, answer: str) -> None:
        """Come to a question with buttons to choose from and choose with the arrows."""
        self.comes_to(question)
        self.press("Space")
        for _ in range(10):
            if answer in self.page.evaluate(FOCUSED):
                return
            self.press("ArrowDown")
        raise AssertionError(f"The arrows do not lead to {answer}.")

    def arrives(self, heading: str) -> None:
        """A page has come; look at it."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(re.compile(heading))
        self.page.wait_for_load_state()
        self.seconds += LOOK


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The program with its staff."""
    opened = store.open(f"sqlite:///{tmp_path}/parley.sqlite")
    opened.migrate()
    made = program(opened)
    clock.use(made.clock)
    yield made
    opened.close()


def _opens_the_case(ines: Typist) -> None:
    ines.comes_to("Open a case")
    ines.press("Enter")
    ines.arrives("Open a case")
    for number, (name, mail) in enumerate((("Ana Ruiz", "ana@example.org"), ("Ben Cole", "ben@example.org")), start=1):
        ines.writes("Name of a new person", name, within=f"Person {number}")
        ines.writes("E-mail", mail)
    ines.writes("Who sent the request?", "Came")
    ines.writes("What kind of dispute?", "Nei")
    ines.writes("How would they meet?", "In p")
    ines.writes("Main language", "Eng")
    ines.comes_to("Open the case")
    ines.press("Enter")
    ines.arrives("Case 2026-0001")


def _records_the_request(ines: Typist) -> None:
    ines.types("gi")
    ines.arrives("Inbox")
    ines.comes_to("My roles")
    ines.press("Enter")
    ines.arrives("Inbox")
    ines.press("j")
    ines.press("Enter")
    ines.arrives("Record the request")
    ines.writes("Summary of the request", "Music late at night; both want to sleep and to stay neighbours.")
    ines.chooses("How urgent is it?", "Routine")
    ines.comes_to("Safe ways to reach the person", "Phone")
    ines.press("Space")
    ines.chooses("The privacy notice was shown", "Yes")
    ines.comes_to("Send")
    ines.press("Enter")


def test_a_case_is_taken_in_by_keyboard_alone_in_under_two_minutes(world: World, page: Page) -> None:
    with served(world, pages(world)) as url:
        page.goto(url)
        page.get_by_role("button", name=NAMES["intake"]).click()
        ines = Typist(page)
        ines.arrives("Inbox")
        _opens_the_case(ines)
        _records_the_request(ines)
        expect(page.locator(".toast")).to_contain_text("is complete")
    assert ines.seconds < 120, f"{ines.seconds:.0f} seconds"
