"""Processes that start by a timer, told in virtual time; their versions, and what fails."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from engine import clock, store
from engine.model.errors import ModelRefused
from engine.model.starts import StartState
from engine.operations.deploying import deployments
from engine.operations.rounds import sweeps
from engine.store import Store
from tests.bpmn.drawing import end, process, start, timer, user
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.operations.rounds import APPROVED, at, case_of, failing, rounds, row, runs, times, world_of
from tests.world import START

# Timers


def test_a_weekly_process_keeps_its_hour_when_the_clocks_change(empty: Store) -> None:
    world = world_of(empty, rounds())
    assert times(world) == [], "this Monday's hour had passed when it became active"
    world.advance("P30D")
    assert times(world) == [at(f"2026-03-{day}T08:00:00@Europe/Vienna") for day in ("09", "16", "23", "30")]
    assert [moment.hour for moment in times(world)] == [7, 7, 7, 6]


def test_what_starts_by_itself_opens_a_case_and_says_by_what(empty: Store) -> None:
    world = world_of(empty, rounds())
    world.advance("P7D")
    (run,) = runs(world)
    case = case_of(world, run)
    assert (case.pack, case.state) == ("library", "open")
    assert [task.role for task in world.open_tasks(case)] == ["librarian"]
    (entry,) = [entry for entry in world.trail(case) if entry.event == "instance_started"]
    assert (entry.element_id, entry.via, entry.details["by"]) == ("s", "timer", "timer")
    assert acts.chain_holds(world)


def test_a_start_by_a_person_says_so(empty: Store) -> None:
    world = world_of(empty, shelf.desk())
    case = acts.started(world, "desk")
    (entry,) = [entry for entry in world.trail(case) if entry.event == "instance_started"]
    assert entry.details["by"] == "person"


def test_a_date_starts_once(empty: Store) -> None:
    world = world_of(empty, rounds(timer("2026-03-05T12:00:00Z")))
    world.advance("P60D")
    assert times(world) == [at("2026-03-05T12:00:00Z")]
    assert row(world).state is StartState.SPENT


def test_a_date_that_has_passed_starts_at_once_and_not_again_with_the_next_version(empty: Store) -> None:
    world = world_of(empty, rounds(timer("2026-03-01T12:00:00Z")))
    sweeps.until_quiet(world.store)
    assert times(world) == [START]
    world.deploy(shelf.library(rounds(timer("2026-03-01T12:00:00Z"), name="Go round again")))
    world.advance("P9D")
    assert times(world) == [START]


def test_a_duration_counts_from_when_the_version_became_active(empty: Store) -> None:
    world = world_of(empty, rounds(timer("P3D")))
    world.advance("P10D")
    assert times(world) == [START + timedelta(days=3)]


def test_a_limited_cycle_starts_as_often_as_it_says(empty: Store) -> None:
    world = world_of(empty, rounds(timer("R3/P1D")))
    world.advance("P10D")
    assert times(world) == [START + timedelta(days=day) for day in (1, 2, 3)]
    assert (row(world).state, row(world).due_at) == (StartState.SPENT, None)


def test_after_nine_days_of_downtime_missed_starts_collapse_into_one(empty: Store) -> None:
    world = world_of(empty, rounds(timer("R5/P1D")))
    world.jump("P2DT1H")
    assert times(world) == [START + timedelta(days=2, hours=1)]
    assert row(world).remaining == 3
    world.jump("P9D")
    assert len(runs(world)) == 2
    assert row(world).state is StartState.SPENT


def test_after_downtime_an_endless_cycle_goes_on_at_its_hour(empty: Store) -> None:
    world = world_of(empty, rounds())
    world.jump("P9D")
    assert len(runs(world)) == 1
    world.advance("P7D")
    assert times(world)[1:] == [at("2026-03-16T08:00:00@Europe/Vienna")]


def test_a_timer_may_read_a_setting(empty: Store) -> None:
    drawn = rounds(timer("=settings.answerDue").replace("timeDate", "timeDuration"))
    world = world_of(empty, drawn)
    world.advance("P60D")
    assert len(runs(world)) == 1
    assert row(world).resolved == "P7D"


def test_a_timer_that_reads_what_is_no_setting_is_refused(empty: Store) -> None:
    with pytest.raises(ModelRefused) as refused:
        world_of(empty, rounds(timer("=settings.typo")))
    assert [(problem.element_id, problem.code) for problem in refused.value.problems] == [("s", "timer-invalid")]


def test_two_sweeps_at_once_start_one_instance(tmp_path: Path) -> None:
    opened = store.open(f"sqlite:///{tmp_path}/parley.db")
    opened.migrate()
    world = world_of(opened, rounds())
    world.clock.advance(timedelta(days=8))
    due = row(world)
    together, won = threading.Barrier(2), []

    def sweep() -> None:
        together.wait()
        won.append(sweeps.run_start(opened, due))

    threads = [threading.Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False, True]
    assert len(runs(world)) == 1
    opened.close()


# Versions


def test_the_newest_version_takes_the_place_of_the_one_before(empty: Store) -> None:
    world = world_of(empty, rounds())
    world.deploy(shelf.library(rounds(timer("R/P1D"))))
    world.advance("P2D")
    assert times(world) == [START + timedelta(days=1), START + timedelta(days=2)]
    assert {run.definition_version for run in runs(world)} == {2}


def test_a_version_that_says_the_same_does_not_begin_the_week_anew(empty: Store) -> None:
    world = world_of(empty, rounds(timer("R/P7D")))
    for day in range(6):
        world.advance("P1D")
        world.deploy(shelf.library(rounds(timer("R/P7D"), name=f"Round {day}")))
    world.advance("P1D")
    assert times(world) == [START + timedelta(days=7)]
    assert runs(world)[0].definition_version == 7


def test_a_version_without_the_start_ends_it(empty: Store) -> None:
    world = world_of(empty, rounds())
    world.deploy(shelf.library(shelf.desk("rounds")))
    world.advance("P30D")
    assert runs(world) == []


def test_a_process_that_left_its_pack_starts_no_more(empty: Store) -> None:
    world = world_of(empty, rounds())
    world.deploy(shelf.library())
    world.advance("P30D")
    assert runs(world) == []
    world.deploy(shelf.library(rounds(), shelf.desk()))
    world.advance("P7D")
    assert len(runs(world)) == 1, "and again when it is back"


def test_nothing_starts_before_a_second_person_approved(empty: Store) -> None:
    world = cast(empty, shelf.library(changed=APPROVED))
    world.person("tim", "trustee")
    waiting = world.deploy(shelf.library(rounds(), changed=APPROVED), by="tom", sandbox=False)
    assert waiting.deployment.state == "pending"
    world.advance("P14D")
    assert runs(world) == []
    with world.acting("tim") as (uow, actor):
        deployments.decide(uow, actor, waiting.deployment.id, approve=True)
    world.advance("P7D")
    assert len(runs(world)) == 1


def test_a_rejected_version_leaves_the_one_before_as_it_was(empty: Store) -> None:
    world = cast(empty, shelf.library(rounds(), changed=APPROVED))
    world.person("tim", "trustee")
    waiting = world.deploy(shelf.library(rounds(timer("R/P1D")), changed=APPROVED), by="tom", sandbox=False)
    with world.acting("tim") as (uow, actor):
        deployments.decide(uow, actor, waiting.deployment.id, approve=False, reason="Too often.")
    world.advance("P7D")
    assert len(runs(world)) == 1


def test_a_definition_without_a_pack_starts_a_bare_case(empty: Store) -> None:
    world = world_of(empty)
    world.deploy({"rounds.bpmn": rounds(timer("R/P1D"))})
    world.advance("P1D")
    assert case_of(world, runs(world)[0]).pack is None


def test_the_process_that_opens_cases_with_people_cannot_start_by_itself(empty: Store) -> None:
    files = shelf.library()
    drawn = process(
        start(),
        start("s", timer("R/P1D")),
        user("terms", role="librarian", due="P5D"),
        end(),
        go="start > terms > end; s > terms",
        key="loan",
    )
    with pytest.raises(ModelRefused) as refused:
        cast(empty, files | {"loan.bpmn": drawn})
    assert ("s", "start-needs-people") in {(problem.element_id, problem.code) for problem in refused.value.problems}


# Failures


def test_a_start_that_fails_goes_behind_the_others_and_is_told(empty: Store) -> None:
    world = world_of(empty, failing(), rounds(timer("P2D")))
    world.jump("P2D")
    assert len(runs(world)) == 1
    assert runs(world, "failing") == []
    bad = row(world, "failing")
    assert (bad.attempts, bad.due_at) == (1, clock.now() + timedelta(seconds=10))
    assert bad.problem is not None
    world.advance("PT30M")
    with world.store.reading() as uow:
        told = [entry for entry in store.audit.chain(uow, world.program.id) if entry.event == "start_failed"]
    assert [(entry.process_key, entry.element_id) for entry in told] == [("failing", "s")], "told once, though tried again and again"
    assert row(world, "failing").attempts > 2


def test_a_start_that_failed_is_forgotten_when_it_worked(empty: Store) -> None:
    world = world_of(empty, failing())
    world.jump("P2D")
    world.deploy(
        shelf.library(process(start("s", timer("P1D")), user("t", role="librarian", due="P5D"), end(), go="s > t > end", key="failing"))
    )
    world.advance("P1D")
    assert (row(world, "failing").problem, len(runs(world, "failing"))) == (None, 1)
