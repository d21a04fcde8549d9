"""A status of the case stops the clock of deadlines in working time; what was open meanwhile is given back."""

from __future__ import annotations

import pytest

from engine import store
from engine.model.cases import Case
from engine.operations.running import requests
from engine.store import Store
from tests.operations import acts
from tests.operations.conftest import cast
from tests.operations.test_working_time import OFFICE, files, march
from tests.world import World

HOLDING = OFFICE.replace("\n[calendars.office.week]", 'pauses = ["on_hold", "court_stay"]\n\n[calendars.office.week]')


@pytest.fixture
def world(empty: Store) -> World:
    """A library that is open from nine to five and may put a loan on hold."""
    return cast(empty, files(HOLDING))


@pytest.fixture
def case(world: World) -> Case:
    return acts.started(world, "tidying")


def set_status(world: World, case: Case, status: str) -> None:
    with world.store.unit_of_work() as uow:
        instance = store.instances.of_case(uow, case.id)[-1]
        requests.OPERATIONS["case.status"](uow, world.system, instance, store.cases.get(uow, case.id), {"status": status})
        uow.commit()


def rung(world: World, case: Case) -> list[object]:
    return [timer.due_at for timer in acts.timers(world, case, "tidy") if timer.task_id]


def test_on_hold_nothing_is_reminded_of_and_the_open_time_is_given_back(world: World, case: Case) -> None:
    assert (world.task(case, "tidy").due_at, rung(world, case)) == (march(6, 9), [march(3, 13)])
    world.advance("PT2H")
    set_status(world, case, "on_hold")
    assert rung(world, case) == []
    world.advance("P3D")
    assert acts.rungs(world, case, "tidy") == []
    set_status(world, case, "open")
    # From Monday 11:00 to Thursday 11:00 the library was open for six, eight and two hours: two working days.
    assert world.task(case, "tidy").due_at == march(9, 17)
    assert rung(world, case) == [march(6, 13)], "half of the twenty-four open hours that are left since Thursday's opening"
    world.advance("P1DT2H")
    assert acts.rungs(world, case, "tidy") == [(1, "fired")]


def test_from_one_pause_into_another_all_of_it_is_given_back_once(world: World, case: Case) -> None:
    set_status(world, case, "on_hold")
    world.advance("P1D")
    set_status(world, case, "court_stay")
    assert world.task(case, "tidy").due_at == march(6, 17), "Monday's eight hours are given back already"
    assert rung(world, case) == []
    world.advance("P2D")
    set_status(world, case, "open")
    assert world.task(case, "tidy").due_at == march(9, 17), "and Tuesday's; on Wednesday nobody would have worked"


def test_another_status_and_the_same_one_again_change_nothing(world: World, case: Case) -> None:
    before = rung(world, case)
    set_status(world, case, "reviewed")
    assert (world.task(case, "tidy").due_at, rung(world, case)) == (march(6, 9), before)
    set_status(world, case, "on_hold")
    world.advance("P1D")
    since = world.case(case).status_since
    set_status(world, case, "on_hold")
    assert world.case(case).status_since == since


def test_a_suspension_gives_back_open_time_too(world: World, case: Case) -> None:
    acts.control(world, "kim", case, "suspend")
    world.advance("P3D")
    acts.control(world, "kim", case, "resume")
    assert world.task(case, "tidy").due_at == march(9, 17), "sixteen open hours: Monday and Tuesday"
