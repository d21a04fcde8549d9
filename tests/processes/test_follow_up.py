"""P11: whether an agreement holds is asked of those who said yes to it, on a case that stays closed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.app import create_app
from engine import clock, store
from engine.feel import from_json
from engine.model.cases import Case
from engine.model.errors import Forbidden
from engine.operations.content import panels
from tests.processes import answers, telling
from tests.processes.test_portal import CONFIG
from tests.visiting import Visitor
from tests.world import World


def _close(world: World, case: Case, waits: str = "PT1H", **of_ana: object) -> None:
    """Signed, and closed after a while; ana confirms how it ended with answers of her own."""
    telling.meet(world, case)
    telling.agree(world, case)
    world.complete("mira", case, "sign_off_outcome", answers.OUTCOME)
    world.complete("ana", case, "confirm_closure", answers.CONFIRMED | of_ana, of="ana")
    world.complete("ben", case, "confirm_closure", answers.CONFIRMED, of="ben")
    world.advance(waits)
    world.complete("sue", case, "sign_off_closure", answers.APPROVED)


def _facts(world: World, case: Case, number: int) -> list[object]:
    names = [f"followUp{what}{number}" for what in ("Asked", "Reached", "Holding")]
    with world.store.reading() as uow:
        found = {fact.key: from_json(fact.value) for fact in store.facts.of_cases(uow, [case.id], names)}
    return [found.get(name) for name in names]


@pytest.fixture
def asked(underway: tuple[World, Case]) -> tuple[World, Case]:
    """A closed case whose parties are asked for the first time."""
    world, case = underway
    _close(world, case)
    world.advance("P30D")
    return world, case


def test_who_did_not_agree_to_it_at_closing_is_not_asked(underway: tuple[World, Case]) -> None:
    world, case = underway
    _close(world, case, followUpOk=False)
    world.advance("P30D")
    assert world.names(case) == ["follow_up"]
    assert {task.participant_id for task in world.open_tasks(case)} == world.participant_ids(case, "ben")


def test_a_case_without_an_agreement_is_not_followed_up(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.meet(world, case, "impasse")
    telling.to_sign_off(world, case, answers.NO_AGREEMENT)
    world.complete("sue", case, "sign_off_closure", answers.APPROVED)
    world.advance("P200D")
    assert "follow_up" not in world.events(case, "element_entered")


def test_the_days_are_counted_from_the_signatures_not_from_the_closing(underway: tuple[World, Case]) -> None:
    world, case = underway
    _close(world, case, waits="P20D")
    world.advance("P9D")
    assert world.names(case) == []
    world.advance("P1D")
    assert world.names(case) == ["follow_up"] * 2


def test_a_time_that_was_over_when_the_case_closed_is_left_out(underway: tuple[World, Case]) -> None:
    world, case = underway
    _close(world, case, waits="P60D")
    assert world.names(case) == []
    world.advance("P30D")
    world.complete("ana", case, "follow_up", answers.HOLDS, of="ana")
    assert _facts(world, case, 1) == [None] * 3


def test_the_case_stays_closed_and_says_how_many_were_asked_reached_and_hold(asked: tuple[World, Case]) -> None:
    world, case = asked
    world.complete("ana", case, "follow_up", answers.HOLDS, of="ana")
    world.complete("ben", case, "follow_up", answers.PARTLY_HOLDS, of="ben")
    due = world.task(case, "call_about_agreement").due_at
    assert due is not None
    assert due - clock.now() == timedelta(days=5)
    world.complete("ida", case, "call_about_agreement", {"followUpOffer": "spoken"}, of="ben")
    assert [int(str(one)) for one in _facts(world, case, 1)] == [2, 2, 1]
    assert world.case(case).state == "closed"


def test_nobody_but_who_has_to_know_learns_who_is_afraid(asked: tuple[World, Case]) -> None:
    world, case = asked
    world.complete("ana", case, "follow_up", answers.HOLDS | {"safetyFeeling": "afraid"}, of="ana")
    assert sorted(world.names(case)) == ["follow_up", "look_into_incident"]
    page = world.page("ben", case)
    told = str((page.line, page.tasks, page.explanation, page.timeline, page.panels))
    words = ("concern", "safety-incident", "look_into_incident", "followUpUnsafe", "tell_of_concern", "call_about", "CANARY-C4-holds")
    assert [word for word in words if word in told] == []
    for name, reads in (("mira", True), ("ida", False)):
        with world.reading(name) as (uow, actor):
            assert ("CANARY-C4-holds" in str(panels.all_of(uow, actor, case.id))) is reads, name


def test_who_may_not_hear_the_answers_sends_no_empty_one_and_is_told_who_enters_it(asked: tuple[World, Case]) -> None:
    world, case = asked
    task = world.task(case, "follow_up", of="ana").id
    ida = Visitor(create_app(world.store, CONFIG).test_client()).sign_in_as(world, "ida")
    assert ida.see(f"/tasks/{task}").xpath("//main//form[@data-form]") == []
    assert "What this asks may be told to Mediator, not to you" in ida.text()
    with pytest.raises(Forbidden, match="ask them to enter it"):
        world.complete("ida", case, "follow_up", {}, of="ana", mode="on-behalf")
    world.complete("mira", case, "follow_up", answers.HOLDS, of="ana", mode="on-behalf")
    assert world.names(case) == ["follow_up"]


def test_calls_that_wait_at_once_are_told_apart_by_whom_they_are_about(asked: tuple[World, Case]) -> None:
    world, case = asked
    world.advance("P10D")
    calls = [one for one in world.page("mira", case).explanation.waiting if one.element_id == "call_silent_party"]
    assert {one.about.label for one in calls if one.about} == {"Ana Example", "Ben Example"}
    mira = Visitor(create_app(world.store, CONFIG).test_client()).sign_in_as(world, "mira")
    mira.see(f"/cases/{case.id}")
    assert all(f"For {name} Example" in mira.text() for name in ("Ana", "Ben"))


def test_an_agreement_that_was_asked_about_three_times_is_followed_up(asked: tuple[World, Case]) -> None:
    world, case = asked
    for days in ("P60D", "P90D", "P1D"):
        for name in telling.PARTIES:
            world.complete(name, case, "follow_up", answers.HOLDS, of=name)
        world.advance(days)
    assert [int(str(one)) for one in _facts(world, case, 3)] == [2, 2, 2]
    assert "note_followed_up" in world.events(case, "element_completed")
    assert world.names(case) == []
