"""Looking after all cases in a real browser: from the board to what ends a wait and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine import clock, store
from engine.model.cases import Case
from tests.browser.serving import give_password, served, sign_in
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.world import World

REASON = "They asked for it."


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    path: Path = tmp_path_factory.mktemp("world") / "parley.sqlite"
    opened = store.open(f"sqlite:///{path}")
    opened.migrate()
    told = cast(opened, shelf.library(shelf.shaky()))
    told.person("lou", "librarian")
    for name in ("kim", "lia"):
        give_password(told, name)
    yield told
    opened.close()


@pytest.fixture(autouse=True)
def _time(world: World) -> None:
    clock.use(world.clock)


@pytest.fixture(scope="module")
def late(world: World) -> list[Case]:
    """Two loans whose book is awaited for too long."""
    clock.use(world.clock)
    found = [acts.lent(world), acts.lent(world)]
    world.advance("P9D")
    return found


@pytest.fixture(scope="module")
def url(world: World) -> Iterator[str]:
    with served(world) as address:
        yield address


def confirm(page: Page, button: str) -> None:
    """Give the reason and do it, in a dialog or on a page."""
    page.get_by_label("Reason").fill(REASON)
    page.locator("form").get_by_role("button", name=button).last.click()


def test_from_the_board_to_the_act_that_moves_a_case_and_back(page: Page, url: str, world: World, late: list[Case]) -> None:
    sign_in(page, url, "kim")
    page.goto(f"{url}/board")
    page.locator(".groups a").filter(has_text="up to 3 days").click()
    asked = page.url
    expect(page.locator("table.cards tbody tr")).to_have_count(2)
    row = page.locator("table.cards tbody tr").first
    expect(row).to_contain_text("Waits for “Wait for the book”")
    row.locator("a.row-link").click()
    expect(page.locator(".explain")).to_contain_text("Wait for the book")
    page.get_by_role("link", name="Waive this step").first.click()
    confirm(page, "Waive this step")
    expect(page.locator(".toast")).to_contain_text("Waived.")
    stopped = acts.started(world, "shaky")
    world.complete("lia", stopped, "tidy")
    world.complete("lia", stopped, "count", {"shelves": 5})
    page.goto(asked.partition("?")[0])
    row = page.locator("table.cards tbody tr").first
    expect(row).to_contain_text("Stopped by an incident")
    row.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("dialog").locator("table.effects")).to_contain_text("completed")
    confirm(page, "Try again")
    expect(page.locator(".toast")).to_contain_text("Tried again.")
    assert page.url == asked.partition("?")[0]
    assert acts.instance(world, stopped).state == "completed"


def test_tasks_of_many_cases_are_given_to_somebody_from_the_list(page: Page, url: str, world: World, late: list[Case]) -> None:
    sign_in(page, url, "lia")
    page.goto(f"{url}/cases?state=late")
    for case in late:
        page.get_by_label(f"Choose case {case.number}").check()
    page.get_by_role("button", name="Give tasks of the ticked cases").click()
    for case in late:
        page.get_by_label(f"Wait for the book ({case.number})").check()
    page.get_by_label("Who is to do it").select_option("Lou Example")
    page.get_by_role("button", name="See what happens").click()
    expect(page.locator("table.effects")).to_contain_text("It goes to Lou Example.")
    confirm(page, "Give them")
    expect(page.locator(".toast")).to_contain_text("2 tasks done.")
    assert page.url == f"{url}/cases?state=late"
    assert {world.task(case, "recall").assignee_id for case in late} == {world.people["lou"].id}
    page.goto(f"{url}/cases/{late[0].id}")
    page.locator("details.acts summary").click()
    page.locator("details.acts a", has_text="Recall the book").click()
    page.get_by_role("dialog").get_by_role("button", name="Recall the book").click()
    expect(page.locator(".explain")).not_to_contain_text("Wait for the book")


def act(page: Page, url: str, case: Case, label: str) -> None:
    """Open an act from the page of all that can be done on a case."""
    page.goto(f"{url}/cases/{case.id}/acts")
    page.locator(".moves a", has_text=label).first.click()


def test_each_other_intervention_says_what_it_does_and_does_it(page: Page, url: str, world: World) -> None:
    clock.use(world.clock)
    case = acts.lent(world)
    sign_in(page, url, "kim")
    for label, state in (("Suspend", "suspended"), ("Resume", "running")):
        act(page, url, case, label)
        expect(page.locator("table.effects tbody tr").first).to_be_visible()
        confirm(page, label)
        expect(page.locator(".toast")).to_be_visible()
        assert acts.instance(world, case).state == state
    act(page, url, case, "Set another due date")
    page.get_by_label("The day until which it is to be done").fill("2026-10-01")
    page.get_by_role("button", name="See what happens").click()
    expect(page.locator("table.effects")).to_contain_text("When")
    confirm(page, "Set another due date")
    expect(page.locator(".toast")).to_be_visible()
    due = world.task(case, "recall").due_at
    assert due is not None
    assert due.date().isoformat() == "2026-10-01"
    act(page, url, case, "Waive the deadline")
    confirm(page, "Waive the deadline")
    expect(page.locator(".toast")).to_be_visible()
    assert world.task(case, "recall").due_at is None
    act(page, url, case, "Go back to an earlier step")
    page.locator("input[name=step][value$=answer-terms]").check()
    page.get_by_role("button", name="See what happens").click()
    expect(page.locator("table.effects")).to_contain_text("A task opens")
    confirm(page, "Go back to an earlier step")
    expect(page.locator(".toast")).to_be_visible()
    assert world.names(case) == ["answer-terms"]
    act(page, url, case, "Undo going back")
    confirm(page, "Undo going back")
    expect(page.locator(".toast")).to_be_visible()
    assert world.names(case) == ["recall"]
    act(page, url, case, "End it")
    confirm(page, "End it")
    expect(page.locator(".toast")).to_be_visible()
    assert acts.instance(world, case).state == "terminated"
