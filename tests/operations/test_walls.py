"""Walls: put up by people, around a case or around all cases of somebody; met, written down, taken down by two."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine import clock, store
from engine.model.cases import Case
from engine.model.errors import BadRequest, Conflict, Forbidden, Invalid, NotFound
from engine.model.keeping_views import WallLine
from engine.operations import trail
from engine.operations.cases import cases, wall_acts
from engine.operations.people import walls
from engine.operations.people.memberships import NewParticipant
from engine.operations.tasks import task_lists, user_tasks
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.world import World


def library(opened: store.Store) -> World:
    """The library, where keepers look after walls."""
    may = 'may = ["case.list", "case.export", "case.view", "task.work", "instance.control", "audit.view"]'
    return cast(opened, shelf.library(changed={may: may.replace("]", ', "wall.manage"]')}))


@pytest.fixture
def world(empty: store.Store) -> World:
    """The library on an empty database."""
    return library(empty)


def put_up(world: World, by: str, name: str, **more: object) -> WallLine:
    """A wall around something for somebody."""
    with world.acting(by) as (uow, actor):
        return wall_acts.add(uow, actor, person_id=world.people[name].id, reason="conflict-of-interest", **more)  # type: ignore[arg-type]


def sees(world: World, by: str, case: Case) -> bool:
    """Whether somebody's list of cases has it."""
    with world.reading(by) as (uow, actor):
        return case.number in {line.number for line in cases.list_(uow, actor, limit=100).items}


def events(world: World, case: Case) -> list[str]:
    return [entry.event for entry in world.trail(case)]


def test_a_wall_hides_the_case_ends_the_part_in_it_and_frees_the_tasks(world: World) -> None:
    case = acts.lent(world)
    task = world.task(case, "recall")
    with world.acting("lia") as (uow, actor):
        user_tasks.claim(uow, actor, task.id)
    world.person("lou", "librarian")
    put_up(world, "kim", "lia", case=case.number)
    put_up(world, "kim", "cor", case=case.id)
    assert not sees(world, "lia", case)
    assert not sees(world, "cor", case)
    assert acts.stored(world, task).assignee_id is None
    assert "participant_ended" in events(world, case)
    assert sees(world, "lou", case)


def test_a_wall_with_an_end_comes_down_by_itself(world: World) -> None:
    case = acts.lent(world)
    put_up(world, "kim", "lia", case=case.number, until=clock.now() + timedelta(days=2))
    assert not sees(world, "lia", case)
    world.advance("P2D")
    assert sees(world, "lia", case)


def test_a_wall_from_a_day_to_come_ends_access_on_that_day_and_not_before(world: World) -> None:
    case = acts.lent(world)
    put_up(world, "kim", "cor", case=case.id, since=clock.now() + timedelta(days=3), until=clock.now() + timedelta(days=9))
    with world.reading("kim") as (uow, actor):
        (line,) = wall_acts.list_(uow, actor).items
    assert (line.ahead, line.standing) == (True, True)
    assert sees(world, "cor", case)
    assert "participant_ended" not in events(world, case)
    world.advance("P3D")
    assert not sees(world, "cor", case)
    assert "participant_ended" in events(world, case)
    world.advance("P6D")
    assert not sees(world, "cor", case), "a part that ended stays ended"


def test_a_wall_from_a_day_to_come_that_was_taken_down_before_changes_nothing(world: World) -> None:
    case = acts.lent(world)
    world.person("kat", "keeper")
    line = put_up(world, "kim", "cor", case=case.id, since=clock.now() + timedelta(days=3))
    with world.acting("kim") as (uow, actor):
        wall_acts.ask_clearing(uow, actor, line.id)
    with world.acting("kat") as (uow, actor):
        wall_acts.clear(uow, actor, line.id)
    world.advance("P4D")
    assert sees(world, "cor", case)
    assert "participant_ended" not in events(world, case)


def test_until_a_wall_begins_another_can_stand_and_afterwards_it_needs_none(world: World) -> None:
    case = acts.loan(world)
    first = clock.now() + timedelta(days=3)
    put_up(world, "kim", "lia", case=case.id, since=first)
    with pytest.raises(Conflict):
        put_up(world, "kim", "lia", case=case.id, since=first + timedelta(days=1))
    put_up(world, "kim", "lia", case=case.id)
    assert not sees(world, "lia", case)


def test_a_wall_against_a_person_from_a_day_to_come_covers_cases_opened_before_and_after(world: World) -> None:
    before = acts.lent(world)
    put_up(world, "kim", "lia", participant_id=next(iter(world.participant_ids(before, "ben"))), since=clock.now() + timedelta(days=3))
    after = acts.loan(world)
    assert sees(world, "lia", before)
    assert sees(world, "lia", after)
    world.advance("P3D")
    assert not sees(world, "lia", before)
    assert not sees(world, "lia", after)


def test_a_wall_against_a_person_covers_their_cases_then_now_and_to_come(world: World) -> None:
    before, other = acts.loan(world), acts.loan(world, ("borrower", "bea"), ("curator", "cor"))
    made = put_up(world, "ada", "lia", other_id=world.people["ben"].id)
    world.person("lou", "librarian")
    with world.acting("lou") as (uow, actor):
        later = cases.open_(uow, actor, "library", [NewParticipant("borrower", world.people["ben"].id)], {"bookClass": "fragile"})
        cases.add_participant(uow, actor, other.id, NewParticipant("borrower", world.people["ben"].id))
    assert [sees(world, "lia", one) for one in (before, other, later)] == [False, False, False]
    with world.acting("ada") as (uow, actor):
        wall_acts.ask_clearing(uow, actor, made.id)
    with world.acting("kim") as (uow, actor):
        wall_acts.clear(uow, actor, made.id)
    assert [sees(world, "lia", one) for one in (before, other, later)] == [True, True, True]


def test_a_participant_of_a_case_can_be_meant_without_knowing_their_name(world: World) -> None:
    case, other = acts.loan(world), acts.loan(world)
    made = put_up(world, "kim", "lia", participant_id=next(iter(world.participant_ids(case, "ben"))))
    assert made.other == "somebody"
    assert not sees(world, "lia", other)


def test_two_people_take_a_wall_down(world: World) -> None:
    case = acts.lent(world)
    made = put_up(world, "kim", "lia", case=case.number)
    with pytest.raises(Conflict), world.acting("kim") as (uow, actor):
        wall_acts.clear(uow, actor, made.id)
    with world.acting("kim") as (uow, actor):
        asked = wall_acts.ask_clearing(uow, actor, made.id)
    assert (asked.standing, asked.clearing_by, asked.may_clear) == (True, "Kim Example", False)
    with pytest.raises(Forbidden), world.acting("kim") as (uow, actor):
        wall_acts.clear(uow, actor, made.id)
    assert not sees(world, "lia", case)
    with world.acting("kit") as (uow, actor):
        assert not wall_acts.clear(uow, actor, made.id).standing
    assert sees(world, "lia", case)
    with pytest.raises(Conflict), world.acting("kit") as (uow, actor):
        wall_acts.ask_clearing(uow, actor, made.id)
    assert acts.chain_holds(world)


def test_a_wall_somebody_asked_to_take_down_can_be_kept(world: World) -> None:
    made = put_up(world, "kim", "lia", case=acts.loan(world).number)
    with world.acting("kim") as (uow, actor):
        wall_acts.ask_clearing(uow, actor, made.id)
    with world.acting("kit") as (uow, actor):
        assert wall_acts.keep(uow, actor, made.id).clearing_by is None


def test_who_is_kept_away_learns_of_no_wall_and_takes_none_down(world: World) -> None:
    case = acts.loan(world)
    mine = put_up(world, "kim", "kit", case=case.number)
    others = put_up(world, "kim", "lia", case=case.number)
    put_up(world, "ada", "kit", other_id=world.people["ben"].id)
    with world.reading("kit") as (uow, actor):
        assert wall_acts.list_(uow, actor).items == ()
        assert wall_acts.between(uow, actor) == ()
        assert case.id not in {entry.case_id for entry in trail.entries(uow, actor, limit=200).items}
        for number in (case.number, "2026-9999"):
            with pytest.raises(NotFound, match="There is no case with this number"):
                wall_acts.form(uow, actor, case=number)
    for wall in (mine, others):
        with pytest.raises(NotFound), world.acting("kit") as (uow, actor):
            wall_acts.ask_clearing(uow, actor, wall.id)


def test_a_try_is_written_down_where_the_person_cannot_read_it(world: World) -> None:
    case = acts.lent(world)
    put_up(world, "kim", "lia", case=case.number)
    task = world.task(case, "recall")
    with pytest.raises(NotFound) as met, world.reading("lia") as (uow, actor):
        task_lists.page(uow, actor, task.id)
    for tries in (1, 0):
        with world.acting("lia") as (uow, actor):
            assert walls.met(uow, actor, met.value.walled or "", "GET task.show") == bool(tries)
    world.advance("PT2M")
    with world.acting("lia") as (uow, actor):
        assert walls.met(uow, actor, case.id, "GET task.show")
    with world.reading("kim") as (uow, actor):
        line = wall_acts.list_(uow, actor, case=case.id).items[0]
    assert (line.tries, line.last_try_at) == (2, clock.now())
    assert "wall_met" not in str(world.page("ben", case).timeline)
    with world.reading("ben") as (uow, actor):
        assert not [one for one in trail.entries(uow, actor, case=case.id, limit=200).items if one.event.startswith("wall_")]


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({}, BadRequest),
        ({"case": "2026-9999"}, NotFound),
        ({"case": "", "reason": "because"}, Invalid),
        ({"case": "", "until": clock.now() - timedelta(days=9000)}, Invalid),
        ({"other_id": "0" * 32}, Forbidden),
    ],
    ids=["nothing", "no such case", "a reason in words", "a past end", "a person without managing people"],
)
def test_what_makes_no_sense_is_refused(world: World, more: dict[str, object], error: type[Exception]) -> None:
    case = acts.loan(world)
    given = {"person_id": world.people["lia"].id, "reason": "recusal", **more}
    if given.get("case") == "":
        given["case"] = case.number
    with pytest.raises(error), world.acting("kim") as (uow, actor):
        wall_acts.add(uow, actor, **given)  # type: ignore[arg-type]


def test_only_who_looks_after_walls_puts_one_up(world: World) -> None:
    case = acts.loan(world)
    with pytest.raises((Forbidden, NotFound)):
        put_up(world, "lia", "cor", case=case.number)
    put_up(world, "ada", "lia", case=case.number)
    with pytest.raises(Conflict):
        put_up(world, "ada", "lia", case=case.number)
