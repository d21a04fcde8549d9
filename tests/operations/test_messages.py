"""Messages and signals: kept until somebody waits, delivered once, one transaction a receiver."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from engine import store
from engine.model.cases import Case
from engine.model.errors import Conflict, Forbidden, Invalid, NotFound
from engine.operations.running import messages
from engine.store import Store
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.world import World


@pytest.fixture
def world(empty: Store) -> World:
    return cast(empty, shelf.library(shelf.letters(), shelf.sender()))


def post(
    world: World, case: Case, by: str = "ada", name: str = "Letter", payload: Mapping[str, object] | None = None, **more: object
) -> None:
    with world.acting(by) as (uow, actor):
        messages.send(uow, actor, name, case.id, payload or {}, **more)  # type: ignore[arg-type]


def waits(world: World, case: Case) -> list[str]:
    with world.store.reading() as uow:
        return [row.element_id for row in store.subscriptions.of_case(uow, case.id)]


def ready(world: World) -> Case:
    """A case that waits for its letter."""
    case = acts.started(world, "letters")
    world.complete("lia", case, "tidy")
    return case


def test_an_early_message_is_kept_and_delivered_once(world: World) -> None:
    case = acts.started(world, "letters")
    post(world, case)
    assert waits(world, case) == []
    world.complete("lia", case, "tidy")
    assert waits(world, case) == ["bell"]
    assert world.events(case, "element_completed").count("letter") == 1


def test_a_message_reaches_the_case_it_is_correlated_with(world: World) -> None:
    one, other = ready(world), ready(world)
    post(world, other)
    assert (waits(world, one), waits(world, other)) == (["letter"], ["bell"])


def test_the_same_message_id_is_taken_once(world: World) -> None:
    case = acts.started(world, "letters")
    post(world, case, message_id="m-1")
    post(world, case, message_id="m-1")
    world.complete("lia", case, "tidy")
    again = acts.started(world, "letters", case=case)
    assert again.id == case.id
    world.complete("lia", case, "tidy")
    assert sorted(waits(world, case)) == ["bell", "letter"]


def test_a_message_lives_no_longer_than_its_time(world: World) -> None:
    case = acts.started(world, "letters")
    post(world, case, ttl=timedelta(hours=1))
    world.advance("PT1H")
    world.complete("lia", case, "tidy")
    assert waits(world, case) == ["letter"]


def test_a_message_for_an_instance_that_ended_waits_for_the_next_one(world: World) -> None:
    case = ready(world)
    acts.control(world, "kim", case, "terminate", reason="Begun by mistake.")
    post(world, case)
    acts.started(world, "letters", case=case)
    world.complete("lia", case, "tidy")
    assert waits(world, case) == ["bell"]


def test_a_message_to_a_suspended_instance_arrives_after_it_goes_on(world: World) -> None:
    case = ready(world)
    acts.control(world, "kim", case, "suspend")
    post(world, case)
    world.advance("P2D")
    assert waits(world, case) == ["letter"]
    acts.control(world, "kim", case, "resume")
    assert waits(world, case) == ["bell"]
    assert world.events(case, "element_completed").count("letter") == 1


def test_a_signal_reaches_everybody_who_waits_and_nobody_later(world: World) -> None:
    cases = [ready(world) for _ in range(3)]
    for case in cases[:2]:
        post(world, case)
    with world.acting("ada") as (uow, actor):
        messages.signal(uow, actor, "Bell", {})
    assert [acts.instance(world, case).state for case in cases] == ["completed", "completed", "running"]
    post(world, cases[2])
    assert waits(world, cases[2]) == ["bell"]


def test_a_signal_thrown_by_a_procedure_reaches_the_others(world: World) -> None:
    case = ready(world)
    post(world, case)
    acts.started(world, "sender")
    assert acts.instance(world, case).state == "completed"
    assert world.events(case, "signal_received") != []


def test_signals_cross_cases_so_only_administrators_send_them(world: World) -> None:
    with pytest.raises(Forbidden), world.acting("lia") as (uow, actor):
        messages.signal(uow, actor, "Bell", {})


@pytest.mark.parametrize(
    "payload",
    [
        {"terms": "x" * 201},
        {"damaged": float("nan")},
        {"damaged": "perhaps"},
        {"dueBack": "CANARY tomorrow"},
        {"undeclared": 1},
        {"shelves": [float("inf")]},
        {"case": {}},
    ],
)
@pytest.mark.parametrize("by", ["lia", "ada"])
def test_a_payload_that_may_not_become_variables_is_refused_with_its_path(world: World, by: str, payload: dict[str, object]) -> None:
    case = acts.lent(world)
    with pytest.raises(Invalid) as wrong:
        post(world, case, by, "BookRecalled", payload)
    assert [error.path.split("/")[1] for error in wrong.value.errors] == list(payload)
    assert "CANARY" not in str(wrong.value.errors)


def test_a_payload_arrives_as_values_of_the_declared_types(world: World) -> None:
    case = acts.lent(world)
    post(world, case, "lia", "BookRecalled", {"damaged": True, "dueBack": "2026-03-09"})
    held = acts.variables(world, "lia", acts.instance(world, case))
    assert (held["damaged"], held["dueBack"]) == (True, "2026-03-09")


def test_the_button_of_a_message_is_for_the_roles_that_the_pack_names(world: World) -> None:
    case = acts.lent(world)
    assert [act.name for act in world.page("lia", case).acts] == ["BookRecalled"]
    assert world.page("ben", case).acts == ()
    with pytest.raises(Forbidden):
        world.send("ben", case, "BookRecalled")
    with pytest.raises(NotFound):
        world.send("bea", case, "BookRecalled")


def test_a_button_pressed_too_late_says_so(world: World) -> None:
    case = acts.lent(world)
    world.send("lia", case, "BookRecalled")
    with pytest.raises(Conflict):
        world.send("lia", case, "BookRecalled")


def test_nobody_but_an_administrator_says_more_than_the_message_carries(world: World) -> None:
    case = acts.lent(world)
    with pytest.raises(Invalid) as wrong:
        post(world, case, "lia", "BookRecalled", {"damaged": True, "bookClass": "sturdy"})
    assert [error.path for error in wrong.value.errors] == ["/bookClass"]
    post(world, case, "lia", "BookRecalled", {"damaged": True})
    with pytest.raises(Conflict):
        post(world, case, "lia", "BookRecalled", {"damaged": True})
