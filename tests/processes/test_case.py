"""P01: a case from opening to each of its ends, and what a withdrawal or a recusal does to it."""

from __future__ import annotations

import pytest

from api.app import create_app
from api.running import Config, Mode
from engine import store
from engine.model.cases import Case
from engine.model.errors import NotFound
from tests.operations import acts
from tests.processes import answers, telling
from tests.processes.telling import PARTIES
from tests.visiting import Visitor
from tests.world import World

THREE = ("ana", "ben", "cem")


def test_the_reason_of_an_act_stands_in_words_for_who_gave_it(underway: tuple[World, Case]) -> None:
    world, case = underway
    acts.control(world, "sue", case, "suspend", reason="A ruling is awaited.")
    (given,) = [record for panel in world.page("sue", case).panels for record in panel.records if record.form == "reason"]
    assert given.fields == (("What was done", "Suspended"), ("Reason", "A ruling is awaited."))
    assert "A ruling is awaited." not in str(world.page("mira", case))


def _closed(world: World, case: Case) -> tuple[str | None, str | None]:
    now = world.case(case)
    assert now.state == "closed"
    return telling.end_event(world, now), now.outcome


def test_a_case_runs_from_opening_to_full_agreement(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.meet(world, case, "next")
    telling.meet(world, case)
    telling.agree(world, case)
    telling.to_sign_off(world, case)
    world.complete("sue", case, "sign_off_closure", answers.APPROVED)
    assert _closed(world, case) == ("closed_full", "full_agreement")
    reached = [code for code, _, at in world.page("ida", case).milestones if at]
    assert reached == ["opened", "screened", "assigned", "consented", "planned", "first_session", "agreement", "signed", "closed"]
    events = {(entry.element_id, entry.at) for entry in world.trail(case) if entry.event == "element_completed"}
    with world.store.reading() as uow:
        told = {(one.element_id, one.at) for one in store.milestones.of_case(uow, case.id)}
    assert told <= events, "each date is that of the event that caused it (SC-29)"


def test_a_case_that_is_closed_has_no_open_task_left(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.meet(world, case)
    telling.agree(world, case)
    telling.to_sign_off(world, case)
    world.complete("sue", case, "sign_off_closure", answers.APPROVED)
    assert world.names(case) == []


def test_a_partial_agreement_ends_as_such_and_is_reported_to_the_court(world: World) -> None:
    case = telling.in_mediation(world, referralSource="court_order")
    telling.meet(world, case)
    telling.agree(world, case, "partial")
    telling.to_sign_off(world, case, answers.PARTIAL)
    world.complete("sue", case, "sign_off_closure", answers.APPROVED)
    world.complete("ida", case, "report_to_referrer", answers.REPORT)
    assert _closed(world, case) == ("closed_partial", "partial_agreement")


def test_an_impasse_ends_without_agreement(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.meet(world, case, "impasse")
    telling.to_sign_off(world, case, answers.NO_AGREEMENT)
    world.complete("sue", case, "sign_off_closure", answers.APPROVED)
    assert _closed(world, case) == ("closed_no_agreement", "no_agreement")


def test_a_case_that_the_mediator_ends_says_so_and_keeps_the_reason_out_of_the_facts(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.meet(world, case, "terminated")
    ended = answers.OUTCOME | {"outcomeCode": "terminated_mediator", "terminationReason": "safety", "closingIssues": []}
    telling.to_sign_off(world, case, ended)
    world.complete("sue", case, "sign_off_closure", answers.APPROVED)
    assert _closed(world, case) == ("closed_terminated", "terminated_mediator")
    assert "safety" not in str(world.trail(case))


def test_a_transferred_case_ends_as_transferred(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.meet(world, case, "impasse")
    telling.to_sign_off(world, case, answers.OUTCOME | {"outcomeCode": "transferred"})
    world.complete("sue", case, "sign_off_closure", answers.APPROVED)
    assert _closed(world, case) == ("transferred", "transferred")


def test_a_case_not_taken_on_closes_without_a_mediator(world: World) -> None:
    case = telling.open_case(world)
    telling.take_in(world, case, decision={"intakeOutcome": "screened_out", "reasonCode": "safety", "priority": "P3"})
    world.complete("ida", case, "record_ending", answers.NOT_TAKEN_ON)
    world.complete("sue", case, "sign_off_closure", answers.APPROVED)
    assert _closed(world, case) == ("closed_not_mediated", "screened_out")
    assert world.notices("ana") == world.notices("ben") == ["outcome-notice", "survey-invitation"]


def test_nobody_to_appoint_is_decided_by_the_supervisor(world: World) -> None:
    case = telling.open_case(world)
    telling.take_in(world, case)
    world.complete("ida", case, "pick_candidate", {"candidateFound": False})
    world.complete("sue", case, "decide_without_mediator", {"withoutCandidate": "again"})
    world.complete("ida", case, "pick_candidate", {"candidateFound": False})
    world.complete("sue", case, "decide_without_mediator", {"withoutCandidate": "close"})
    assert world.names(case) == ["record_ending"]


def test_a_withdrawal_stops_everything_at_once_and_asks_for_no_reason(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.schedule(world, case)
    world.send("ana", case, "ConsentWithdrawn")
    assert world.names(case) == ["sign_off_outcome"]
    assert world.notices("ben")[-1] == "change-notice"


def test_a_withdrawal_of_one_of_two_closes_the_case(underway: tuple[World, Case]) -> None:
    world, case = underway
    world.send("ana", case, "ConsentWithdrawn")
    world.complete("mira", case, "sign_off_outcome", answers.OUTCOME | {"outcomeCode": "withdrawn_party", "closingIssues": []})
    world.complete("sue", case, "sign_off_closure", answers.APPROVED)
    assert _closed(world, case) == ("closed_terminated", "withdrawn_party")


def test_whoever_withdraws_at_the_page_is_told_so_in_their_inbox(underway: tuple[World, Case]) -> None:
    world, case = underway
    app = create_app(world.store, Config(mode=Mode.SERVE, secret=b"a secret of the tests, long enough"))
    visitor = Visitor(app.test_client()).sign_in_as(world, "ana")
    page = visitor.see(f"/cases/{case.id}/messages/ConsentWithdrawn")
    visitor.submit(page.xpath("//section//button")[0].text_content().strip())
    assert visitor.answer is not None
    assert visitor.answer.request.path == "/inbox"
    assert "Sent. You can find what comes next in your inbox." in visitor.text()


def test_the_consents_of_a_case_are_folded_on_its_page(underway: tuple[World, Case]) -> None:
    world, case = underway
    app = create_app(world.store, Config(mode=Mode.SERVE, secret=b"a secret of the tests, long enough"))
    page = Visitor(app.test_client()).sign_in_as(world, "mira").see(f"/cases/{case.id}?tab=records")
    consents = page.xpath("//details[contains(@class, 'record')][contains(summary, 'onsent')]")
    assert len(consents) >= 2
    assert [one.get("open") for one in consents] == [None] * len(consents)


def test_staff_pass_on_a_withdrawal_for_the_party_who_called(underway: tuple[World, Case]) -> None:
    world, case = underway
    world.send("ida", case, "ConsentWithdrawn", of="ben")
    assert world.names(case) == ["sign_off_outcome"]


def test_two_of_three_go_on_when_both_want_to(world: World) -> None:
    case = telling.in_mediation(world, THREE)
    world.send("cem", case, "ConsentWithdrawn")
    assert world.names(case) == ["agree_to_go_on"] * 2
    for name in PARTIES:
        world.complete(name, case, "agree_to_go_on", {"goesOn": True}, of=name)
    assert world.names(case) == ["schedule_session"]


def test_silence_on_going_on_counts_as_no(world: World) -> None:
    case = telling.in_mediation(world, THREE)
    world.send("cem", case, "ConsentWithdrawn")
    world.complete("ana", case, "agree_to_go_on", {"goesOn": True}, of="ana")
    world.advance("P5D")
    assert world.names(case) == ["sign_off_outcome"]


def test_a_party_can_withdraw_while_consent_is_still_being_collected(world: World) -> None:
    case = telling.open_case(world)
    telling.take_in(world, case)
    telling.appoint(world, case)
    world.complete("ana", case, "answer_consent_request", answers.AGREED, of="ana")
    world.send("ana", case, "ConsentWithdrawn")
    assert world.names(case) == ["sign_off_outcome"]


def test_a_mediator_who_steps_back_loses_the_case_and_consent_is_asked_again(underway: tuple[World, Case]) -> None:
    world, case = underway
    world.send("mira", case, "MediatorRecused")
    assert world.names(case) == ["pick_candidate"]
    with pytest.raises(NotFound):
        world.page("mira", case)
    telling.appoint(world, case, "noor")
    assert world.names(case) == ["answer_consent_request"] * 2


def test_a_case_that_lasts_too_long_asks_everyone_and_ends_on_silence(underway: tuple[World, Case]) -> None:
    world, case = underway
    world.advance("P120D")
    assert world.names(case).count("agree_to_more_time") == 2
    world.advance("P5D")
    assert "sign_off_outcome" in world.names(case)


def test_more_time_is_given_when_everyone_agrees_and_ends_with_it(underway: tuple[World, Case]) -> None:
    world, case = underway
    world.advance("P120D")
    for name in PARTIES:
        world.complete(name, case, "agree_to_more_time", {"goesOn": True}, of=name)
    assert "agree_to_more_time" not in world.names(case)
    world.advance("P60D")
    assert "sign_off_outcome" in world.names(case)


def test_closure_can_send_the_case_back_to_the_sessions(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.meet(world, case, "impasse")
    world.complete("mira", case, "sign_off_outcome", {"furtherWork": True, "outcomeSignature": "CANARY-C3"})
    assert world.names(case) == ["schedule_session"]


def test_a_closed_case_is_signalled_to_whatever_waits_for_it(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.meet(world, case)
    telling.agree(world, case)
    telling.to_sign_off(world, case)
    assert "tell_that_case_closed" not in world.events(case, "element_completed")
    world.complete("sue", case, "sign_off_closure", answers.APPROVED)
    assert "tell_that_case_closed" in world.events(case, "element_completed")
    assert telling.end_event(world, case) == "closed_full"
