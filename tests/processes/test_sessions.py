"""P05 to P07 and P09: planning, sessions, check-ins and the agreement."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine import store
from engine.model.cases import Case
from engine.model.errors import Conflict, FormInvalid
from engine.operations.content import entries
from engine.operations.content.entries import Asked
from engine.operations.running import instances
from tests.processes import answers, telling
from tests.world import World


@pytest.fixture
def agreed(underway: tuple[World, Case]) -> tuple[World, Case]:
    """A case with an agreement in principle: terms are to be drafted."""
    world, case = underway
    telling.meet(world, case)
    return world, case


@pytest.fixture
def planning(world: World) -> tuple[World, Case]:
    """A case in which both parties have just agreed to take part."""
    case = telling.open_case(world)
    telling.take_in(world, case)
    telling.appoint(world, case)
    telling.consent(world, case)
    return world, case


def test_planning_goes_on_without_a_party_who_is_silent_for_ten_days(planning: tuple[World, Case]) -> None:
    world, case = planning
    world.complete("ana", case, "say_what_matters", answers.GOALS_OF_PARTY, of="ana")
    world.advance("P10D")
    assert world.names(case).count("assess_priorities") == 1
    assert "say_what_matters" not in world.names(case)


def test_a_serious_imbalance_asks_for_safeguards_before_goals(planning: tuple[World, Case]) -> None:
    world, case = planning
    for name in telling.PARTIES:
        world.complete(name, case, "say_what_matters", answers.GOALS_OF_PARTY, of=name)
    serious = answers.ASSESSMENT | {"powerImbalance": "serious", "imbalanceBasis": ["money"]}
    world.complete("mira", case, "assess_priorities", serious)
    assert world.names(case) == ["plan_safeguards"]


def test_a_goal_for_one_side_needs_a_reason(planning: tuple[World, Case]) -> None:
    world, case = planning
    for name in telling.PARTIES:
        world.complete(name, case, "say_what_matters", answers.GOALS_OF_PARTY, of=name)
    world.complete("mira", case, "assess_priorities", answers.ASSESSMENT)
    one_sided = {"goals": [answers.GOALS["goals"][0] | {"servesAll": False}]}
    with pytest.raises(FormInvalid):
        world.complete("mira", case, "set_goals", one_sided)


def test_a_session_waits_for_its_time_and_reminds_before_it(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.schedule(world, case)
    world.complete("mira", case, "prepare_session", answers.PREPARATION)
    assert "record_attendance" not in world.names(case)
    world.advance("P1D")
    assert world.notices("ana")[-1] == "session-reminder"
    world.advance("P2D")
    assert "record_attendance" in world.names(case)


def test_a_no_show_gets_a_new_date(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.schedule(world, case)
    world.complete("mira", case, "prepare_session", answers.PREPARATION)
    world.advance("P3D")
    world.complete("mira", case, "record_attendance", answers.ATTENDANCE | {"quorum": False})
    world.complete("ida", case, "handle_no_show", {"noShowResult": "reschedule", "noShowContact": "reached"})
    assert "schedule_session" in world.names(case)


def test_a_second_no_show_can_end_the_mediation(underway: tuple[World, Case]) -> None:
    world, case = underway
    for result in ("reschedule", "propose_close"):
        telling.schedule(world, case)
        world.complete("mira", case, "prepare_session", answers.PREPARATION)
        world.advance("P3D")
        world.complete("mira", case, "record_attendance", answers.ATTENDANCE | {"quorum": False})
        world.complete("ida", case, "handle_no_show", {"noShowResult": result, "noShowContact": "not_reached"})
    assert world.names(case) == ["sign_off_outcome"]


def test_sessions_repeat_until_there_is_a_result(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.meet(world, case, "next")
    assert world.names(case) == ["schedule_session"]


def test_check_ins_come_every_ten_days_one_for_each_party(underway: tuple[World, Case]) -> None:
    world, case = underway
    world.advance("P10D")
    assert world.names(case).count("check_in") == 2
    world.complete("ana", case, "check_in", answers.CHECK_IN, of="ana")
    assert world.names(case).count("check_in") == 1


def test_a_concern_about_the_mediator_reaches_the_supervisor_and_not_the_mediator(underway: tuple[World, Case]) -> None:
    world, case = underway
    world.advance("P10D")
    world.complete("ana", case, "check_in", answers.CHECK_IN | {"concernAboutMediator": True}, of="ana")
    world.complete("ben", case, "check_in", answers.CHECK_IN, of="ben")
    assert world.task(case, "follow_up_check_in").role == "supervisor"
    told = {title for panel in world.page("mira", case).panels for record in panel.records for title, _ in record.fields}
    assert "Do you have a concern about the mediator?" not in told


def test_a_check_in_without_an_answer_ends_after_seven_days(underway: tuple[World, Case]) -> None:
    world, case = underway
    world.advance("P17D")
    assert "check_in" not in world.names(case)


def test_an_agreement_is_signed_by_all_and_attested_apart(agreed: tuple[World, Case]) -> None:
    world, case = agreed
    telling.agree(world, case)
    assert world.names(case) == ["sign_off_outcome"]
    assert world.notices("ana")[-1] == "copies-ready"


def test_a_wish_for_change_goes_back_to_the_draft(agreed: tuple[World, Case]) -> None:
    world, case = agreed
    world.complete("mira", case, "draft_terms", answers.TERMS)
    world.complete("mira", case, "check_terms", answers.EVALUATION)
    wish = answers.ACCEPTED | {"termsDecision": "change", "changeWanted": "CANARY-C4-change"}
    world.complete("ana", case, "look_at_terms", wish, of="ana")
    world.complete("ben", case, "look_at_terms", answers.ACCEPTED, of="ben")
    assert world.names(case) == ["draft_terms"]


def test_after_three_drafts_the_parties_are_asked_how_to_go_on(agreed: tuple[World, Case]) -> None:
    world, case = agreed
    wish = answers.ACCEPTED | {"termsDecision": "change", "changeWanted": "CANARY-C4-change"}
    for _ in range(3):
        world.complete("mira", case, "draft_terms", answers.TERMS)
        world.complete("mira", case, "check_terms", answers.EVALUATION)
        for name in telling.PARTIES:
            world.complete(name, case, "look_at_terms", wish, of=name)
    assert world.names(case) == ["decide_how_to_go_on"]
    world.complete("mira", case, "decide_how_to_go_on", {"sessionResult": "next"})
    assert world.names(case) == ["schedule_session"]


def test_a_party_who_did_not_feel_free_stops_the_signing_until_it_is_looked_into(agreed: tuple[World, Case]) -> None:
    world, case = agreed
    world.complete("mira", case, "draft_terms", answers.TERMS)
    world.complete("mira", case, "check_terms", answers.EVALUATION)
    world.complete("ana", case, "look_at_terms", answers.ACCEPTED | {"feltFree": 1}, of="ana")
    world.complete("ben", case, "look_at_terms", answers.ACCEPTED, of="ben")
    assert world.names(case) == ["look_into_flag"]
    world.complete("sue", case, "look_into_flag", {"pressureResult": "go_on", "pressureNote": "CANARY-C7"})
    assert world.names(case) == ["sign_agreement"] * 2


def test_one_missing_signature_after_fourteen_days_is_no_agreement(agreed: tuple[World, Case]) -> None:
    world, case = agreed
    world.complete("mira", case, "draft_terms", answers.TERMS)
    world.complete("mira", case, "check_terms", answers.EVALUATION)
    for name in telling.PARTIES:
        world.complete(name, case, "look_at_terms", answers.ACCEPTED, of=name)
    world.complete("ana", case, "sign_agreement", answers.SIGNED, of="ana")
    world.advance("P14D")
    assert world.names(case) == ["decide_how_to_go_on"]


def _happened(world: World, case: Case, kind: str) -> None:
    with world.acting("mira") as (uow, actor):
        asked = Asked(case.id, "console", "session-incident")
        entries.add(uow, actor, asked, {"incidentType": kind, "incidentStep": "pause", "incidentNote": "CANARY-what"})


def test_rules_broken_twice_make_reviews_come_sooner_and_the_parties_learn_nothing_of_it(underway: tuple[World, Case]) -> None:
    world, case = underway
    for kind in ("insult", "again", "shouting"):
        _happened(world, case, kind)
    assert world.notices("sue") == []
    _happened(world, case, "again")
    assert world.notices("sue") == ["review-raised"]
    with world.reading("sue") as (uow, actor):
        assert instances.variables(uow, actor, store.instances.of_case(uow, case.id)[0].id)["riskLevel"] == 2
    page = world.page("ana", case)
    told = f"{page.timeline} {page.explanation} {page.line} {page.panels}"
    assert not [word for word in ("Rules broken", "ConductRepeated", "riskLevel", "raise_review", "CANARY-what") if word in told]


def _point(world: World, case: Case) -> str:
    """Mira notes a point of the agenda; gives what she is told to do first, or nothing."""
    asked = Asked(case.id, "console", "session-point")
    try:
        with world.acting("mira") as (uow, actor):
            entries.add(uow, actor, asked, {"pointTitle": "The fence", "pointState": "open"})
    except Conflict as error:
        return error.message
    return ""


def test_the_agenda_is_closed_until_all_present_agreed_to_the_ground_rules_or_the_refusal_is_written_down(
    underway: tuple[World, Case],
) -> None:
    world, case = underway
    telling.schedule(world, case)
    world.complete("mira", case, "prepare_session", answers.PREPARATION)
    world.advance("P3D")
    assert "everybody present agrees to the ground rules" in _point(world, case)
    world.complete("mira", case, "record_attendance", answers.ATTENDANCE)
    assert _point(world, case)
    refused = {"rules": ["respect"], "allAcknowledged": False, "acknowledgementNote": "ben says no to breaks; none are made"}
    world.complete("mira", case, "open_session", refused)
    assert _point(world, case) == ""


def test_the_answers_of_every_party_open_the_agenda_of_this_session_and_not_of_the_next(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.schedule(world, case)
    world.complete("mira", case, "prepare_session", answers.PREPARATION)
    world.advance("P3D")
    world.complete("mira", case, "record_attendance", answers.ATTENDANCE)
    for name in telling.PARTIES:
        assert _point(world, case)
        about = next(iter(world.participant_ids(case, name)))
        with world.acting(name) as (uow, actor):
            entries.add(uow, actor, Asked(case.id, "sessions", "ground-rules-answer", about), {"rulesAccepted": True})
    assert _point(world, case) == ""
    world.complete("mira", case, "open_session", answers.OPENED)
    world.complete("mira", case, "write_joint_summary", answers.SUMMARY | {"sessionResult": "next"})
    world.complete("mira", case, "write_private_notes", answers.NOTES)
    telling.schedule(world, case)
    world.complete("mira", case, "prepare_session", answers.PREPARATION)
    world.advance("P3D")
    world.complete("mira", case, "record_attendance", answers.ATTENDANCE)
    assert _point(world, case)


def test_a_session_on_a_day_that_is_over_is_refused_in_words(underway: tuple[World, Case]) -> None:
    world, case = underway
    with pytest.raises(FormInvalid) as refused:
        telling.schedule(world, case, timedelta(days=-2))
    assert [(error.path, error.message.split(".")[0]) for error in refused.value.errors] == [("/sessionAt", "This day is over")]
    telling.schedule(world, case, timedelta(hours=-2))
    assert "schedule_session" not in world.names(case)
