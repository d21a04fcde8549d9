"""Ladders at work: what a deadline rule did and does next is told, and a coming step can be waived with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine import clock
from engine.model.cases import Case
from engine.model.errors import Conflict, Forbidden, Invalid, NotFound
from engine.model.ladder_views import Ladder
from engine.operations.running import requests
from engine.operations.supervision import rungs
from engine.store import Store
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.world import World


@pytest.fixture
def world(empty: Store) -> World:
    return cast(empty, shelf.with_ladder())


@pytest.fixture
def loan(world: World) -> Case:
    """The book is out and due in a week."""
    return acts.lent(world)


def ladder(world: World, loan: Case, by: str = "kim") -> Ladder:
    task = world.task(loan, "recall")
    with world.reading(by) as (uow, actor):
        return rungs.of_task(uow, actor, task.id)


def steps(world: World, loan: Case) -> list[tuple[int, str]]:
    return [(step.number, step.state) for step in ladder(world, loan).steps]


def waive(world: World, loan: Case, number: int, by: str = "kim", reason: str = "They asked for more time.") -> None:
    task = world.task(loan, "recall")
    with world.acting(by) as (uow, actor):
        rungs.waive(uow, actor, task.id, number, reason)


def test_a_ladder_tells_what_it_did_what_is_next_and_what_comes_after(world: World, loan: Case) -> None:
    world.advance("P4D")
    assert steps(world, loan) == [(1, "fired"), (2, "next"), (3, "ahead"), (4, "ahead")]
    told = [(step.label, step.whom) for step in ladder(world, loan).steps]
    assert told[2:] == [("Notice", "Keeper"), ("A keeper looks into it", "“late-loan”")]


def test_a_waived_step_is_not_done_and_the_one_after_it_comes_at_its_own_time(world: World, loan: Case) -> None:
    waive(world, loan, 1)
    waive(world, loan, 2)
    assert steps(world, loan) == [(1, "waived"), (2, "waived"), (3, "next"), (4, "ahead")]
    world.advance("P11D")
    assert acts.rungs(world, loan) == [(1, "step_waived"), (2, "step_waived"), (3, "fired")]
    assert "due-soon" not in world.notices("lia")
    assert world.notices("kim") == ["overdue"]


def test_a_later_step_is_waived_before_its_time_and_the_others_come(world: World, loan: Case) -> None:
    waive(world, loan, 3)
    assert steps(world, loan) == [(1, "next"), (2, "ahead"), (3, "waived"), (4, "ahead")]
    with pytest.raises(Conflict):
        waive(world, loan, 3)
    world.advance("P14D")
    assert sorted(acts.rungs(world, loan)) == [(1, "fired"), (2, "fired"), (3, "step_waived"), (4, "fired")]
    assert "overdue" not in world.notices("kim")
    with pytest.raises(Conflict):
        waive(world, loan, 1)


def test_waiving_the_last_step_leaves_none_ahead(world: World, loan: Case) -> None:
    world.advance("P11D")
    waive(world, loan, 4)
    assert ladder(world, loan).may_waive is False
    world.advance("P20D")
    assert acts.rungs(world, loan)[-1] == (4, "step_waived")
    assert "look" not in world.names(loan)


def test_a_new_due_date_brings_waived_steps_back(world: World, loan: Case) -> None:
    waive(world, loan, 1)
    world.advance("PT1H")
    task, running = world.task(loan, "recall"), acts.instance(world, loan)
    with world.store.unit_of_work() as uow:
        due = requests.OPERATIONS["user-task.due"]
        due(uow, world.system, running, loan, {"task": task.id, "due": clock.now() + timedelta(days=10)})
        uow.commit()
    assert steps(world, loan)[0] == (1, "waived")
    assert [state for _, state in steps(world, loan)].count("next") == 1


def test_who_waived_and_that_there_was_a_reason_stands_in_the_trail_and_the_reason_nowhere_else(world: World, loan: Case) -> None:
    waive(world, loan, 1, reason="CANARY-reason")
    entry = world.trail(loan)[-1]
    assert (entry.event, entry.actor_id) == ("rung_waived", world.people["kim"].id)
    assert isinstance(entry.details, dict)
    assert entry.details["reason_given"] is True
    assert "CANARY" not in str([one.details for one in world.trail(loan)])
    assert "A step about a deadline was waived: Wait for the book" in [line.text for line in world.page("kim", loan).timeline]
    assert "CANARY-reason" not in str(world.page("lia", loan))


@pytest.mark.parametrize(
    ("by", "number", "reason", "error"),
    [
        ("kim", 9, "why", Conflict),
        ("kim", 1, "  ", Invalid),
        ("kim", 1, "x" * 1001, Invalid),
        ("lia", 1, "why", Forbidden),
        ("bea", 1, "why", NotFound),
    ],
)
def test_only_a_coming_step_is_waived_by_who_steps_in_and_with_a_reason(
    world: World, loan: Case, by: str, number: int, reason: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        waive(world, loan, number, by, reason)
    assert acts.rungs(world, loan) == []


def test_a_wall_hides_the_ladder(world: World, loan: Case) -> None:
    key = "library/standard"
    with world.reading("kim") as (uow, actor):
        assert [one.case_number for one in rungs.standing(uow, actor, key).items] == [loan.number]
    acts.wall(world, loan, "kim")
    with world.reading("kim") as (uow, actor):
        assert rungs.standing(uow, actor, key).items == ()
    with pytest.raises(NotFound):
        waive(world, loan, 1)


def test_each_rule_lists_the_tasks_that_no_rule_before_it_took(world: World, loan: Case) -> None:
    acts.loan(world)
    with world.reading("kim") as (uow, actor):
        found = {rule.key: [one.task for one in rungs.standing(uow, actor, rule.key).items] for rule in rungs.rules(uow, actor)}
        assert found == {"library/terms": ["Answer the terms"], "library/standard": ["Wait for the book"]}
        with pytest.raises(NotFound):
            rungs.standing(uow, actor, "library/none")
    with pytest.raises(Forbidden), world.reading("ben") as (uow, actor):
        rungs.rules(uow, actor)
