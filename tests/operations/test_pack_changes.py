"""A pack is changed part by part in a change, and approved under the rules of the pack that is live, never its own."""

from __future__ import annotations

import pytest

from engine.model.deployments import Change
from engine.model.errors import Excluded, Forbidden, Invalid, NotFound
from engine.model.states import ChangeState
from engine.operations.drafting import change_files, changes, pack_changes, pack_choices
from engine.operations.drafting.change_files import StaleDraft
from engine.operations.drafting.pack_changes import mark
from engine.operations.releasing import publishing
from engine.packs import editing
from engine.store import Store
from tests.operations import shelf
from tests.operations.conftest import cast
from tests.world import World


@pytest.fixture
def world(empty: Store) -> World:
    """The library, where a second trustee approves changes."""
    world = cast(empty, shelf.library(changed={"approval = false": "approval = true"}))
    world.person("tia", "trustee")
    return world


@pytest.fixture
def change(world: World) -> Change:
    with world.acting("tia") as (uow, actor):
        return changes.start(uow, actor, "Other rules", pack="library", why="They ask for it")


def edit(world: World, change: Change, path: editing.Path, value: editing.Plain) -> None:
    with world.acting("tia") as (uow, actor):
        was = mark(editing.at(pack_changes.get(uow, actor, change.id).text, path))
        pack_changes.put_part(uow, actor, change.id, path, value, was)


def sent(world: World, change: Change) -> str:
    with world.acting("tia") as (uow, actor):
        asked = publishing.ask(uow, actor, change.id)
    assert asked.state is ChangeState.ASKED
    return asked.deployment_id or ""


def approve(world: World, deployment_id: str, by: str) -> None:
    with world.acting(by) as (uow, actor):
        publishing.decide(uow, actor, deployment_id, True)


def test_a_change_that_drops_the_second_person_still_needs_one(world: World, change: Change) -> None:
    edit(world, change, ("policies", "approval"), False)
    deployment_id = sent(world, change)
    with pytest.raises(Excluded):
        approve(world, deployment_id, "tia")
    approve(world, deployment_id, "tom")


def test_a_right_to_approve_counts_from_the_next_change_on(world: World, change: Change) -> None:
    edit(world, change, ("roles", "librarian", "may"), ["definition.view", "definition.approve", "task.work", "case.open"])
    deployment_id = sent(world, change)
    with pytest.raises(Forbidden):
        approve(world, deployment_id, "lia")
    approve(world, deployment_id, "tom")
    with world.acting("tia") as (uow, actor):
        after = changes.start(uow, actor, "The next one", pack="library", why="They ask for it")
    edit(world, after, ("settings", "answerDue", "default"), "P9D")
    approve(world, sent(world, after), "lia")


def test_a_right_to_draw_that_is_taken_away_still_holds_for_this_change(world: World, change: Change) -> None:
    edit(world, change, ("roles", "trustee", "may"), ["definition.view", "definition.approve"])
    approve(world, sent(world, change), "tom")
    with pytest.raises(Forbidden), world.acting("tia") as (uow, actor):
        changes.start(uow, actor, "Again", pack="library")


def test_what_is_wrong_in_a_part_is_told_by_its_path_and_nothing_is_saved(world: World, change: Change) -> None:
    with pytest.raises(Invalid) as wrong:
        edit(world, change, ("settings", "answerDue"), {"type": "duration", "default": "P99D", "min": "P1D", "max": "P30D", "label": "X"})
    assert [error.path for error in wrong.value.errors] == ["/default"]
    with world.reading("tia") as (uow, actor):
        assert not pack_changes.get(uow, actor, change.id).file.changed


def test_what_is_wrong_elsewhere_does_not_hinder(world: World, change: Change) -> None:
    with world.acting("tia") as (uow, actor):
        was = mark(pack_changes.get(uow, actor, change.id).raw["roles"]["keeper"])
        pack_changes.remove_part(uow, actor, change.id, ("roles", "keeper"), was)
    edit(world, change, ("settings", "answerDue", "default"), "P9D")
    with world.reading("tia") as (uow, actor):
        assert "unknown-role" in {problem.code for problem in change_files.check(uow, actor, change.id)}


def test_a_part_that_changed_meanwhile_is_not_saved_over(world: World, change: Change) -> None:
    edit(world, change, ("settings", "answerDue", "default"), "P9D")
    with pytest.raises(StaleDraft), world.acting("tia") as (uow, actor):
        pack_changes.put_part(uow, actor, change.id, ("settings", "answerDue", "default"), "P8D", mark("P7D"))


@pytest.mark.parametrize("value", ["P31D", "PT1H", "x", 5, True, None, [], float("nan")])
def test_a_setting_of_a_change_takes_only_what_fits(world: World, change: Change, value: object) -> None:
    with pytest.raises(Invalid, match=r"\.$"), world.acting("tia") as (uow, actor):
        pack_changes.set_setting(uow, actor, change.id, "answerDue", value)


def test_a_change_without_a_pack_says_what_to_do(world: World) -> None:
    with world.acting("tia") as (uow, actor):
        bare = changes.start(uow, actor, "From nothing")
    with pytest.raises(NotFound, match=r"no pack\.toml yet"), world.reading("tia") as (uow, actor):
        pack_changes.get(uow, actor, bare.id)


def test_what_a_pack_can_name_comes_from_its_diagrams_and_forms(world: World, change: Change) -> None:
    with world.reading("tia") as (uow, actor):
        found = pack_choices.around(uow, actor, change.id)
    assert ("loan/answer-terms", "Loan: Answer the terms") in found.tasks
    assert "return-sign-off" in found.duties
    assert "Desk" in found.lanes
    assert "loan-terms" in dict(found.forms)
    assert "case-role:borrower" in dict(found.choices["to"])
    assert "role:borrower" not in dict(found.choices["to"])
