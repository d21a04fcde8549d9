"""P03: a mediator who is free of conflicts, appointed after disclosure."""

from __future__ import annotations

import pytest

from engine.model.cases import Case
from engine.model.errors import Excluded, FormInvalid, NotFound
from engine.operations.running import instances
from engine.operations.tasks import task_lists
from tests.processes import answers, telling
from tests.world import World


@pytest.fixture
def case(world: World) -> Case:
    """A suitable case without a mediator."""
    opened = telling.open_case(world)
    telling.take_in(world, opened)
    return opened


def test_access_begins_with_the_appointment_and_not_before(world: World, case: Case) -> None:
    telling.pick(world, case)
    with pytest.raises(NotFound):
        world.page("noor", case)
    world.complete("mira", case, "inquire_and_disclose", answers.INQUIRY)
    assert "ana" in str(world.page("mira", case)).lower()


def test_whoever_cannot_accept_never_gets_the_case(world: World, case: Case) -> None:
    telling.pick(world, case)
    world.complete("mira", case, "inquire_and_disclose", answers.INQUIRY | {"conflictClass": "non_waivable"})
    assert world.names(case) == ["pick_candidate"]
    with pytest.raises(NotFound):
        world.page("mira", case)


def test_a_tie_cannot_be_called_no_conflict(world: World, case: Case) -> None:
    telling.pick(world, case)
    with pytest.raises(FormInvalid) as wrong:
        world.complete("mira", case, "inquire_and_disclose", answers.DISCLOSED | {"conflictClass": "none"})
    assert "/conflictClass" in {error.path for error in wrong.value.errors}


def test_silence_for_three_days_counts_as_declined(world: World, case: Case) -> None:
    telling.pick(world, case)
    world.advance("P3D")
    assert "pick_candidate" in world.names(case)
    assert "inquire_and_disclose" not in world.names(case)


def test_a_disclosure_is_put_to_every_party_and_approved_by_the_supervisor(world: World, case: Case) -> None:
    telling.pick(world, case)
    world.complete("mira", case, "inquire_and_disclose", answers.DISCLOSED)
    for name in telling.PARTIES:
        world.complete(name, case, "answer_disclosure", {"disclosureReply": "no_objection"}, of=name)
    world.complete("sue", case, "approve_with_disclosure", {"disclosureApproved": True})
    assert world.names(case) == ["brief_mediator"]


def test_one_objection_is_enough(world: World, case: Case) -> None:
    telling.pick(world, case)
    world.complete("mira", case, "inquire_and_disclose", answers.DISCLOSED)
    world.complete("ana", case, "answer_disclosure", {"disclosureReply": "objection"}, of="ana")
    world.complete("ben", case, "answer_disclosure", {"disclosureReply": "no_objection"}, of="ben")
    assert world.names(case) == ["pick_candidate"]


def test_silence_of_a_party_leaves_the_decision_to_the_supervisor(world: World, case: Case) -> None:
    telling.pick(world, case)
    world.complete("mira", case, "inquire_and_disclose", answers.DISCLOSED)
    world.advance("P4D")
    assert [world.notices(name).count("terms-reminder") for name in telling.PARTIES] == [1, 1]
    world.advance("P1D")
    assert "approve_with_disclosure" in world.names(case)


def test_three_attempts_lead_to_the_supervisor(world: World, case: Case) -> None:
    for name in ("mira", "noor", "mira"):
        telling.pick(world, case, name)
        world.complete(name, case, "inquire_and_disclose", answers.INQUIRY | {"conflictClass": "declined"})
    assert world.names(case) == ["decide_without_mediator"]


def test_whoever_screened_a_party_is_not_appointed(world: World, case: Case) -> None:
    world.give_role("sol", "roster_mediator")
    telling.pick(world, case, "sol")
    with pytest.raises(Excluded):
        world.complete("sol", case, "inquire_and_disclose", answers.INQUIRY)


def test_the_parties_are_told_of_the_appointment(world: World, case: Case) -> None:
    telling.appoint(world, case)
    assert "appointment" in world.notices("ana")


@pytest.fixture
def walled(world: World, case: Case) -> Case:
    """The case after mira disclosed a conflict that nobody can waive."""
    telling.pick(world, case)
    world.complete("mira", case, "inquire_and_disclose", answers.INQUIRY | {"conflictClass": "non_waivable"})
    return case


def test_a_conflict_that_nobody_can_waive_builds_a_wall(world: World, walled: Case) -> None:
    assert "wall_added" in {entry.event for entry in world.trail(walled)}
    with pytest.raises(NotFound):
        world.page("mira", walled)
    with world.reading("mira") as (uow, actor):
        assert walled.id not in {row.case_id for row in instances.list_(uow, actor).items}
        assert walled.id not in {line.task.case_id for line in task_lists.list_(uow, actor, limit=200).items}


def test_whoever_is_walled_is_not_offered_and_cannot_be_picked_again(world: World, walled: Case) -> None:
    with world.reading("ida") as (uow, actor):
        page = task_lists.page(uow, actor, world.task(walled, "pick_candidate").id)
    offered = {key for key, _ in page.choices["candidateId"]}
    assert world.people["noor"].id in offered
    assert world.people["mira"].id not in offered
    with pytest.raises(FormInvalid) as wrong:
        telling.pick(world, walled, "mira")
    assert {error.path for error in wrong.value.errors} == {"/candidateId"}
    telling.appoint(world, walled, "noor")


def test_whoever_merely_declines_is_not_walled(world: World, case: Case) -> None:
    telling.pick(world, case)
    world.complete("mira", case, "inquire_and_disclose", answers.INQUIRY | {"conflictClass": "declined"})
    assert "wall_added" not in {entry.event for entry in world.trail(case)}
    telling.appoint(world, case)


def test_only_somebody_on_the_roster_can_be_picked(world: World, case: Case) -> None:
    with pytest.raises(FormInvalid):
        telling.pick(world, case, "sue")
