"""A step gets reminders where it is drawn: a ladder of its own, and nobody else's changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import packs
from engine.model.deployments import Change
from engine.model.errors import NotFound
from engine.model.packs import DeadlineRule
from engine.operations.drafting import change_files, changes, pack_changes, reminders
from engine.operations.drafting.change_files import StaleDraft
from engine.operations.drafting.reminders import NoReminder, Reminder, When
from engine.store import Store
from tests.operations import shelf
from tests.operations.conftest import cast
from tests.world import World

STEP = "loan/check-return"
AFTER = Reminder(When.AFTER, "P3D")


@pytest.fixture
def world(empty: Store) -> World:
    return cast(empty, shelf.library())


@pytest.fixture
def change(world: World) -> Change:
    with world.acting("tom") as (uow, actor):
        return changes.start(uow, actor, "Reminders", pack="library")


def add(world: World, change: Change, wanted: Reminder = AFTER, step: str = STEP) -> dict[str, DeadlineRule]:
    """Add a reminder; gives the rules by key, in order."""
    with world.acting("tom") as (uow, actor):
        return {rule.key: rule for rule in reminders.add(uow, actor, change.id, step, wanted)}


def times(rule: DeadlineRule) -> list[str | float | None]:
    return [rung.after or rung.offset or rung.percentage for rung in rule.rungs]


def take_out(world: World, change: Change, rule: DeadlineRule, number: int, step: str = STEP) -> dict[str, DeadlineRule]:
    with world.acting("tom") as (uow, actor):
        return {one.key: one for one in reminders.take_out(uow, actor, change.id, step, number, reminders.mark(rule))}


def test_a_step_that_shared_a_ladder_gets_its_own_with_the_same_rungs(world: World, change: Change) -> None:
    rules = add(world, change)
    assert list(rules) == ["terms", "check-return", "standard"]  # before the one that fits every step
    assert rules["check-return"].applies_to == (STEP,)
    assert times(rules["check-return"]) == ["P3D", "-P1D", "P3D"]
    assert times(rules["standard"]) == ["-P1D", "P3D"]


def test_a_second_one_stands_in_order_of_time(world: World, change: Change) -> None:
    add(world, change)
    rules = add(world, change, replace(AFTER, length="PT12H"))
    assert times(rules["check-return"]) == ["PT12H", "P3D", "-P1D", "P3D"]
    rules = add(world, change, Reminder(When.LATE, "P1D", times=2))
    assert times(rules["check-return"]) == ["PT12H", "P3D", "-P1D", "P1D", "P2D", "P3D"]


def test_a_short_due_time_comes_before_a_later_reminder(world: World, change: Change) -> None:
    rules = add(world, change, replace(AFTER, due="P2D"))
    assert times(rules["check-return"]) == ["-P1D", "P3D", "P3D"]


def test_again_and_again_counts_from_the_beginning(world: World, change: Change) -> None:
    rules = add(world, change, replace(AFTER, times=3))
    assert times(rules["check-return"])[:3] == ["P3D", "P6D", "P9D"]


def test_the_notice_is_one_that_reminders_use_or_the_one_that_is_chosen(world: World, change: Change) -> None:
    rung = add(world, change)["check-return"].rungs[0]
    assert (rung.act, rung.to, rung.notice) == ("remind", "assignee", "due-soon")
    assert add(world, change, replace(AFTER, length="P1D", notice="overdue"))["check-return"].rungs[0].notice == "overdue"


def test_who_is_reminded_first_gets_a_notice_of_its_own(world: World, change: Change) -> None:
    rules = add(world, change, replace(AFTER, to="role:keeper"))
    assert rules["check-return"].rungs[0].notice == "reminder"
    with world.acting("tom") as (uow, actor):
        pack = pack_changes.get(uow, actor, change.id).pack
        assert pack
        assert "{case}" in pack.notices["reminder"].text
        assert [one for one in change_files.check(uow, actor, change.id) if one.file == "pack.toml"] == []


def test_a_step_named_beside_others_leaves_them_as_they_are(world: World, change: Change) -> None:
    with world.acting("tom") as (uow, actor):
        path = ("deadline_rules", 0, "applies_to")
        pack_changes.put_part(uow, actor, change.id, path, ["loan/answer-terms", STEP], pack_changes.mark(["loan/answer-terms"]))
    rules = add(world, change)
    assert rules["terms"].applies_to == ("loan/answer-terms",)
    assert times(rules["check-return"]) == ["P3D", 50]


def test_one_is_taken_out_and_the_last_gives_the_shared_ladder_back(world: World, change: Change) -> None:
    own = add(world, change)["check-return"]
    for _ in range(2):
        own = take_out(world, change, own, 1)["check-return"]
    assert times(own) == ["P3D"]
    assert list(take_out(world, change, own, 1)) == ["terms", "standard"]


def test_one_that_every_step_has_is_taken_out_of_this_step_alone(world: World, change: Change) -> None:
    with world.acting("tom") as (uow, actor):
        pack = pack_changes.get(uow, actor, change.id).pack
    standard = packs.deadline_rule(pack, "loan", "check-return") if pack else None
    assert standard
    rules = take_out(world, change, standard, 1)
    assert times(rules["check-return"]) == ["P3D"]
    assert times(rules["standard"]) == ["-P1D", "P3D"]


def test_its_own_ladder_is_given_up_again(world: World, change: Change) -> None:
    add(world, change)
    with world.acting("tom") as (uow, actor):
        assert [rule.key for rule in reminders.share(uow, actor, change.id, STEP)] == ["terms", "standard"]
    with pytest.raises(NotFound), world.acting("tom") as (uow, actor):
        reminders.share(uow, actor, change.id, STEP)


def test_what_somebody_else_changed_is_not_taken_out(world: World, change: Change) -> None:
    own = add(world, change)["check-return"]
    add(world, change, replace(AFTER, length="P1D"))
    with pytest.raises(StaleDraft):
        take_out(world, change, own, 1)


@pytest.mark.parametrize(
    "wanted",
    [
        replace(AFTER, length="P0D"),
        replace(AFTER, length="-P1D"),
        replace(AFTER, length="soon"),
        replace(AFTER, length="P1DT1H"),
        replace(AFTER, times=0),
        replace(AFTER, times=11),
        replace(AFTER, to="role:nobody"),
        replace(AFTER, to="everybody"),
        replace(AFTER, notice="nothing"),
        replace(AFTER, due="long"),
    ],
)
def test_what_is_no_reminder_is_refused_in_words(world: World, change: Change, wanted: Reminder) -> None:
    with pytest.raises(NoReminder) as wrong:
        add(world, change, wanted)
    assert wrong.value.message.endswith(".")
