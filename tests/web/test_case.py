"""What people do on a case's page: messages, suspending, ending, and who takes part."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.model.cases import Case
from tests.bpmn.drawing import end, process, start, user
from tests.visiting import Visitor
from tests.world import ROOT, World, pack_files

Visit = Callable[[str], Visitor]
ACCEPT = {"answer": "yes", "dueBack": "2026-04-01"}


def _instance(library: World, loan: Case) -> str:
    return library.page("lia", loan).instances[0].id


def test_a_message_is_sent_from_the_case_after_a_question(library: World, loan: Case, visit: Visit) -> None:
    library.complete("ben", loan, "answer-terms", ACCEPT)
    visitor = visit("lia")
    page = visitor.see(f"/cases/{loan.id}")
    links = page.xpath("//ul[contains(@class, 'menu-list')]//a[contains(@href, '/messages/')]")
    assert links, "the loan waits for a message that a librarian may send"
    page = visitor.see(links[0].get("href"))
    visitor.submit(page.xpath("//section//button")[0].text_content().strip())
    assert "Sent. The case has moved on." in visitor.text()


def test_a_message_nobody_waits_for_is_not_offered(loan: Case, visit: Visit) -> None:
    visit("ben").see(f"/cases/{loan.id}/messages/Nonsense", 404)


def test_suspending_asks_for_a_reason_first(library: World, loan: Case, visit: Visit) -> None:
    visitor = visit("kim")
    which = f"instance={_instance(library, loan)}"
    visitor.see(f"/cases/{loan.id}/acts/suspend?{which}")
    page = visitor.submit("Suspend", {"reason": " "}, status=422)
    assert page.get_element_by_id("f-reason").get("aria-invalid") == "true"
    visitor.submit("Suspend", {"reason": "Stocktaking"})
    assert "nothing moves until somebody resumes it" in visitor.text()
    visitor.see(f"/cases/{loan.id}/acts/resume?{which}")
    visitor.submit("Resume", {"reason": "Done"})
    assert "Waits for “Answer the terms”" in visitor.text()


def test_a_procedure_is_ended_by_a_person_with_a_reason(library: World, loan: Case, visit: Visit) -> None:
    visitor = visit("kim")
    visitor.see(f"/cases/{loan.id}/acts/terminate?instance={_instance(library, loan)}")
    visitor.submit("End it", {"reason": "Lost book"})
    assert library.names(loan) == []
    assert not visitor.document().xpath("//details[contains(@class, 'acts')]")


@pytest.mark.parametrize(("name", "status"), [("lia", 403), ("ben", 403), ("bea", 404), ("kim", 200)])
def test_only_whose_role_it_is_may_suspend(library: World, loan: Case, visit: Visit, name: str, status: int) -> None:
    visit(name).see(f"/cases/{loan.id}/acts/suspend?instance={_instance(library, loan)}", status)


def test_an_act_that_does_not_exist_is_not_found(library: World, loan: Case, visit: Visit) -> None:
    visitor = visit("kim")
    where, which = f"/cases/{loan.id}/acts", f"instance={_instance(library, loan)}"
    visitor.see(f"{where}/destroy?{which}", 404)
    visitor.send(f"{where}/destroy?{which}", {"reason": "x"}, status=404)
    visitor.see(f"{where}/suspend?instance=nothing", 404)


def test_somebody_joins_the_case_and_leaves_it(library: World, loan: Case, visit: Visit) -> None:
    visitor = visit("lia")
    visitor.see(f"/cases/{loan.id}/participants/new?q=bea")
    visitor.submit("Add to the case", {"person": library.people["bea"].id, "role": "borrower"})
    assert "Added to the case." in visitor.text()
    assert library.participant_ids(loan, "bea")
    visitor.submit("End role")
    assert "The role on this case has ended." in visitor.text()


def test_a_role_somebody_is_not_eligible_for_is_refused_in_words(library: World, loan: Case, visit: Visit) -> None:
    visitor = visit("lia")
    visitor.see(f"/cases/{loan.id}/participants/new?q=bea")
    visitor.submit("Add to the case", {"person": library.people["bea"].id, "role": "curator"}, status=422)
    assert "Choose somebody who has the role Curator" in visitor.text()


def test_the_diagram_says_in_words_what_it_shows(library: World, loan: Case, visit: Visit) -> None:
    page = visit("lia").see(f"/cases/{loan.id}")
    region = page.xpath("//*[@data-diagram]")[0]
    assert (region.get("role"), region.get("aria-label")) == ("region", "Diagram of " + library.page("lia", loan).diagrams[0].name)
    assert '"answer-terms": 1' in region.get("data-overlays")
    assert page.xpath("//table[contains(., 'Answer the terms')]")
    answer = visit("lia").client.get(region.get("data-diagram"))
    assert answer.status_code == 200
    assert b"<bpmn:definitions" in answer.data or b"definitions" in answer.data


def test_somebody_outside_is_called_by_their_role_where_the_name_is_hidden(loan: Case, visit: Visit) -> None:
    visitor = visit("kim")
    visitor.see(f"/cases/{loan.id}")
    assert "borrower 1 of 1" in visitor.text()
    assert "Ben Example" not in visitor.text()


def test_what_nobody_can_do_tops_the_list_and_says_why(library: World, loan: Case, visit: Visit) -> None:
    library.complete("ben", loan, "answer-terms", ACCEPT)
    library.complete("lia", loan, "recall")
    admin, visitor = visit("ada"), visit("kim")
    admin.send(f"/people/{library.people['cor'].id}/deactivation")
    page = visitor.see("/cases")
    stuck = [row for row in page.xpath("//tbody/tr") if "alarm" in row.get("class", "")]
    assert page.xpath("//tbody/tr")[: len(stuck)] == stuck
    (mine,) = [row for row in stuck if loan.number in row.text_content()]
    assert "Nobody can do this, because no active account has the role Curator." in mine.text_content()
    admin.send(f"/people/{library.people['cor'].id}/reactivation")


def test_a_variable_is_corrected_with_a_reason_from_the_case(library: World, loan: Case, visit: Visit) -> None:
    path = f"/cases/{loan.id}/procedures/{_instance(library, loan)}/correct"
    visitor = visit("kim")
    assert path in visitor.see(f"/cases/{loan.id}").xpath("//a/@href")
    visitor.see(path)
    visitor.submit("Correct it", {"variable": "dueBack", "value": "soon", "reason": "Longer."}, status=422)
    assert "This variable has to be a date like 2026-11-30." in visitor.text()
    visitor.submit("Correct it", {"variable": "dueBack", "value": "2026-05-01", "reason": "Longer."})
    visitor.see(f"/cases/{loan.id}?tab=timeline")
    assert "Variables corrected: Due back" in visitor.text()
    visit("lia").see(path, status=403)


@pytest.fixture
def inventory(library: World) -> str:
    """A procedure that nothing begins, live in the pack."""
    drawn = process(start(), user("count", due="P1D", role="keeper"), end(), go="start > count > end", key="inventory")
    folder = ROOT / "tests/packs/library"
    library.deploy({**pack_files(folder, folder / "forms"), "inventory.bpmn": drawn})
    return "inventory"


def test_a_procedure_that_nothing_begins_is_started_by_hand(library: World, loan: Case, visit: Visit, inventory: str) -> None:
    visitor = visit("kim")
    page = visitor.see(f"/cases/{loan.id}")
    (link,) = page.xpath("//a[contains(., 'Start a procedure on this case')]/@href")
    page = visitor.see(link)
    assert page.xpath("//select[@name='process']/option/@value") == [inventory], "not the loan itself, which opening a case begins"
    visitor.submit("Start it")
    assert "Started." in visitor.text()
    assert library.names(loan) == ["answer-terms", "count"]


def test_what_is_not_offered_is_not_started_by_hand(library: World, loan: Case, visit: Visit, inventory: str) -> None:
    visitor = visit("kim")
    visitor.see(f"/cases/{loan.id}/start")
    visitor.send(f"/cases/{loan.id}/start", {"process": "loan"}, status=404)
    visitor.send(f"/cases/{loan.id}/start", {"process": ""}, status=422)
    assert library.names(loan) == ["answer-terms"]


@pytest.mark.parametrize("name", ["lia", "ben", "bea"])
def test_only_who_may_step_in_starts_by_hand(loan: Case, visit: Visit, inventory: str, name: str) -> None:
    visitor = visit(name)
    visitor.see(f"/cases/{loan.id}/start", 404)
    visitor.see("/")
    visitor.send(f"/cases/{loan.id}/start", {"process": inventory}, status=404 if name == "bea" else 403)
