"""A loan from request to return: the engine's verbs end to end, on a pack that knows nothing of disputes."""

from __future__ import annotations

import pytest

from engine.model.cases import Case
from engine.model.errors import Excluded, FormInvalid, NotFound, TaskNotOpen
from engine.operations.cases import case_pages, cases
from engine.operations.people.memberships import NewParticipant
from engine.operations.running import instances
from engine.operations.tasks import user_tasks
from tests.world import World

ACCEPT = {"answer": "yes", "dueBack": "2026-04-01"}


@pytest.fixture
def loan(library: World) -> Case:
    """A loan that ben asked for, looked after by cor."""
    return library.open_case("lia", "library", [("borrower", "ben"), ("curator", "cor")], {"bookClass": "fragile", "wish": "CANARY-wish"})


def test_a_loan_runs_from_request_to_return(library: World, loan: Case) -> None:
    library.complete("ben", loan, "answer-terms", ACCEPT)
    library.complete("lia", loan, "recall")
    library.complete("cor", loan, "check-return", {"damaged": False})
    library.complete("kim", loan, "sign-off-return")
    page = library.page("lia", loan)
    assert [i.end_event for i in page.instances] == ["closed"]
    assert page.explanation.state == "completed"
    assert [code for code, _, at in page.milestones if at] == ["lent", "returned"]


def test_refused_terms_end_elsewhere(library: World, loan: Case) -> None:
    library.complete("ben", loan, "answer-terms", {"answer": "no", "why": "CANARY-why"})
    assert [i.end_event for i in library.page("lia", loan).instances] == ["refused"]


def test_the_task_waits_for_the_participant_by_name_and_says_so(library: World, loan: Case) -> None:
    waiting = library.page("lia", loan).explanation
    assert waiting.sentence.startswith("Waits for “Answer the terms” by Ben Example since Mon 2 Mar.")
    assert waiting.upcoming[0].what == "Reminder: Answer the terms"


def test_somebody_else_does_not_even_see_the_task(library: World, loan: Case) -> None:
    task = library.task(loan, "answer-terms")
    with pytest.raises(NotFound), library.acting("bea") as (uow, actor):
        user_tasks.complete(uow, actor, task.id, ACCEPT)


def test_wrong_data_names_every_mistake_and_changes_nothing(library: World, loan: Case) -> None:
    with pytest.raises(FormInvalid) as wrong:
        library.complete("ben", loan, "answer-terms", {"answer": "perhaps", "extra": 1})
    assert {error.path for error in wrong.value.errors} >= {"/answer", "/extra"}
    assert library.names(loan) == ["answer-terms"]


def test_a_task_is_completed_once(library: World, loan: Case) -> None:
    task = library.task(loan, "answer-terms")
    library.complete("ben", loan, "answer-terms", ACCEPT)
    with pytest.raises(TaskNotOpen), library.acting("ben") as (uow, actor):
        user_tasks.complete(uow, actor, task.id, ACCEPT)


def test_the_curator_may_not_sign_off_also_after_leaving_the_case(library: World, loan: Case) -> None:
    library.complete("ben", loan, "answer-terms", ACCEPT)
    library.complete("lia", loan, "recall")
    library.complete("cor", loan, "check-return", {"damaged": False})
    participant = next(iter(library.participant_ids(loan, "cor")))
    with library.acting("lia") as (uow, actor):
        cases.end_participant(uow, actor, loan.id, participant)
    library.give_role("cor", "keeper")
    with pytest.raises(Excluded):
        library.complete("cor", loan, "sign-off-return")
    library.complete("kim", loan, "sign-off-return")


def test_a_recall_reaches_the_waiting_loan_once(library: World, loan: Case) -> None:
    library.complete("ben", loan, "answer-terms", ACCEPT)
    library.send("lia", loan, "BookRecalled")
    assert library.names(loan) == ["check-return"]


def test_content_reaches_no_variable_and_no_audit_entry(library: World, loan: Case) -> None:
    library.complete("ben", loan, "answer-terms", {"answer": "no", "why": "CANARY-why"})
    with library.reading("lia") as (uow, actor):
        page = case_pages.page(uow, actor, loan.id)
        held = instances.variables(uow, actor, page.instances[0].id)
    assert set(held) == {"bookClass", "terms"}
    assert "CANARY" not in str(library.trail(loan))


def test_a_borrower_sees_their_own_case_and_only_that(library: World, loan: Case) -> None:
    assert library.page("ben", loan).line.number == loan.number
    with pytest.raises(NotFound):
        library.page("bea", loan)


def test_a_second_loan_of_the_same_people_warns_of_a_duplicate(library: World, loan: Case) -> None:
    people = [NewParticipant("borrower", person_id=library.people[name].id) for name in ("ben", "cor")]
    with library.reading("lia") as (uow, actor):
        found = cases.similar(uow, actor, "library", people)
    assert [one.number for one in found] == [loan.number]
