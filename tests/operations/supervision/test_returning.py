"""A running procedure is taken back to an earlier step, and that is undone: tasks, drafts, deadlines, trail."""

from __future__ import annotations

from collections import Counter

import pytest

from engine import store
from engine.model.cases import Case
from engine.model.errors import Conflict, Forbidden, Invalid, NotRunning
from engine.model.states import UserTaskState
from engine.operations.supervision import returning
from engine.operations.tasks import task_lists
from engine.store import Store
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.operations.supervision import trip
from tests.world import World


@pytest.fixture
def world(empty: Store) -> World:
    return cast(empty, shelf.library(trip.trip()))


def undo(world: World, case: Case, by: str = "kim", reason: str = "It was right.") -> None:
    running = acts.instance(world, case).id
    with world.acting(by) as (uow, actor):
        returning.undo(uow, actor, running, reason=reason)


def standing_by_trail(world: World, case: Case) -> Counter[str | None]:
    """How often each element was entered and not left since, by the trail alone."""
    signs = {"element_entered": 1, "element_completed": -1, "element_cancelled": -1}
    found: Counter[str | None] = Counter()
    for entry in world.trail(case):
        found[entry.element_id] += signs.get(entry.event, 0)
    return +found


def test_open_tasks_end_and_the_step_is_open_anew_with_what_acts_again_named_before(world: World) -> None:
    case = trip.begun(world)
    walk = world.task(case, "walk")
    found = trip.steps(world, case)["pack"]
    assert sorted(one.element_id for one in found.leaves) == ["ride", "walk"]
    assert [id for id, _ in found.again] == ["tell"]
    trip.go_back(world, case, "pack")
    assert world.names(case) == ["pack"]
    assert acts.stored(world, walk).state is UserTaskState.CANCELLED
    assert {timer.element_id for timer in acts.timers(world, case)} <= {"pack"}
    (entry,) = [one for one in world.trail(case) if one.event == "instance_taken_back"]
    assert (entry.actor_id, entry.element_id) == (world.people["kim"].id, "pack")
    assert isinstance(entry.details, dict)
    assert (entry.details["from"], entry.details["to"], entry.details["reason_given"]) == (["ride", "walk"], "pack", True)
    assert "wrong bag" not in str(entry.details)


def test_what_was_typed_stays_its_author_s_and_is_offered_when_they_come_there_again(world: World) -> None:
    case = trip.begun(world)
    trip.go_back(world, case, "pack")
    world.complete("lia", case, "pack")
    again = world.task(case, "walk")
    with world.reading("lia") as (uow, actor):
        page = task_lists.page(uow, actor, again.id)
    assert (page.draft, page.draft_version) == ({"note": "CANARY-draft"}, 0)
    with world.reading("kim") as (uow, actor):
        assert task_lists.page(uow, actor, again.id).draft is None
    world.complete("lia", case, "walk")
    world.complete("lia", case, "ride")
    trip.go_back(world, case, "pack")
    world.complete("lia", case, "pack")
    third = world.task(case, "walk")
    with world.reading("lia") as (uow, actor):
        assert task_lists.page(uow, actor, third.id).draft is None, "it was sent since"


def test_it_is_undone_to_the_same_state_tasks_and_drafts_as_long_as_nothing_happened_since(world: World) -> None:
    case = trip.begun(world)
    before, tasks, timers = acts.instance(world, case), world.open_tasks(case), {one.task_id for one in acts.timers(world, case)}
    told = standing_by_trail(world, case)
    trip.go_back(world, case, "pack")
    assert standing_by_trail(world, case) != told
    undo(world, case)
    assert standing_by_trail(world, case) == told, "so that the history and the map end where the tokens stand"
    after = acts.instance(world, case)
    assert (after.state_blob, after.places, after.state) == (before.state_blob, before.places, before.state)
    assert world.open_tasks(case) == tasks
    assert {one.task_id for one in acts.timers(world, case)} == timers
    walk = world.task(case, "walk")
    with world.store.reading() as uow:
        kept = store.drafts.get(uow, walk.id, world.people["lia"].id)
    assert kept is not None
    assert kept.body == {"note": "CANARY-draft"}
    for element in ("walk", "ride", "arrive"):
        world.complete("lia", case, element)
    assert acts.instance(world, case).ended_at is not None


def test_what_went_on_since_is_not_undone(world: World) -> None:
    case = trip.begun(world)
    with pytest.raises(Conflict):
        undo(world, case)
    trip.go_back(world, case, "pack")
    world.complete("lia", case, "pack")
    with pytest.raises(Conflict) as refused:
        undo(world, case)
    assert "went on since" in refused.value.message
    assert world.names(case) == ["ride", "walk"]


def test_where_it_would_wait_for_ever_it_is_refused_with_the_reason(world: World) -> None:
    case = trip.begun(world)
    world.complete("lia", case, "walk")
    world.complete("lia", case, "ride")
    with pytest.raises(Conflict) as refused:
        trip.go_back(world, case, "walk")
    assert "branches meet" in refused.value.message
    assert world.names(case) == ["arrive"]
    trip.go_back(world, case, "pack")
    with pytest.raises(Conflict):
        go_nowhere(world, case)


def go_nowhere(world: World, case: Case) -> None:
    running = acts.instance(world, case).id
    with world.acting("kim") as (uow, actor):
        returning.go_back(uow, actor, running, "-/trip/arrive", reason="why")


def test_it_takes_a_reason_the_right_and_a_running_procedure(world: World) -> None:
    case = trip.begun(world)
    with pytest.raises(Invalid):
        trip.go_back(world, case, "pack", reason=" ")
    with pytest.raises(Forbidden):
        trip.go_back(world, case, "pack", by="lia")
    key = trip.steps(world, case)["pack"].key
    running = acts.control(world, "kim", case, "suspend").id
    assert trip.steps(world, case) == {}
    with pytest.raises(NotRunning), world.acting("kim") as (uow, actor):
        returning.go_back(uow, actor, running, key, reason="why")
