"""P02: from the request to the decision whether a case is taken on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.model.cases import Case
from engine.model.errors import Excluded, FormInvalid, Invalid
from tests.processes import answers, telling
from tests.world import World


@pytest.fixture
def case(world: World) -> Case:
    """A case that was just opened."""
    return telling.open_case(world)


def test_a_case_needs_two_parties(world: World) -> None:
    with pytest.raises(Invalid):
        telling.open_case(world, ("ana",))


def test_a_case_is_opened_from_its_first_moment_on(world: World, case: Case) -> None:
    assert [(code, at) for code, _, at in world.page("ida", case).milestones if at] == [("opened", case.opened_at)]


def test_the_privacy_notice_has_to_be_shown(world: World, case: Case) -> None:
    with pytest.raises(FormInvalid) as wrong:
        world.complete("ida", case, "record_request", answers.REQUEST | {"privacyNoticeShown": False})
    assert [error.path for error in wrong.value.errors] == ["/privacyNoticeShown"]


def test_an_excluded_matter_cannot_be_in_scope(world: World, case: Case) -> None:
    world.complete("ida", case, "record_request", answers.REQUEST)
    with pytest.raises(FormInvalid):
        world.complete("ida", case, "check_scope", answers.SCOPE | {"excludedMatter": "criminal_violence"})


def test_out_of_scope_ends_with_the_neutral_notice(world: World, case: Case) -> None:
    world.complete("ida", case, "record_request", answers.REQUEST)
    world.complete("ida", case, "check_scope", answers.SCOPE | {"scopeResult": "out"})
    assert world.names(case) == ["record_ending"]
    assert world.notices("ana") == world.notices("ben") == ["outcome-notice"]


def test_an_unclear_scope_is_ruled_on_by_the_supervisor(world: World, case: Case) -> None:
    world.complete("ida", case, "record_request", answers.REQUEST)
    world.complete("ida", case, "check_scope", answers.SCOPE | {"scopeResult": "unclear"})
    world.complete("sue", case, "rule_on_scope", {"scopeResult": "in", "ruling": "CANARY-C7-ruling"})
    assert world.names(case) == ["contact_parties"]


@pytest.mark.parametrize("result", ["declined", "no_response", "presettled"])
def test_parties_who_do_not_come_end_the_intake(world: World, case: Case, result: str) -> None:
    world.complete("ida", case, "record_request", answers.REQUEST)
    world.complete("ida", case, "check_scope", answers.SCOPE)
    world.complete("ida", case, "contact_parties", answers.CONTACT | {"contactResult": result})
    assert world.names(case) == ["record_ending"]


def test_every_party_is_screened_apart(world: World, case: Case) -> None:
    world.complete("ida", case, "record_request", answers.REQUEST)
    world.complete("ida", case, "check_scope", answers.SCOPE)
    world.complete("ida", case, "contact_parties", answers.CONTACT)
    tasks = [task for task in world.open_tasks(case) if task.element_id == "screen_party"]
    assert len({task.participant_id for task in tasks}) == 2


def test_concern_asks_for_safeguards(world: World, case: Case) -> None:
    world.complete("ida", case, "record_request", answers.REQUEST)
    world.complete("ida", case, "check_scope", answers.SCOPE)
    world.complete("ida", case, "contact_parties", answers.CONTACT)
    with pytest.raises(FormInvalid) as wrong:
        world.complete("sol", case, "screen_party", answers.SCREENING | {"concernLevel": "some"}, of="ana")
    assert [error.path for error in wrong.value.errors] == ["/safeguards"]


def test_a_second_person_who_disagrees_keeps_the_parties_apart(world: World, case: Case) -> None:
    serious = answers.SCREENING | {"concernLevel": "serious", "safeguards": ["shuttle"]}
    telling.take_in(world, case, screening=serious)
    world.complete("sal", case, "confirm_suitability", {"secondAgrees": False, "secondNote": "CANARY-C5-second"})
    assert world.names(case) == ["record_ending"]


def test_the_second_look_is_another_persons(world: World, case: Case) -> None:
    serious = answers.SCREENING | {"concernLevel": "serious", "safeguards": ["shuttle"]}
    telling.take_in(world, case, screening=serious)
    world.give_role("ida", "safety_lead")
    with pytest.raises(Excluded):
        world.complete("ida", case, "confirm_suitability", {"secondAgrees": True})


def test_every_negative_result_reads_the_same_for_the_parties(world: World, case: Case) -> None:
    telling.take_in(world, case, decision={"intakeOutcome": "referred_out", "reasonCode": "safety", "priority": "P3"})
    assert world.notices("ana") == world.notices("ben") == ["outcome-notice"]
    seen = replace(world.page("ana", case), diagrams=(), acts=())  # what they may do at any time speaks of safety to everybody
    assert "safety" not in str(seen)
