"""Something new, without a pack: drawn from nothing by one person, approved by another, and run, with roles old and new."""

from __future__ import annotations

import pytest

from engine import store
from engine.model.errors import Conflict, Excluded, Forbidden, Invalid, ModelRefused
from engine.model.states import DeploymentState
from engine.operations.drafting import change_files, changes, new_packs
from engine.operations.releasing import publishing
from engine.store import Store
from tests.bpmn.drawing import end, process, start, user
from tests.operations import shelf
from tests.operations.conftest import cast
from tests.world import World


@pytest.fixture
def world(empty: Store) -> World:
    """The library, where a second trustee approves."""
    world = cast(empty, shelf.library(changed={"approval = false": "approval = true"}))
    world.person("tia", "trustee")
    return world


def visit(key: str = "home-visit", role: str = "volunteer") -> bytes:
    """Somebody goes there, somebody reads the note."""
    return process(
        start(),
        user("go", role=role, due="P2D", name_="Visit at home"),
        user("read", role="librarian", due="P2D", name_="Read the note"),
        end(),
        go="start > go > read > end",
        key=key,
    )


def begin(world: World, name: str = "Home visit", by: str = "tom", **more: tuple[str, ...]) -> str:
    with world.acting(by) as (uow, actor):
        change = changes.start(uow, actor, "A procedure for visits", why="They ask for it")
        return new_packs.begin(uow, actor, change.id, name, **more).id


def draw(world: World, change: str, content: bytes | None = None, name: str = "home-visit.bpmn") -> None:
    with world.acting("tom") as (uow, actor):
        change_files.save(uow, actor, change, name, content or visit(), 1)


def ask(world: World, change: str) -> str:
    with world.acting("tom") as (uow, actor):
        return str(publishing.ask(uow, actor, change).deployment_id)


def approve(world: World, deployment: str, by: str) -> None:
    with world.acting(by) as (uow, actor):
        publishing.decide(uow, actor, deployment, True)


def test_a_procedure_is_drawn_from_nothing_approved_by_another_and_run(world: World) -> None:
    change = begin(world, taken=("librarian",), named=("Volunteer",))
    draw(world, change)
    sent = ask(world, change)
    with pytest.raises(Excluded):
        approve(world, sent, "tom")
    with pytest.raises(Forbidden):
        approve(world, sent, "lia")
    approve(world, sent, "tia")
    world.person("vera", "volunteer")
    case = world.open_case("vera", "home-visit", (), {})
    assert case.number.startswith("HOM")
    world.complete("vera", case, "go")
    assert world.names(case) == ["read"]
    world.complete("lia", case, "read")
    assert world.names(case) == []


def test_what_is_new_waits_for_a_second_person_and_is_not_there_before(world: World) -> None:
    change = begin(world, taken=("librarian",), named=("Volunteer",))
    draw(world, change)
    sent = ask(world, change)
    with world.reading("tia") as (uow, actor):
        assert store.deployments.get(uow, sent).state is DeploymentState.PENDING
        assert [one.id for one in publishing.waiting(uow, actor)] == [change]
        assert [key for key, _ in changes.packs(uow, actor)] == ["library"]


def test_who_draws_and_approves_is_always_taken_over(world: World) -> None:
    change = begin(world, named=("Volunteer",))
    with world.reading("tom") as (uow, actor):
        pack = change_files.get(uow, actor, change, "pack.toml").content.decode()
        codes = {one.code for one in change_files.check(uow, actor, change)}
    assert "[roles.trustee]" in pack
    assert "[roles.volunteer]" in pack
    assert "[roles.librarian]" not in pack
    assert codes == {"no-way-out"}


def test_who_makes_a_role_eligible_comes_along(world: World) -> None:
    with world.reading("tom") as (uow, actor):
        offered = {one.key: one.always for one in new_packs.roles(uow, actor)}
    assert offered["trustee"]
    assert not offered["borrower"]


def test_a_new_pack_never_takes_a_name_that_is_taken(world: World) -> None:
    first, second = begin(world), begin(world)
    with world.reading("tom") as (uow, actor):
        assert [changes.get(uow, actor, one).pack for one in (first, second)] == ["home-visit", "home-visit-2"]
    begin(world, "Library")
    with world.acting("tom") as (uow, actor), pytest.raises(Conflict):
        new_packs.begin(uow, actor, first, "Once more")


@pytest.mark.parametrize("more", [{"named": ("…",)}, {"named": ("x" * 81,)}, {"named": tuple(f"Role {n}" for n in range(21))}])
def test_roles_without_a_name_are_refused(world: World, more: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(Invalid):
        begin(world, **more)


def test_a_procedure_of_another_pack_is_not_taken_over(world: World) -> None:
    change = begin(world, taken=("librarian",), named=("Volunteer",))
    draw(world, change, visit("loan"))
    with pytest.raises(ModelRefused) as refused:
        ask(world, change)
    assert "of-another-pack" in {one.code for one in refused.value.problems}


def test_a_pack_keeps_the_key_that_its_change_is_of(world: World) -> None:
    change = begin(world, taken=("librarian",), named=("Volunteer",))
    draw(world, change)
    with world.acting("tom") as (uow, actor):
        found = change_files.get(uow, actor, change, "pack.toml")
        other = found.content.replace(b'key = "home-visit"', b'key = "library"')
        change_files.save(uow, actor, change, "pack.toml", other, found.revision)
    with pytest.raises(Conflict, match="Put the key back"):
        ask(world, change)


def test_a_change_of_no_pack_brings_no_pack_that_is_there(world: World) -> None:
    with world.acting("tom") as (uow, actor):
        change = changes.start(uow, actor, "All of it", why="They ask for it").id
        files = shelf.library(changed={"approval = false": "approval = true", 'title = "Rare book lending"': 'title = "Books"'})
        change_files.put_many(uow, actor, change, files)
    with pytest.raises(Conflict, match="is a pack already"):
        ask(world, change)


def test_where_nothing_is_deployed_an_administrator_begins_and_it_is_live_at_once(empty: Store) -> None:
    world = World(empty)
    with world.acting("ada") as (uow, actor):
        change = changes.start(uow, actor, "The first", why="They ask for it").id
        new_packs.begin(uow, actor, change, "Home visit")
        change_files.save(uow, actor, change, "home-visit.bpmn", visit(role="staff").replace(b'"librarian"', b'"staff"'), 1)
        publishing.ask(uow, actor, change)
    world.person("sam", "staff")
    case = world.open_case("sam", "home-visit", (), {})
    assert world.names(case) == ["go"]
