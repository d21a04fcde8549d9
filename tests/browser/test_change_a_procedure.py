"""The help's page "Change a procedure", walked by three people: from an expiry in words to running cases on the new version and back.

With PARLEY_PICTURES set (`python -m tests.pictures`) the walk writes the pictures of that page.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from engine import clock, store
from engine.model.cases import Case
from engine.operations.drafting import change_files, changes
from engine.operations.rounds import sweeps
from tests.browser.serving import give_password, served, sign_in
from tests.browser.walking import opened, send
from tests.pictures import WANTED
from tests.processes import answers, telling
from tests.world import ROOT, World, pack_files

NewPage = Callable[..., Page]
Axe = Callable[[Page], list[str]]
PICTURES = ROOT / "api/web/static/help"
MEDIATION = ROOT / "processes/mediation"
#: what leads to an unanswered consent request; the others are told elsewhere and would only take time here
SCENARIOS = ("opened", "taken-in", "appointed", "consent-expires")
SIZE = {"width": 1180, "height": 760}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The mediation pack with its cast and four of its scenarios."""
    opened = store.open(f"sqlite:///{tmp_path_factory.mktemp('world') / 'parley.sqlite'}")
    opened.migrate()
    told = World(opened)
    files = pack_files(MEDIATION, ROOT / "forms/mediation")
    files["pack.toml"] = files["pack.toml"].replace(b"coverage = 90", b"coverage = 15")
    told.deploy(files | {f"scenarios/{name}.toml": (MEDIATION / f"scenarios/{name}.toml").read_bytes() for name in SCENARIOS})
    for name, roles in telling.CAST.items():
        told.person(name, *roles)
    for name in ("ana", "ben"):
        told.person(name, staff=False)
    for name in ("pam", "dan", "sue"):
        give_password(told, name)
    yield told
    opened.close()


@pytest.fixture
def url(world: World) -> Iterator[str]:
    """Where the pages are."""
    clock.use(world.clock)
    with served(world) as address:
        yield address


def consenting(world: World) -> Case:
    """A case of ana and ben that waits for both to consent."""
    case = world.open_case("ida", "mediation", [("party", "ana"), ("party", "ben")], answers.OPENING)
    telling.take_in(world, case)
    telling.appoint(world, case)
    return case


def days(world: World, case: Case, element: str = "", rule: str = "") -> set[int]:
    """How many days the timers of an element, or of a rung, run in a case."""
    with world.store.reading() as uow:
        found = store.timers.of_case(uow, case.id)
    return {(one.due_at - one.anchor_at).days for one in found if one.element_id == element or one.rule == rule}


def keep(page: Page, name: str, at: Locator | None = None) -> None:
    """A picture for the help's page, when they are wanted; with `at` in the middle."""
    if os.environ.get(WANTED):
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.wait_for_load_state("networkidle")
        (at or page.locator("h1")).first.evaluate(f"e => e.scrollIntoView({{block: '{'center' if at else 'end'}'}})")
        page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")


def approve(second: Page, url: str, title: str, sentence: str, picture: str = "") -> None:
    """The second person finds the change in the inbox, reads the comparison and approves."""
    second.goto(f"{url}/inbox")
    link = second.get_by_role("link", name=f"Approve: {title}")
    expect(link).to_be_visible()
    if picture:
        keep(second, "inbox")
    link.click()
    expect(second.locator("main")).to_contain_text(sentence)
    if picture:
        keep(second, picture)
    second.get_by_role("button", name="Approve", exact=True).click()
    expect(second.locator(".toast")).to_contain_text("Approved")


def opens(pam: Page, url: str, axe: Axe) -> None:
    """1: from the help to the procedure, and a change of it."""
    pam.get_by_role("link", name="Procedures").click()
    pam.get_by_role("link", name="How to change a procedure").click()
    expect(pam.get_by_role("heading", level=2)).to_have_count(6)
    assert axe(pam) == []
    for picture in pam.locator("main img").all():
        assert pam.request.get(url + (picture.get_attribute("src") or "")).ok, picture.get_attribute("src")
    pam.get_by_role("link", name="Go to the procedures").click()
    keep(pam, "procedures")
    pam.get_by_role("link", name="Consent collection").click()
    keep(pam, "procedure")
    pam.get_by_role("button", name="Change this procedure").click()


def edits(pam: Page) -> None:
    """2: another expiry, in words."""
    opened(pam)
    pam.get_by_role("button", name="Whole").click()
    pam.locator("[data-element-id=consent_expires]").first.click()
    panel = pam.get_by_role("region", name="What is selected")
    panel.get_by_label("Its value").fill("21")
    panel.get_by_role("button", name="Change the setting to 21 days").scroll_into_view_if_needed()
    keep(pam, "room")
    panel.get_by_role("button", name="Change the setting to 21 days").click()
    expect(panel.get_by_role("status")).to_have_text(
        "The setting is 21 days in this change; it was 14 days.",
        timeout=15_000,  # the whole pack is read anew
    )


def checks(pam: Page) -> None:
    """3: what stands against it, what it changes, whether scenarios hold."""
    pam.get_by_role("link", name="Consent collection").first.click()
    change = pam.url
    expect(pam.locator("main")).to_contain_text("Nothing stands against what is drawn.")
    keep(pam, "change")
    pam.get_by_role("link", name="What this changes").click()
    expect(pam.locator("main")).to_contain_text("14 days")
    expect(pam.locator("main")).to_contain_text("21 days")
    keep(pam, "comparison")
    pam.goto(change)
    pam.get_by_role("link", name="Scenarios", exact=True).click()
    pam.get_by_role("button", name="Run all").click()
    expect(pam.locator("#state")).to_contain_text("All 4 pass", timeout=30_000)
    keep(pam, "scenarios")
    pam.goto(change)


def mends(pam: Page, url: str, world: World) -> None:
    """When scenarios fail: a step drawn into the procedure stops them; tests/web/test_scenario_mending.py walks that for all days."""
    with world.acting("pam") as (uow, actor):
        change = changes.start(uow, actor, "Identity is checked", pack="mediation")
        drawn = (MEDIATION / "consent-collection.bpmn").read_text()
        way = '<bpmn:sequenceFlow id="each_party__count_answers" sourceRef="each_party" targetRef="count_answers" />'
        step = '<bpmn:userTask id="check_identity" name="Check identity" parley:role="intake" parley:due="P5D" />'
        on = '<bpmn:sequenceFlow id="on" sourceRef="check_identity" targetRef="count_answers" />'
        assert way in drawn
        more = {f"scenarios/{name}.toml": (MEDIATION / f"scenarios/{name}.toml").read_bytes() for name in ("consented", "consent-called")}
        told = drawn.replace(way, step + on + way.replace('"count_answers"', '"check_identity"'))
        change_files.put_many(uow, actor, change.id, {"consent-collection.bpmn": told.encode(), **more})
    pam.goto(f"{url}/procedures/changes/{change.id}/scenarios")
    pam.get_by_role("button", name="Run all").click()
    show = pam.get_by_role("link", name="Show it in").first
    expect(show).to_be_visible(timeout=60_000)
    keep(pam, "mending", pam.locator("#stops"))
    show.click()
    keep(pam, "stopped")
    pam.get_by_role("link", name=re.compile("ida.*Check identity")).click()
    pam.get_by_role("button", name="Do it").click()
    pam.get_by_role("button", name="Run all").click()
    pam.get_by_role("link", name="Do it the same way in all").click(timeout=60_000)
    pam.get_by_role("button", name="Try it in all").click()
    expect(pam.get_by_role("button", name="Keep it in")).to_be_visible(timeout=60_000)
    keep(pam, "same-way")
    pam.get_by_role("button", name="Keep it in").click()
    expect(pam.locator("#state")).to_contain_text("All 6 pass", timeout=60_000)


def reminds_later(pam: Page, dan: Page, url: str) -> None:
    """5: a reminder, which is live at once."""
    pam.goto(f"{url}/procedures/consent-collection")
    pam.get_by_role("button", name="Change this procedure").click()
    pam.locator("p.crumbs a").last.click()
    title, change = pam.locator("h1").inner_text(), pam.url
    pam.get_by_role("link", name="Rules, roles and words").click()
    pam.get_by_role("link", name="Deadlines and reminders").click()
    pam.get_by_role("link", name="Consent and pledges", exact=True).click()
    pam.get_by_text("Step 1.").click()
    pam.get_by_label("Step 1, how long, number").fill("5")
    keep(pam, "reminder")
    pam.get_by_role("button", name="Save").click()
    pam.goto(change)
    moving = pam.locator("section", has=pam.get_by_role("heading", name="Running deadlines that this moves"))
    expect(moving.get_by_role("row").filter(has_text="Answer the consent request")).to_contain_text("4")
    keep(pam, "deadlines", moving)
    send(pam, "Reminders came before people had read the request")
    approve(dan, url, title, "5 days")


def rehearses(pam: Page, url: str, axe: Axe, number: str) -> None:
    """6: what would become of running cases, and the proposal."""
    pam.goto(f"{url}/procedures/mediation-case")
    keep(pam, "versions", pam.get_by_role("link", name="Bring running cases"))
    pam.get_by_role("link", name="Bring running cases to another version").click()
    expect(pam.get_by_role("listitem").filter(has_text="at its step")).to_contain_text("1")
    expect(pam.locator("main")).not_to_contain_text(number)
    assert axe(pam) == []
    keep(pam, "rehearsal")
    pam.get_by_label(re.compile("Why")).fill("The longer time is for everybody")
    pam.get_by_role("button", name="Propose it").click()


def brings_over_and_back(sue: Page, url: str, world: World) -> None:
    """6: a supervisor decides, and undoes it."""
    sue.goto(f"{url}/inbox")
    sue.get_by_role("link", name=re.compile("^Decide: ")).click()
    keep(sue, "decide")
    sue.get_by_role("button", name="Approve: bring the cases over").click()
    sweeps.until_quiet(world.store)  # as the scheduler does
    sue.reload()
    expect(sue.get_by_role("listitem").filter(has_text="went over")).to_contain_text("1")
    keep(sue, "brought-over")
    sue.get_by_role("button", name="Undo: bring the cases back").click()
    sweeps.until_quiet(world.store)
    sue.reload()
    expect(sue.get_by_role("listitem").filter(has_text="came back as they were")).to_contain_text("1")


def test_the_page_is_walked_from_an_edit_to_cases_on_the_new_version_and_back(new_page: NewPage, url: str, world: World, axe: Axe) -> None:
    before = consenting(world)
    pam, dan, sue = (sign_in(new_page(viewport=SIZE), url, name) for name in ("pam", "dan", "sue"))
    opens(pam, url, axe)
    edits(pam)
    checks(pam)

    title = pam.locator("h1").inner_text()
    send(pam, "Two weeks are too short for families")
    approve(dan, url, title, "21 days", "approval")
    after = consenting(world)
    assert days(world, before, "consent_expires") == {14}
    assert days(world, after, "consent_expires") == {21}

    reminds_later(pam, dan, url)
    assert days(world, before, rule="consent/1") == days(world, after, rule="consent/1") == {5}

    rehearses(pam, url, axe, before.number)
    brings_over_and_back(sue, url, world)
    assert days(world, before, "consent_expires") == {14}
    if os.environ.get(WANTED):
        mends(pam, url, world)
