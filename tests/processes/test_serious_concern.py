"""A threat, or somebody in danger: the work stops, is looked into, and nobody taking part learns why (P14, R62, R63)."""

from __future__ import annotations

import pytest

from engine import store
from engine.model.cases import Case
from engine.model.errors import NotFound
from engine.operations import trail
from engine.operations.content import entries, panels
from engine.operations.content.entries import Asked
from engine.operations.running import instances
from tests.processes import answers, telling
from tests.world import World

WORDS = ("concern", "SafetyConcern", "safety-incident", "look_into_incident", "not safe", "screen_again", "incidentDecision", "riskLevel")


def _note(world: World, case: Case, kind: str) -> None:
    with world.acting("mira") as (uow, actor):
        asked = Asked(case.id, "console", "session-incident")
        entries.add(uow, actor, asked, {"incidentType": kind, "incidentStep": "end", "incidentNote": "CANARY-what"})


def _told(world: World, name: str, case: Case) -> str:
    page = world.page(name, case)
    with world.reading(name) as (uow, actor):
        passed = [(one.event, one.element_id, one.details) for one in trail.entries(uow, actor, case=case.id, limit=200).items]
        listed = [one.id for one in page.instances]
        held = [instances.variables(uow, actor, one) for one in listed]
    shown = [(view.tokens, view.marks, view.completed) for view in page.diagrams]
    return str((page.line, page.tasks, page.explanation, page.timeline, page.panels, shown, passed, held))


@pytest.mark.parametrize("kind", ["threat", "danger"])
def test_what_is_noted_in_the_console_stops_the_work_and_calls_the_safety_lead(underway: tuple[World, Case], kind: str) -> None:
    world, case = underway
    _note(world, case, "shouting")
    assert world.names(case) == ["schedule_session"]
    _note(world, case, kind)
    assert world.names(case) == ["look_into_incident"]
    assert world.task(case, "look_into_incident").role == "safety_lead"
    assert world.notices("sal") == world.notices("sue") == ["needed-today"]
    assert [world.notices(name)[-1] for name in ("ana", "ben", "mira")] == ["change-notice"] * 3


def test_the_safety_lead_reads_what_was_noted_while_the_task_is_theirs_and_not_before(underway: tuple[World, Case]) -> None:
    world, case = underway
    with pytest.raises(NotFound), world.reading("sal") as (uow, actor):
        panels.all_of(uow, actor, case.id)
    _note(world, case, "threat")
    for name, reads in (("sal", True), ("sue", False), ("ana", False)):
        with world.reading(name) as (uow, actor):
            assert ("CANARY-what" in str(panels.all_of(uow, actor, case.id))) is reads, name


def test_no_party_learns_what_the_work_was_stopped_for(underway: tuple[World, Case]) -> None:
    world, case = underway
    world.send("ana", case, "SafetyConcern")
    told = _told(world, "ben", case)
    assert [word for word in WORDS if word in told] == []
    telling.worry_on(world, case, "same")
    told = _told(world, "ben", case)
    assert [word for word in WORDS if word in told] == []
    assert "look_into_incident" in _told(world, "sue", case)


def test_everybody_is_called_and_screened_again_and_the_work_goes_on_under_closer_review(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.worry(world, case, "modified")
    assert sorted(world.names(case)) == ["debrief", "schedule_session"]
    with world.reading("sue") as (uow, actor):
        facts = instances.variables(uow, actor, store.instances.of_case(uow, case.id)[0].id)
    assert (facts["riskLevel"], facts["incidentDecision"]) == (2, "modified")
    told = {title for panel in world.page("mira", case).panels for record in panel.records for title, _ in record.fields}
    assert "What has to be so from now on" in told
    assert "Is everybody safe now" not in told


def test_a_case_that_is_ended_for_safety_is_closed_as_ended_early(underway: tuple[World, Case]) -> None:
    world, case = underway
    telling.worry(world, case, "terminated", outside=True)
    assert world.notices("dan") == ["told-outside"]
    assert sorted(world.names(case)) == ["debrief", "sign_off_outcome"]


def test_before_anybody_is_appointed_it_is_a_procedure_of_its_own_of_which_no_party_is_told(world: World) -> None:
    case = telling.open_case(world)
    world.send("ana", case, "SafetyConcern")
    assert sorted(world.names(case)) == ["look_into_incident", "record_request"]
    told = _told(world, "ben", case)
    assert [word for word in WORDS if word in told] == []
    world.complete("sal", case, "look_into_incident", answers.CONCERN)
    assert world.names(case).count("call_after_concern") == 2
