"""The rooms of the studio for everybody: models, changes, forms and scenarios at both widths and schemes; a form is built by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine import clock, store
from tests.browser.serving import give_password, served
from tests.browser.walking import begin
from tests.processes import telling
from tests.world import ROOT, World, pack_files

NewPage = Callable[..., Page]
Axe = Callable[[Page], list[str]]
#: ids that two elements of the open page share
TWICE = """() => [...document.querySelectorAll("[id]")].map((one) => one.id).filter((id, at, all) => all.indexOf(id) !== at)"""
#: inputs of the preview that a form would send
SENT = """() => [...document.querySelectorAll("aside input, aside select, aside textarea")].filter((one) => one.form).length"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The mediation pack with its scenarios and cast, in a file that several threads can use."""
    path: Path = tmp_path_factory.mktemp("world") / "parley.sqlite"
    opened = store.open(f"sqlite:///{path}")
    opened.migrate()
    told = World(opened)
    files = pack_files(ROOT / "processes/mediation", ROOT / "forms/mediation")
    scenarios = (ROOT / "processes/mediation/scenarios").glob("*.toml")
    told.deploy(files | {f"scenarios/{path.name}": path.read_bytes() for path in scenarios})
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


def build(page: Page, change: str, title: str) -> str:
    """A new form of a change; gives its address."""
    page.goto(change)
    page.get_by_label("Its name, as people will read it").fill(title)
    page.get_by_role("button", name="Build a new form").click()
    page.get_by_role("button", name="Build the form").click()
    page.wait_for_url("**/form/*.json")
    return page.url


def add(page: Page, kind: str, name: str, asked: str, answers: str = "") -> None:
    """One more field, from the form's page and back to it."""
    page.get_by_label("Add a field that asks for").select_option(kind)
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_label("Short name").fill(name)
    page.get_by_label("What is asked").fill(asked)
    if answers:
        page.get_by_label("Answers to choose from").fill(answers)
    page.get_by_label("Who may read the answer").select_option("C4")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("aside")).to_contain_text(asked)


# Light and wide is read with every other page, in test_every_page.
@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (360, "light")])
def test_every_room_can_be_used_by_everybody(new_page: NewPage, axe: Axe, url: str, width: int, scheme: str) -> None:
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    change = begin(page, url, f"Looking at {width} {scheme}")
    model = {"name": "aside.bpmn", "mimeType": "application/xml", "buffer": (ROOT / "processes/mediation/session.bpmn").read_bytes()}
    page.goto(f"{url}/procedures/models")
    page.get_by_label("Files").set_input_files(model)
    page.locator("#folder").fill(f"{width} {scheme}")
    page.get_by_role("button", name="Import").click()
    expect(page.locator(".toast")).to_contain_text("Imported")
    folder = page.url
    page.locator("a.row-link").first.click()
    page.wait_for_url(re.compile(r"/models/\w{20,}$"))
    places = [folder, page.url, f"{url}/procedures/changes/new", change, f"{change}/forms/new", f"{change}/scenarios"]
    page.goto(f"{change}/scenarios")
    page.locator("tr", has=page.get_by_role("link", name="A case is opened", exact=True)).get_by_role("button").click()
    page.wait_for_url("**/scenarios/of/**")
    expect(page.get_by_role("heading", name="The walk")).to_be_visible()
    places += [page.url.replace("/of/", f"/{way}/") for way in ("of", "play", "text")]
    places.append(f"{change}/scenarios/coverage/mediation-case")
    page.goto(page.url.replace("/of/", "/play/"))
    places.append(f"{url}{page.locator('td a.button').first.get_attribute('href')}")
    assert "/scenarios/task/" in places[-1]
    for form in ("intake-contact", "session-schedule"):
        places.append(f"{change}/form/{form}.json")
    room = f"{change}/form-fields/intake-contact.json"
    places += [f"{room}?field=contactResult", f"{room}?kind=one", f"{room}?kind=rows"]
    for place in places:
        page.goto(place)
        expect(page.locator("h1")).to_be_visible()
        assert axe(page) == [], place
        assert page.evaluate("document.documentElement.scrollWidth") <= width, place
        assert page.evaluate(TWICE) == [], place


@pytest.mark.parametrize("width", [1280, 360])
def test_a_form_is_built_and_its_preview_sends_nothing(new_page: NewPage, url: str, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 800})
    change = begin(page, url, f"A form at {width}")
    form = build(page, change, "First contact")
    # names that the room's own inputs have too
    add(page, "text", "title", "What do you call it?")
    add(page, "one", "kind", "Which kind?", "loud: Loud\nquiet: Quiet")
    assert page.evaluate(TWICE) == []
    assert page.evaluate(SENT) == 0
    page.locator("tr", has_text="Which kind?").get_by_role("button", name="Up").click()
    expect(page.locator("tbody tr").first).to_contain_text("Which kind?")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(form)
    page.locator("tr", has_text="What do you call it?").get_by_role("button", name="Drop").click()
    expect(page.locator("aside")).not_to_contain_text("What do you call it?")


def test_a_form_of_the_same_key_is_refused_beside_its_field(page: Page, url: str) -> None:
    change = begin(page, url, "Twice the same")
    page.goto(f"{change}/forms/new")
    page.get_by_label("Title").fill("Contact")
    page.get_by_label("Key").fill("intake-contact")
    page.get_by_role("button", name="Build the form").click()
    page.get_by_role("link", name="There is a form “intake-contact” already").click()
    expect(page.get_by_label("Key")).to_be_focused()
    expect(page.get_by_label("Title")).to_have_value("Contact")


def test_the_diagram_room_leads_to_a_step_s_form_and_to_a_new_one(page: Page, url: str) -> None:
    change = begin(page, url, "From a step to its form")
    page.goto(f"{change}/form/intake-contact.json")
    page.get_by_role("link", name="Contact the parties").last.click()
    page.wait_for_url("**/diagram/**")
    panel = page.get_by_role("region", name="What is selected")
    expect(panel.get_by_label("Form to fill in")).to_have_value("intake-contact")
    panel.get_by_role("button", name="New form").click()
    panel.get_by_label("Its title").fill("Intake contact")  # the key of the form that the step has
    panel.get_by_role("button", name="Make the form").click()
    expect(panel.get_by_role("status").filter(has_text="There is a form of that title already")).to_be_visible()
    panel.get_by_label("Its title").fill("Second contact")
    panel.get_by_role("button", name="Make the form").click()
    expect(panel.get_by_label("Form to fill in")).to_have_value("second-contact")
    panel.get_by_role("link", name="Open this form").click()  # what was drawn a moment ago is saved first
    expect(page.get_by_role("heading", name="Second contact")).to_be_visible()
    expect(page.get_by_role("link", name="Contact the parties")).to_be_visible()
