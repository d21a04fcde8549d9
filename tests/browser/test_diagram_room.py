"""The diagram room in a real browser: words, not code; nothing lost; problems beside what they are about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine import clock, store
from tests.browser.serving import give_password, served, sign_in
from tests.browser.walking import SAVED, add, begin, content, draw, draw_new, due
from tests.processes import telling
from tests.world import ROOT, World, pack_files

NewPage = Callable[..., Page]
Axe = Callable[[Page], list[str]]
FILE = "consent-collection.bpmn"
#: what people type, and what is offered then
PLAIN = [
    *((words, "Exclusive gateway") for words in ("choice", "question", "decision", "if")),
    *((words, "Timer intermediate catch event") for words in ("wait", "timer", "date")),
    *((words, "User task") for words in ("person", "task", "form")),
    ("at the same time", "Parallel gateway"),
    ("message", "Message intermediate catch event"),
    ("signal", "Signal intermediate catch event"),
    ("end", "End event"),
    ("reminder", "Timer boundary event (non-interrupting)"),
]


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
    told.person("pia", "program_manager")
    for name in ("pam", "pia"):
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


def test_an_expiry_is_changed_from_14_to_21_days_in_words(page: Page, url: str, axe: Axe) -> None:
    change = begin(page, url, "Longer consent")
    draw(page, change, FILE, "consent_expires")
    panel = page.get_by_role("region", name="What is selected")
    expect(panel.get_by_label("Setting", exact=True)).to_have_value("consentExpiry")
    expect(panel.get_by_label("Its value")).to_have_value("14")
    panel.get_by_label("Its value").fill("90")
    panel.get_by_role("button", name="Change the setting to 90 days").click()
    expect(panel.get_by_role("status")).to_contain_text("60")  # the bounds of the pack, in words
    panel.get_by_label("Its value").fill("21")
    panel.get_by_role("button", name="Change the setting to 21 days").click()
    expect(panel.get_by_role("status")).to_have_text("The setting is 21 days in this change; it was 14 days.")
    assert 'consentExpiry = { type = "duration", default = "P21D"' in content(page, change, "pack.toml")
    panel.get_by_role("button", name="Back to 14 days").click()
    expect(panel.get_by_label("Its value")).to_have_value("14")
    assert axe(page) == []


def test_working_time_is_chosen_in_words_and_read_back(page: Page, url: str) -> None:
    change = begin(page, url, "Working time")
    draw(page, change, FILE, "call_party")
    due(page, "5", "days")
    counted = page.get_by_label("Counted in", exact=True)
    expect(counted).to_have_value("")
    counted.select_option(label="Working time: Office hours")
    expect(page.get_by_label("Unit").first).not_to_contain_text("weeks")
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    assert 'parley:due="=working duration(&#34;P5D&#34;, calendar)"' in content(page, change, FILE)
    draw(page, change, "intake-screening.bpmn", "contact_parties")
    expect(page.get_by_label("Due", exact=True)).to_have_value("setting")  # what was written by hand is read back in words
    expect(counted.locator("option:checked")).to_have_text("Working time: Office hours")
    counted.select_option(label="Calendar time")
    due(page, "2", "weeks")
    expect(counted.locator("option", has_text="Office hours")).to_be_disabled()
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    assert 'parley:due="P2W"' in content(page, change, "intake-screening.bpmn")


def test_a_broken_step_is_told_beside_it_and_undone(page: Page, url: str) -> None:
    change = begin(page, url, "Broken")
    draw(page, change, FILE, "answer_party_question")
    expect(page.locator("[data-problem-summary]")).not_to_have_text("Looking…")
    page.get_by_label("Role", exact=True).select_option("program_manager")
    problem = page.locator("[data-problems] li", has_text="To be solved").first
    expect(problem).to_contain_text("Answer the party's question")
    mark = page.locator(".djs-overlays[data-container-id=answer_party_question] .problem-mark")
    expect(mark).to_have_text("!")
    expect(page.locator("[data-status]")).to_have_text(SAVED)  # what cannot run is kept all the same
    assert 'parley:role="program_manager"' in content(page, change, FILE)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-problems] li", has_text="To be solved")).to_have_count(0)
    expect(mark).to_have_count(0)
    expect(page.get_by_label("Role", exact=True)).to_have_value("mediator")


def test_a_condition_is_built_from_rows_and_read_back_from_feel(page: Page, url: str) -> None:
    change = begin(page, url, "Conditions")
    draw(page, change, FILE, "explanation_needed__explain_consent")
    rows = page.get_by_role("group", name=re.compile("^Condition on"))
    expect(rows).to_have_count(2)
    expect(rows.first.get_by_label("Value")).to_have_value("given")
    rows.first.get_by_label("Value").select_option("expired")
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    assert 'consentState = "expired" and explanationNeeded' in content(page, change, FILE)
    page.get_by_role("button", name="Undo").click()
    expect(rows.first.get_by_label("Value")).to_have_value("given")
    page.get_by_role("button", name="Add a condition").click()
    rows.nth(2).get_by_label("Field").select_option("settings.partiesNeeded")
    expect(page.get_by_text("Give the value to compare with.")).to_be_visible()  # nothing is written before it is whole
    rows.nth(2).get_by_label("Comparison").select_option(">=")
    page.get_by_label("How they are joined").select_option("or")
    rows.nth(2).get_by_label("Value").fill("2")
    rows.nth(2).get_by_label("Value").press("Tab")
    expect(page.get_by_text("Give the value to compare with.")).to_be_hidden()
    page.get_by_role("button", name="Undo").click()  # one step: the rest was not whole yet
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Write it as FEEL").click()
    expect(page.locator(".bio-properties-panel-feel-editor-container")).to_contain_text('consentState = "given"')
    page.get_by_role("button", name="Build it from rows").click()
    expect(rows).to_have_count(2)


def test_without_a_connection_edits_are_kept_and_offered_on_return(page: Page, url: str) -> None:
    change = begin(page, url, "Offline")
    draw(page, change, FILE, "call_party")
    page.context.set_offline(True)
    page.get_by_label("Name", exact=True).fill("Phone the party")
    expect(page.locator("[data-status]")).to_contain_text("kept in this browser")
    page.on("dialog", lambda dialog: dialog.accept())  # the browser asks before it leaves what is not saved
    page.goto("about:blank")
    page.context.set_offline(False)
    assert "Phone the party" not in content(page, change, FILE)
    page.goto(f"{change}/diagram/{FILE}")
    page.get_by_role("button", name="Take them").click()
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    assert "Phone the party" in content(page, change, FILE)


def test_whoever_was_signed_out_is_told_and_keeps_what_was_drawn(page: Page, url: str) -> None:
    change = begin(page, url, "Signed out")
    draw(page, change, FILE, "call_party")
    page.wait_for_load_state("networkidle")  # an answer on its way would bring the session back
    page.context.clear_cookies()
    page.get_by_label("Name", exact=True).fill("Phone the party")
    expect(page.locator("[data-status]")).to_contain_text("kept in this browser")
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(page, url, "pam")
    page.goto(f"{change}/diagram/{FILE}")
    page.get_by_role("button", name="Take them").click()
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    assert "Phone the party" in content(page, change, FILE)


def test_two_at_once_are_told_and_neither_loses_an_edit(page: Page, new_page: NewPage, url: str) -> None:
    change = begin(page, url, "Two at once")
    draw(page, change, FILE, "call_party")
    other = new_page()
    sign_in(other, url, "pia")
    draw(other, change, FILE, "call_party")
    expect(other.locator("[data-others]")).to_contain_text("Pam Example has this open too.")
    other.get_by_label("Name", exact=True).fill("Ring the party")
    expect(other.locator("[data-status]")).to_have_text(SAVED)
    # Gone, so that no further save of hers comes between the question and its answer: that would rightly be asked about anew.
    other.close()
    page.get_by_label("Name", exact=True).fill("Phone the party")
    dialog = page.get_by_role("dialog", name="Somebody else saved this file")
    expect(dialog).to_be_visible()
    assert "Ring the party" in content(page, change, FILE)
    dialog.get_by_role("button", name="Keep mine").click()
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    assert "Phone the party" in content(page, change, FILE)


def test_the_room_draws_only_what_the_engine_runs_and_goes_by_keyboard(page: Page, url: str) -> None:
    change = begin(page, url, "Menus")
    draw(page, change, FILE, "which_answer")
    page.locator(".djs-context-pad [data-action=replace]").click()
    menu = page.locator(".djs-popup")
    expect(menu).to_contain_text("Parallel gateway")
    expect(menu).not_to_contain_text("Complex gateway")
    page.keyboard.press("Escape")
    page.get_by_role("region", name="Diagram").locator("svg").first.focus()
    page.keyboard.press("Control+f")
    page.keyboard.type("call_party")  # an id is looked for where no name fits
    expect(page.locator(".djs-search-result").first).to_contain_text("Call the party")
    page.keyboard.press("Control+a")
    page.keyboard.type("Call the party")
    expect(page.locator(".djs-search-result").first).to_have_text(re.compile(r"Call the party\s*Step for a person"))
    page.keyboard.press("Enter")
    expect(page.locator(".bio-properties-panel-header")).to_contain_text("Call the party")
    found, palette = (page.locator(one).first.bounding_box() for one in (".djs-shape[data-element-id=call_party]", ".djs-palette"))
    assert found
    assert palette
    assert found["x"] > palette["x"] + palette["width"]  # beside what could cover it
    page.locator(".djs-context-pad [data-action=replace]").click()
    menu.locator("input").press_sequentially("work out")  # in plain words, as where steps are added
    expect(menu.get_by_role("option")).to_contain_text("Script task")
    expect(menu.get_by_role("option")).to_contain_text("Something worked out")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Try it out").press("Enter")
    expect(page.get_by_role("button", name="Try it out")).to_have_attribute("aria-pressed", "true")


def test_the_mark_of_the_library_is_fully_visible_in_both_rooms(page: Page, url: str, axe: Axe) -> None:
    change = begin(page, url, "Marks")
    for room in (f"diagram/{FILE}", "tables/review-rating.dmn"):
        page.goto(f"{change}/{room}")
        expect(page.locator("[data-status]")).to_have_text("Opened")
        mark = page.locator(".bjs-powered-by:visible, .dmn-js-parent .bjs-powered-by:visible, [class*=powered-by]:visible").first
        mark.scroll_into_view_if_needed()
        on_top = mark.evaluate(
            "e => { const b = e.getBoundingClientRect(); const at = document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2);"
            " return e.contains(at) && b.width > 20 && getComputedStyle(e).opacity === '1'; }"
        )
        assert on_top, room
        assert axe(page) == []


def test_a_cell_of_a_table_is_changed_saved_and_undone(page: Page, url: str) -> None:
    change = begin(page, url, "Rating")
    page.goto(f"{change}/tables/review-rating.dmn")
    cell = page.locator("td.input-cell", has_text=">= 5")
    cell.click()
    page.keyboard.press("Control+a")
    page.keyboard.type(">= 6")
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    assert "&gt;= 6" in content(page, change, "review-rating.dmn")
    for _ in range(8):  # the editor takes what is typed in several steps
        page.get_by_role("button", name="Undo").click()
    expect(page.locator("td.input-cell", has_text=">= 5")).to_be_visible()


def test_three_steps_are_drawn_from_nothing_by_keyboard_and_their_problems_solved(page: Page, url: str) -> None:
    change = begin(page, url, "From nothing")
    draw_new(page, "Library visit")
    page.locator("[data-problems] button").first.press("Enter")
    for kind, name in (("user task", "Ask what they need"), ("user task", "Note the visit"), ("end event", "Visit is over")):
        add(page, kind, name)
    refused = page.locator("[data-problems] li", has_text="To be solved")
    expect(refused.filter(has_text="Nobody is offered this task")).to_have_count(2)
    for name in ("Ask what they need", "Note the visit"):
        page.locator("[data-problems] button", has_text=name).first.press("Enter")
        page.get_by_label("Role", exact=True).select_option("intake")
        due(page, "2", "weeks")
    expect(refused).to_have_count(0)
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    drawn = content(page, change, "library-visit.bpmn")
    assert 'userTask id="ask_what_they_need"' in drawn  # ids that people can read in scenarios and comparisons
    assert drawn.count('parley:role="intake"') == 2
    assert drawn.count('parley:due="P2W"') == 2


def test_what_is_copied_in_one_tab_is_pasted_in_another_with_all_it_says(page: Page, url: str) -> None:
    change = begin(page, url, "Two tabs")
    draw(page, change, FILE, "call_party")
    expect(page.locator(".djs-shape[data-element-id=call_party]")).to_have_class(re.compile("selected"))
    page.get_by_role("region", name="Diagram").locator("svg").first.focus()
    page.wait_for_load_state("networkidle")  # what is known of the step draws its panel anew
    page.keyboard.press("Control+c")
    assert page.evaluate("() => localStorage.getItem('parley-copied')")
    other = page.context.new_page()
    draw(other, change, "overdue-task.bpmn")
    end = other.locator(".djs-shape[data-element-id=looked_into]").bounding_box()
    assert end
    beside = (end["x"] + 90, end["y"] + 10)  # in the lane
    other.mouse.move(beside[0], beside[1] + 20)
    other.get_by_role("region", name="Diagram").locator("svg").first.focus()
    other.keyboard.press("Control+v")
    other.mouse.move(*beside, steps=5)
    expect(other.locator(".djs-dragger").first).to_be_visible()  # what is pasted hangs on the pointer before it is put down
    other.mouse.click(*beside)
    expect(other.get_by_label("Name", exact=True)).to_have_value("Call the party")
    expect(other.get_by_label("Form to fill in")).to_have_value("consent-call")
    expect(other.locator("[data-status]")).to_have_text(SAVED)
    assert 'parley:form="consent-call"' in content(other, change, "overdue-task.bpmn")
    assert content(other, change, FILE).count('name="Call the party"') == 1


def test_tokens_walk_while_it_is_tried_out_and_leave_nothing_behind(page: Page, url: str) -> None:
    change = begin(page, url, "Tried out")
    draw(page, change, "overdue-task.bpmn")
    before = content(page, change, "overdue-task.bpmn")
    switch = page.get_by_role("button", name="Try it out")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".djs-palette .entry").first).to_be_hidden()
    page.locator("[data-container-id=task_is_late]").get_by_title("Trigger Event").click()  # a token begins at the start
    expect(page.locator(".bts-token")).to_be_visible()
    expect(page.locator("[data-container-id=looked_into] .bts-element-notification")).to_be_visible()  # it came to the end
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".djs-palette .entry").first).to_be_visible()
    expect(page.locator(".bts-token, .bts-context-pad")).to_have_count(0)
    expect(page.locator("[data-status]")).to_have_text("Opened")
    assert content(page, change, "overdue-task.bpmn") == before


def test_a_diagram_opens_readable_and_beside_the_palette(page: Page, url: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    change = begin(page, url, "Opening")
    for name in (FILE, "overdue-task.bpmn"):
        draw(page, change, name)
        zoom = page.locator(".modeler-canvas .viewport").first.evaluate("e => e.getCTM().a")
        assert 0.6 <= zoom <= 1
        palette = page.locator(".djs-palette").bounding_box()
        first = page.locator(".modeler-canvas .djs-shape[data-element-id]", has=page.locator("circle")).first.bounding_box()
        canvas = page.locator(".modeler-canvas").bounding_box()
        assert palette
        assert first
        assert canvas
        assert palette["x"] + palette["width"] < first["x"] < canvas["x"] + canvas["width"]
        assert canvas["y"] < first["y"] < canvas["y"] + canvas["height"]


def test_keys_of_the_pages_do_not_leave_the_room(page: Page, url: str) -> None:
    change = begin(page, url, "Keys")
    draw(page, change, FILE, "which_answer")
    here = page.url
    panel = page.get_by_role("region", name="What is selected")
    for place in (
        lambda: page.locator(".djs-shape[data-element-id=call_party]").click(),
        panel.focus,
        lambda: page.evaluate("document.activeElement.blur()"),
    ):
        place()
        for keys in ("?", "g", "i"):
            page.keyboard.press(keys)
    page.wait_for_load_state("networkidle")
    assert page.url == here


def test_plain_words_find_and_name_what_bpmn_calls_otherwise(page: Page, url: str) -> None:
    change = begin(page, url, "Plain words")
    draw(page, change, FILE, "which_answer")
    expect(page.locator(".bio-properties-panel-header")).to_contain_text("Choice")
    for entry in page.locator(".djs-palette .entry").all():
        assert entry.get_attribute("title")
    page.get_by_role("button", name="Add …").press("Enter")
    box = page.locator(".djs-popup input")
    for words, found in PLAIN:
        box.fill(words)
        entries = page.locator(".djs-popup .entry .djs-popup-label")
        expect(entries.filter(has_text=re.compile(f"^{re.escape(found)}$")), words).to_be_visible()


def test_150_steps_are_there_when_the_room_says_opened(page: Page, url: str, record_property: Callable[[str, object], None]) -> None:
    change = begin(page, url, "Large")
    draw(page, change, FILE)  # warm: what the room loads is in the browser
    token = page.locator("[data-token]").get_attribute("data-token") or ""
    headers = {"If-Match": '"0"', "X-CSRF-Token": token, "Content-Type": "application/octet-stream"}
    assert page.request.put(f"{change}/files/large.bpmn", data=large(150), headers=headers).ok
    draw(page, change, "large.bpmn")
    expect(page.locator(".modeler-canvas .djs-shape")).to_have_count(150)
    record_property("milliseconds", page.evaluate("performance.now()"))


def large(number: int) -> str:
    """A diagram of steps one after another, in rows of 15."""
    places = [(180 + n % 15 * 160, 100 + n // 15 * 140) for n in range(number)]
    nodes = "".join(f'<bpmn:userTask id="n{n}" name="Step {n}" />' for n in range(number))
    flows = "".join(f'<bpmn:sequenceFlow id="f{n}" sourceRef="n{n}" targetRef="n{n + 1}" />' for n in range(number - 1))
    shapes = "".join(
        f'<bpmndi:BPMNShape id="n{n}_di" bpmnElement="n{n}"><dc:Bounds x="{x}" y="{y}" width="100" height="80" /></bpmndi:BPMNShape>'
        for n, (x, y) in enumerate(places)
    )
    edges = "".join(
        f'<bpmndi:BPMNEdge id="f{n}_di" bpmnElement="f{n}"><di:waypoint x="{places[n][0] + 100}" y="{places[n][1] + 40}" />'
        f'<di:waypoint x="{places[n + 1][0]}" y="{places[n + 1][1] + 40}" /></bpmndi:BPMNEdge>'
        for n in range(number - 1)
    )
    return (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
        'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="large_definitions" targetNamespace="urn:parley:large">'
        f'<bpmn:process id="large" isExecutable="true">{nodes}{flows}</bpmn:process>'
        f'<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="p" bpmnElement="large">{shapes}{edges}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
        "</bpmn:definitions>"
    )
