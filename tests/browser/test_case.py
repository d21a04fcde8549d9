"""The main job in a real browser: sign in, open a case, answer a request for consent, see the token move."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from engine import clock, store
from engine.model.cases import Case
from tests.browser.serving import give_password, served, sign_in
from tests.processes import telling
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
    told.deploy(pack_files(ROOT / "processes/mediation", ROOT / "forms/mediation"))
    for name, roles in telling.CAST.items():
        told.person(name, *roles)
    for name in ("ana", "ben", "cem"):
        told.person(name, staff=False)
    for name in ("ida", "ana", "mira", "sue", "pam", "ada"):
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
    case = telling.open_case(world)
    telling.take_in(world, case)
    telling.appoint(world, case)
    return case


def _token(page: Page, element: str) -> Locator:
    return page.locator(f".djs-overlays[data-container-id='{element}'] .token")


def test_a_case_is_opened_in_the_browser(page: Page, url: str, world: World) -> None:
    sign_in(page, url, "ida")
    page.get_by_role("link", name="Open a case").click()
    for number, name in enumerate(("ana", "cem")):
        page.locator(f"#seat-{number}-find").fill(name)
        page.get_by_role("button", name="Look").nth(number).click()
        page.get_by_label(f"{name.title()} Example").check()
    for select in page.locator("select:not([name^=seat])").all():
        if "(optional)" not in select.locator("xpath=ancestor::div[@data-field]").inner_text():
            select.select_option(index=1)
    page.get_by_role("button", name="Open the case").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"Case \d{4}-\d{4}"))
    expect(page.locator(".explain")).to_contain_text("Waits for “Record the request”")
    expect(_token(page, "record_request")).to_have_text("1")


def test_consent_is_answered_and_the_token_moves(page: Page, new_page: NewPage, url: str, consenting: Case) -> None:
    sign_in(page, url, "ana")
    page.goto(f"{url}/cases/{consenting.id}")
    expect(_token(page, "answer_consent_request")).to_have_text("1")  # ben is asked too; ana is not told of it
    page.get_by_role("link", name="Answer the consent request").first.click()
    expect(page.get_by_role("group", name="Taking part is voluntary")).to_be_hidden()
    page.get_by_label("Answer now").check()
    expect(page.get_by_role("group", name="Taking part is voluntary")).to_be_visible()
    expect(page.locator("#saved")).to_have_text(re.compile(r"Saved \d\d:\d\d"))
    _agree_to_all(page)
    page.get_by_role("button", name="Send").last.click()
    expect(page.locator(".toast")).to_contain_text("Done: “Answer the consent request” is complete")
    page.goto(f"{url}/cases/{consenting.id}")
    page.locator(".djs-container svg").first.wait_for()
    expect(_token(page, "answer_consent_request")).to_have_count(0)
    staff = sign_in(new_page(), url, "ida")
    staff.goto(f"{url}/cases/{consenting.id}")
    expect(_token(staff, "answer_consent_request")).to_have_text("1")


def _agree_to_all(page: Page) -> None:
    """The first answer of every question that shows, and something in every text."""
    for group in page.locator("form[data-form] fieldset:visible").all():
        first = group.locator("input[type=radio]:visible").first
        if first.count() and not group.locator("input[type=radio]:checked").count():
            first.check()
    for text in page.locator("form[data-form] .field input[type=text]:visible, form[data-form] textarea:visible").all():
        if not text.input_value():
            text.fill("Ana Example")


def test_a_draft_typed_in_the_browser_is_there_after_coming_back(page: Page, url: str, world: World, consenting: Case) -> None:
    task = world.task(consenting, "answer_consent_request", of="ben")
    give_password(world, "ben")
    sign_in(page, url, "ben")
    page.goto(f"{url}/tasks/{task.id}")
    page.get_by_label("Ask something first").check()
    page.locator("textarea:visible").first.fill("How long does it take?")
    expect(page.locator("#saved")).to_have_text(re.compile(r"Saved"))
    page.goto(f"{url}/inbox")
    page.goto(f"{url}/tasks/{task.id}")
    expect(page.locator("textarea:visible").first).to_have_value("How long does it take?")


def test_the_mark_of_the_diagram_library_is_fully_visible(page: Page, url: str, world: World, consenting: Case) -> None:
    sign_in(page, url, "sue")
    for path in (f"/cases/{consenting.id}", "/procedures/consent-collection"):
        page.goto(url + path)
        mark = page.locator(".bjs-powered-by")
        mark.scroll_into_view_if_needed()
        expect(mark).to_be_visible()
        on_top = mark.evaluate(
            "e => { const b = e.getBoundingClientRect(); const at = document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2);"
            " return e.contains(at) && b.width > 20 && getComputedStyle(e).opacity === '1'; }"
        )
        assert on_top, path


def test_a_question_before_an_act_opens_as_a_dialog_and_escape_closes_it(page: Page, url: str, world: World) -> None:
    case = telling.open_case(world, ("ben", "cem"))
    sign_in(page, url, "sue")
    page.goto(f"{url}/cases/{case.id}")
    page.get_by_text("Act", exact=True).click()
    page.get_by_role("link", name="Suspend").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Nothing moves until somebody resumes it")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("Act", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Suspend").click()
    page.get_by_role("dialog").get_by_label("Reason").fill("Waiting for a paper")
    page.get_by_role("dialog").get_by_role("button", name="Suspend").click()
    expect(page.locator(".explain")).to_contain_text("nothing moves until somebody resumes it")


def test_without_script_every_field_shows_with_its_condition_in_words(new_page: NewPage, url: str, world: World, consenting: Case) -> None:
    page = sign_in(new_page(java_script_enabled=False), url, "ida")
    task = world.task(consenting, "answer_consent_request", of="ben")
    page.goto(f"{url}/tasks/{task.id}")
    expect(page.get_by_text("Only when the answer to “What would you like to do?” is").first).to_be_visible()
    expect(page.get_by_role("group", name="Taking part is voluntary")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("ida", ["/inbox", "/inbox?tab=roles", "/notices", "/cases/new", "/account", "/nowhere"]),
        ("ana", ["/inbox", "/cases"]),
        ("sue", ["/cases", "{case}", "{case}?tab=tasks", "{case}?tab=milestones"]),
        ("sue", ["{case}?tab=timeline", "{case}?tab=people", "{case}?tab=records"]),
        ("mira", ["{case}", "{case}?tab=records"]),
        ("pam", ["/procedures", "/procedures/consent-collection", "/procedures/upload"]),
        ("ada", ["/people", "/people/new", "/help/components", "/help/keyboard", "/help/about"]),
    ],
)
def test_pages_break_no_rule_of_accessibility_and_fit_a_small_phone(
    new_page: NewPage, axe: Axe, url: str, consenting: Case, name: str, paths: list[str]
) -> None:
    wide = sign_in(new_page(), url, name)
    small = sign_in(new_page(viewport={"width": 320, "height": 640}, color_scheme="dark", reduced_motion="reduce"), url, name)
    for path in paths:
        address = url + path.replace("{case}", f"/cases/{consenting.id}")
        for page in (wide, small):
            page.goto(address)
            if "/procedures/consent" in path or path == "{case}":
                page.locator(".djs-container svg").first.wait_for()
            assert axe(page) == [], path
        assert small.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_a_refused_upload_is_accessible_and_fits_a_small_phone(new_page: NewPage, axe: Axe, url: str) -> None:
    page = sign_in(new_page(viewport={"width": 320, "height": 640}), url, "pam")
    page.goto(f"{url}/procedures/upload")
    files = pack_files(ROOT / "processes/mediation", ROOT / "forms/mediation")
    broken = files["consent-collection.bpmn"].replace(
        b'parley:form="', b'parley:form="no-such-form-that-has-a-name-without-any-place-to-break-'
    )
    page.set_input_files("#files", [{"name": "consent-collection.bpmn", "mimeType": "text/xml", "buffer": broken}])
    page.get_by_role("button", name="Check and upload").click()
    expect(page.get_by_role("alert")).to_contain_text("nothing was stored")
    page.locator(".djs-container svg").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert axe(page) == []


def test_on_a_phone_what_to_do_comes_before_who_will_see_it(new_page: NewPage, url: str, world: World, consenting: Case) -> None:
    task = world.task(consenting, "answer_consent_request", of="ben")
    page = sign_in(new_page(viewport={"width": 360, "height": 740}), url, "ida")
    page.goto(f"{url}/tasks/{task.id}")
    places = [page.locator(one).first.bounding_box() for one in (".what-to-do", ".aside-first", "form[data-form]")]
    tops = [place["y"] for place in places if place]
    assert len(tops) == 3
    assert tops == sorted(tops)


def test_a_task_with_mistakes_is_accessible_and_the_summary_has_the_focus(
    page: Page, axe: Axe, url: str, world: World, consenting: Case
) -> None:
    task = world.task(consenting, "answer_consent_request", of="ben")
    sign_in(page, url, "ida")
    page.goto(f"{url}/tasks/{task.id}")
    assert axe(page) == []
    page.get_by_role("button", name="Send").last.click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert axe(page) == []
    page.get_by_role("alert").get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.closest('.field') !== null")


def test_the_first_tab_reaches_the_skip_link(page: Page, url: str) -> None:
    sign_in(page, url, "ida")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_rows_come_and_go_in_the_browser_and_are_sent(page: Page, url: str, world: World) -> None:
    case = telling.open_case(world, ("ana", "cem"))
    sign_in(page, url, "ida")
    page.goto(f"{url}/tasks/{world.task(case, 'record_request').id}")
    relations = page.locator("[data-repeat=relations]")
    rows = relations.locator("[data-repeat-rows] > fieldset")
    relations.get_by_role("button", name="Add another").click()
    expect(rows).to_have_count(2)
    expect(rows.nth(1).locator("[data-repeat-number]")).to_have_text("2")
    assert page.evaluate("document.activeElement.closest('[data-repeat-row]') !== null")
    rows.nth(1).get_by_label("Who", exact=True).fill("A neighbour")
    rows.nth(0).get_by_role("button", name="Remove").click()
    expect(rows).to_have_count(1)
    expect(rows.nth(0).get_by_label("Who", exact=True)).to_have_value("A neighbour")
    expect(page.locator("#saved")).to_have_text(re.compile(r"Saved"))
    page.reload()
    expect(rows.get_by_label("Who", exact=True)).to_have_value("A neighbour")


def test_leaving_with_something_unsaved_is_asked_about(page: Page, url: str, world: World) -> None:
    case = telling.open_case(world, ("ben", "ana"))
    sign_in(page, url, "ida")
    page.goto(f"{url}/tasks/{world.task(case, 'record_request').id}")
    page.route("**/draft", lambda route: route.abort())
    page.get_by_label("Summary of the request").fill("Typed while the network is away")
    expect(page.locator("#saved")).to_contain_text("Not saved")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("link", name="Cases", exact=True).click()
    page.wait_for_url(f"{url}/cases")
    assert asked == ["beforeunload"]


def test_the_keyboard_leads_to_the_search_and_to_rooms(page: Page, url: str) -> None:
    sign_in(page, url, "ida")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("gc")
    assert page.url == f"{url}/inbox", "keys rest while somebody types"
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url(f"{url}/cases")


def test_in_the_room_a_tablet_is_enough(new_page: NewPage, url: str, world: World, axe: Axe) -> None:
    case = telling.in_mediation(world)
    page = sign_in(new_page(viewport={"width": 768, "height": 1024}), url, "mira")
    console = f"{url}/cases/{case.id}/panels/console"
    page.goto(console)
    buttons = page.locator(".entry-adds a")
    assert all(box is not None and box["height"] >= 64 for box in (one.bounding_box() for one in buttons.all()))
    assert axe(page) == []
    buttons.filter(has_text="Something happened").click()
    page.get_by_label("Insult").check()
    page.get_by_label("Pause").check()
    page.get_by_role("button", name="Keep it").last.click()
    expect(page.locator(".toast")).to_contain_text("Kept: Something happened")
    buttons.filter(has_text="Private meeting: Ben Example").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Private meeting – Ben Example")
    assert axe(page) == []
    page.get_by_label("What was said").fill("A quiet word")
    expect(page.locator("#saved")).to_contain_text("Saved")
    page.reload()
    expect(page.get_by_label("What was said")).to_have_value("A quiet word")
    page.get_by_role("button", name="Keep it").last.click()
    expect(page.locator(".panel-entry").filter(has_text="A quiet word")).to_contain_text("Ben Example")
    other = sign_in(new_page(), url, "ana")
    answer = other.goto(console)
    assert answer is not None
    assert answer.status == 404
    other.goto(f"{url}/cases/{case.id}?tab=records")
    assert "A quiet word" not in other.content()


def test_the_map_leads_to_the_cases_at_a_step_and_its_table_to_the_drawing(page: Page, url: str, consenting: Case) -> None:
    sign_in(page, url, "sue")
    page.goto(f"{url}/map")
    page.get_by_role("link", name="Mediation case", exact=True).click()
    row = page.locator("table.heat-table tbody tr").filter(has=page.locator("[data-show-element=consent_collection]"))
    shown = row.locator("button[data-show-element]")
    element = shown.get_attribute("data-show-element")
    expect(_token(page, str(element))).to_be_visible()
    shown.click()
    expect(page.locator(f".djs-element[data-element-id='{element}']")).to_be_in_viewport()
    page.locator(f".djs-element[data-element-id='{element}'].leads").click()
    page.wait_for_url(f"{url}/cases?element=mediation-case/{element}")
    expect(page.locator("table.cards")).to_contain_text(consenting.number)
    page.go_back()
    row.get_by_role("link").click()
    expect(page.locator("table.cards")).to_contain_text(consenting.number)


def test_who_looks_after_cases_steps_in_by_each_act_with_what_it_does_said_before(page: Page, url: str, world: World, axe: Axe) -> None:
    case = telling.open_case(world)
    telling.take_in(world, case)
    sign_in(page, url, "sue")

    def act(label: str, said: str, choose: Callable[[], object] | None = None) -> None:
        """One act from the page of all acts; the first of those called so."""
        page.goto(f"{url}/cases/{case.id}/acts")
        page.locator("main a", has_text=label).first.click()
        if choose is not None:
            choose()
            page.get_by_role("button", name="See what happens").click()
        expect(page.locator("table.effects")).to_be_visible()
        page.get_by_label("Reason").fill("They asked for it.")
        page.locator("main").get_by_role("button", name=label).click()
        expect(page.locator(".toast")).to_contain_text(said)

    page.goto(f"{url}/cases/{case.id}")
    page.locator("details.acts summary").click()
    page.locator("details.acts a", has_text="Suspend").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("table.effects")).to_contain_text("suspended")
    dialog.get_by_label("Reason").fill("They asked for it.")
    dialog.get_by_role("button", name="Suspend").click()
    expect(page.locator(".explain")).to_contain_text("nothing moves until somebody resumes it")
    act("Resume", "Resumed.")
    act("Give it to somebody", "Given.", lambda: page.locator("#f-person").select_option(index=1))
    due = (clock.now() + timedelta(days=30)).date().isoformat()
    act("Set another due date", "The new due date counts", lambda: page.locator("#f-due").fill(due))
    act("Waive the deadline", "The deadline was waived.")
    act("Go back to an earlier step", "It went back.", lambda: page.locator("input[name=step]:not([disabled])").first.check())
    assert world.names(case) == ["record_request"]
    act("Undo going back", "Going back was undone.")
    page.goto(f"{url}/cases/{case.id}/acts")
    page.locator("main a", has_text="End it").first.click()
    expect(page.locator("table.effects")).to_contain_text("ended")
    assert axe(page) == []
    page.get_by_label("Reason").fill("They asked for it.")
    page.get_by_role("button", name="End it").click()
    expect(page.locator(".toast")).to_contain_text("It was ended.")
    assert _state(world, case) == "terminated"


def _state(world: World, case: Case) -> str:
    with world.store.reading() as uow:
        return str(store.instances.of_case(uow, case.id)[0].state)
