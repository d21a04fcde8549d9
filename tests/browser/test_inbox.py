"""The inbox by keyboard: through the list, choosing, handing over with a note; the sheet of keys; a list that stays up to date."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from engine import clock, store
from engine.model.cases import Case
from engine.operations.tasks import user_tasks
from tests.browser.serving import give_password, served, sign_in
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.world import World

Axe = Callable[[Page], list[str]]
#: where g leads with another key
ROOMS = {"b": "/board", "f": "/figures", "c": "/cases", "p": "/procedures", "i": "/inbox"}


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two books are out; lia and lou look after books."""
    opened = store.open(f"sqlite:///{tmp_path_factory.mktemp('world')}/parley.sqlite")
    opened.migrate()
    told = cast(opened, shelf.library())
    told.person("lou", "librarian")
    for name in ("lia", "lou"):
        give_password(told, name)
    yield told
    opened.close()


@pytest.fixture
def lent(world: World) -> tuple[Case, Case]:
    clock.use(world.clock)
    return acts.lent(world), acts.lent(world)


def fits(page: Page, axe: Axe) -> None:
    """Nothing that axe knows of is wrong, and nothing is cut off on a narrow screen."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1280, "height": 800})


def test_tasks_are_chosen_and_handed_over_by_keyboard_alone(page: Page, axe: Axe, world: World, lent: tuple[Case, Case]) -> None:
    with served(world) as url:
        sign_in(page, url, "lia")
        page.goto(f"{url}/inbox?tab=all")
        fits(page, axe)
        page.keyboard.press("?")
        sheet = page.get_by_role("dialog")
        expect(sheet.get_by_role("table", name="Keys in the list of tasks")).to_be_visible()
        page.keyboard.press("Escape")
        expect(sheet).to_have_count(0)
        for key in ("j", "x", "j", "x"):
            page.keyboard.press(key)
        expect(page.locator("[data-chosen]")).to_have_text("2 chosen")
        page.keyboard.press("h")
        page.get_by_label("Who is to do it").focus()
        page.keyboard.type("Lou")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text("It goes to Lou Example.")).to_have_count(2)
        fits(page, axe)
        page.get_by_label("Note").fill("Both are on the shelf")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".toast")).to_contain_text("2 tasks done.")
    assert {world.task(case, "recall").assignee_id for case in lent} == {world.people["lou"].id}


def test_the_list_follows_what_others_do_and_waits_for_who_is_choosing(page: Page, world: World, lent: tuple[Case, Case]) -> None:
    first, second = (world.task(case, "recall").id for case in lent)
    page.clock.install()
    with served(world) as url:
        sign_in(page, url, "lia")
        page.goto(f"{url}/inbox?tab=roles")
        expect(page.locator("tr[data-task]")).to_have_count(2)
        with world.acting("lou") as (uow, actor):
            user_tasks.claim(uow, actor, first)
        page.clock.run_for(21_000)
        expect(page.locator("tr[data-task]")).to_have_count(1)
        page.locator("input[name=task]").check()
        with world.acting("lou") as (uow, actor):
            user_tasks.claim(uow, actor, second)
        page.clock.run_for(21_000)
        expect(page.get_by_text("The list has changed.")).to_be_visible()
        expect(page.locator("tr[data-task]")).to_have_count(1)


def test_every_key_of_the_sheet_does_what_it_says(page: Page, world: World, lent: tuple[Case, Case]) -> None:
    with served(world) as url:
        sign_in(page, url, "lia")
        page.goto(f"{url}/inbox?tab=roles")
        page.keyboard.press("?")
        sheet = page.get_by_role("dialog")
        expect(sheet.get_by_role("table", name="Keys in the list of tasks")).to_be_visible()
        told = sheet.locator("kbd").all_text_contents()
        rooms = {key: page.locator(f'nav.rooms a[href="{to}"]').count() for key, to in ROOMS.items()}
        assert rooms["i"] == 1
        page.keyboard.press("Escape")
        pressed = ["?"]

        def press(*keys: str) -> None:
            pressed.extend(keys)
            for key in keys:
                page.keyboard.press(key)

        rows = page.locator("tr[data-task]")
        press("j", "j")
        expect(rows.nth(1).locator("a.row-link")).to_be_focused()
        press("k", "x")
        expect(rows.nth(0).locator("input[name=task]")).to_be_checked()
        press("a")
        expect(page.locator("[data-chosen]")).to_have_text("2 chosen")
        press("a")
        expect(page.locator("[data-chosen]")).to_have_text("")
        press("/")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.press("Escape")
        page.get_by_role("heading", name="Inbox").click()
        for key, act in (("h", "hand-over"), ("l", "follow-up")):
            press("j", key)
            page.wait_for_url(f"{url}/inbox/batch?*act={act}*")
            page.go_back()
            page.locator("[data-inbox] input[name=task]:checked").uncheck()
        press("j", "c")
        page.wait_for_url(re.compile("/tasks/"))
        for key, to in ROOMS.items():
            if rooms[key]:
                press("g", key)
                page.wait_for_url(f"{url}{to}")
        page.goto(f"{url}/inbox")
        press("j", "r")
        page.wait_for_url(f"{url}/inbox/batch?*act=release*")
        page.go_back()
        press("j", "Enter")
        page.wait_for_url(re.compile("/tasks/[^/]*$"))
    assert set(told) == set(pressed)
