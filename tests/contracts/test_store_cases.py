"""Cases and what belongs to them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import store
from engine.model.cases import Duty, Milestone, Wall
from engine.model.errors import Conflict
from engine.model.states import CaseState
from engine.store import UnitOfWork
from tests.contracts.cast import DAY, START, World, fresh


def test_a_case_is_found_changed_and_locked(uow: UnitOfWork, world: World) -> None:
    assert store.cases.get_by_number(uow, world.program.id, "2026-0001") == world.case
    closed = replace(world.case, state=CaseState.CLOSED, outcome="returned", closed_at=START + DAY)
    store.cases.update(uow, closed)
    assert store.cases.lock(uow, world.case.id) == closed
    assert store.cases.get_many(uow, [world.case.id, "x"]) == {world.case.id: closed}


def test_serials_count_per_year_and_one_that_was_rolled_back_is_given_again(database: store.Store, world: World) -> None:
    with database.unit_of_work() as uow:
        assert [store.cases.next_serial(uow, world.program.id, 2027) for _ in range(3)] == [1, 2, 3]
        assert store.cases.next_serial(uow, world.program.id, 2028) == 1
    with database.unit_of_work() as uow:
        assert store.cases.next_serial(uow, world.program.id, 2027) == 1


def test_cases_are_listed_newest_first_in_pages(uow: UnitOfWork, world: World) -> None:
    for serial in (2, 3, 4):
        state = CaseState.CLOSED if serial == 3 else CaseState.OPEN
        store.cases.insert(uow, world.new_case(serial, opened_at=START + serial * DAY, state=state))
    first = store.cases.list_(uow, world.program.id, limit=3)
    assert [case.serial for case in first.items] == [4, 3, 2]
    assert [case.serial for case in store.cases.list_(uow, world.program.id, cursor=first.next, limit=3).items] == [1]
    assert [case.serial for case in store.cases.list_(uow, world.program.id, state=CaseState.CLOSED).items] == [3]
    assert store.cases.list_(uow, world.program.id, ids=[world.case.id]).items == (world.case,)


def test_a_similar_case_shares_two_people_or_more(uow: UnitOfWork, world: World) -> None:
    other = world.new_case(2, opened_at=START + DAY)
    store.cases.insert(uow, other)
    for person in (world.ana, world.cleo):
        store.participants.insert(uow, world.participant(person, "borrower"))
    for role in ("borrower", "witness"):
        store.participants.insert(uow, world.participant(world.cleo, role, case_id=other.id))
    similar = store.cases.similar
    assert similar(uow, world.program.id, [world.ana.id, world.cleo.id, world.ben.id], START - DAY) == (world.case,)
    assert similar(uow, world.program.id, [world.ana.id, world.cleo.id], START + DAY) == ()
    assert similar(uow, world.program.id, [world.cleo.id], START - DAY) == ()


def test_participants_are_current_until_they_end(uow: UnitOfWork, world: World) -> None:
    second = world.participant(world.ana, "borrower", position=2)
    first = world.participant(world.cleo, "borrower", from_at=START - DAY)
    store.participants.insert(uow, second)
    store.participants.insert(uow, first)
    assert store.participants.of_case(uow, world.case.id) == (first, second)
    assert store.participants.end(uow, first.id, START)
    assert not store.participants.end(uow, first.id, START)
    gone = replace(first, to_at=START)
    assert store.participants.of_case(uow, world.case.id) == (second,)
    assert store.participants.of_case(uow, world.case.id, at=START - DAY) == (gone,)
    assert store.participants.of_case(uow, world.case.id, include_ended=True) == (gone, second)
    assert store.participants.roles_of_person(uow, world.program.id, world.ana.id) == {"borrower"}
    assert store.participants.roles_of_person(uow, world.program.id, world.cleo.id) == set()
    assert store.participants.history_for_person(uow, world.case.id, world.cleo.id) == (gone,)
    assert store.participants.case_ids_of_person(uow, world.program.id, world.ana.id) == {world.case.id}


def test_nobody_holds_the_same_case_role_twice_at_once(uow: UnitOfWork, world: World) -> None:
    first = world.participant(world.ana, "borrower")
    store.participants.insert(uow, first)
    store.participants.end(uow, first.id, START)
    store.participants.insert(uow, world.participant(world.ana, "borrower"))
    with pytest.raises(Conflict):
        store.participants.insert(uow, world.participant(world.ana, "borrower"))


def test_a_duty_is_kept_once_with_its_first_time(uow: UnitOfWork, world: World) -> None:
    first = Duty(fresh(), world.program.id, world.case.id, world.ana.id, "check", START)
    assert store.duties.insert(uow, first)
    assert not store.duties.insert(uow, replace(first, id=fresh(), at=START + DAY))
    assert store.duties.of_case(uow, world.case.id) == (first,)
    assert store.duties.of_person(uow, world.case.id, world.ana.id) == {"check"}
    assert store.duties.of_person(uow, world.case.id, world.ben.id) == frozenset()


def test_facts_keep_the_newest_value_of_any_kind(uow: UnitOfWork, world: World) -> None:
    put = store.facts.upsert_many
    put(uow, world.program.id, world.case.id, {"a": {"number": "1.10"}, "b": None}, START)
    put(uow, world.program.id, world.case.id, {"b": ["x", True]}, START + DAY)
    put(uow, world.program.id, world.case.id, {}, START)
    facts = store.facts.of_case(uow, world.case.id)
    assert {key: (fact.value, fact.at) for key, fact in facts.items()} == {
        "a": ({"number": "1.10"}, START),
        "b": (["x", True], START + DAY),
    }
    assert [fact.key for fact in store.facts.of_cases(uow, [world.case.id], ["b", "c"])] == ["b"]


def test_milestones_come_in_the_order_they_were_reached(uow: UnitOfWork, world: World) -> None:
    late, early = (
        Milestone(fresh(), world.program.id, world.case.id, world.instance.id, code, "Task", at)
        for code, at in (("late", START + DAY), ("early", START))
    )
    store.milestones.insert_many(uow, [late, early])
    assert store.milestones.of_case(uow, world.case.id) == (early, late)


def test_a_wall_stands_until_it_is_cleared(uow: UnitOfWork, world: World) -> None:
    wall = Wall(fresh(), world.program.id, world.case.id, world.ana.id, "related", START)
    store.walls.insert(uow, wall)
    assert store.walls.is_walled(uow, world.case.id, world.ana.id)
    assert not store.walls.is_walled(uow, world.case.id, world.ben.id)
    assert store.walls.of_person(uow, world.program.id, world.ana.id) == {world.case.id}
    assert store.walls.clear(uow, wall.id, START)
    assert not store.walls.clear(uow, wall.id, START)
    assert not store.walls.is_walled(uow, world.case.id, world.ana.id)
    assert store.walls.of_case(uow, world.case.id) == (replace(wall, cleared_at=START),)
