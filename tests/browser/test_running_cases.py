"""A step is drawn into a procedure with fifty running cases: rehearsed, brought over and undone in a real browser."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from engine import clock, store
from engine.model.cases import Case
from engine.operations.rounds import sweeps
from tests.browser.serving import give_password, served, sign_in
from tests.browser.walking import SAVED, approve, due, opened, send
from tests.operations import acts
from tests.operations.conftest import cast
from tests.world import ROOT, World, pack_files

NewPage = Callable[..., Page]
Axe = Callable[[Page], list[str]]
LIBRARY = ROOT / "tests/packs/library"
CASES = 50
SPACES = {"di": "BPMN/20100524/DI", "dc": "DD/20100524/DC", "dd": "DD/20100524/DI"}
#: where the elements of the loan stand on the canvas: middle, width, height
PLACES = {
    "requested": (100, 200, 36, 36),
    "answer-terms": (240, 200, 100, 80),
    "accepted": (380, 200, 50, 50),
    "refused": (380, 340, 36, 36),
    "recall": (520, 200, 100, 80),
    "called-back": (560, 240, 36, 36),
    "check-return": (660, 200, 100, 80),
    "sign-off-return": (960, 200, 100, 80),
    "closed": (1100, 200, 36, 36),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The library, where a second trustee approves changes, with fifty loans."""
    kept = store.open(f"sqlite:///{tmp_path_factory.mktemp('world') / 'parley.sqlite'}")
    kept.migrate()
    files = pack_files(LIBRARY, LIBRARY / "forms")
    files["loan.bpmn"] = drawn()
    files["pack.toml"] = files["pack.toml"].replace(b"approval = false", b"approval = true")
    told = cast(kept, files)
    told.person("tia", "trustee")
    for name in ("tom", "tia", "kim"):
        give_password(told, name)
    yield told
    kept.close()


@pytest.fixture(scope="module")
def cases(world: World) -> list[Case]:
    """Fifty loans, some lent, one whose return is being checked."""
    clock.use(world.clock)
    found = [acts.loan(world) if number % 5 else acts.lent(world) for number in range(CASES)]
    world.complete("lia", found[0], "recall")
    return found


@pytest.fixture(scope="module")
def url(world: World) -> Iterator[str]:
    with served(world) as address:
        yield address


def drawn() -> bytes:
    """The loan with a drawing, which the pack comes without."""
    text = (LIBRARY / "loan.bpmn").read_text()
    flows = re.findall(r'<bpmn:sequenceFlow id="(\w+)".*? sourceRef="([\w-]+)" targetRef="([\w-]+)"', text)
    shapes = "".join(
        f'<di:BPMNShape id="{name}-shape" bpmnElement="{name}">'
        f'<dc:Bounds x="{x - w // 2}" y="{y - h // 2}" width="{w}" height="{h}"/></di:BPMNShape>'
        for name, (x, y, w, h) in PLACES.items()
    )
    edges = "".join(
        f'<di:BPMNEdge id="{flow}-edge" bpmnElement="{flow}">{_point(PLACES[one], 1)}{_point(PLACES[other], -1)}</di:BPMNEdge>'
        for flow, one, other in flows
    )
    plane = f'<di:BPMNPlane id="plane" bpmnElement="loan">{shapes}{edges}</di:BPMNPlane>'
    spaces = " ".join(f'xmlns:{name}="http://www.omg.org/spec/{where}"' for name, where in SPACES.items())
    text = text.replace("id=", f"{spaces} id=", 1)
    return text.replace("</bpmn:definitions>", f'<di:BPMNDiagram id="diagram">{plane}</di:BPMNDiagram></bpmn:definitions>').encode()


def _point(place: tuple[int, int, int, int], side: int) -> str:
    x, y, width, _height = place
    return f'<dd:waypoint x="{x + side * width // 2}" y="{y}"/>'


def states(world: World, cases: list[Case]) -> tuple[Counter[int], list[bytes]]:
    """How many cases run by which version, and their states."""
    with world.store.reading() as uow:
        found = [store.instances.of_case(uow, case.id)[0] for case in cases]
    return Counter(one.definition_version for one in found), [one.state_blob for one in found]


def draws_a_step(page: Page) -> None:
    """One step more between the check and the sign-off: put on the way between them, named, given to somebody."""
    opened(page)
    page.get_by_role("button", name="Whole").click()
    page.locator(".djs-palette [data-action='create.task']").click()
    way = page.locator(".djs-connection[data-element-id=f7]").bounding_box()
    assert way
    middle = (way["x"] + way["width"] / 2, way["y"] + way["height"] / 2)
    page.mouse.move(middle[0] - 30, middle[1] - 60)
    page.mouse.move(*middle, steps=5)
    page.mouse.click(*middle)
    expect(page.locator(".djs-direct-editing-content")).to_be_visible()
    page.keyboard.type("Count the pages")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="What is selected").get_by_label("Name", exact=True)).to_have_value("Count the pages")
    page.get_by_label("Role", exact=True).select_option("curator")
    due(page, "3", "days")
    expect(page.locator("[data-problem-summary]")).to_have_text("No problems.")
    expect(page.locator("[data-status]")).to_have_text(SAVED)


def publish(page: Page, second: Page, url: str) -> None:
    """One draws, another approves."""
    page.goto(f"{url}/procedures/loan")
    page.get_by_role("button", name="Change this procedure").click()
    draws_a_step(page)
    page.locator("p.crumbs a").last.click()
    page.get_by_label("What is changed").fill("Count the pages")
    send(page, "Pages went missing")
    approve(second, url, "Count the pages", "Count the pages")


def test_fifty_cases_are_rehearsed_brought_over_and_back(
    page: Page, new_page: NewPage, url: str, world: World, cases: list[Case], axe: Axe
) -> None:
    versions, before = states(world, cases)
    assert versions == {1: CASES}
    sign_in(page, url, "tom")
    publish(page, sign_in(new_page(), url, "tia"), url)

    page.goto(f"{url}/procedures/loan")
    page.get_by_role("link", name="Bring running cases to another version").click()
    expect(page.get_by_role("listitem").filter(has_text="stay at their step")).to_contain_text("50")
    expect(page.get_by_role("row").filter(has_text="Answer the terms")).to_contain_text("40")
    assert axe(page) == []
    page.get_by_label(re.compile("Why")).fill("Pages went missing")
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_role("status")).to_contain_text("Who decides: Keeper.")

    keeper = sign_in(new_page(), url, "kim")
    keeper.get_by_role("link", name=re.compile("Decide: Loan")).click()
    keeper.get_by_role("heading", name="The cases").click()
    expect(keeper.get_by_role("link", name=cases[0].number)).to_be_visible()
    keeper.get_by_role("button", name="Approve: bring the cases over").click()
    expect(keeper.get_by_role("listitem").filter(has_text="waiting to go over")).to_contain_text("30")
    sweeps.until_quiet(world.store)  # as the scheduler does
    expect(keeper.get_by_role("listitem").filter(has_text="went over")).to_contain_text("50")
    assert axe(keeper) == []
    assert states(world, cases)[0] == {2: CASES}

    keeper.get_by_role("button", name="Undo: bring the cases back").click()
    sweeps.until_quiet(world.store)
    expect(keeper.get_by_role("listitem").filter(has_text="came back as they were")).to_contain_text("50")
    assert states(world, cases) == (versions, before)


def test_the_rehearsal_fits_a_phone(new_page: NewPage, url: str, world: World, cases: list[Case], axe: Axe) -> None:
    phone = sign_in(new_page(viewport={"width": 360, "height": 740}), url, "tom")
    phone.goto(f"{url}/procedures/loan/migrate?from=1&to=2")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe(phone) == []
