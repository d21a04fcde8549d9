"""P10: closing with four eyes: outcome, confirmations, sign-off, report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from engine import store
from engine.model.cases import Case
from engine.model.errors import Excluded, FormInvalid, NotFound
from tests.processes import answers, telling
from tests.world import World


@pytest.fixture
def ended(underway: tuple[World, Case]) -> tuple[World, Case]:
    """A case whose mediation ended without agreement; the mediator is to sign off."""
    world, case = underway
    telling.meet(world, case, "impasse")
    return world, case


@pytest.fixture
def waiting(ended: tuple[World, Case]) -> tuple[World, Case]:
    """The same, waiting for a supervisor."""
    world, case = ended
    telling.to_sign_off(world, case, answers.NO_AGREEMENT)
    return world, case


def test_a_full_agreement_with_an_open_issue_is_refused(ended: tuple[World, Case]) -> None:
    world, case = ended
    wrong_data = answers.OUTCOME | {"closingIssues": [{"issue": "CANARY-C3", "state": "unresolved"}]}
    with pytest.raises(FormInvalid) as wrong:
        world.complete("mira", case, "sign_off_outcome", wrong_data)
    assert [error.path for error in wrong.value.errors] == ["/outcomeCode"]


def test_a_partial_agreement_without_an_open_issue_is_refused(ended: tuple[World, Case]) -> None:
    world, case = ended
    with pytest.raises(FormInvalid) as wrong:
        world.complete("mira", case, "sign_off_outcome", answers.OUTCOME | {"outcomeCode": "partial_agreement"})
    assert [error.path for error in wrong.value.errors] == ["/outcomeCode"]


def test_each_party_confirms_and_then_the_supervisor_signs_off(ended: tuple[World, Case]) -> None:
    world, case = ended
    world.complete("mira", case, "sign_off_outcome", answers.NO_AGREEMENT)
    assert world.names(case) == ["confirm_closure"] * 2
    for name in telling.PARTIES:
        world.complete(name, case, "confirm_closure", answers.CONFIRMED, of=name)
    assert world.names(case) == ["sign_off_closure"]


def test_silence_is_reminded_twice_then_stored_as_such(ended: tuple[World, Case]) -> None:
    world, case = ended
    world.complete("mira", case, "sign_off_outcome", answers.NO_AGREEMENT)
    world.complete("ben", case, "confirm_closure", answers.CONFIRMED, of="ben")
    world.advance("P5D")
    assert world.notices("ana").count("closure-reminder") == 2
    assert world.names(case) == ["confirm_closure"]
    world.advance("P2D")
    assert world.names(case) == ["sign_off_closure"]
    assert "note_silence" in world.events(case, "element_completed")
    assert sorted(one["answer"] for one in _variables(world, case)["confirmations"]) == ["matches", "not_answered"]


def test_a_day_before_an_answer_closes_by_itself_intake_may_still_call(ended: tuple[World, Case]) -> None:
    world, case = ended
    world.complete("mira", case, "sign_off_outcome", answers.NO_AGREEMENT)
    world.complete("ben", case, "confirm_closure", answers.CONFIRMED, of="ben")
    world.advance("P5D")
    assert "answer-awaited" not in world.notices("ida")
    world.advance("P1D")
    assert world.notices("ida").count("answer-awaited") == 1


def test_a_mismatch_goes_to_the_mediator_before_the_supervisor(ended: tuple[World, Case]) -> None:
    world, case = ended
    world.complete("mira", case, "sign_off_outcome", answers.NO_AGREEMENT)
    differs = answers.CONFIRMED | {"understandingMatches": False, "difference": "CANARY-C4-difference"}
    world.complete("ana", case, "confirm_closure", differs, of="ana")
    world.complete("ben", case, "confirm_closure", answers.CONFIRMED, of="ben")
    assert world.names(case) == ["clear_up_difference"]
    world.complete("mira", case, "clear_up_difference", {"clarified": "differs"})
    assert world.names(case) == ["sign_off_closure"]


def test_a_low_score_does_not_block_but_raises_a_flag(ended: tuple[World, Case]) -> None:
    world, case = ended
    world.complete("mira", case, "sign_off_outcome", answers.NO_AGREEMENT)
    world.complete("ana", case, "confirm_closure", answers.CONFIRMED | {"satisfiedProcess": 1}, of="ana")
    world.complete("ben", case, "confirm_closure", answers.CONFIRMED, of="ben")
    assert world.names(case) == ["sign_off_closure"]
    held = _variables(world, case)
    assert held["closureFlag"] is True
    assert sorted(one["flag"] for one in held["confirmations"]) == [False, True]


def test_good_scores_raise_no_flag(waiting: tuple[World, Case]) -> None:
    assert _variables(*waiting)["closureFlag"] is False


def _variables(world: World, case: Case) -> Mapping[str, Any]:
    """The variables of the closure of a case, which runs inside the instance that called it."""
    with world.store.reading() as uow:
        (running,) = store.instances.of_case(uow, case.id)
    found: Mapping[str, Any]
    (found,) = [held for _id, key, held in json.loads(running.state_blob)["s"] if key == "closure" and "confirmations" in held]
    return found


@pytest.mark.parametrize("name", ["mira", "ida"])
def test_nobody_who_had_a_part_signs_off(waiting: tuple[World, Case], name: str) -> None:
    world, case = waiting
    world.give_role(name, "supervisor")
    with pytest.raises(Excluded):
        world.complete(name, case, "sign_off_closure", answers.APPROVED)
    world.complete("sue", case, "sign_off_closure", answers.APPROVED)
    assert world.case(case).state == "closed"


def test_the_earlier_mediator_sees_nothing_of_it_and_the_later_one_is_excluded(underway: tuple[World, Case]) -> None:
    world, case = underway
    world.send("mira", case, "MediatorRecused")
    telling.appoint(world, case, "noor")
    telling.consent(world, case)
    telling.plan(world, case, mediator="noor")
    telling.meet(world, case, "impasse", mediator="noor")
    telling.to_sign_off(world, case, answers.NO_AGREEMENT, mediator="noor")
    for name, refused in (("mira", NotFound), ("noor", Excluded)):
        world.give_role(name, "supervisor")
        with pytest.raises(refused):
            world.complete(name, case, "sign_off_closure", answers.APPROVED)


def test_a_return_goes_back_to_the_mediator_without_asking_the_parties_again(waiting: tuple[World, Case]) -> None:
    world, case = waiting
    world.complete("sue", case, "sign_off_closure", answers.RETURNED)
    assert world.names(case) == ["sign_off_outcome"]
    world.complete("mira", case, "sign_off_outcome", answers.NO_AGREEMENT)
    assert world.names(case) == ["sign_off_closure"]


def test_after_two_returns_the_director_decides(waiting: tuple[World, Case]) -> None:
    world, case = waiting
    for _ in range(2):
        world.complete("sue", case, "sign_off_closure", answers.RETURNED)
        world.complete("mira", case, "sign_off_outcome", answers.NO_AGREEMENT)
    world.complete("sue", case, "sign_off_closure", answers.RETURNED)
    assert world.names(case) == ["decide_on_closure"]
    world.complete("dan", case, "decide_on_closure", {"closureDecision": "approve", "directorReason": "CANARY-C7"})
    assert world.case(case).state == "closed"


def test_the_director_can_send_the_case_back_to_work(waiting: tuple[World, Case]) -> None:
    world, case = waiting
    for _ in range(2):
        world.complete("sue", case, "sign_off_closure", answers.RETURNED)
        world.complete("mira", case, "sign_off_outcome", answers.NO_AGREEMENT)
    world.complete("sue", case, "sign_off_closure", answers.RETURNED)
    world.complete("dan", case, "decide_on_closure", {"closureDecision": "reopen_work", "directorReason": "CANARY-C7"})
    assert world.names(case) == ["schedule_session"]


def test_the_report_to_the_referrer_holds_four_facts_and_no_other(world: World) -> None:
    case = telling.in_mediation(world, referralSource="court_order", courtCaseNumber="CANARY-C2-court")
    telling.meet(world, case, "impasse")
    telling.to_sign_off(world, case, answers.NO_AGREEMENT)
    world.complete("sue", case, "sign_off_closure", answers.APPROVED)
    with pytest.raises(FormInvalid):
        world.complete("ida", case, "report_to_referrer", answers.REPORT | {"cause": "CANARY"})
    world.complete("ida", case, "report_to_referrer", answers.REPORT)
    assert world.case(case).state == "closed"


def test_parties_are_invited_to_the_survey_and_told_nothing_else(waiting: tuple[World, Case]) -> None:
    world, case = waiting
    world.complete("sue", case, "sign_off_closure", answers.APPROVED)
    assert world.notices("ana")[-1] == world.notices("ben")[-1] == "survey-invitation"
