"""Working time in a running case: due dates, timers and ladders count open hours, and say how they were worked out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine import store
from engine.model.calendars import Working
from engine.model.cases import Case
from engine.model.errors import ModelRefused
from engine.store import Store
from tests.bpmn.drawing import boundary, end, process, start, timer, user
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.world import START, World

#: nine to five, and a holiday on the Wednesday of the first week
OFFICE = """
[calendars.office]
label = "Office hours"
zone = "UTC"
days = [{ on = "2026-03-04", label = "Stocktaking" }]

[calendars.office.week]
monday = "09:00-17:00"
tuesday = "09:00-17:00"
wednesday = "09:00-17:00"
thursday = "09:00-17:00"
friday = "09:00-17:00"
"""
LADDER = 'working = "office"\n' + shelf.LADDER


def drawn(due: str = '=working duration("P3D", calendar)', hurry: str = '=working duration("PT20H", "office")') -> bytes:
    """Tidying up within three working days, with a hint to the keeper after twenty open hours."""
    return process(
        start(),
        user("tidy", role="librarian", due=due, name_="Tidy up"),
        boundary("hurry", "tidy", timer(hurry).replace("timeDate", "timeDuration"), False),
        user("hint", role="keeper", due="P1D"),
        end(),
        go="start > tidy > end; hurry > hint > end",
        key="tidying",
    )


def files(office: str = OFFICE, diagram: bytes = b"", **changed: str) -> dict[str, bytes]:
    found = shelf.with_ladder()
    pack = found["pack.toml"].decode().replace('calendar = "plain"', 'calendar = "office"').replace(shelf.LADDER, LADDER) + office
    pack = pack.replace("approval = false", "approval = true")
    for old, new in changed.items():
        pack = pack.replace(old, new)
    return {**found, "pack.toml": pack.encode(), "tidying.bpmn": diagram or drawn()}


@pytest.fixture
def world(empty: Store) -> World:
    """A library that is open from nine to five."""
    world = cast(empty, files())
    world.person("tia", "trustee")
    return world


@pytest.fixture
def case(world: World) -> Case:
    return acts.started(world, "tidying")


def march(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def test_a_task_is_due_after_working_days_and_knows_how(world: World, case: Case) -> None:
    task = world.task(case, "tidy")
    assert task.due_at == march(6, 9), "Tuesday, Thursday, Friday: on Wednesday the library is closed"
    assert task.due_working == Working("P3D", "office", START)


def test_a_timer_of_the_diagram_counts_open_hours_and_its_row_says_how(world: World, case: Case) -> None:
    (row,) = acts.timers(world, case, "hurry")
    assert (row.due_at, row.rule, row.calendar, row.anchor_at) == (march(5, 13), "PT20H", "office", START)
    world.advance("P3DT3H")
    assert [task.element_id for task in world.open_tasks(case)] == ["tidy"]
    world.advance("PT1H")
    assert sorted(task.element_id for task in world.open_tasks(case)) == ["hint", "tidy"]


def test_the_rungs_of_a_ladder_are_counted_in_its_calendar(world: World, case: Case) -> None:
    (row,) = [one for one in acts.timers(world, case, "tidy") if one.task_id]
    assert (row.calendar, row.due_at) == ("office", march(3, 13)), "half of the three working days of eight hours: twelve open hours"
    world.advance("P2D")
    (row,) = [one for one in acts.timers(world, case, "tidy") if one.task_id]
    assert row.due_at == march(5, 9), "a working day before Friday is Thursday"
    world.advance("P2D")
    (row,) = [one for one in acts.timers(world, case, "tidy") if one.task_id]
    assert row.due_at == march(11, 9), "three working days after Friday"


def test_a_date_that_a_person_set_is_no_longer_worked_out(world: World, case: Case) -> None:
    task = world.task(case, "tidy")
    with world.store.unit_of_work() as uow:
        acts.waive(uow, world.system, store.instances.get(uow, task.instance_id), case, {"task": task.id})
        uow.commit()
    assert acts.stored(world, task).due_working is None


@pytest.mark.parametrize(
    ("due", "code"),
    [
        ('=working duration("P3D", "offise")', "unknown-calendar"),
        ('=working duration("P1M", calendar)', "timer-invalid"),
        ('=working duration("P3D", calender)', "unknown-name"),
    ],
)
def test_a_slip_in_working_time_is_refused_before_it_runs(empty: Store, due: str, code: str) -> None:
    with pytest.raises(ModelRefused) as refused:
        cast(empty, files(diagram=drawn(due)))
    assert [(one.element_id, one.code) for one in refused.value.problems if one.level == "refuse"] == [("tidy", code)]


def test_a_length_that_turns_out_to_be_months_stops_at_its_step(world: World) -> None:
    world.deploy(files(diagram=drawn('=working duration(duration("P1M"), calendar)')))
    case = acts.started(world, "tidying")
    (incident,) = acts.incidents(world, case)
    assert (incident.element_id, incident.code) == ("tidy", "working-time")
