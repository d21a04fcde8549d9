"""The pack room in a real browser: a reminder moves from three days to five after a list of what it moves; axe on every page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine import clock, store
from engine.model.cases import Case
from tests.browser.serving import give_password, served, sign_in
from tests.browser.walking import begin
from tests.processes import answers, telling
from tests.world import ROOT, World, pack_files

NewPage = Callable[..., Page]
Axe = Callable[[Page], list[str]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The mediation pack with its cast, in a file that several threads can use."""
    path: Path = tmp_path_factory.mktemp("world") / "parley.sqlite"
    opened = store.open(f"sqlite:///{path}")
    opened.migrate()
    told = World(opened)
    files = pack_files(ROOT / "processes/mediation", ROOT / "forms/mediation")
    # what scenarios keep from being sent is told elsewhere
    told.deploy({**files, "pack.toml": files["pack.toml"].replace(b"coverage = 90", b"coverage = 0")})
    for name, roles in telling.CAST.items():
        told.person(name, *roles)
    told.person("dora", "director")
    for name in ("ana", "ben"):
        told.person(name, staff=False)
    for name in ("pam", "dora"):
        give_password(told, name)
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


@pytest.fixture(scope="module")
def consenting(world: World) -> Case:
    """A case of ana and ben that waits for both to consent."""
    clock.use(world.clock)
    case = world.open_case("ida", "mediation", [("party", "ana"), ("party", "ben")], answers.OPENING)
    telling.take_in(world, case)
    telling.appoint(world, case)
    return case


def test_a_reminder_moves_after_a_list_of_what_it_moves(page: Page, new_page: NewPage, url: str, world: World, consenting: Case) -> None:
    change = begin(page, url, "Remind later")
    page.get_by_role("link", name="Rules, roles and words").click()
    page.get_by_role("link", name="Deadlines and reminders").click()
    page.get_by_role("link", name="Consent and pledges", exact=True).click()
    page.get_by_text("Step 1.").click()
    page.get_by_label("Step 1, how long, number").fill("5")
    page.get_by_role("button", name="Save").click()
    page.goto(change)
    moving = page.locator("section", has=page.get_by_role("heading", name="Running deadlines that this moves"))
    expect(moving.locator("tbody tr").first).to_contain_text("Answer the consent request")
    expect(moving.locator("tbody tr").first).to_contain_text("First reminder")
    expect(moving).not_to_contain_text(consenting.number)
    page.get_by_label("Why", exact=True).fill("Three days were too few.")
    page.get_by_role("button", name="Send for approval").click()
    expect(page.get_by_role("link", name="What was sent")).to_be_visible()

    dora = new_page()
    sign_in(dora, url, "dora")
    dora.goto(change)
    dora.get_by_role("link", name="What was sent").click()
    dora.get_by_text("deadlines that you may see").click()
    expect(dora.get_by_role("link", name=consenting.number).first).to_be_visible()
    dora.get_by_role("button", name="Approve").click()
    expect(dora.locator(".toast")).to_contain_text("Approved")
    with world.store.reading() as uow:
        found = [timer.due_at - timer.anchor_at for timer in store.timers.of_case(uow, consenting.id) if timer.rule == "consent/1"]
    assert [gap.days for gap in found] == [5, 5]


# Light and wide is read with every other page, in test_every_page.
@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (360, "light")])
def test_every_page_of_the_room_can_be_used_by_everybody(new_page: NewPage, axe: Axe, url: str, width: int, scheme: str) -> None:
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    change = begin(page, url, f"Looking at {width} {scheme}")
    paths = ["", "/roles", "/roles/entries/party", "/lanes", "/settings/new", "/deadline_rules", "/deadline_rules/entries/1", "/milestones"]
    for path in [*paths, "/exclusions/new", "/variables/entries/mode", "/policies"]:
        page.goto(f"{change}/pack{path}")
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_a_setting_is_changed_by_keyboard_alone(page: Page, url: str) -> None:
    change = begin(page, url, "More time to answer")
    page.goto(f"{change}/pack/settings/entries/consentExpiry")
    page.get_by_label("Value, number").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("21")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Saved")
    expect(page.locator("tr", has_text="consentExpiry")).to_contain_text("21 days")
