"""P04: consent of every party, in parallel, with reminders, questions, refusal and expiry."""

from __future__ import annotations

import pytest

from engine.model.cases import Case
from engine.model.errors import FormInvalid
from tests.processes import answers, telling
from tests.world import World

THREE = ("ana", "ben", "cem")


def _asked(world: World, parties: tuple[str, ...] = telling.PARTIES) -> Case:
    case = telling.open_case(world, parties)
    telling.take_in(world, case, parties)
    telling.appoint(world, case)
    return case


@pytest.fixture
def case(world: World) -> Case:
    """A case in which both parties were just asked for consent."""
    return _asked(world)


def test_every_party_is_asked_at_the_same_time_and_only_for_themselves(world: World, case: Case) -> None:
    assert world.names(case) == ["answer_consent_request"] * 2
    world.complete("ana", case, "answer_consent_request", answers.AGREED, of="ana")
    assert world.task(case, "answer_consent_request").assignee_id == world.people["ben"].id


def test_planning_begins_when_all_agreed(world: World, case: Case) -> None:
    telling.consent(world, case)
    assert world.names(case) == ["say_what_matters"] * 2


def test_refusing_an_optional_point_changes_nothing_else(world: World, case: Case) -> None:
    world.complete("ana", case, "answer_consent_request", answers.AGREED | {"anonymousResearch": "refuse"}, of="ana")
    world.complete("ben", case, "answer_consent_request", answers.AGREED, of="ben")
    assert world.names(case) == ["say_what_matters"] * 2


def test_a_refusal_of_one_of_two_ends_the_asking_of_the_other(world: World, case: Case) -> None:
    world.complete("ana", case, "answer_consent_request", answers.REFUSED, of="ana")
    assert world.names(case) == ["sign_off_outcome"]
    assert "answer_consent_request" in world.events(case, "element_cancelled")


def test_two_of_three_go_on_without_the_one_who_refused(world: World) -> None:
    case = _asked(world, THREE)
    world.complete("cem", case, "answer_consent_request", answers.REFUSED, of="cem")
    telling.consent(world, case)
    assert world.names(case) == ["say_what_matters"] * 2
    assert "end_participation" in world.events(case, "element_completed")
    assert sum(one.role == "party" and one.to_at is not None for one in world.page("ida", case).participants) == 1


def test_a_question_is_answered_and_the_request_comes_back(world: World, case: Case) -> None:
    world.complete("ana", case, "answer_consent_request", answers.ASKED, of="ana")
    assert "answer_party_question" in world.names(case)
    world.complete("mira", case, "answer_party_question", {"answerText": "CANARY-C4-answer", "answerShared": False})
    world.complete("ana", case, "answer_consent_request", answers.AGREED, of="ana")
    assert world.names(case) == ["answer_consent_request"]


def test_an_answer_that_shows_doubt_is_explained_by_the_mediator(world: World, case: Case) -> None:
    world.complete("ana", case, "answer_consent_request", answers.UNSURE, of="ana")
    world.complete("mira", case, "explain_consent", {"explanationResult": "proceed"})
    world.complete("ben", case, "answer_consent_request", answers.AGREED, of="ben")
    assert world.names(case) == ["say_what_matters"] * 2


def test_somebody_who_cannot_decide_freely_is_left_out(world: World, case: Case) -> None:
    world.complete("ana", case, "answer_consent_request", answers.UNSURE, of="ana")
    world.complete("mira", case, "explain_consent", {"explanationResult": "stop"})
    assert world.names(case) == ["sign_off_outcome"]


def test_reminders_come_on_day_three_and_day_seven_and_only_to_who_is_silent(world: World, case: Case) -> None:
    world.complete("ben", case, "answer_consent_request", answers.AGREED, of="ben")
    world.advance("P3D")
    assert world.notices("ana")[-1] == "consent-reminder"
    world.advance("P4D")
    assert world.notices("ana").count("consent-reminder") == 2
    assert "consent-reminder" not in world.notices("ben")


def test_on_day_ten_intake_is_asked_to_call_and_an_answer_ends_that(world: World, case: Case) -> None:
    world.complete("ben", case, "answer_consent_request", answers.AGREED, of="ben")
    world.advance("P10D")
    assert world.names(case) == ["answer_consent_request", "call_party"]
    world.complete("ana", case, "answer_consent_request", answers.AGREED, of="ana")
    assert world.names(case) == ["say_what_matters"] * 2


def test_no_answer_after_fourteen_days_is_an_expiry(world: World, case: Case) -> None:
    world.complete("ben", case, "answer_consent_request", answers.AGREED, of="ben")
    world.advance("P14D")
    assert world.names(case) == ["sign_off_outcome"]
    assert "note_expiry" in world.events(case, "element_completed")


def test_a_question_does_not_restart_the_fourteen_days(world: World, case: Case) -> None:
    world.complete("ben", case, "answer_consent_request", answers.AGREED, of="ben")
    world.advance("P12D")
    world.complete("ana", case, "answer_consent_request", answers.ASKED, of="ana")
    world.complete("mira", case, "answer_party_question", {"answerText": "CANARY-C4", "answerShared": False})
    world.advance("P2D")
    assert world.names(case) == ["sign_off_outcome"]


def test_intake_enters_an_answer_given_by_phone_with_method_and_witness(world: World, case: Case) -> None:
    world.complete("ida", case, "answer_consent_request", answers.AGREED | answers.BY_PHONE, of="ana", mode="on-behalf")
    assert world.names(case) == ["answer_consent_request"]
    entry = next(e for e in reversed(world.trail(case)) if e.event == "user_task_completed")
    assert entry.on_behalf_of == world.people["ana"].id


def test_an_answer_by_phone_without_a_witness_is_refused(world: World, case: Case) -> None:
    with pytest.raises(FormInvalid) as wrong:
        world.complete("ida", case, "answer_consent_request", answers.AGREED, of="ana", mode="on-behalf")
    assert {error.path for error in wrong.value.errors} == {"/method", "/witness"}


def test_nine_days_of_downtime_send_only_the_latest_reminder(world: World, case: Case) -> None:
    world.jump("P9D")
    assert world.notices("ana").count("consent-reminder") == 1
    assert world.names(case) == ["answer_consent_request"] * 2


def _with_helper(world: World) -> Case:
    opening = [("party", "ana"), ("party", "ben"), ("helper", "dia")]
    case = world.open_case("ida", "mediation", opening, answers.OPENING)
    telling.take_in(world, case)
    telling.appoint(world, case)
    telling.consent(world, case)
    return case


def _helps(world: World, case: Case) -> bool:
    return any(one.role == "helper" and one.to_at is None for one in world.page("ida", case).participants)


def test_helpers_pledge_before_anything_goes_on(world: World) -> None:
    case = _with_helper(world)
    assert world.names(case) == ["sign_pledge"]
    world.complete("dia", case, "sign_pledge", answers.PLEDGED, of="dia")
    assert world.names(case) == ["say_what_matters"] * 2
    assert _helps(world, case)


def test_a_helper_without_a_pledge_is_not_present(world: World) -> None:
    case = _with_helper(world)
    refused = {"helpsAs": "observer", "pledgeGiven": False, "pledgedOn": "2026-03-12"}
    world.complete("dia", case, "sign_pledge", refused, of="dia")
    assert world.names(case) == ["say_what_matters"] * 2
    assert not _helps(world, case)


def test_a_helper_who_stays_silent_is_reminded_twice_and_then_left_out(world: World) -> None:
    case = _with_helper(world)
    world.advance("P7D")
    assert world.notices("dia").count("consent-reminder") == 2
    world.advance("P7D")
    assert not _helps(world, case)
    assert "say_what_matters" in world.names(case)


def test_support_is_arranged_by_the_supervisor_where_the_mediator_asks_for_it(world: World, case: Case) -> None:
    world.complete("ana", case, "answer_consent_request", answers.UNSURE, of="ana")
    world.complete("mira", case, "explain_consent", {"explanationResult": "support", "explanationNote": "CANARY-C5-support"})
    world.complete("ben", case, "answer_consent_request", answers.AGREED, of="ben")
    assert world.names(case) == ["arrange_support"]
    world.complete("sue", case, "arrange_support", {"supportGiven": ["person"]})
    assert world.names(case) == ["say_what_matters"] * 2
