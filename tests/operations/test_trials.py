"""What scenarios gave is kept with what was sent: whoever approves reads of each that failed until it was taken out or changed."""

from __future__ import annotations

import pytest

from engine import store
from engine.model.errors import Excluded, Invalid
from engine.operations.drafting import change_files, changes, models
from engine.operations.releasing import publishing
from engine.operations.scenarios import scenario_runs, trials
from engine.store import Store
from tests.operations import shelf
from tests.operations.conftest import cast
from tests.operations.test_changes import APPROVED, ask, begin, decide, reworded, save, state
from tests.operations.test_scenarios import LENT, OPENED
from tests.world import World

LENT_FILE, OPENED_FILE = "scenarios/lent.toml", "scenarios/opened.toml"
#: the terms are told by a task of another name, so that scenarios that look for it fail
OTHER = reworded("Say yes or no")


@pytest.fixture
def world(empty: Store) -> World:
    """The library with two scenarios, where a second trustee approves changes."""
    files = shelf.library(changed=APPROVED)
    world = cast(empty, {**files, LENT_FILE: LENT.encode(), OPENED_FILE: OPENED.encode()})
    world.person("tia", "trustee")
    world.person("tim", "trustee")
    return world


def kept(world: World, deployment: str | None) -> dict[str, tuple[str | None, bool]]:
    with world.reading("tim") as (uow, actor):
        return {one.name: (one.mark, one.passed) for one in trials.of_deployment(uow, actor, deployment or "")}


def test_a_failing_scenario_that_is_taken_out_is_said_to_who_approves(world: World) -> None:
    change = begin(world)
    save(world, change, OTHER)
    with world.acting("tia") as (uow, actor):
        change_files.remove(uow, actor, change.id, LENT_FILE)
        change_files.remove(uow, actor, change.id, OPENED_FILE)
    sent = ask(world, change)
    with world.reading("tim") as (uow, actor):
        said = trials.failing(trials.of_deployment(uow, actor, sent.deployment_id or ""))
    assert len(said) == 1
    assert said[0].startswith("Takes out the scenario “A book is lent and comes back”, which fails on the new version: ")
    assert kept(world, sent.deployment_id)[OPENED_FILE] == ("removed", True)


def test_a_scenario_that_is_weakened_is_said_as_it_was_before(world: World) -> None:
    change = begin(world)
    save(world, change, OTHER)
    save(world, change, LENT.replace("Answer the terms", "Say yes or no").encode(), name=LENT_FILE)
    sent = ask(world, change)
    with world.reading("tim") as (uow, actor):
        said = trials.failing(trials.of_deployment(uow, actor, sent.deployment_id or ""))
    assert [one.partition(":")[0] for one in said] == [
        "Changes the scenario “A book is lent and comes back”, which fails on the new version as it was before"
    ]


def test_a_scenario_that_only_got_another_name_is_not_taken_out(world: World) -> None:
    assert trials.dropped({"scenarios/a.toml": b"x"}, {"scenarios/b.toml": b"x"}) == {}
    assert trials.dropped({"scenarios/a.toml": b"x"}, {"scenarios/a.toml": b"y", "loan.bpmn": b"x"}) == {"scenarios/a.toml": "changed"}


def test_results_are_kept_when_the_process_forgot_them(world: World) -> None:
    change = begin(world)
    save(world, change, shelf.desk(), name="desk.bpmn")
    sent = ask(world, change)
    scenario_runs.forget()
    assert kept(world, sent.deployment_id) == {LENT_FILE: (None, True), OPENED_FILE: (None, True)}


def test_an_upload_that_drops_a_failing_scenario_says_so_too(world: World) -> None:
    files = {**shelf.library(changed=APPROVED), "loan.bpmn": OTHER}
    with world.acting("tia") as (uow, actor):
        assert trials.dropped(publishing.before(uow, actor, files), files).keys() == {LENT_FILE, OPENED_FILE}
        done = publishing.upload(uow, actor, files)
    assert kept(world, done.deployment.id)[LENT_FILE] == ("removed", False)


def test_what_takes_out_or_changes_scenarios_is_approved_only_by_who_says_they_looked_at_these(world: World) -> None:
    change = begin(world)
    save(world, change, LENT.replace("A book", "One book").encode(), name=LENT_FILE)
    with world.acting("tia") as (uow, actor):
        change_files.remove(uow, actor, change.id, OPENED_FILE)
    sent = ask(world, change)
    with pytest.raises(Invalid) as wrong:
        decide(world, sent, "tom")
    assert [error.path for error in wrong.value.errors] == ["/scenarios_seen"]
    assert state(world, sent) == "asked"
    decide(world, sent, "tom", seen=True)
    with world.reading("tom") as (uow, actor):
        noted = store.audit.list_(uow, actor.program_id, event="scenarios_seen").items
        assert [one.details["scenarios"] for one in noted] == [sorted([LENT_FILE, OPENED_FILE])]


def test_a_change_that_adds_scenarios_only_asks_for_no_such_word(world: World) -> None:
    change = begin(world)
    save(world, change, LENT.replace("A book", "One book").encode(), name="scenarios/more.toml")
    decide(world, ask(world, change), "tom")


def test_whoever_wrote_the_same_bytes_in_a_change_that_was_given_up_does_not_approve_them(world: World) -> None:
    mine = begin(world, by="tim", title="Tim's own")
    save(world, mine, reworded("Well?"), by="tim")
    with world.acting("tim") as (uow, actor):
        changes.withdraw(uow, actor, mine.id)
    theirs = begin(world)
    save(world, theirs, reworded("Well?"))
    save(world, theirs, LENT.replace("Answer the terms", "Well?").encode(), name=LENT_FILE)
    sent = ask(world, theirs)
    with world.reading("tim") as (uow, actor):
        assert publishing.waiting(uow, actor) == ()
    with pytest.raises(Excluded):
        decide(world, sent, "tim")
    decide(world, sent, "tom", seen=True)


def test_whoever_keeps_the_same_file_in_a_folder_or_sent_it_in_vain_does_not_approve_an_upload_of_it(world: World) -> None:
    with world.acting("tim") as (uow, actor):
        models.import_(uow, actor, "desk.bpmn", shelf.desk())
    files = {**shelf.library(changed=APPROVED), "desk.bpmn": shelf.desk()}
    with world.acting("tia") as (uow, actor):
        done = publishing.upload(uow, actor, files).deployment
    with pytest.raises(Excluded), world.acting("tim") as (uow, actor):
        publishing.decide(uow, actor, done.id, True)
    with world.acting("tom") as (uow, actor):
        publishing.decide(uow, actor, done.id, False, reason="Not yet")
        again = publishing.upload(uow, actor, files).deployment
    with pytest.raises(Excluded), world.acting("tia") as (uow, actor):
        publishing.decide(uow, actor, again.id, True)
    with world.reading("tom") as (uow, actor):
        assert store.deployments.get(uow, again.id).deployed_by == actor.person_id


def test_lists_of_models_read_no_contents(world: World) -> None:
    with world.acting("tia") as (uow, actor):
        made = models.import_(uow, actor, "desk.bpmn", shelf.desk())
    with world.reading("tia") as (uow, actor):
        (listed,) = models.list_(uow, actor).items
        assert (listed.id, listed.content_hash, listed.content) == (made.id, made.content_hash, b"")
        assert models.get(uow, actor, made.id).content == shelf.desk()
