"""A procedure from nothing: drawn, given forms, a condition and a reminder, shown by a scenario, approved by another account, and run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from engine import clock, store
from engine.model.cases import Case
from tests.browser.serving import give_password, served, sign_in
from tests.browser.walking import SAVED, add, approve, begin, content, draw_new, due, opened, pick, send
from tests.processes import answers, telling
from tests.world import ROOT, World, pack_files

NewPage = Callable[..., Page]
Axe = Callable[[Page], list[str]]
STEPS = {"ask_what_they_need": "Ask what they need", "make_the_visit": "Make the visit", "write_the_note": "Write the note"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The mediation pack with its cast. What its own scenarios walk is told elsewhere and would only take time here."""
    opened = store.open(f"sqlite:///{tmp_path_factory.mktemp('world') / 'parley.sqlite'}")
    opened.migrate()
    told = World(opened)
    files = pack_files(ROOT / "processes/mediation", ROOT / "forms/mediation")
    told.deploy({**files, "pack.toml": files["pack.toml"].replace(b"coverage = 90", b"coverage = 1")})
    for name, roles in telling.CAST.items():
        told.person(name, *roles)
    for name in ("ana", "ben"):
        told.person(name, staff=False)
    for name in ("pam", "dan", "sue", "ida"):
        give_password(told, name)
    yield told
    opened.close()


@pytest.fixture
def url(world: World) -> Iterator[str]:
    """Where the pages are."""
    clock.use(world.clock)
    with served(world) as address:
        yield address


def draws(pam: Page) -> None:
    """Three steps and a choice, by the buttons over the diagram."""
    draw_new(pam, "Welcome visit")
    pam.locator("[data-problems] button").first.click()  # the start that leads nowhere yet
    for kind, name in (
        ("user task", "Ask what they need"),
        ("exclusive gateway", "Is a visit wanted?"),
        ("user task", "Make the visit"),
        ("user task", "Write the note"),
        ("end event", "Visit is over"),
    ):
        add(pam, kind, name)
    pick(pam, "is_a_visit_wanted")
    add(pam, "end event", "No visit")


def builds_a_form(pam: Page) -> None:
    """The first step gets a form with one question, built in the form's room and left for the diagram again."""
    panel = pick(pam, "ask_what_they_need")
    panel.get_by_role("button", name="New form").click()
    expect(panel.get_by_label("Its title")).to_have_value("Ask what they need")
    panel.get_by_label("Its title").fill("What they need")
    panel.get_by_role("button", name="Make the form").click()
    expect(panel.get_by_label("Form to fill in")).to_have_value("what-they-need")
    panel.get_by_role("link", name="Open this form").click()
    pam.get_by_label("Add a field that asks for").select_option("one")
    pam.get_by_role("button", name="Add", exact=True).click()
    pam.get_by_label("What is asked").fill("Do they want a visit?")
    pam.get_by_label("Answers to choose from").fill("yes: Yes\nno: No")
    pam.get_by_label("It has to be answered").check()
    pam.get_by_role("button", name="Add", exact=True).click()
    expect(pam.locator("aside")).to_contain_text("Do they want a visit?")
    pam.get_by_role("link", name="Ask what they need").click()
    opened(pam)


def says_when(pam: Page) -> None:
    """One way under a condition over the answer, the other otherwise, as the list of problems asks for."""
    panel = pam.get_by_role("region", name="What is selected")
    problems = pam.locator("[data-problems]")
    problems.get_by_role("button", name=re.compile("Make the visit")).first.click()
    panel.get_by_role("button", name="Add a condition").click()
    row = panel.get_by_role("group", name=re.compile("^Condition on"))
    row.get_by_label("Field").select_option(label="Do they want a visit? (doTheyWantAVisit)")
    row.get_by_label("Value").select_option("yes")
    problems.get_by_role("button", name=re.compile("No visit")).first.click()
    panel.get_by_label("Otherwise: taken when no other condition holds").check()
    expect(problems.locator("li", has_text="To be solved").filter(has_text="Is a visit wanted?")).to_have_count(0)


def says_who_and_until_when(pam: Page) -> None:
    """What the list of problems asks for, step by step, until nothing is left."""
    refused = pam.locator("[data-problems] li", has_text="To be solved")
    for step, name in STEPS.items():
        expect(refused.filter(has_text=name)).to_have_count(2)  # nobody is offered it, and it is never due
        pick(pam, step)
        pam.get_by_label("Role", exact=True).select_option("intake")
        due(pam, "2", "weeks")
    expect(refused).to_have_count(0)


def reminds(pam: Page, axe: Axe) -> None:
    """The last step, which is selected: whoever has it is reminded four days after it came up, and again after as long."""
    panel = pam.get_by_role("region", name="What is selected")
    expect(panel.get_by_label("Name", exact=True)).to_have_value("Write the note")
    expect(panel.get_by_text("As every step of the pack has them.")).to_be_visible()
    panel.get_by_role("button", name="Add a reminder").click()
    asked = panel.get_by_role("group", name="A new reminder")
    asked.get_by_label("Remind", exact=True).fill("4")
    asked.get_by_label("How often").select_option("2")
    assert axe(pam) == []
    asked.get_by_role("button", name="Add this reminder").click()
    expect(panel.get_by_text("8 days after it came up: reminder to whoever has the task")).to_be_visible()
    panel.get_by_role("button", name=re.compile("^Take out: 1 day before it is due")).click()
    expect(panel.get_by_text("1 day before it is due")).to_have_count(0)


def shows_it_by_a_scenario(pam: Page, change: str) -> None:
    """Gone through by clicking: what is done becomes the scenario."""
    expect(pam.locator("[data-status]")).to_have_text(SAVED)
    pick(pam, "no_visit").get_by_label("Name", exact=True).fill("No visit is wanted")
    expect(pam.locator("[data-status]")).to_have_text("Not saved yet")
    pam.get_by_role("link", name="Welcome visits").click()  # what was drawn a moment ago is saved first
    pam.wait_for_url(change)
    assert 'name="No visit is wanted"' in content(pam, change, "welcome-visit.bpmn")
    pam.get_by_role("link", name="Scenarios", exact=True).click()
    pam.get_by_label("What it shows").fill("A visit is wanted and made")
    expect(pam.get_by_label("Procedure that a case of its own begins with")).to_have_value("welcome-visit")
    pam.get_by_role("button", name="Begin").click()
    pam.get_by_role("row", name=re.compile("Ask what they need")).get_by_role("link").click()
    pam.get_by_role("radio", name="Yes").check()
    pam.locator("main form .primary").click()
    for name in ("Make the visit", "Write the note"):
        pam.get_by_role("row", name=re.compile(name)).get_by_role("link").click()
        pam.locator("main form .primary").click()
    pam.get_by_role("link", name="Done").click()
    expect(pam.locator("main")).to_contain_text("completes “Write the note”")
    pam.goto(change)


def runs(sue: Page, ida: Page, url: str, case: Case) -> None:
    """A supervisor starts it on a case; whoever does intake does its steps, but for the last."""
    sue.goto(f"{url}/cases/{case.id}")
    sue.locator("summary", has_text="Act").click()
    sue.get_by_role("link", name="Start a procedure on this case").click()
    sue.get_by_label("Procedure", exact=True).select_option("welcome-visit")
    sue.get_by_role("button", name="Start it").click()
    expect(sue.locator("main")).to_contain_text("Ask what they need")
    for name in STEPS.values():
        ida.goto(f"{url}/inbox?tab=roles")
        ida.get_by_role("link", name=name).click()
        if name == STEPS["write_the_note"]:
            break  # it stays open, so that its reminder is ahead
        if name == STEPS["ask_what_they_need"]:
            ida.get_by_role("radio", name="Yes").check()
        ida.get_by_role("button", name=re.compile("^(Send|Mark as done)$")).last.click()
        expect(ida.locator(".toast")).to_be_visible()


def reminders(world: World, case: Case) -> list[tuple[int, str | None]]:
    """The next rung of what is open in the case for the drawn step: days after it came up, and its rule."""
    with world.store.reading() as uow:
        found = store.timers.of_case(uow, case.id)
    return [((one.due_at - one.anchor_at).days, one.rule) for one in found if one.rule and one.rule.startswith("write-the-note")]


def test_three_steps_are_drawn_from_nothing_approved_and_run(new_page: NewPage, url: str, world: World, axe: Axe) -> None:
    pam = new_page()
    change = begin(pam, url, "Welcome visits")
    draws(pam)
    builds_a_form(pam)
    says_when(pam)
    says_who_and_until_when(pam)
    reminds(pam, axe)
    shows_it_by_a_scenario(pam, change)
    send(pam, "People who are new to the program want to be visited")

    approve(sign_in(new_page(), url, "dan"), url, "Welcome visits", "A choice: Is a visit wanted?", "4 days", "What they need")

    case = world.open_case("ida", "mediation", [("party", "ana"), ("party", "ben")], answers.OPENING)
    runs(sign_in(new_page(), url, "sue"), sign_in(new_page(), url, "ida"), url, case)
    assert reminders(world, case) == [(4, "write-the-note/1")]
