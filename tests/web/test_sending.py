"""Sending a change at the pages: its scenarios first, nobody who worked on it decides, and what the second person reads."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest
from werkzeug.datastructures import MultiDict

from api.web.studio import background
from engine import store
from engine.operations.releasing import publishing
from engine.operations.scenarios import scenarios
from tests.bpmn.drawing import end, process, start, user
from tests.operations import shelf
from tests.operations.test_scenarios import LENT, OPENED
from tests.visiting import Visitor
from tests.web.test_changes import LIBRARY, TOKEN, begin, reworded, save
from tests.world import World, pack_files

FORM = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "seen",
    "title": "What was seen",
    "type": "object",
    "properties": {"seen": {"type": "string", "title": "Seen", "maxLength": 200, "x-class": "C2"}},
    "x-version": 1,
}
Visit = Callable[[str], Visitor]


@pytest.fixture
def approving(library: World) -> World:
    """The library, where a second person approves changes from now on."""
    files = pack_files(LIBRARY, LIBRARY / "forms")
    files["pack.toml"] = files["pack.toml"].replace(b"approval = false", b"approval = true")
    library.deploy(files)
    return library


def until_run(world: World, change: str) -> None:
    """Wait for the run of a change's scenarios, at most a minute."""
    with world.reading("tom") as (uow, actor):
        files = scenarios.files(uow, actor, change.rsplit("/", 1)[-1])
    assert background.start(files).over.wait(60)


def test_one_button_runs_the_scenarios_and_sends_the_change(approving: World, visit: Visit) -> None:
    tom = visit("tom")
    change = begin(tom, "Run and sent")
    save(tom, change, LENT.encode(), name="scenarios/it-is-lent.toml")
    tom.see(change)
    assert "Its scenario still has to run" in tom.text()
    tom.submit("Run 1 scenario and send")
    assert "This waits for a second person" in tom.text()
    assert "Who decides: Trustee." in tom.text()


def test_a_change_whose_scenarios_take_long_is_sent_from_their_page_when_they_passed(
    approving: World, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "PATIENCE", 0)
    tom = visit("tom")
    change = begin(tom, "With scenarios")
    for name, text in {"lent": LENT, "opened": OPENED}.items():
        save(tom, change, text.encode(), name=f"scenarios/{name}.toml")
    tom.send(f"{change}/request")
    assert tom.answer is not None
    assert tom.answer.request.path == f"{change}/scenarios"
    until_run(approving, change)
    tom.see(f"{change}/scenarios")
    assert "All 2 pass" in tom.text()
    tom.submit("Send for approval")
    assert "This waits for a second person" in tom.text()


def test_while_scenarios_run_the_page_says_how_far_they_are_and_offers_no_sending(
    approving: World, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    tom = visit("tom")
    change = begin(tom, "Being run")
    save(tom, change, LENT.encode(), name="scenarios/lent.toml")
    with approving.reading("tom") as (uow, actor):
        files = scenarios.files(uow, actor, change.rsplit("/", 1)[-1])
    monkeypatch.setitem(background._running, background.key(files), background.Running(31, 52))
    page = tom.see(f"{change}/scenarios")
    assert "The scenarios are being run; the change can be sent when they have passed. 31 of 52 are done." in tom.text()
    assert not page.xpath("//button[contains(., 'Send for approval')]")
    assert not page.xpath("//*[@id='state']//*[contains(@class, 'done')]")


def test_an_upload_is_tried_before_it_is_stored_and_refused_when_a_scenario_fails(approving: World, visit: Visit) -> None:
    wrong = OPENED + '[[steps]]\nexpect = { open = ["recall"] }\n'
    files = pack_files(LIBRARY, LIBRARY / "forms") | {"scenarios/wrong.toml": wrong.encode(), "loan.bpmn": reworded("Tried first")}
    files["pack.toml"] = files["pack.toml"].replace(b"approval = false", b"approval = true")
    with approving.reading("tom") as (uow, actor):
        from_page = publishing.to_try(uow, actor, files)
        assert publishing.to_try(uow, actor, files, sandbox=True) == {}
    assert from_page == files
    assert scenarios.untried(from_page)
    tom = visit("tom")
    data = MultiDict([("csrf_token", TOKEN), *(("files", (io.BytesIO(content), name)) for name, content in files.items())])
    answer = tom.client.post("/procedures/upload", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "fails at step 1" in answer.text
    assert not scenarios.untried(from_page)


def test_whoever_saved_a_file_of_a_change_is_not_asked_to_decide_on_it(approving: World, visit: Visit) -> None:
    approving.person("tim", "trustee")
    tom, tia, tim = visit("tom"), visit("tia"), visit("tim")
    change = begin(tom, "Drawn by two")
    save(tia, change, reworded("Drawn by tia"))
    save(tom, change, reworded("Drawn over by tom"), 1)
    tom.send(f"{change}/request")
    assert "Drawn by two" not in str(tia.see("/inbox").text_content())
    where = tim.see("/inbox").xpath("//a[contains(., 'Drawn by two')]")[0].get("href")
    tia.see(where)
    assert "You worked on this, so somebody else decides." in tia.text()
    tim.see(where)
    tim.submit("Approve")
    assert "Approved" in tim.text()


def test_procedures_whose_diagram_did_not_change_are_counted_and_not_listed(approving: World, visit: Visit) -> None:
    tom, tia = visit("tom"), visit("tia")
    change = begin(tom, "More time")
    pack = tom.client.get(f"{change}/files/pack.toml").data
    save(tom, change, pack.replace(b'default = "P7D"', b'default = "P8D"'), name="pack.toml")
    tom.send(f"{change}/request")
    page = tia.see(tia.see("/inbox").xpath("//a[contains(., 'More time')]")[0].get("href"))
    assert "1 procedure gets a new version because a setting changed." in tia.text()
    assert not page.xpath("//table[contains(., 'Procedures that change')]//a")


def test_cases_of_a_called_procedure_are_brought_over_with_the_one_that_calls_it(library: World, visit: Visit) -> None:
    def files(due: str) -> dict[str, bytes]:
        outer = shelf.helpful().replace(b'id="helpful"', b'id="helpful" name="Help at the desk"', 1)
        found = shelf.library(shelf.desk(due=due), outer)
        found["pack.toml"] = found["pack.toml"].replace(b'process = "loan"', b'process = "helpful"', 1)
        return found

    library.deploy(files("P10D"))
    library.open_case("lia", "library", [("borrower", "ben"), ("curator", "cor")], {"bookClass": "fragile", "wish": "To read"})
    library.deploy(files("P11D"))
    tom = visit("tom")
    page = tom.see("/procedures/desk/migrate")
    assert "1 case runs version 1 inside another procedure" in tom.text()
    assert "No case runs" not in tom.text()
    tom.see(page.xpath("//a[contains(., 'Help at the desk')]")[0].get("href"))
    assert "in “desk”" in tom.text()
    tom.submit("Propose it")
    assert "Help at the desk" in tom.text()
    assert "helpful" not in tom.text()


def test_who_approves_sees_the_new_diagram_itself_its_steps_and_who_may_what(approving: World, visit: Visit) -> None:
    tom = visit("tom")
    tom.send("/procedures/changes/new-procedure", {"name": "Inspection", "taken": "librarian", "roles": "Inspector"})
    assert tom.answer is not None
    change = tom.answer.request.path
    drawn = process(start(), user("go", role="inspector", due="P2D", name_="Look"), end(), go="start > go > end", key="inspection")
    save(tom, change, drawn, 1, "inspection.bpmn")
    save(tom, change, json.dumps(FORM).encode(), name="seen.json")
    tom.send(f"{change}/request", {"title": "Somebody inspects", "why": "Books fade."})
    sent = tom.see(change).xpath("//a[contains(@href, '/deployments/')]/@href")[0]
    page = visit("tia").see(sent)
    said = " ".join(page.text_content().split())
    assert "Somebody inspects" in said
    assert "Books fade." in said
    assert page.xpath("//*[@data-diagram]//textarea[contains(., 'inspector')]")
    assert "2 Inspector: Look" in said
    assert "Until then no case can begin with it" in said
    assert "Role “Librarian”: as in “Rare book lending”" in said
    assert "Role “Inspector”: new, held for the whole program; may open cases" in said
    assert "Field “Seen”" in said
    assert "Class “" not in said


def test_title_and_reason_are_asked_at_sending_kept_when_wrong_and_in_the_audit(approving: World, visit: Visit) -> None:
    tom = visit("tom")
    change = begin(tom, "Change Loan")
    save(tom, change, reworded("Well?"))
    tom.see(change)
    tom.send(f"{change}/request", {"title": "  ", "why": "A better word"}, status=422)
    assert "Say in 1 to 120 characters" in tom.text()
    assert "A better word" in tom.text()
    tom.send(f"{change}/request", {"title": "A clearer question", "why": "  "}, status=422)
    assert "Say why. Whoever approves reads it" in tom.text()
    tom.send(f"{change}/request", {"title": "A clearer question", "why": "People did not understand it."})
    assert "Sent. A second person has to approve it." in tom.text()
    tia = visit("tia")
    assert "Approve: A clearer question" in str(tia.see("/inbox").text_content())
    with approving.store.reading() as uow:
        noted = store.audit.list_(uow, approving.program.id, event="change_asked").items
    assert noted[-1].details["why"] == "People did not understand it."


def test_a_scenario_that_fails_and_is_taken_out_stands_before_everything_else_for_who_approves(approving: World, visit: Visit) -> None:
    files = {**pack_files(LIBRARY, LIBRARY / "forms"), "scenarios/lent.toml": LENT.encode()}
    files["pack.toml"] = files["pack.toml"].replace(b"approval = false", b"approval = true")
    approving.deploy(files)
    tom = visit("tom")
    change = begin(tom, "Other words")
    save(tom, change, reworded("Yes?"))
    tom.send(f"{change}/removal", {"name": "scenarios/lent.toml"})
    page = tom.see(change)
    assert page.xpath("//tr[contains(., 'Scenario “A book is lent and comes back”')][contains(., 'Taken out')]")
    assert page.xpath("//tr[contains(., 'Diagram “')][contains(., 'Yes?')]")
    tom.send(f"{change}/request")
    sent = tom.see(change).xpath("//a[contains(@href, '/deployments/')]/@href")[0]
    warned = visit("tia").see(sent).xpath("//*[@role='note']")[0]
    assert "Takes out the scenario “A book is lent and comes back”, which fails on the new version" in str(warned.text_content())
    tia = visit("tia")
    tia.see(sent)
    tia.submit("Approve", status=422)
    assert "Look at them, and confirm that you did." in tia.text()
    tia.submit("Approve", {"scenarios_seen": "1"})
    assert "Approved" in tia.text()
