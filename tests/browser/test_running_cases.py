"""A step is added to a procedure with fifty running cases: rehearsed, brought over and undone in a real browser."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from engine import clock, store
from engine.model.cases import Case
from engine.operations import sweeps
from tests.browser.serving import give_password, served, sign_in
from tests.operations import acts
from tests.operations.conftest import cast
from tests.world import ROOT, World, pack_files

NewPage = Callable[..., Page]
Axe = Callable[[Page], list[str]]
LIBRARY = ROOT / "tests/packs/library"
CASES = 50
STEP = (
    b'<bpmn:userTask id="count-pages" name="Count the pages" parley:due="=settings.checkDue"/>'
    b'<bpmn:sequenceFlow id="f7b" sourceRef="count-pages" targetRef="sign-off-return"/><bpmn:startEvent'
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The library, where a second trustee approves changes, with fifty loans."""
    opened = store.open(f"sqlite:///{tmp_path_factory.mktemp('world') / 'parley.sqlite'}")
    opened.migrate()
    files = pack_files(LIBRARY, LIBRARY / "forms")
    files["pack.toml"] = files["pack.toml"].replace(b"approval = false", b"approval = true")
    told = cast(opened, files)
    told.person("tia", "trustee")
    for name in ("tom", "tia", "kim"):
        give_password(told, name)
    yield told
    opened.close()


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


def longer() -> bytes:
    """The loan with a step more, and another id for the first one."""
    text = (LIBRARY / "loan.bpmn").read_bytes()
    text = text.replace(b'sourceRef="check-return" targetRef="sign-off-return"', b'sourceRef="check-return" targetRef="count-pages"')
    text = text.replace(
        b"<bpmn:flowNodeRef>check-return<", b"<bpmn:flowNodeRef>count-pages</bpmn:flowNodeRef><bpmn:flowNodeRef>check-return<", 1
    )
    return text.replace(b"<bpmn:startEvent", STEP, 1)


def states(world: World, cases: list[Case]) -> tuple[Counter[int], list[bytes]]:
    """How many cases run by which version, and their states."""
    with world.store.reading() as uow:
        found = [store.instances.of_case(uow, case.id)[0] for case in cases]
    return Counter(one.definition_version for one in found), [one.state_blob for one in found]


def publish(page: Page, second: Page, url: str) -> None:
    """One draws, another approves."""
    page.goto(f"{url}/procedures/changes/new")
    page.get_by_label("What is to change").fill("Count the pages")
    page.get_by_role("button", name=re.compile("Begin")).click()
    page.set_input_files("#files", {"name": "loan.bpmn", "mimeType": "application/xml", "buffer": longer()})
    page.get_by_role("button", name="Take in").click()
    page.get_by_role("button", name="Send for approval").click()
    second.goto(f"{url}/inbox")
    second.get_by_role("link", name=re.compile("Approve: Count the pages")).click()
    second.get_by_role("button", name="Approve", exact=True).click()
    expect(second.locator(".toast")).to_contain_text("Approved")


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
    expect(page.get_by_text("This waits for somebody who controls cases")).to_be_visible()

    keeper = sign_in(new_page(), url, "kim")
    keeper.get_by_role("link", name=re.compile("Decide: loan")).click()
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
