"""Deadline rules are live: what a change does to running deadlines is told before, and done in one act when it is approved."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from engine import clock, feel, store
from engine.model.cases import Case
from engine.model.deployments import Change
from engine.model.instances import Timer
from engine.operations import live
from engine.operations.deploying import ladder_changes
from engine.operations.deploying.ladder_changes import Preview
from engine.operations.drafting import change_files, changes, pack_changes
from engine.operations.releasing import publishing
from engine.operations.rounds import sweeps
from engine.operations.running import ladders
from engine.store import Store
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.world import World

FIRST = "  { after = \"P3D\", act = \"remind\", to = \"assignee\", notice = \"due-soon\", label = \"First reminder\" },\n"
SECOND = "  { after = \"P5D\", act = \"remind\", to = \"assignee\", notice = \"due-soon\", label = \"Second reminder\" },\n"
LATE = "  { offset = \"P3D\", act = \"notify\", to = \"role:keeper\", notice = \"overdue\" },\n"


def files(*rungs: str, changed: Mapping[str, str] | None = None) -> dict[str, bytes]:
    found = shelf.with_ladder()
    pack = found["pack.toml"].decode().replace("approval = false", "approval = true")
    pack = pack.replace(shelf.LADDER, f"rungs = [\n{''.join(rungs)}]\n")
    for old, new in (changed or {}).items():
        assert old in pack
        pack = pack.replace(old, new)
    return {**found, "pack.toml": pack.encode()}


@pytest.fixture
def world(empty: Store) -> World:
    """The book is reminded of after three days and after five, and is due after seven."""
    world = cast(empty, files(FIRST, SECOND, LATE))
    world.person("tia", "trustee")
    return world


@pytest.fixture
def loan(world: World) -> Case:
    return acts.lent(world)


def begin(world: World, content: bytes) -> Change:
    with world.acting("tia") as (uow, actor):
        change = changes.start(uow, actor, "Later reminders", pack="library", why="They ask for it")
        change_files.save(uow, actor, change.id, "pack.toml", content, 0)
    return change


def foretold(world: World, change: Change, by: str = "tia") -> Preview:
    with world.reading(by) as (uow, actor):
        return ladder_changes.preview(uow, actor, pack_changes.get(uow, actor, change.id).pack)


def approve(world: World, change: Change) -> None:
    with world.acting("tia") as (uow, actor):
        deployment_id = publishing.ask(uow, actor, change.id).deployment_id
    with world.acting("tom") as (uow, actor):
        publishing.decide(uow, actor, deployment_id or "", True)


def change_to(world: World, *rungs: str) -> Preview:
    """Approve another ladder; gives what was told before."""
    change = begin(world, files(*rungs)["pack.toml"])
    told = foretold(world, change)
    approve(world, change)
    return told


def timers(world: World, case: Case) -> list[Timer]:
    with world.store.reading() as uow:
        return [timer for timer in store.timers.of_case(uow, case.id) if timer.task_id]


def days(world: World, case: Case) -> list[float]:
    """When the next rung of each task of a case is, in days from now."""
    return [(timer.due_at - clock.now()).total_seconds() / 86400 for timer in timers(world, case)]


def after(text: str, days: int) -> str:
    return text.replace('after = "P3D"', f'after = "P{days}D"').replace('after = "P5D"', f'after = "P{days}D"')


def test_a_reminder_moves_from_three_days_to_five_as_told(world: World, loan: Case) -> None:
    assert days(world, loan) == [3]
    told = change_to(world, after(FIRST, 5), after(SECOND, 6), LATE)
    (kind,) = told.kinds
    assert (told.number, told.at_once, kind.before, kind.after, kind.number) == (1, 0, "First reminder", "First reminder", 1)
    assert kind.first == (clock.now() + feel.iso_duration("P3D").delta, clock.now() + feel.iso_duration("P5D").delta)
    assert days(world, loan) == [5]
    world.advance("P4D")
    assert acts.rungs(world, loan) == []
    world.advance("P1D")
    assert acts.rungs(world, loan) == [(1, "fired")]


def test_a_reminder_whose_new_time_has_passed_is_told_as_such_and_acts_at_once(world: World, loan: Case) -> None:
    world.advance("P2D")
    told = change_to(world, after(FIRST, 1), SECOND, LATE)
    assert (told.number, told.at_once) == (1, 1)
    sweeps.until_quiet(world.store)
    assert acts.rungs(world, loan) == [(1, "fired")]
    assert days(world, loan) == [3]


def test_what_was_sent_is_not_sent_again_at_its_new_time(world: World, loan: Case) -> None:
    world.advance("P3D")
    assert change_to(world, after(FIRST, 4), SECOND, LATE).number == 0
    assert days(world, loan) == [2]
    world.advance("P2D")
    assert acts.rungs(world, loan) == [(1, "fired"), (2, "fired")]


def test_taking_the_first_rung_away_loses_none_of_the_others(world: World, loan: Case) -> None:
    world.advance("P3D")
    assert change_to(world, SECOND, LATE).number == 0
    world.advance("P7D")
    assert world.notices("kim") == ["overdue"]
    assert [position for position, _ in acts.rungs(world, loan)][-2:] == [1, 2]


def test_a_ladder_that_is_gone_leaves_no_timer(world: World, loan: Case) -> None:
    change = begin(world, files(FIRST, changed={'applies_to = ["*"]': 'applies_to = ["loan/answer-terms"]'})["pack.toml"])
    (kind,) = foretold(world, change).kinds
    assert (kind.before, kind.after) == ("First reminder", None)
    approve(world, change)
    assert timers(world, loan) == []


def test_what_was_waived_stays_so_however_long_the_ladder_grows(world: World, loan: Case) -> None:
    task = world.task(loan, "recall")
    with world.acting("lia") as (uow, actor):
        found = store.user_tasks.get(uow, task.id)
        ladders.waive(uow, live.pack(uow, actor.program_id, "library"), found)
        ladders.rearm(uow, store.cases.get(uow, loan.id), found)
    assert change_to(world, FIRST, SECOND, LATE, LATE.replace("P3D", "P9D")).number == 0
    assert timers(world, loan) == []


def test_counts_are_for_who_draws_and_rows_for_who_may_list_cases(world: World, loan: Case) -> None:
    world.person("kat", "trustee", "keeper")
    change = begin(world, files(after(FIRST, 5), SECOND, LATE)["pack.toml"])
    assert (foretold(world, change).number, foretold(world, change).rows) == (1, ())
    (row,) = foretold(world, change, "kat").rows
    assert (row.case_number, row.move.task.name) == (loan.number, "Wait for the book")
    acts.wall(world, loan, "kat")
    assert (foretold(world, change, "kat").number, foretold(world, change, "kat").rows) == (1, ())


def test_what_was_told_is_what_is_done(world: World, loan: Case) -> None:
    cases = [loan]
    for _ in range(3):
        world.advance("P1D")
        cases.append(acts.lent(world))
    world.person("kat", "trustee", "keeper")
    change = begin(world, files(after(FIRST, 4), after(SECOND, 6), LATE)["pack.toml"])
    told = {row.case_id: row.move.after for row in foretold(world, change, "kat").rows}
    was = {case.id: timers(world, case) for case in cases}
    with world.acting("tia") as (uow, actor):
        deployment_id = publishing.ask(uow, actor, change.id).deployment_id
    tom = world.actor("tom")
    with world.store.unit_of_work() as uow:
        publishing.decide(uow, tom, deployment_id or "", True)
        uow.commit()
    assert len(told) == 4
    for case in cases:
        (timer,) = timers(world, case)
        expected = told[case.id]
        assert expected is not None
        assert was[case.id] != [timer]
        assert (timer.due_at, timer.rule, timer.name) == (expected.due_at, expected.rule, expected.name)


def test_moving_is_one_audited_act(world: World, loan: Case) -> None:
    change_to(world, after(FIRST, 5), SECOND, LATE)
    with world.store.reading() as uow:
        (entry,) = [one for one in store.audit.chain(uow, world.program.id) if one.event == "deadlines_moved"]
    assert isinstance(entry.details, dict)
    assert entry.details["number"] == 1
    assert entry.details["rules"] == ["standard"]
    assert entry.actor_id == world.people["tom"].id


def test_very_many_deadlines_move_by_job(world: World, loan: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    others = [acts.lent(world) for _ in range(3)]
    monkeypatch.setattr(ladder_changes, "AT_ONCE", 1)
    told = change_to(world, after(FIRST, 5), SECOND, LATE)
    assert told.number == 4
    sweeps.until_quiet(world.store)
    assert [days(world, case) for case in (loan, *others)] == [[5]] * 4
