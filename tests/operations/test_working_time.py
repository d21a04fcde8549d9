"""Working time in a running case: due dates, timers and ladders count open hours, and say how they were worked out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine import packs, store
from engine.model.calendars import Working
from engine.model.cases import Case
from engine.model.deployments import Change
from engine.model.errors import ModelRefused
from engine.operations import live
from engine.operations.deploying import calendar_moves, ladder_changes
from engine.operations.deploying.calendar_moves import TimerMove
from engine.operations.drafting import change_files, changes
from engine.operations.releasing import publishing
from engine.operations.rounds import sweeps
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


LATER = OFFICE.replace('monday = "09:00-17:00"', 'monday = "12:00-17:00"').replace('friday = "09:00-17:00"\n', "")


def begin(world: World, content: bytes) -> Change:
    with world.acting("tia") as (uow, actor):
        change = changes.start(uow, actor, "Closed on Fridays", pack="library", why="They ask for it")
        change_files.save(uow, actor, change.id, "pack.toml", content, 0)
    return change


def approve(world: World, change: Change) -> None:
    with world.acting("tia") as (uow, actor):
        deployment_id = publishing.ask(uow, actor, change.id).deployment_id
    with world.acting("tom") as (uow, actor):
        publishing.decide(uow, actor, deployment_id or "", True)


def test_another_calendar_tells_what_moves_and_moves_it_in_one_act(world: World, case: Case) -> None:
    change = begin(world, files(LATER)["pack.toml"])
    with world.reading("tia") as (uow, actor):
        told = ladder_changes.of_change(uow, actor, change.id)
    due, waits, rung = told.kinds
    # Three working days: Tuesday, Thursday and, as Fridays are off, Monday; from its opening at noon.
    assert (due.step, due.before, due.first) == ("Tidy up", "Due", (march(6, 9), march(9, 12)))
    # Twenty open hours: five on Monday, eight on Tuesday, seven on Thursday.
    assert (waits.before, waits.first) == ("Timer", (march(5, 13), march(5, 16)))
    assert (told.number, told.at_once, rung.first[0]) == (3, 0, march(3, 13))
    approve(world, change)
    task = world.task(case, "tidy")
    assert (task.due_at, task.due_working) == (march(9, 12), Working("P3D", "office", START))
    (row,) = acts.timers(world, case, "hurry")
    assert (row.due_at, row.anchor_at, row.rule) == (march(5, 16), START, "PT20H")
    (ladder,) = [one for one in acts.timers(world, case, "tidy") if one.task_id]
    assert ladder.due_at == rung.first[1]
    with world.store.reading() as uow:
        (entry,) = [one for one in store.audit.chain(uow, world.program.id) if one.event == "deadlines_moved"]
    assert isinstance(entry.details, dict)
    assert (entry.details["calendars"], entry.details["number"]) == (["office"], 2)
    assert list(entry.details["due_dates"].values()) == [[str(march(6, 9)), str(march(9, 12))]]


def test_a_timer_that_moved_fires_at_its_new_time_and_only_once(world: World, case: Case) -> None:
    approve(world, begin(world, files(LATER)["pack.toml"]))
    world.advance("P3DT6H")
    assert [task.element_id for task in world.open_tasks(case)] == ["tidy"]
    world.advance("PT1H")
    assert sorted(task.element_id for task in world.open_tasks(case)) == ["hint", "tidy"]
    world.advance("P1D")
    assert sorted(task.element_id for task in world.open_tasks(case)) == ["hint", "tidy"]


def test_a_timer_of_a_suspended_procedure_moves_too_and_nothing_else_does(world: World, case: Case) -> None:
    acts.control(world, "kim", case, "suspend")
    change = begin(world, files(LATER)["pack.toml"])
    with world.reading("tia") as (uow, actor):
        assert [one.before for one in ladder_changes.of_change(uow, actor, change.id).kinds][1] == "Timer"
    (row,) = acts.timers(world, case, "hurry")
    assert TimerMove(row, START).at_once
    assert not TimerMove(row, START, suspended=True).at_once
    with world.store.reading() as uow:
        now, then = live.pack(uow, world.program.id, "library"), packs.read(files(LATER)["pack.toml"], file="pack.toml")[0]
        assert now is not None
        assert then is not None
        assert [one.suspended for _, one in calendar_moves.timers(uow, world.program.id, now, then) if one is not None] == [True]
    approve(world, change)
    (row,) = acts.timers(world, case, "hurry")
    assert row.due_at == march(5, 16)
    assert [task.element_id for task in world.open_tasks(case)] == ["tidy"]
    world.advance("P1D")
    acts.control(world, "kim", case, "resume")
    world.advance("P2DT6H")
    assert [task.element_id for task in world.open_tasks(case)] == ["tidy"]
    world.advance("PT1H")
    assert sorted(task.element_id for task in world.open_tasks(case)) == ["hint", "tidy"]


def test_going_back_to_the_old_hours_gives_the_old_times_again(world: World, case: Case) -> None:
    approve(world, begin(world, files(LATER)["pack.toml"]))
    approve(world, begin(world, files()["pack.toml"]))
    assert world.task(case, "tidy").due_at == march(6, 9)
    (row,) = acts.timers(world, case, "hurry")
    assert row.due_at == march(5, 13)


def test_who_lists_cases_sees_which_and_a_wall_hides_one(world: World, case: Case) -> None:
    other = acts.started(world, "tidying")
    world.person("kat", "trustee", "keeper")
    change = begin(world, files(LATER)["pack.toml"])
    acts.wall(world, other, "kat")
    with world.reading("kat") as (uow, actor):
        told = ladder_changes.of_change(uow, actor, change.id)
    assert told.number == 6, "counts for who draws"
    assert {row.case_id for row in told.rows} == {case.id}
    assert {what for row in told.rows for what, _, _ in row.times} == {"Due", "Timer", ""}


def test_very_many_timers_move_by_job(world: World, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [case, *(acts.started(world, "tidying") for _ in range(3))]
    monkeypatch.setattr(ladder_changes, "TIMERS_AT_ONCE", 1)
    monkeypatch.setattr(ladder_changes, "AT_ONCE", 2)
    approve(world, begin(world, files(LATER)["pack.toml"]))
    sweeps.until_quiet(world.store)
    assert {acts.timers(world, one, "hurry")[0].due_at for one in cases} == {march(5, 16)}
    assert {world.task(one, "tidy").due_at for one in cases} == {march(9, 12)}


def test_a_calendar_that_is_taken_away_leaves_what_runs_as_it_was(world: World, case: Case) -> None:
    plain = files("", drawn("P3D", "=duration(settings.answerDue)"))
    pack = plain["pack.toml"].decode().replace('calendar = "office"', 'calendar = "plain"').replace('working = "office"\n', "")
    world.deploy({**plain, "pack.toml": pack.encode(), "tidying.bpmn": drawn("P3D", "P2D")})
    assert world.task(case, "tidy").due_at == march(6, 9)
    assert acts.timers(world, case, "hurry")[0].due_at == march(5, 13)
