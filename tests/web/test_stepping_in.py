"""Stepping in without script: each act says before what it does, asks why, and a stale page is told what changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.model.cases import Case
from tests.operations import acts, shelf
from tests.visiting import Visitor
from tests.world import World

Visit = Callable[[str], Visitor]
REASON = "They asked for it."


@pytest.fixture
def lent(library: World, loan: Case) -> Case:
    """The book is out."""
    library.complete("ben", loan, "answer-terms", {"answer": "yes", "dueBack": "2026-09-01"})
    return loan


def link(visitor: Visitor, case: Case, label: str, about: str = "") -> str:
    """Where an act is done, from the page of all acts of a case."""
    page = visitor.see(f"/cases/{case.id}/acts")
    found = [one for one in page.xpath("//main//a") if label in one.text_content() and about in one.text_content()]
    assert len(found) >= 1, visitor.text()
    return str(found[0].get("href"))


def rows(visitor: Visitor) -> list[str]:
    return [" ".join(row.text_content().split()) for row in visitor.document().xpath("//table[contains(@class, 'effects')]//tbody/tr")]


def test_a_procedure_is_suspended_resumed_and_ended_with_what_it_does_said_before(visit: Visit, library: World, loan: Case) -> None:
    kim = visit("kim")
    for label, state in (("Suspend", "suspended"), ("Resume", "running"), ("End it", "terminated")):
        kim.see(link(kim, loan, label))
        assert rows(kim), kim.text()
        kim.submit(label, {"reason": " "}, 422)
        assert "Write a reason" in kim.text()
        kim.submit(label, {"reason": REASON})
        assert acts.instance(library, loan).state == state
    kim.see(f"/cases/{loan.id}/acts")
    assert "Nothing can be done here now" in kim.text()


def test_a_task_gets_another_due_date_and_none(visit: Visit, library: World, lent: Case) -> None:
    kim = visit("kim")
    kim.see(link(kim, lent, "Set another due date"))
    kim.submit("See what happens", {"due": "never"}, 422)
    assert "year-month-day" in kim.text()
    kim.submit("See what happens", {"due": "2026-01-01"}, 422)
    assert "lies in the future" in kim.text()
    kim.submit("See what happens", {"due": "2026-10-01"})
    assert any(row.startswith("When") for row in rows(kim))
    kim.submit("Set another due date", {"reason": REASON})
    due = library.open_tasks(lent)[0].due_at
    assert due is not None
    assert due.date().isoformat() == "2026-10-01"
    kim.see(link(kim, lent, "Waive the deadline"))
    kim.submit("Waive the deadline", {"reason": REASON})
    assert library.open_tasks(lent)[0].due_at is None


def test_a_procedure_goes_back_to_an_earlier_step_and_that_is_undone(visit: Visit, library: World, lent: Case) -> None:
    kim = visit("kim")
    before = library.names(lent)
    kim.see(link(kim, lent, "Go back to an earlier step"))
    page = kim.document()
    (step,) = [one.get("value") for one in page.xpath("//input[@name='step']") if one.get("value").endswith("answer-terms")]
    kim.submit("See what happens", {"step": step})
    assert any("A task opens" in row for row in rows(kim))
    kim.submit("Go back to an earlier step", {"reason": REASON})
    assert library.names(lent) == ["answer-terms"]
    kim.see(link(kim, lent, "Undo going back"))
    kim.submit("Undo going back", {"reason": REASON})
    assert library.names(lent) == before


def test_a_task_is_given_to_somebody_who_may_do_it(visit: Visit, library: World, lent: Case) -> None:
    lia = visit("lia")
    lia.see(link(lia, lent, "Give it to somebody"))
    people = [one.get("value") for one in lia.document().xpath("//select[@name='person']/option")]
    lia.submit("See what happens", {"person": people[-1]})
    if rows(lia):
        lia.submit("Give it to somebody", {"reason": REASON})
        assert library.open_tasks(lent)[0].assignee_id == people[-1]


def test_a_stale_page_is_refused_with_what_changed_and_keeps_the_reason(visit: Visit, library: World, loan: Case) -> None:
    kim = visit("kim")
    kim.see(link(kim, loan, "Suspend"))
    library.advance("PT5M")
    library.complete("ben", loan, "answer-terms", {"answer": "yes", "dueBack": "2026-09-01"})
    kim.submit("Suspend", {"reason": REASON}, 409)
    assert "Task completed: Answer the terms" in kim.text()
    assert kim.document().xpath("//input[@name='reason']")[0].get("value") == REASON
    kim.submit("Suspend")
    assert acts.instance(library, loan).state == "suspended"


def test_what_is_gone_is_said_and_others_see_nothing(visit: Visit, library: World, loan: Case) -> None:
    kim, bea, lia = visit("kim"), visit("bea"), visit("lia")
    address = link(kim, loan, "Suspend")
    bea.see(address, 404)
    lia.see(address, 403)
    kim.see(f"/cases/{loan.id}/acts/fly", 404)
    kim.see(f"/cases/{loan.id}/acts/send", 403)
    kim.see(f"/cases/{loan.id}/acts/suspend?instance=none", 404)
    acts.control(library, "kim", loan, "terminate", reason="why")
    kim.see(address, 409)
    assert "takes no acts now" in kim.text()


def test_tasks_of_several_cases_are_given_to_somebody_at_once(visit: Visit, library: World, loan: Case) -> None:
    lia = visit("lia")
    other = acts.loan(library)
    for case in (loan, other):
        library.complete("ben", case, "answer-terms", {"answer": "yes", "dueBack": "2026-09-01"})
    page = lia.see("/cases")
    assert {loan.id, other.id} <= set(page.xpath("//input[@name='case']/@value"))
    lia.submit("Give tasks of the ticked cases", {"case": [loan.id, other.id]})
    tasks = {task.id for case in (loan, other) for task in library.open_tasks(case)}
    assert set(lia.document().xpath("//input[@name='task']/@value")) == tasks
    people = lia.document().xpath("//select[@name='person']/option/@value")
    assert not lia.document().xpath("//input[@name='task'][@checked]"), "none is given without being chosen"
    lia.submit("See what happens", {"person": people[-1], "task": sorted(tasks)})
    assert len(rows(lia)) == len(tasks)
    lia.submit("Give them", {"reason": ""}, 422)
    lia.submit("Give them", {"reason": REASON})
    assert {task.assignee_id for case in (loan, other) for task in library.open_tasks(case)} == {people[-1]}
    lia.see(f"/cases/tasks/assignment?case={loan.id}&person=nobody", 422)
    bea = visit("bea")
    bea.see(f"/cases/tasks/assignment?case={loan.id}")
    assert "No open tasks to give" in bea.text()


def test_a_message_is_sent_with_a_reason_and_what_comes_of_it_said_before(visit: Visit, library: World, lent: Case) -> None:
    lia = visit("lia")
    lia.see(link(lia, lent, "Recall the book"))
    assert any(row.startswith("A task ends: Wait for the book") for row in rows(lia)), lia.text()
    lia.submit("Send a message", {"reason": ""}, 422)
    assert library.names(lent) == ["recall"]
    lia.submit("Send a message", {"reason": REASON})
    assert "recall" not in library.names(lent)
    (sent,) = [entry.details for entry in library.trail(lent) if entry.event == "message_sent"]
    assert isinstance(sent, dict)
    assert (sent["name"], sent["reason_given"]) == ("BookRecalled", True)
    told = [entry.details for entry in library.trail(lent) if entry.event == "intervention_effect"]
    assert [one["act"] for one in told if isinstance(one, dict)] == ["send"] * len(told)
    assert told
    lia.see(f"/cases/{lent.id}/acts/send?message=BookRecalled", 409)
    assert "no longer waits" in lia.text()


def test_what_an_incident_stopped_is_tried_again_with_what_comes_of_it_said_before(visit: Visit, library: World) -> None:
    library.deploy(shelf.library(shelf.shaky()))
    case = acts.started(library, "shaky")
    library.complete("lia", case, "tidy")
    kim = visit("kim")
    kim.see(link(kim, case, "Try again"))
    assert "Stopped" not in " ".join(rows(kim))
    kim.submit("Try again", {"reason": REASON})
    assert acts.instance(library, case).state == "incident", "nobody counted the shelves yet"
    library.complete("lia", case, "count", {"shelves": 5})
    kim.see(link(kim, case, "Try again"))
    assert any("stopped by an incident" in row and "completed" in row for row in rows(kim)), kim.text()
    kim.submit("Try again", {"reason": ""}, 422)
    kim.submit("Try again", {"reason": REASON})
    assert acts.instance(library, case).state == "completed"
    told = [entry.details for entry in library.trail(case) if entry.event == "intervention_effect"]
    assert told[-1] == {"act": "retry", "before": {"state": "incident"}, "after": {"state": "completed"}}
    assert REASON not in str([entry.details for entry in library.trail(case)])


def test_an_act_begun_on_a_list_leads_back_to_it_as_it_was_asked(visit: Visit, library: World, lent: Case) -> None:
    library.advance("P200D")
    lia, asked = visit("lia"), f"/cases?q={lent.number}&state=late"
    page = lia.see(asked)
    (act,) = [one for one in page.xpath("//table//a") if "Give it to somebody" in one.text_content()]
    lia.see(act.get("href"))
    (cancel,) = [one for one in lia.see(act.get("href") + f"&person={library.people['lia'].id}").xpath("//a") if one.text == "Cancel"]
    assert cancel.get("href") == asked
    lia.submit("Give it to somebody", {"reason": REASON})
    assert lia.answer is not None
    assert lia.answer.request.full_path == asked
    kim = visit("kim")
    away = f"/cases/{lent.id}/acts/waive?task={library.open_tasks(lent)[0].id}&back="
    for elsewhere in ("https://example.org/", "//example.org", "/\\example.org"):
        (cancel,) = [one for one in kim.see(away + elsewhere).xpath("//a") if one.text == "Cancel"]
        assert cancel.get("href") == f"/cases/{lent.id}"
