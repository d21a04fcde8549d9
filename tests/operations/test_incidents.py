"""When a step fails or somebody intervenes: nothing before it is lost, and everybody is told what to do."""

from __future__ import annotations

import pytest

from engine import store
from engine.model.cases import Case
from engine.model.errors import Forbidden, Invalid, NotFound, NotRunning
from engine.operations.deploying import definitions
from engine.operations.running import instances
from engine.operations.tasks import user_tasks
from engine.store import Store
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.world import World


@pytest.fixture
def world(empty: Store) -> World:
    return cast(empty, shelf.library(shelf.shaky(), shelf.clockwork()))


@pytest.fixture
def stopped(world: World) -> Case:
    """A case whose gateway found no way on, as nobody counted the shelves yet."""
    case = acts.started(world, "shaky")
    world.complete("lia", case, "tidy")
    return case


def test_a_step_without_a_way_on_stops_with_an_incident_and_keeps_what_was_done(world: World, stopped: Case) -> None:
    assert acts.instance(world, stopped).state == "incident"
    (incident,) = acts.incidents(world, stopped)
    assert (incident.element_id, incident.state) == ("enough", "open")
    assert "tidy" in world.events(stopped, "element_completed")
    assert world.events(stopped, "incident_opened") == ["enough"]
    assert world.names(stopped) == ["count"]


def test_the_incident_stands_first_in_the_list_of_cases_and_on_the_case_page(world: World, stopped: Case) -> None:
    quiet = acts.loan(world)
    assert acts.line(world, "kim", stopped).sentence.startswith("Stopped by an incident: ")
    with world.reading("kim") as (uow, actor):
        listed = [line.id for line in acts.cases.list_(uow, actor).items]
    assert listed == [stopped.id, quiet.id]
    page = world.page("kim", stopped)
    assert page.explanation.state == "incident"
    assert page.explanation.sentence.startswith(
        "Stopped at “enough” since Mon 2 Mar: No way out of enough fits: none of their conditions holds. "
        "Correct “shelves”, then try again; for cases that begin later, draw a way that is taken when no other fits."
    )
    assert " Anyone in the role Keeper can step in. Waits for “count” by" in page.explanation.sentence
    assert page.diagrams[0].marks["enough"] == "incident"
    assert page.may == {"suspend", "terminate", "retry", "history"}


def test_a_retry_goes_on_once_what_was_missing_is_there(world: World, stopped: Case) -> None:
    world.complete("lia", stopped, "count", {"shelves": 5})
    assert acts.instance(world, stopped).state == "incident"
    assert acts.control(world, "kim", stopped, "retry").state == "completed"
    assert [incident.state for incident in acts.incidents(world, stopped)] == ["resolved"]
    assert acts.instance(world, stopped).end_event == "many"


def test_a_retry_that_fails_again_leaves_one_incident(world: World, stopped: Case) -> None:
    assert acts.control(world, "kim", stopped, "retry").state == "incident"
    assert len(acts.incidents(world, stopped)) == 1


def test_only_those_with_the_right_intervene(world: World, stopped: Case) -> None:
    with pytest.raises(Forbidden):
        acts.control(world, "lia", stopped, "retry")
    with pytest.raises(Forbidden):
        acts.control(world, "ben", stopped, "terminate", reason="Mine.")
    with pytest.raises(NotFound):
        acts.control(world, "bea", stopped, "terminate", reason="Mine.")


def test_terminating_asks_for_a_reason_ends_everything_open_and_keeps_a_snapshot(world: World, stopped: Case) -> None:
    with pytest.raises(Invalid):
        acts.control(world, "kim", stopped, "terminate", reason="  ")
    before = acts.instance(world, stopped)
    acts.control(world, "kim", stopped, "terminate", reason="CANARY-reason")
    after = acts.instance(world, stopped)
    assert (after.state, world.names(stopped)) == ("terminated", [])
    assert [incident.state for incident in acts.incidents(world, stopped)] == ["resolved"]
    with world.store.reading() as uow:
        kept = store.snapshots.of_instance(uow, before.id)
    assert ("terminate", before.state_blob) in [(one.reason, one.state_blob) for one in kept]
    assert "CANARY" not in str(world.trail(stopped))
    assert world.page("kim", stopped).explanation.sentence == "Terminated; nothing is waited for."


def test_what_has_ended_takes_no_more_acts(world: World, stopped: Case) -> None:
    acts.control(world, "kim", stopped, "terminate", reason="Not needed.")
    for verb in ("suspend", "resume", "retry", "terminate"):
        with pytest.raises(NotRunning):
            acts.control(world, "kim", stopped, verb, reason="Again.")


def test_a_suspended_procedure_takes_no_completion_until_it_goes_on(world: World) -> None:
    case = acts.started(world, "clockwork")
    acts.control(world, "kim", case, "suspend")
    with pytest.raises(NotRunning):
        world.complete("lia", case, "tidy")
    assert acts.line(world, "kim", case).sentence == "Suspended; nothing moves until somebody resumes it."
    for verb in ("suspend", "retry"):
        with pytest.raises(NotRunning):
            acts.control(world, "kim", case, verb)
    acts.control(world, "kim", case, "resume")
    with pytest.raises(NotRunning):
        acts.control(world, "kim", case, "resume")
    world.complete("lia", case, "tidy")
    assert acts.instance(world, case).state == "completed"


def test_an_incident_survives_suspension(world: World, stopped: Case) -> None:
    acts.control(world, "kim", stopped, "suspend")
    assert acts.control(world, "kim", stopped, "resume").state == "incident"


def test_a_draft_typed_before_the_end_is_gone_with_the_task(world: World, stopped: Case) -> None:
    task = world.task(stopped, "count")
    with world.acting("lia") as (uow, actor):
        user_tasks.save_draft(uow, actor, task.id, {"shelves": "CANARY"})
    acts.control(world, "kim", stopped, "terminate", reason="Not needed.")
    with world.store.reading() as uow:
        assert store.drafts.get(uow, task.id, world.people["lia"].id) is None


def test_a_reason_is_kept_for_its_author_and_stands_in_no_trail(world: World) -> None:
    loan = acts.lent(world)
    running = world.page("lia", loan).instances[0].id
    with world.acting("kim") as (uow, actor):
        instances.suspend(uow, actor, running, reason="CANARY because")
    with world.store.reading() as uow:
        (kept,) = [record for record in store.records.of_case(uow, loan.id) if record.form == "reason"]
    assert kept.body == {"event": "instance_suspended", "reason": "CANARY because"}
    assert (kept.cls, kept.author_id) == ("C7", world.people["kim"].id)
    assert "CANARY because" not in str(world.trail(loan))
    assert "CANARY because" not in str(world.page("lia", loan))


def test_a_manager_without_cases_is_told_element_version_sentence_and_count_and_no_case(world: World, stopped: Case) -> None:
    other = acts.started(world, "shaky", {})
    world.complete("lia", other, "tidy")
    with world.reading("tom") as (uow, actor):
        (one,) = definitions.stoppages(uow, actor, "shaky")
        assert definitions.stoppages(uow, actor, "loan") == ()
    assert (one.element_id, one.version, one.number) == ("enough", 1, 2)
    assert one.sentence
    told = repr(one)
    assert not [word for word in (stopped.id, stopped.number, other.number, "ben", "CANARY") if word in told]


def test_incidents_of_a_new_version_are_counted_apart_and_solved_ones_no_more(world: World, stopped: Case) -> None:
    world.deploy(shelf.library(shelf.shaky().replace(b"shelves &gt; 3", b"shelves &gt; 4"), shelf.clockwork()))
    newer = acts.started(world, "shaky")
    world.complete("lia", newer, "tidy")
    with world.reading("tom") as (uow, actor):
        assert {(one.version, one.number) for one in definitions.stoppages(uow, actor, "shaky")} == {(1, 1), (2, 1)}
    world.complete("lia", stopped, "count", {"shelves": 5})
    acts.control(world, "kim", stopped, "retry")
    with world.reading("tom") as (uow, actor):
        assert [one.version for one in definitions.stoppages(uow, actor, "shaky")] == [2]


def test_where_cases_stopped_is_for_who_deals_with_procedures(world: World, stopped: Case) -> None:
    with world.reading("ben") as (uow, actor), pytest.raises(Forbidden):
        definitions.stoppages(uow, actor, "shaky")
