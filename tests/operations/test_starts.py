"""Processes that start by themselves, told in virtual time: by a timer, a signal, a message or a condition."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine import clock, feel, store
from engine.model.cases import Case
from engine.model.errors import Invalid, ModelRefused
from engine.model.instances import Instance
from engine.model.starts import Start, StartKind, StartState
from engine.operations import delivery, deployments, instances, messages, sweeps
from engine.store import Store
from tests.bpmn.drawing import condition, end, mapping, message, process, signal, start, tag, timer, user
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.world import START, World

#: a second person approves changes
APPROVED = {"approval = false": "approval = true"}
WEEKLY = "R/2026-03-02T08:00:00@Europe/Vienna/P7D"


def rounds(trigger: str = timer(WEEKLY), *, key: str = "rounds", name: str = "Go round") -> bytes:
    """A librarian's round, started by something."""
    return process(start("s", trigger), user("round", role="librarian", due="P5D", name_=name), end(), go="s > round > end", key=key)


def failing() -> bytes:
    """Asks for something that cannot be done before anybody is asked."""
    given = mapping({"participant": '="nobody"', "person": '="nobody"', "role": '="curator"'})
    fail = tag("serviceTask", "fail", given, operation="participant.add")
    return process(start("s", timer("P1D")), fail, end(), go="s > fail > end", key="failing")


def world_of(empty: Store, *diagrams: bytes) -> World:
    return cast(empty, shelf.library(*diagrams))


def runs(world: World, key: str = "rounds") -> list[Instance]:
    """The instances of a process, oldest first."""
    with world.reading("ada") as (uow, _actor):
        page = store.instances.list_(uow, world.program.id, key=key, limit=200)
    return sorted(page.items, key=lambda one: one.started_at)


def times(world: World, key: str = "rounds") -> list[datetime]:
    return [one.started_at for one in runs(world, key)]


def row(world: World, key: str = "rounds") -> Start:
    with world.store.reading() as uow:
        (found,) = store.starts.of_process(uow, world.program.id, key)
    return found


def case_of(world: World, instance: Instance) -> Case:
    with world.store.reading() as uow:
        return store.cases.get(uow, instance.case_id)


def at(text: str) -> datetime:
    return feel.iso_datetime(text).astimezone(UTC)


def ring(world: World, name: str = "Bell", **payload: object) -> None:
    with world.acting("ada") as (uow, actor):
        messages.signal(uow, actor, name, payload)


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


# Signals


def test_a_signal_starts_two_processes_and_reaches_three_that_wait(empty: Store) -> None:
    world = world_of(empty, rounds(signal("Bell")), rounds(signal("Bell"), key="alarm"), shelf.letters())
    waiting = [acts.started(world, "letters") for _ in range(3)]
    for case in waiting:
        world.complete("lia", case, "tidy")
        with world.acting("ada") as (uow, actor):
            messages.send(uow, actor, "Letter", case.id, {})
    ring(world, shelves=3)
    assert [acts.instance(world, case).state for case in waiting] == ["completed"] * 3
    assert [len(runs(world, key)) for key in ("rounds", "alarm")] == [1, 1]
    (run,) = runs(world)
    assert acts.variables(world, "kim", run) == {"shelves": 3}
    (entry,) = [entry for entry in world.trail(case_of(world, run)) if entry.event == "instance_started"]
    assert (entry.via, entry.details["by"]) == ("signal", "signal")


def test_a_signal_that_a_procedure_throws_starts_others(empty: Store) -> None:
    world = world_of(empty, rounds(signal("Bell")), shelf.sender())
    acts.started(world, "sender")
    assert len(runs(world)) == 1


def test_each_signal_starts_anew(empty: Store) -> None:
    world = world_of(empty, rounds(signal("Bell")))
    ring(world)
    ring(world)
    ring(world, "Gong")
    assert len(runs(world)) == 2


def test_a_signal_starts_the_newest_version_only(empty: Store) -> None:
    world = world_of(empty, rounds(signal("Bell")))
    world.deploy(shelf.library(rounds(signal("Bell"), name="Go round again")))
    ring(world)
    assert [run.definition_version for run in runs(world)] == [2]


def test_a_signal_with_what_the_pack_does_not_know_is_refused(empty: Store) -> None:
    world = world_of(empty, rounds(signal("Bell")))
    with pytest.raises(Invalid):
        ring(world, secret="CANARY")
    assert runs(world) == []


def test_signal_starts_are_made_one_transaction_each(empty: Store) -> None:
    world = world_of(empty, rounds(signal("Bell")), failing_by_signal())
    ring(world)
    assert len(runs(world)) == 1
    assert row(world, "failing").problem is not None


def failing_by_signal() -> bytes:
    return (
        failing()
        .replace(timer("P1D").encode(), signal("Bell").encode())
        .replace(b'targetNamespace="urn:test">', b'targetNamespace="urn:test"><signal id="signal_Bell" name="Bell"/>', 1)
    )


# Messages


def test_a_message_starts_a_process_on_a_new_case(empty: Store) -> None:
    world = world_of(empty, rounds(message("Call")))
    with world.acting("ada") as (uow, actor):
        messages.send(uow, actor, "Call", "", {"shelves": 4})
    (run,) = runs(world)
    assert acts.variables(world, "kim", run) == {"shelves": 4}
    assert row(world).kind is StartKind.MESSAGE


def test_a_message_to_a_case_starts_a_process_on_it(empty: Store) -> None:
    world = world_of(empty, rounds(message("Call")))
    case = acts.lent(world)
    with world.acting("ada") as (uow, actor):
        messages.send(uow, actor, "Call", case.id, {})
    assert [run.case_id for run in runs(world)] == [case.id]


def test_a_message_goes_to_who_waits_for_it_before_it_starts_anything(empty: Store) -> None:
    world = world_of(empty, rounds(message("Letter")), shelf.letters())
    case = acts.started(world, "letters")
    world.complete("lia", case, "tidy")
    with world.acting("ada") as (uow, actor):
        messages.send(uow, actor, "Letter", case.id, {})
    assert runs(world) == []


def test_the_same_message_starts_once(empty: Store) -> None:
    world = world_of(empty, rounds(message("Call")))
    for _ in range(2):
        with world.store.unit_of_work() as uow:
            delivery.post(uow, world.program.id, "Call", "", {}, message_id="one")
            uow.commit()
    sweeps.until_quiet(world.store)
    assert len(runs(world)) == 1


# Conditions


def test_a_condition_starts_when_it_becomes_true_and_only_then(empty: Store) -> None:
    drawn = rounds(condition('=day of week(today()) = "Friday"'))
    world = world_of(empty, drawn)
    world.advance("P14D")
    assert times(world) == [at("2026-03-06T00:00:00Z"), at("2026-03-13T00:00:00Z")]
    (entry,) = [entry for entry in world.trail(case_of(world, runs(world)[0])) if entry.event == "instance_started"]
    assert entry.via == "condition"


def test_a_condition_that_is_true_from_the_start_counts_as_having_become_true(empty: Store) -> None:
    world = world_of(empty, rounds(condition('=settings.answerDue = duration("P7D")')))
    sweeps.until_quiet(world.store)
    assert len(runs(world)) == 1
    world.deploy(shelf.library(rounds(condition('=settings.answerDue = duration("P7D")'), name="Go round again")))
    world.advance("P2D")
    assert len(runs(world)) == 1, "a new version that says the same sees no change"


def test_a_process_with_several_starts_can_be_started_by_hand_too(empty: Store) -> None:
    drawn = process(
        start(), start("s", timer("R/P1D")), user("a", role="librarian", due="P5D"), user("b", role="librarian", due="P5D"), end(),
        go="start > a > end; s > b > end", key="rounds",
    )  # fmt: skip
    world = world_of(empty, drawn)
    with world.acting("lia") as (uow, actor):
        case = store.cases.get(uow, instances.start(uow, actor, "rounds", variables={}).case_id)
    assert world.names(case) == ["a"]
    world.advance("P1D")
    assert world.names(case_of(world, runs(world)[1])) == ["b"]


def test_a_sweep_without_anything_due_costs_the_same_with_starts(empty: Store) -> None:
    world = world_of(empty, rounds(), rounds(signal("Bell"), key="bell"))
    with store.count_statements(world.store) as seen:
        assert sweeps.run_due(world.store) == 0
    assert seen.count == 3
