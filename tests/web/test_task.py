"""A task's page without script: forms, mistakes, drafts, rows, and answers entered for somebody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine import store
from engine.model.cases import Case
from engine.model.errors import Forbidden
from engine.operations.tasks import user_tasks
from tests.visiting import Visitor
from tests.world import World

Visit = Callable[[str], Visitor]
ACCEPT = {"answer": "yes", "dueBack": "2026-04-01"}


@pytest.fixture
def terms(library: World, loan: Case) -> str:
    return f"/tasks/{library.task(loan, 'answer-terms').id}"


@pytest.fixture
def checking(library: World, loan: Case) -> str:
    library.complete("ben", loan, "answer-terms", ACCEPT)
    library.complete("lia", loan, "recall")
    return f"/tasks/{library.task(loan, 'check-return').id}"


def test_a_task_is_found_in_the_inbox_and_sent(library: World, loan: Case, visit: Visit) -> None:
    visitor = visit("ben")
    page = visitor.see("/inbox")
    link = page.xpath(f"//tr[contains(., '{loan.number}')]//a[contains(@class, 'row-link')]")[0]
    visitor.see(link.get("href"))
    visitor.submit("Send", ACCEPT)
    assert "Done: “Answer the terms” is complete" in visitor.text()
    assert "answer-terms" not in library.names(loan)


def test_mistakes_are_listed_with_links_and_what_was_typed_is_kept(library: World, loan: Case, terms: str, visit: Visit) -> None:
    visitor = visit("ben")
    visitor.see(terms)
    page = visitor.submit("Send", {"answer": "no", "why": "", "from": "2026-04-02"}, status=422)
    links = page.xpath("//div[@role='alert']//a")
    assert [link.text for link in links] == ["Why not?: Please answer this."]
    wrong = page.get_element_by_id(links[0].get("href")[1:])
    assert wrong.get("aria-invalid") == "true"
    assert "Please answer this." in page.get_element_by_id(wrong.get("aria-describedby").split()[-1]).text_content()
    assert page.xpath("//input[@name='answer'][@value='no'][@checked]")
    assert page.xpath("//input[@name='from']")[0].value == "2026-04-02"
    assert "Only when" not in page.xpath("//*[@data-field='why']")[0].text_content()  # it is so already
    assert library.names(loan) == ["answer-terms"]
    assert page.xpath("//title")[0].text.startswith("Error: ")


def test_a_condition_is_said_in_words_where_no_script_hides_the_field(terms: str, visit: Visit) -> None:
    page = visit("ben").see(terms)
    why = page.xpath("//*[@data-field='why']")[0]
    assert "Only when the answer to “Do you accept the terms?” is No." in why.text_content()
    assert why.get("data-applies") == "no"


def test_answers_that_do_not_apply_are_dropped(library: World, loan: Case, terms: str, visit: Visit) -> None:
    visitor = visit("ben")
    visitor.see(terms)
    visitor.submit("Send", ACCEPT | {"why": "CANARY-dropped"})
    with library.store.reading() as uow:
        bodies = [record.body for record in store.records.of_case(uow, loan.id)]
    assert "CANARY-dropped" not in str(bodies)


def test_a_draft_is_kept_and_filled_in_again(terms: str, visit: Visit) -> None:
    visitor = visit("ben")
    visitor.see(terms)
    token = visitor.document().xpath("//input[@name='csrf_token']")[0].value
    answer = visitor.client.put(f"{terms}/draft", data={"answer": "no", "why": "Half a thought", "csrf_token": token})
    assert (answer.status_code, answer.text) == (200, "Saved 09:00")
    page = visitor.see(terms)
    assert page.xpath("//textarea[@name='why'] | //input[@name='why']")[0].value == "Half a thought"
    assert "A draft was kept" in visitor.text()


def test_a_draft_is_its_authors_alone(library: World, terms: str, visit: Visit) -> None:
    visitor = visit("ben")
    visitor.see(terms)
    token = visitor.document().xpath("//input[@name='csrf_token']")[0].value
    visitor.client.put(f"{terms}/draft", data={"answer": "no", "why": "CANARY-draft", "csrf_token": token})
    other = visit("lia")
    other.see(terms)
    assert "CANARY-draft" not in other.answer.text if other.answer else False


def test_a_draft_of_something_hostile_is_never_a_500(terms: str, visit: Visit) -> None:
    visitor = visit("ben")
    visitor.see(terms)
    token = visitor.document().xpath("//input[@name='csrf_token']")[0].value
    for value in ("\x00", "\ud800".encode("utf-8", "surrogatepass"), "9" * 4000, "{}[]", "=1+1"):
        answer = visitor.client.put(f"{terms}/draft", data={"answer": value, "why": value, "csrf_token": token})
        assert answer.status_code < 500


def test_rows_come_and_go_without_script(checking: str, visit: Visit) -> None:
    visitor = visit("cor")
    visitor.see(checking)
    page = visitor.submit("Add another", {"damaged": "true", "findings-0-page": "12"})
    assert [field.value for field in page.xpath("//input[contains(@name, 'findings-')][contains(@name, '-page')]")][:2] == ["12", ""]
    assert page.xpath("//input[@name='damaged'][@value='true'][@checked]")
    page = visitor.submit("Remove Entry 1", {"findings-1-page": "40"})
    assert [f.value for f in page.xpath("//div[@data-repeat-rows]//input[contains(@name, '-page')]")] == ["40"]


def test_every_kind_of_field_is_sent_and_stored(library: World, loan: Case, checking: str, visit: Visit) -> None:
    visitor = visit("cor")
    visitor.see(checking)
    typed = {
        "damaged": "true", "findings-0-page": "12", "findings-0-what": "A stain", "handling": ["dry", "dark"],
        "place.shelf": "B 7", "place.climate": "18,5", "thoughts": "CANARY-own",
    }  # fmt: skip
    visitor.submit("Send", typed)
    with library.store.reading() as uow:
        stored = [record for record in store.records.of_case(uow, loan.id) if record.form == "loan-return"]
    assert {record.cls: record.body for record in stored} == {
        "C3": {"findings": [{"page": 12, "what": "A stain"}], "handling": ["dry", "dark"], "place": {"shelf": "B 7", "climate": 18.5}},
        "C6": {"thoughts": "CANARY-own"},
    }


def test_a_number_that_cannot_be_read_stays_as_typed(checking: str, visit: Visit) -> None:
    visitor = visit("cor")
    visitor.see(checking)
    page = visitor.submit("Send", {"damaged": "false", "place.shelf": "B", "place.climate": "warm"}, status=422)
    assert page.xpath("//input[@name='place.climate']")[0].value == "warm"
    assert page.xpath("//div[@role='alert']//a")[0].text == "Where it goes, Degrees: Enter a number."


def test_staff_who_may_not_hear_the_answer_enter_no_empty_one(library: World, loan: Case, terms: str, visit: Visit) -> None:
    visitor = visit("lia")
    page = visitor.see(terms)
    assert not page.xpath("//*[@name='answer' or @name='method']"), "what is private to ben is not hers to write"
    assert "What this asks is only for the person to say" in visitor.text()
    task = terms.rpartition("/")[2]
    with pytest.raises(Forbidden, match="Let them in with a link"), library.acting("lia") as (uow, actor):
        user_tasks.complete(uow, actor, task, {"method": "phone"}, mode="on-behalf")
    assert library.events(loan, "user_task_completed") == []


def test_whoever_answers_for_themselves_is_not_asked_for_a_method(terms: str, visit: Visit) -> None:
    assert not visit("ben").see(terms).xpath("//input[@name='method']")


def test_the_page_says_who_will_see_what(terms: str, visit: Visit) -> None:
    visitor = visit("ben")
    page = visitor.see(terms)
    told = page.xpath("//ul[@class='audience']")[0].text_content()
    assert "Private to one person" in told
    assert "Curator" in told


def test_what_is_sent_twice_says_that_it_arrived_the_first_time(library: World, loan: Case, terms: str, visit: Visit) -> None:
    first, second = visit("ben"), visit("ben")
    first.see(terms)
    second.see(terms)
    first.submit("Send", ACCEPT)
    second.submit("Send", ACCEPT)
    assert "You sent this task before, and that arrived. Nothing was sent a second time." in second.text()
    assert library.events(loan, "user_task_completed") == ["answer-terms"]


def test_a_task_is_taken_and_given_back(library: World, loan: Case, visit: Visit) -> None:
    library.complete("ben", loan, "answer-terms", ACCEPT)
    task = library.task(loan, "recall")
    visitor = visit("lia")
    visitor.send(f"/tasks/{task.id}/claim")
    assert "The task is yours now." in visitor.text()
    assert library.task(loan, "recall").assignee_id == library.people["lia"].id
    visitor.submit("Give it back")
    assert library.task(loan, "recall").assignee_id is None


def test_a_task_is_assigned_to_whom_it_fits(library: World, loan: Case, visit: Visit) -> None:
    library.complete("ben", loan, "answer-terms", ACCEPT)
    task = library.task(loan, "recall")
    visitor = visit("lia")
    (assign,) = [one for one in visitor.see(f"/tasks/{task.id}").xpath("//main//a") if "Assign …" in one.text_content()]
    page = visitor.see(assign.get("href"))
    offered = [option.text for option in page.xpath("//select[@name='person']/option")]
    assert offered == ["Nobody: back to everyone in the role", "Lia Example"]
    visitor.submit("See what happens", {"person": library.people["lia"].id})
    visitor.submit("Give it to somebody", {"reason": "holiday"})


def test_a_task_somebody_was_faster_with_answers_409_in_words(library: World, loan: Case, visit: Visit) -> None:
    library.person("lux", "librarian")
    library.complete("ben", loan, "answer-terms", ACCEPT)
    visitor = visit("lia")
    visitor.see(f"/tasks/{library.task(loan, 'recall').id}")
    library.complete("lux", loan, "recall")
    visitor.submit("Send", status=409)
    assert "no longer open" in visitor.text()
    assert "What you sent was not stored" in visitor.text()
