"""Every page of the application in a real browser: a heading, no rule of axe broken, ids that are unique, no wider than a phone.

A page whose address has no parameters is found by itself. One that has some needs an example below; without it the first test
fails and names it, so that nothing new goes unlooked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from api.app import create_app
from api.running import Config, Mode
from api.web.help_guides import GUIDES
from engine import clock, store
from engine.dmn import blank
from engine.operations.content import entries
from engine.operations.content.entries import Asked
from engine.operations.drafting import change_files, changes, models
from engine.operations.releasing import migration
from engine.operations.telling import surveys
from tests.browser import reading
from tests.browser.serving import give_password, served, sign_in
from tests.operations import acts, notebook, shelf
from tests.operations.conftest import cast
from tests.operations.test_scenarios import LENT, OPENED
from tests.operations.test_working_time import OFFICE
from tests.visiting import Visitor
from tests.world import ROOT, World

Axe = Callable[[Page], list[str]]
#: pages of a visit without an account, which tests/browser/test_portal.py looks at
OF_A_VISIT = {"portal.copy", "portal.ask_to_enter", "portal.show_task", "portal.show_done", "portal.ask_to_send",
              "portal.show_survey"}  # fmt: skip
#: what is no page: files, data for scripts, a part of a page, the way to the inbox, what other programs ask
NO_PAGES = {
    "assets.file", "web.icon", "help.picture", "studio.source", "model_folders.download", "telling_page.calendar",
    "files.get", "upload.get", "portal.open_file", "draft.key", "entry_draft.key_new", "entry_draft.key_change",
    "keeping.still", "inbox.mark", "board.mark", "knowledge.show", "running_cases.fragment", "web.home",
    "figure_pages.report", "figure_pages.table", "figure_pages.dictionary",
    "health.live", "health.ready", "health.metrics", "static",
}  # fmt: skip
#: who looks at what the administrator does not
BY = {
    "changes.ask_which": "tom",
    "portal_keys.show": "lia",
    "board.show": "kim", "all_cases.show": "kim", "all_cases.ask_view": "kim", "ladders.show": "kim", "ladders.ask": "kim",
    "map.list_": "kim", "map.show": "kim", "history.history": "kim",
    "opening.start": "lia", "case.show": "kim", "case.ask_message": "lia", "case.ask_participant": "lia",
    "stepping_in.show": "kim", "reassigning.ask": "lia", "stepping_in.ask": "kim",
    "case.ask_start": "kim", "correction.ask": "kim", "task.show": "ben",
    "batch.ask": "lia", "batch.ask_priority": "lia", "inbox.ask_view": "lia",
    "inbox.show": "lia", "inbox.show_notices": "ben", "telling_page.show": "ben", "running_cases.follow": "kim",
    "caseload.show": "kim", "figure_pages.show": "kim", "figure_pages.one": "kim",
    "reports.show": "lia", "papers.show": "cor", "surveys.show": "ben",
    "panels.show": "cor", "panels.ask": "cor", "panels.ask_change": "cor", "panels.ask_release": "cor",
}  # fmt: skip
#: ids that two elements of the open page share
TWICE = """() => [...document.querySelectorAll("[id]")].map((one) => one.id).filter((id, at, all) => all.indexOf(id) !== at)"""
#: what moves for longer than a blink although `prefers-reduced-motion` asks for none
MOVES = """() => [...new Set([...document.querySelectorAll("body *")].filter((one) => {
    const style = getComputedStyle(one);
    const longest = (list) => Math.max(...list.split(",").map(parseFloat));
    return longest(style.transitionDuration) > 0.01 || (style.animationName !== "none" && longest(style.animationDuration) > 0.01);
}).map((one) => `${one.localName}.${one.className}`))]"""
#: one of each kind of what the keyboard reaches that looks the same with the focus as without it
UNSEEN = """() => {
    const reached = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
    const look = (one) => { const s = getComputedStyle(one); return [s.outlineStyle, s.outlineWidth, s.boxShadow, s.borderColor].join(); };
    const kinds = new Map();
    for (const one of document.querySelectorAll(reached)) {
        const kind = `${one.localName}.${one.className}.${one.type ?? ""}`;
        if (!one.disabled && one.tabIndex >= 0 && one.checkVisibility()) kinds.set(kind, one);
    }
    return [...kinds].filter(([, one]) => {
        one.blur();
        const before = look(one);
        one.focus();
        return document.activeElement === one && look(one) === before;
    }).map(([kind]) => kind);
}"""
#: pages are read twice as large on a screen of 1280, and on the narrowest phone (WCAG 1.4.10)
WIDTHS = {640: "when it is read twice as large", 320: "on a small phone"}
PARTS = (
    "calendars", "roles", "lanes", "exclusions", "settings", "variables", "deadline_rules",
    "panels", "tiles", "notices", "telling", "telling-kinds", "classes", "milestones", "case",
)  # fmt: skip


def _of_the_pack_room(pack: str) -> dict[str, list[str]]:
    return {
        "pack_room.show": [pack],
        "pack_room.part": [f"{pack}/{part}" for part in PARTS],
        "pack_room.entry": [
            f"{pack}/deadline_rules/entries/0",
            f"{pack}/roles/entries/keeper",
            f"{pack}/settings/new",
            f"{pack}/panels/entries/0",
            f"{pack}/telling-kinds/new",
        ],
        "pack_calendar_days.show": [f"{pack}/calendars/entries/office/days"],
    }


def examples(known: Mapping[str, str]) -> dict[str, list[str]]:
    """Addresses of the pages that have parameters, by endpoint."""
    case, change = f"/cases/{known['case']}", f"/procedures/changes/{known['change']}"
    run = f"/procedures/{known['instance']}"
    return {
        "case.show": [case, *(f"{case}?tab={tab}" for tab in ("tasks", "milestones", "timeline", "people", "records"))],
        "case.ask_message": [f"/cases/{known['lent']}/messages/BookRecalled"],
        "case.ask_participant": [f"{case}/participants/new"], "portal_keys.show": [f"{case}/participants/{known['borrower']}/entry"],
        "stepping_in.ask": [f"{case}/acts/{kind}?instance={known['instance']}" for kind in ("back", "terminate")],
        "batch.ask_priority": [f"/tasks/{known['lent_task']}/priority"],
        "case.ask_start": [f"{case}/start"], "stepping_in.show": [f"{case}/acts"],
        "panels.show": [f"{case}/panels/{panel}" for panel in ("calls", "wishes", "promises", "desk")],
        "panels.ask": [f"{case}/panels/calls/new/call", f"{case}/panels/desk/new/damage"],
        "panels.ask_change": [f"{case}/panels/promises/entries/{known['promise']}/change"],
        "panels.ask_release": [f"{case}/panels/wishes/entries/{known['wish']}/release"],
        "help.guide": [f"/help/work/{name}" for name in GUIDES],
        "reports.show": [f"{case}/reports/loan-request"], "papers.show": [f"/cases/{known['lent']}/papers/{known['record']}"],
        "surveys.show": [f"/surveys/{known['invitation']}"],
        "figure_pages.one": ["/figures/library/out"],
        "correction.ask": [f"{case}{run}/correct"],
        "task.show": [f"/tasks/{known['task']}"],
        "ladders.ask": [f"/ladders/{known['lent_task']}/steps/1/waiver"],
        "map.show": ["/map/loan?days=365"], "history.history": [f"{case}/history"],
        "people.person": [f"/people/{known['person']}"],
        "studio.definition": ["/procedures/loan"], "compare.versions": ["/procedures/loan/compare"],
        "running_cases.show": ["/procedures/loan/migrate", "/procedures/loan/migrate?from=1&to=2"],
        "running_cases.follow": [f"/procedures/migrations/{known['migration']}"],
        "plain.version": ["/procedures/loan/plain"],
        "studio.deployment": [f"/procedures/deployments/{known['deployment']}"],
        "compare.deployment": [f"/procedures/deployments/{known['deployment']}/compare"],
        "model_folders.one": [f"/procedures/models/{known['model']}"],
        "changes.show": [change, f"/procedures/changes/{known['sketch']}"],
        "compare.change": [f"{change}/compare"],
        "diagram_room.show": [f"/procedures/changes/{known['sketch']}/diagram/session.bpmn"],
        "diagram_room.tables": [f"{change}/tables/fee.dmn"],
        "plain.show": [f"{change}/plain/loan.bpmn", f"{change}/plain/loan.bpmn?edit=answer-terms"],
        "form_room.ask_new": [f"{change}/forms/new"],
        "form_room.show": [f"{change}/form/loan-terms.json"],
        "form_room.field": [f"{change}/form-fields/loan-terms.json?field=answer"],
        "translations.form": [f"{change}/form-translations/loan-terms.json"],
        "changes.ask_which": ["/procedures/changes/of/loan"], "translations.pack": [f"{change}/pack-translations"],
        **_of_the_pack_room(f"{change}/pack"),
        "scenario_room.list_": [f"{change}/scenarios"],
        "scenario_room.show": [f"{change}/scenarios/of/scenarios/lent.toml"],
        "scenario_room.coverage": [f"{change}/scenarios/coverage/loan"],
        "scenario_mending.show": [f"{change}/scenarios/same-way?process=loan&element=recall"],
        "scenario_writing.edit": [f"{change}/scenarios/text/scenarios/lent.toml"],
        "scenario_writing.play": [f"{change}/scenarios/play/scenarios/opened.toml"],
        "scenario_writing.task": [f"{change}/scenarios/task/scenarios/opened.toml?task=answer-terms&who=ben"],
    }


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The library with its cast, in a file that several threads can use."""
    path: Path = tmp_path_factory.mktemp("world") / "parley.sqlite"
    opened = store.open(f"sqlite:///{path}")
    opened.migrate()
    told = cast(opened, reading.in_spanish(notebook.files(shelf.shaky())))
    for name in ("ada", "kim", "lia", "tom", "ben", "cor"):
        give_password(told, name)
    yield told
    opened.close()


@pytest.fixture(autouse=True)
def _time(world: World) -> None:
    clock.use(world.clock)


@pytest.fixture(scope="module")
def app(world: World) -> Flask:
    """The application, for its addresses."""
    return create_app(world.store, Config(mode=Mode.SERVE, secret=b"a secret of the tests, long enough"))


@pytest.fixture(scope="module")
def known(world: World) -> dict[str, str]:
    """One of everything that an address can name."""
    clock.use(world.clock)
    case, lent = acts.loan(world), acts.lent(world)
    with world.acting("cor") as (uow, actor):
        (about,) = world.participant_ids(case, "ben")
        kept = {"promised": "A cover", "promisedFor": "2026-03-05", "promiseState": "open"}
        promise = entries.add(uow, actor, Asked(case.id, "promises", "promise"), kept)
        wish = entries.add(uow, actor, Asked(case.id, "wishes", "wish", about), {"wished": "More light"})
    files = reading.in_spanish(notebook.files(shelf.shaky()))
    files["loan.bpmn"] = files["loan.bpmn"].replace(b'name="Answer the terms"', b'name="Answer what is asked"')
    files["pack.toml"] += OFFICE.encode()
    deployed = world.deploy(files).deployment
    with world.acting("tom") as (uow, actor):
        change = changes.start(uow, actor, "To look at", pack="library")
        new = {"fee.dmn": blank.table("fee", "Fee"), "scenarios/lent.toml": LENT.encode(), "scenarios/opened.toml": OPENED.encode()}
        for name, content in new.items():
            change_files.save(uow, actor, change.id, name, content, 0)
        sketch = changes.start(uow, actor, "Only a sketch", pack="library")
        change_files.save(uow, actor, sketch.id, "session.bpmn", (ROOT / "processes/mediation/session.bpmn").read_bytes(), 0)
        model = models.import_(uow, actor, "aside.bpmn", files["loan.bpmn"])
        proposed = migration.propose(uow, actor, "loan", 1, 2, {})
        surveys.invite(uow, case, world.people["ben"].id, "opinion-asked")
    with world.store.reading() as uow:
        (invited,) = store.surveys.of_case(uow, case.id)
        record = next(one.id for one in store.records.of_case(uow, lent.id) if one.cls == "C4")
    return {
        "record": record, "invitation": invited.id,
        "case": case.id, "lent": lent.id, "instance": acts.instance(world, case).id, "task": world.task(case, "answer-terms").id,
        "borrower": next(iter(world.participant_ids(case, "ben"))),
        "lent_task": world.task(lent, "recall").id,
        "person": world.people["kim"].id, "change": change.id, "sketch": sketch.id,
        "promise": promise, "wish": wish, "model": model.id, "migration": proposed.id, "deployment": deployed.id,
    }  # fmt: skip


def addresses(app: Flask, known: Mapping[str, str]) -> dict[str, list[str]]:
    """The addresses of every page, by endpoint; none where an example is missing."""
    given = examples(known)
    found: dict[str, list[str]] = {}
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.startswith("/api/") or rule.endpoint in NO_PAGES | OF_A_VISIT:
            continue
        found.setdefault(rule.endpoint, []).extend(given.get(rule.endpoint, ()) if rule.arguments else [rule.rule])
    return found


def test_every_page_that_has_parameters_has_an_example(app: Flask, known: dict[str, str]) -> None:
    found = addresses(app, known)
    assert [endpoint for endpoint, paths in found.items() if not paths] == [], "add an example, or name it among what is no page"
    assert examples(known).keys() - found.keys() == set(), "examples of pages that are not there any more"


def test_no_page_says_in_english_what_has_a_translation(app: Flask, world: World, known: dict[str, str]) -> None:
    found: dict[str, list[str]] = {}
    people: dict[str, Visitor] = {}
    sentences = reading.sentences()
    of_pack = reading.marked(notebook.files(shelf.shaky()))
    for endpoint, paths in addresses(app, known).items():
        by = BY.get(endpoint, "ada")
        if by not in people:
            people[by] = Visitor(app.test_client()).sign_in_as(world, by)
            with people[by].client.session_transaction() as session:
                session["language"] = "es"
        for path in paths:
            texts = reading.seen(people[by].see(path))
            english = texts & (sentences - of_pack if endpoint.split(".")[0] in reading.OF_WRITERS else sentences | of_pack)
            found |= {f"{path} ({endpoint}, {by})": sorted(english)} if english else {}
    assert found == {}, "\n".join(f"{page}: {texts}" for page, texts in found.items())


def looked_at(page: Page, address: str, axe: Axe) -> list[str]:
    """What is wrong with a page: at a desk, for the eyes and by keyboard, read twice as large, and on a small phone."""
    page.set_viewport_size({"width": 1280, "height": 800})
    answer = page.goto(address)
    wrong = [] if answer is not None and answer.ok else [f"answers {answer.status if answer else 'nothing'}"]
    return wrong + shown(page, axe)


def shown(page: Page, axe: Axe) -> list[str]:
    """What is wrong with the page that is open, at a desk."""
    wrong = [] if page.locator("h1").count() == 1 else ["has not just one heading"]
    wrong += axe(page)
    wrong += [f"the id {one} is there twice" for one in page.evaluate(TWICE)]
    wrong += [f"{one} moves, though little motion is asked for" for one in page.evaluate(MOVES)]
    page.keyboard.press("Tab")
    wrong += [f"{one} does not show that it has the focus" for one in page.evaluate(UNSEEN)]
    for width, what in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 740})
        wide = page.evaluate("document.documentElement.scrollWidth")
        wrong += [f"is {wide} wide {what}"] if wide > width else []
    return wrong


def test_every_page_can_be_used_by_everybody(
    new_page: Callable[..., Page], axe: Axe, app: Flask, world: World, known: dict[str, str]
) -> None:
    wrong: dict[str, list[str]] = {}
    with served(world) as url:
        people: dict[str, Page] = {}
        for endpoint, paths in addresses(app, known).items():
            by = BY.get(endpoint, "ada")
            if by not in people:
                people[by] = sign_in(new_page(reduced_motion="reduce"), url, by)
            for path in paths:
                found = looked_at(people[by], f"{url}{path}", axe)
                wrong |= {f"{path} ({endpoint}, {by})": found} if found else {}
        found = _sent_late(people["cor"], f"{url}/cases/{known['case']}/panels/promises/new/promise", axe)
        wrong |= {"what was typed when a sign-in had run out": found} if found else {}
    assert wrong == {}


def _sent_late(page: Page, address: str, axe: Axe) -> list[str]:
    """The page that holds what was typed until whoever typed it is signed in again: no address leads to it."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(address, wait_until="networkidle")  # what is still under way would bring the cookie back
    page.context.clear_cookies()
    page.locator("main form[method=post]").evaluate("form => form.submit()")  # as without script, which would keep it in the browser
    page.get_by_role("heading", name="Your sign-in had run out").wait_for()
    return shown(page, axe)
