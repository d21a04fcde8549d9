"""Deadline rules beside a task's due date: each rung at its time and once, whatever happened in between."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine import clock, store
from engine.model.cases import Case
from engine.operations.rounds import sweeps
from engine.operations.tasks import task_lists
from engine.operations.telling import notices
from engine.store import Store
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.world import START, World


@pytest.fixture
def world(empty: Store) -> World:
    return cast(empty, shelf.with_ladder())


@pytest.fixture
def loan(world: World) -> Case:
    """The book is out and due in a week; lia has the task."""
    case = acts.lent(world)
    task = world.task(case, "recall")
    with world.acting("lia") as (uow, actor):
        acts.claim(uow, actor, task.id)
    return case


def test_every_rung_acts_at_its_own_time(world: World, loan: Case) -> None:
    seen = []
    for _ in range(26):
        world.advance("PT12H")
        seen += [(world.passed(START), *rung) for rung in acts.rungs(world, loan)[len(seen) :]]
    assert seen == [
        (timedelta(days=3.5), 1, "fired"),
        (timedelta(days=6), 2, "fired"),
        (timedelta(days=10), 3, "fired"),
        (timedelta(days=12), 4, "fired"),
    ]


def test_a_reminder_is_a_notice_in_the_inbox_and_a_line_of_the_timeline(world: World, loan: Case) -> None:
    world.advance("P4D")
    with world.reading("lia") as (uow, actor):
        (notice,) = notices.list_(uow, actor).items
    assert (notice.title, notice.text) == ("Reminder: a task is due", f"“Wait for the book” of loan {loan.number} is due soon.")
    assert "Notice to Lia Example: Reminder: a task is due" in [line.text for line in world.page("lia", loan).timeline]


def test_a_notice_to_a_role_reaches_everybody_who_holds_it_once(world: World, loan: Case) -> None:
    world.advance("P10D")
    assert [world.notices(name) for name in ("kim", "kit", "cor")] == [["overdue"], ["overdue"], []]


def test_a_rung_starts_a_process_on_the_same_case(world: World, loan: Case) -> None:
    world.advance("P12D")
    task, late = world.task(loan, "recall"), acts.instance(world, loan, "late-loan")
    assert world.names(loan) == ["look", "recall"]
    assert late.subject_task_id == task.id
    found = acts.variables(world, "kim", late)
    assert found == {"subjectTask": task.id, "subjectElement": "recall", "subjectName": "Wait for the book", "overdueRung": 4}


def test_a_task_that_a_rung_began_is_listed_with_the_late_task_that_it_is_about(world: World, loan: Case) -> None:
    world.advance("P12D")
    begun = world.task(loan, "look").id
    with world.reading("kim") as (uow, actor):
        about = {line.task.element_id: line.about for line in task_lists.list_(uow, actor).items}
        look = task_lists.page(uow, actor, begun)
    assert about == {"look": "Wait for the book", "recall": ""}
    assert look.line.about == "Wait for the book"


def test_after_nine_days_of_downtime_only_the_highest_rung_due_acts(world: World, loan: Case) -> None:
    world.advance("P2D")
    world.jump("P9D")
    assert acts.rungs(world, loan) == [(1, "passed_over"), (2, "passed_over"), (3, "fired")]
    assert (world.notices("lia"), world.notices("kim")) == ([], ["overdue"])


def test_a_rung_acts_once_however_often_its_timer_is_claimed(world: World, loan: Case) -> None:
    (timer,) = acts.timers(world, loan, "recall")
    world.clock.advance(timer.due_at - clock.now())
    assert [sweeps.run_timer(world.store, timer) for _ in range(3)] == [True, False, False]
    assert world.notices("lia") == ["due-soon"]


def test_a_rung_that_died_before_its_commit_acts_when_the_system_is_back(world: World, loan: Case) -> None:
    (timer,) = acts.timers(world, loan, "recall")
    world.clock.advance(timer.due_at - clock.now())
    with world.store.unit_of_work() as uow:
        acts.fire(uow, timer)
    assert (world.notices("lia"), acts.rungs(world, loan)) == ([], [])
    sweeps.until_quiet(world.store)
    assert (world.notices("lia"), acts.rungs(world, loan)) == (["due-soon"], [(1, "fired")])


def test_a_new_due_date_begins_the_ladder_again(world: World, loan: Case) -> None:
    world.advance("P12D")
    world.complete("kim", loan, "look", {"decision": "move", "newDue": "2026-04-13"})
    assert world.task(loan, "recall").due_at == START + timedelta(days=42, hours=8)
    world.advance("P43D")
    again = acts.rungs(world, loan)[4:]
    assert again[:3] == [(1, "fired"), (2, "fired"), (3, "fired")]


def test_half_of_the_time_is_half_of_the_new_time_after_a_new_due_date(world: World, loan: Case) -> None:
    world.advance("P12D")
    world.complete("kim", loan, "look", {"decision": "move", "newDue": "2026-04-13"})
    (timer,) = acts.timers(world, loan, "recall")
    assert timer.due_at == START + timedelta(days=12) + timedelta(days=30, hours=8) / 2


def test_a_waived_deadline_is_written_down_rung_by_rung(world: World, loan: Case) -> None:
    world.advance("P12D")
    before = acts.rungs(world, loan)
    world.complete("kim", loan, "look", {"decision": "waive"})
    assert world.task(loan, "recall").due_at is None
    assert (acts.rungs(world, loan), acts.timers(world, loan, "recall")) == (before, ())
    assert "Deadline waived: Wait for the book" in [line.text for line in world.page("lia", loan).timeline]


def test_rungs_still_ahead_are_waived_with_the_deadline(world: World, loan: Case) -> None:
    task = world.task(loan, "recall")
    acts.started(world, "late-loan", case=loan)
    world.advance("P4D")
    late = acts.instance(world, loan)
    with world.store.unit_of_work() as uow:
        acts.waive(uow, world.system, late, loan, {"task": task.id})
        uow.commit()
    assert acts.rungs(world, loan)[:4] == [(1, "fired"), (2, "waived"), (3, "waived"), (4, "waived")]


def test_suspended_time_does_not_count(world: World, loan: Case) -> None:
    world.advance("P2D")
    acts.control(world, "kim", loan, "suspend")
    world.advance("P20D")
    assert acts.rungs(world, loan) == []
    acts.control(world, "kim", loan, "resume")
    assert world.task(loan, "recall").due_at == START + timedelta(days=27)
    world.advance("P1DT11H")
    assert acts.rungs(world, loan) == []
    world.advance("PT1H")
    assert acts.rungs(world, loan) == [(1, "fired")]
    world.advance("P9D")
    assert acts.rungs(world, loan) == [(1, "fired"), (2, "fired"), (3, "fired"), (4, "fired")]


def test_nothing_climbs_after_the_task_is_done(world: World, loan: Case) -> None:
    world.complete("lia", loan, "recall")
    assert [timer.element_id for timer in acts.timers(world, loan)] == ["check-return"]


def test_a_reminder_reaches_the_bound_participant_and_those_a_task_is_offered_to_once(world: World) -> None:
    case = acts.loan(world)
    world.advance("P4D")
    assert world.notices("ben") == ["due-soon"]
    world.complete("ben", case, "answer-terms", shelf.ACCEPT)
    world.complete("lia", case, "recall")
    world.give_role("kim", "curator")
    world.advance("P1D")
    assert (world.notices("cor"), world.notices("kim")) == (["due-soon"], [])


def test_nobody_behind_a_wall_is_told_of_the_case(world: World, loan: Case) -> None:
    acts.wall(world, loan, "kit")
    world.advance("P10D")
    assert (world.notices("kim"), world.notices("kit")) == (["overdue"], [])


def test_the_next_rung_stands_among_what_comes_next(world: World, loan: Case) -> None:
    upcoming = world.page("lia", loan).explanation.upcoming
    assert [(step.at - START, step.what) for step in upcoming] == [(timedelta(days=3.5), "Reminder: Wait for the book")]
    with world.store.reading() as uow:
        assert store.rungs.of_case(uow, loan.id) == ()
