"""Changes: drawn by one person, kept with revisions, sent, and approved by another."""

from __future__ import annotations

import pytest

from engine import language, store
from engine.model.deployments import Change
from engine.model.errors import BadRequest, Conflict, Excluded, Forbidden, ModelRefused
from engine.model.states import ChangeState, DeploymentState
from engine.operations.deploying import deployments
from engine.operations.drafting import change_files, changes
from engine.operations.drafting.change_files import StaleDraft
from engine.operations.releasing import publishing
from engine.operations.releasing.publishing import OutOfDate
from engine.store import Store
from tests.operations import shelf
from tests.operations.conftest import cast
from tests.world import World

APPROVED = {"approval = false": "approval = true"}
LOAN = "loan.bpmn"


@pytest.fixture
def world(empty: Store) -> World:
    """The library, where a second trustee approves changes."""
    world = cast(empty, shelf.library(changed=APPROVED))
    world.person("tia", "trustee")
    world.person("tim", "trustee")
    return world


def begin(world: World, by: str = "tia", title: str = "Another wording") -> Change:
    with world.acting(by) as (uow, actor):
        return changes.start(uow, actor, title, pack="library", why="They ask for it")


def save(world: World, change: Change, content: bytes, revision: int = 0, *, by: str = "tia", name: str = LOAN) -> int:
    with world.acting(by) as (uow, actor):
        return change_files.save(uow, actor, change.id, name, content, revision).revision


def reworded(text: str = "Say yes or no") -> bytes:
    return shelf.library()[LOAN].replace(b'name="Answer the terms"', f'name="{text}"'.encode())


def ask(world: World, change: Change, by: str = "tia") -> Change:
    with world.acting(by) as (uow, actor):
        return publishing.ask(uow, actor, change.id)


def decide(world: World, change: Change, by: str, approve: bool = True, reason: str = "", seen: bool = False) -> None:
    assert change.deployment_id is not None
    with world.acting(by) as (uow, actor):
        publishing.decide(uow, actor, change.deployment_id, approve, reason=reason, scenarios_seen=seen)


def state(world: World, change: Change) -> ChangeState:
    with world.reading("tia") as (uow, actor):
        return changes.get(uow, actor, change.id).state


def newest(world: World, key: str = "loan") -> int:
    with world.store.reading() as uow:
        found = store.definitions.latest(uow, world.program.id, key)
    assert found is not None
    return found.version


def test_a_change_shows_every_file_of_its_pack_and_what_it_touches(world: World) -> None:
    change = begin(world)
    save(world, change, reworded())
    with world.reading("tia") as (uow, actor):
        found = {file.name: file.changed for file in change_files.list_(uow, actor, change.id)}
    assert found.pop(LOAN)
    assert found
    assert not any(found.values())


def test_a_draft_that_cannot_run_is_kept_with_its_problems(world: World) -> None:
    change = begin(world)
    save(world, change, b"<broken", name="broken.bpmn")
    with world.reading("tia") as (uow, actor):
        assert change_files.get(uow, actor, change.id, "broken.bpmn").content == b"<broken"
        assert {problem.file for problem in change_files.check(uow, actor, change.id)} == {"broken.bpmn"}
    with pytest.raises(ModelRefused):
        ask(world, change)
    assert state(world, change) is ChangeState.DRAWING


def test_of_two_editors_the_later_one_is_told_and_nothing_is_lost(world: World) -> None:
    change = begin(world)
    assert save(world, change, reworded("First"), 0) == 1
    with pytest.raises(StaleDraft):
        save(world, change, reworded("Second"), 0, by="tim")
    with world.reading("tim") as (uow, actor):
        assert b"First" in change_files.get(uow, actor, change.id, LOAN).content
    assert save(world, change, reworded("Second"), 1, by="tim") == 2


def test_who_has_the_file_open_is_known_for_two_minutes(world: World) -> None:
    change = begin(world)

    def others(name: str) -> tuple[str, ...]:
        with world.acting(name) as (uow, actor):
            return change_files.editing(uow, actor, change.id, LOAN)

    assert others("tia") == ()
    assert others("tim") == (world.people["tia"].id,)
    world.advance("PT3M")
    assert others("tim") == ()


def test_another_person_approves_and_only_then_it_is_live(world: World) -> None:
    change = begin(world)
    save(world, change, reworded())
    asked = ask(world, change)
    assert asked.state is ChangeState.ASKED
    assert newest(world) == 1
    decide(world, asked, "tim")
    assert state(world, change) is ChangeState.APPROVED
    assert newest(world) == 2


def test_whoever_worked_on_a_change_does_not_approve_it(world: World) -> None:
    change = begin(world)
    save(world, change, reworded())
    save(world, change, reworded("Yes or no?"), 1, by="tim")
    asked = ask(world, change)
    for name in ("tia", "tim"):
        with pytest.raises(Excluded):
            decide(world, asked, name)
    assert newest(world) == 1


def test_whoever_was_saved_over_does_not_approve_either(world: World) -> None:
    change = begin(world)
    saved = save(world, change, reworded(), by="tim")
    save(world, change, reworded() + b"\n", saved, by="tia")
    asked = ask(world, change)
    with pytest.raises(Excluded):
        decide(world, asked, by="tim")


def test_the_same_content_does_not_wait_twice(world: World) -> None:
    first, second = begin(world), begin(world, by="tim")
    save(world, first, reworded())
    save(world, second, reworded(), by="tim")
    ask(world, first)
    with pytest.raises(Conflict, match="waits for a second person already"):
        ask(world, second, by="tim")
    assert state(world, second) is ChangeState.DRAWING


def test_a_rejected_change_can_be_drawn_on_and_sent_again(world: World) -> None:
    change = begin(world)
    save(world, change, reworded())
    decide(world, ask(world, change), "tim", False, "Too short.")
    assert state(world, change) is ChangeState.DRAWING
    again = ask(world, change)
    decide(world, again, "tim")
    assert newest(world) == 3


def test_a_sent_change_is_not_worked_on_until_it_is_taken_back(world: World) -> None:
    change = begin(world)
    save(world, change, reworded())
    asked = ask(world, change)
    with pytest.raises(Conflict):
        save(world, change, reworded("Later"), 1)
    with world.acting("tia") as (uow, actor):
        publishing.take_back(uow, actor, change.id)
    save(world, change, reworded("Later"), 1)
    with pytest.raises(Conflict):
        decide(world, asked, "tim")
    with world.store.reading() as uow:
        assert asked.deployment_id is not None
        assert store.deployments.get(uow, asked.deployment_id).state is DeploymentState.REJECTED


def test_the_reason_that_is_stored_for_a_change_taken_back_is_read_in_the_reader_s_language(world: World) -> None:
    change = begin(world)
    save(world, change, reworded())
    waits = ask(world, change).deployment_id or ""
    with world.acting("tia") as (uow, actor):
        publishing.take_back(uow, actor, change.id)
    with world.reading("tim") as (uow, actor), language.speaking("es"):
        assert language.say(deployments.get(uow, actor, waits).decision_reason or "") == "Retirado por su autor o autora."


def test_a_change_of_nothing_is_not_sent(world: World) -> None:
    change = begin(world)
    save(world, change, shelf.library(changed=APPROVED)[LOAN])
    with pytest.raises(Conflict):
        ask(world, change)


def test_what_became_live_meanwhile_is_not_undone_by_an_older_change(world: World) -> None:
    first, second = begin(world), begin(world, title="Another form")
    save(world, first, reworded())
    form = shelf.library()["loan-terms.json"].replace(b'"title": "Why not?"', b'"title": "Why?"')
    save(world, second, form, name="loan-terms.json")
    asked = ask(world, second)
    decide(world, ask(world, first), "tim")
    with pytest.raises(OutOfDate):
        decide(world, asked, "tim")
    decide(world, asked, "tim", False, "Bring it up to date.")
    with pytest.raises(OutOfDate):
        ask(world, second)
    with world.acting("tia") as (uow, actor):
        assert publishing.update(uow, actor, second.id).both == ()
    decide(world, ask(world, second), "tim")
    with world.store.reading() as uow:
        live = store.definitions.latest(uow, world.program.id, "loan")
    assert live is not None
    assert b"Say yes or no" in live.source


def test_a_file_that_both_changed_is_named(world: World) -> None:
    first, second = begin(world), begin(world, title="My wording")
    save(world, first, reworded("One"))
    save(world, second, reworded("Two"))
    decide(world, ask(world, first), "tim")
    with world.acting("tia") as (uow, actor):
        assert publishing.update(uow, actor, second.id).both == (LOAN,)
    with world.reading("tia") as (uow, actor):
        found = change_files.get(uow, actor, second.id, LOAN)
    assert b"Two" in found.content
    assert found.before is not None
    assert b"One" in found.before


def test_taking_back_and_removing_files(world: World) -> None:
    change = begin(world)
    save(world, change, reworded())
    with world.acting("tia") as (uow, actor):
        change_files.restore(uow, actor, change.id, LOAN)
        assert not change_files.get(uow, actor, change.id, LOAN).changed
        change_files.remove(uow, actor, change.id, "loan-terms.json")
        assert change_files.removed(uow, actor, change.id) == ("loan-terms.json",)
        found = change_files.check(uow, actor, change.id)
    assert {problem.code for problem in found} >= {"form-missing"}


def test_only_who_may_change_procedures_begins_a_change(world: World) -> None:
    with pytest.raises(Forbidden):
        begin(world, by="lia")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "needs a name"),
        ("x.exe", "no file of a pack"),
        ("other.toml", "no file of a pack"),
        ("../pack.toml", "outside the pack"),
        ("/etc/loan.bpmn", "outside the pack"),
        ("C:/loan.bpmn", "outside the pack"),
        ("a\\b.bpmn", "outside the pack"),
        ("a/./b.bpmn", "outside the pack"),
        (".bpmn", "only an ending"),
        ("..bpmn", "only an ending"),
        ("forms/.json", "only an ending"),
        ("loan .bpmn ", "begins or ends with a space"),
        ("\n.bpmn", "cannot be seen"),
        ("lo\u202ean.bpmn", "cannot be seen"),
        ("lo\x00an.bpmn", "cannot be seen"),
        ("x" * 300 + ".bpmn", "too long"),
    ],
)
def test_a_name_that_no_file_of_a_pack_has_is_refused(world: World, name: str, said: str) -> None:
    change = begin(world)
    with pytest.raises(BadRequest, match=said):
        save(world, change, b"x", name=name)
    with pytest.raises(BadRequest, match=said), world.acting("tia") as (uow, actor):
        change_files.copy(uow, actor, change.id, LOAN, name)


def test_what_waits_is_shown_to_who_can_decide(world: World) -> None:
    change = begin(world)
    save(world, change, reworded())
    ask(world, change)

    def waits(name: str) -> list[str]:
        with world.reading(name) as (uow, actor):
            return [found.id for found in publishing.waiting(uow, actor)]

    assert waits("tim") == [change.id]
    assert waits("tia") == []
    assert waits("lia") == []


def test_going_back_to_an_earlier_version_makes_it_live_again(world: World) -> None:
    there = begin(world)
    save(world, there, reworded())
    decide(world, ask(world, there), "tim")
    back = begin(world, title="As it was")
    save(world, back, shelf.library()[LOAN])
    decide(world, ask(world, back), "tim")
    with world.store.reading() as uow:
        live = store.definitions.latest(uow, world.program.id, "loan")
    assert live is not None
    assert (live.version, live.source) == (3, shelf.library()[LOAN])
