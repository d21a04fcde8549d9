"""Processes that start by a signal, a message, or a condition that becomes true."""

from __future__ import annotations

import pytest

from engine import store
from engine.model.errors import Conflict, Forbidden, Invalid
from engine.model.starts import StartKind
from engine.operations.rounds import sweeps
from engine.operations.running import delivery, instances, messages
from engine.store import Store
from tests.bpmn.drawing import condition, end, message, process, signal, start, throw, timer, user
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.operations.rounds import at, case_of, failing, ring, rounds, row, runs, times, world_of

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


def echo(key: str, hears: str, says: str, *between: str) -> bytes:
    """Starts by a signal and throws another."""
    way = " > ".join(["s", *(["wait"] if between else []), "says", "end"])
    return process(start("s", signal(hears)), *between, throw("says", signal(says)), end(), go=way, key=key)


def test_what_would_start_itself_without_end_is_stopped_and_told(empty: Store) -> None:
    world = world_of(empty, echo("one", "Bell", "Gong"), echo("two", "Gong", "Bell"))
    ring(world)
    assert [len(runs(world, key)) for key in ("one", "two")] == [1, 1]
    assert "without end" in str(row(world, "one").problem)
    assert row(world, "two").problem is None


def test_what_waits_in_between_may_start_itself_again(empty: Store) -> None:
    world = world_of(empty, echo("one", "Bell", "Bell", user("wait", role="librarian", due="P5D")))
    ring(world)
    for number in (1, 2, 3):
        assert len(runs(world, "one")) == number
        world.advance("PT1H")
        world.complete("lia", case_of(world, runs(world, "one")[-1]), "wait")
    assert row(world, "one").problem is None


CALL = '[[messages]]\nname = "Call"\nlabel = "Call"\nroles = ["librarian"]\nconfirm = "Somebody goes."\n\n[[panels]]\nkey = "terms"'


def test_who_may_send_a_message_may_start_a_process_on_a_case_by_it(empty: Store) -> None:
    world = cast(empty, shelf.library(rounds(message("Call")), changed={'[[panels]]\nkey = "terms"': CALL}))
    case = acts.lent(world)
    world.send("lia", case, "Call")
    assert [run.case_id for run in runs(world)] == [case.id]
    with pytest.raises(Forbidden), world.acting("kim") as (uow, actor):
        messages.send(uow, actor, "Call", case.id, {})


def test_a_closed_case_takes_no_message_that_would_start_a_process(empty: Store) -> None:
    world = cast(empty, shelf.library(rounds(message("Call")), shelf.desk(), shelf.helpful(), changed={'[[panels]]\nkey = "terms"': CALL}))
    case = acts.started(world, "helpful")
    for _ in range(2):
        world.complete("lia", case, "tidy")
    assert world.case(case).state == "closed"
    with pytest.raises(Conflict):
        world.send("lia", case, "Call")
    with world.acting("ada") as (uow, actor):
        messages.send(uow, actor, "Call", case.id, {})
    assert runs(world) == []


def test_a_closed_case_takes_a_message_that_starts_what_its_pack_lets_begin_then(empty: Store) -> None:
    changed = {'[[panels]]\nkey = "terms"': CALL, "duplicate_months = 1\n": 'duplicate_months = 1\nafterwards = ["rounds"]\n'}
    world = cast(empty, shelf.library(rounds(message("Call")), shelf.desk(), shelf.helpful(), changed=changed))
    case = acts.started(world, "helpful")
    for _ in range(2):
        world.complete("lia", case, "tidy")
    with world.acting("ada") as (uow, actor):
        messages.send(uow, actor, "Call", case.id, {})
    assert [run.case_id for run in runs(world)] == [case.id]
    assert world.case(case).state == "closed"
