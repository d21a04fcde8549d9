"""What waits for a second person reaches who stands in for that person, and nobody decides on what they worked on, in no place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine import store
from engine.model.deployments import Change
from engine.model.errors import Excluded, Forbidden
from engine.model.states import ChangeState, DeploymentState, MigrationState
from engine.operations.deploying import deployments
from engine.operations.drafting import change_files, changes
from engine.operations.releasing import migration, publishing
from engine.store import Store
from tests.operations import shelf
from tests.operations.conftest import cast
from tests.operations.test_absences import away
from tests.operations.test_migration import longer
from tests.world import World

LOAN = "loan.bpmn"


@pytest.fixture
def world(empty: Store) -> World:
    """The library, where a second trustee approves changes; lou works for the program and has no role of it."""
    world = cast(empty, shelf.library(changed={"approval = false": "approval = true"}))
    for name in ("tia", "tim"):
        world.person(name, "trustee")
    world.person("lou")
    return world


@pytest.fixture
def change(world: World) -> Change:
    """One that tia drew and sent."""
    content = shelf.library()[LOAN].replace(b'name="Answer the terms"', b'name="Say yes or no"')
    with world.acting("tia") as (uow, actor):
        begun = changes.start(uow, actor, "Another wording", pack="library", why="They ask for it")
        change_files.save(uow, actor, begun.id, LOAN, content, 0)
    with world.acting("tia") as (uow, actor):
        return publishing.ask(uow, actor, begun.id)


def waits(world: World, name: str) -> list[tuple[str, str | None]]:
    with world.reading(name) as (uow, actor):
        return [(found.title, absent) for found, absent in publishing.waiting_for(uow, actor)]


def decide(world: World, change: Change, by: str, approve: bool = True) -> None:
    assert change.deployment_id is not None
    with world.acting(by) as (uow, actor):
        publishing.decide(uow, actor, change.deployment_id, approve, reason="Read")


def test_who_stands_in_approves_in_the_place_of_who_is_away_and_it_is_written_so(world: World, change: Change) -> None:
    assert waits(world, "lou") == []
    with pytest.raises(Forbidden):
        decide(world, change, "lou")
    away(world, "tim", [("lou", None)])
    assert waits(world, "lou") == [(change.title, "Tim Example")]
    with world.reading("lou") as (uow, actor):
        found = deployments.get(uow, actor, change.deployment_id or "")
        decider = publishing.decider(uow, actor, found)
        assert decider is not None
        assert decider.on_behalf_of == world.people["tim"].id
    decide(world, change, "lou")
    with world.store.reading() as uow:
        state = store.deployments.get(uow, change.deployment_id or "").state
        entries = store.audit.list_(uow, world.program.id, event="deployment_approved").items
    assert state is DeploymentState.ACTIVE
    assert [(one.actor_id, one.on_behalf_of) for one in entries] == [(world.people["lou"].id, world.people["tim"].id)]


def _for_the_author(world: World) -> str:
    away(world, "tia", [("lou", None)])
    return "lou"


def _by_the_author(world: World) -> str:
    away(world, "tim", [("tia", None)])
    return "tia"


@pytest.mark.parametrize("stands_in", [_for_the_author, _by_the_author], ids=["for the author", "the author for another"])
def test_four_eyes_count_in_another_s_place(world: World, change: Change, stands_in: Callable[[World], str]) -> None:
    name = stands_in(world)
    assert waits(world, name) == []
    with pytest.raises(Excluded):
        decide(world, change, name)
    with world.reading("tim") as (uow, actor):
        assert changes.get(uow, actor, change.id).state is ChangeState.ASKED


def test_no_approval_is_lent_for_another_role_nor_after_the_last_day(world: World, change: Change) -> None:
    away(world, "tim", [("lou", "librarian")])
    assert waits(world, "lou") == []
    away(world, "tim", [("lou", "trustee")], days=2)
    assert waits(world, "lou") == [(change.title, "Tim Example")]
    world.advance("P2D")
    assert waits(world, "lou") == []
    with pytest.raises(Forbidden):
        decide(world, change, "lou")


def test_a_migration_is_decided_in_a_place_but_not_in_that_of_who_proposed_it(library: World) -> None:
    library.person("lou")
    library.deploy(longer(shelf.library()))
    with library.acting("tom") as (uow, actor):
        found = migration.propose(uow, actor, "loan", 1, 2, None, why="A step more")

    def waiting(name: str) -> list[str | None]:
        with library.reading(name) as (uow, actor):
            return [absent for _, absent in migration.waiting_for(uow, actor)]

    library.give_role("tom", "keeper")
    away(library, "tom", [("lou", None)])
    assert (waiting("kim"), waiting("lou")) == ([None], [])
    with pytest.raises(Excluded), library.acting("lou") as (uow, actor):
        migration.decide(uow, actor, found.id, approve=True)
    away(library, "kim", [("lou", None), ("tom", None)])
    assert (waiting("lou"), waiting("tom")) == (["Kim Example"], [])
    with library.acting("lou") as (uow, actor):
        assert migration.get(uow, actor, found.id).in_place_of == "Kim Example"
        assert migration.decide(uow, actor, found.id, approve=True).state in (MigrationState.RUNNING, MigrationState.DONE)
