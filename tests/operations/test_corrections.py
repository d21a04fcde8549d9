"""A step fails for a wrong value: whoever may step in corrects the value, tries again, and the trail tells who and why."""

from __future__ import annotations

import pytest

from engine.model.cases import Case
from engine.model.errors import Forbidden, Invalid, NotFound, NotRunning
from engine.operations.running import corrections
from engine.store import Store
from tests.bpmn.drawing import catch, condition, end, process, start
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.world import World


def full() -> bytes:
    """Waits until there are many shelves."""
    return process(start(), catch("full", condition("shelves > 9")), end(), go="start > full > end", key="filling")


def correct(world: World, by: str, case: Case, reason: str = "Counted again.", **variables: object) -> None:
    found = acts.instance(world, case)
    with world.acting(by) as (uow, actor):
        corrections.correct(uow, actor, found.id, variables, reason=reason)


@pytest.fixture
def world(empty: Store) -> World:
    return cast(empty, shelf.library(shelf.shaky(), full()))


@pytest.fixture
def stopped(world: World) -> Case:
    """A case whose gateway found no way on, as nobody counted the shelves yet."""
    case = acts.started(world, "shaky")
    world.complete("lia", case, "tidy")
    return case


def test_a_wrong_value_is_corrected_and_the_step_tried_again(world: World, stopped: Case) -> None:
    correct(world, "kim", stopped, shelves=5)
    assert acts.instance(world, stopped).state == "incident"
    acts.control(world, "kim", stopped, "retry")
    assert acts.incidents(world, stopped)[0].state == "resolved"
    assert world.case(stopped).id == stopped.id
    assert world.page("kim", stopped).line.facts["shelves"] == 5


def test_the_trail_names_what_was_corrected_and_no_value(world: World, stopped: Case) -> None:
    correct(world, "kim", stopped, "CANARY-reason", shelves=4711)
    (entry,) = [one for one in world.trail(stopped) if one.event == "variables_corrected"]
    assert entry.details["keys"] == ["shelves"]
    assert entry.details["reason_given"] is True
    assert not [one for one in world.trail(stopped) if "4711" in str(one.details)]
    assert "CANARY" not in str(world.trail(stopped))
    assert "Variables corrected: Shelves" in [one.text for one in world.page("kim", stopped).timeline]


def test_what_waits_for_a_condition_goes_on_with_the_corrected_value(world: World) -> None:
    case = acts.started(world, "filling", {"shelves": 3})
    correct(world, "kim", case, shelves=12)
    assert acts.instance(world, case).state == "completed"


def test_only_who_may_step_in_corrects(world: World, stopped: Case) -> None:
    with pytest.raises(Forbidden):
        correct(world, "lia", stopped, shelves=5)
    with pytest.raises(NotFound):
        correct(world, "bea", stopped, shelves=5)


@pytest.mark.parametrize(
    ("variables", "path"),
    [({"shelves": "many"}, "/shelves"), ({"shelf": 5}, "/shelf"), ({}, "/variables")],
    ids=["another type", "undeclared", "nothing"],
)
def test_only_declared_variables_of_their_types_are_taken(world: World, stopped: Case, variables: dict[str, object], path: str) -> None:
    with pytest.raises(Invalid) as wrong:
        correct(world, "kim", stopped, **variables)
    assert [error.path for error in wrong.value.errors] == [path]


def test_a_reason_is_asked_for(world: World, stopped: Case) -> None:
    with pytest.raises(Invalid) as wrong:
        correct(world, "kim", stopped, "  ", shelves=5)
    assert wrong.value.errors[0].path == "/reason"


def test_what_is_suspended_or_over_is_not_corrected(world: World, stopped: Case) -> None:
    acts.control(world, "kim", stopped, "suspend")
    with pytest.raises(NotRunning, match="Resume it first"):
        correct(world, "kim", stopped, shelves=5)
    assert acts.instance(world, stopped).state == "suspended"
    acts.control(world, "kim", stopped, "terminate", reason="Over.")
    with pytest.raises(NotRunning):
        correct(world, "kim", stopped, shelves=5)
