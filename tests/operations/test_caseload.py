"""Who carries how much, and who can take a case: walls, duties, the most one takes on, being away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine import clock
from engine.model.cases import Case
from engine.model.errors import Forbidden, NotFound
from engine.operations.measuring import caseload
from engine.operations.people import absences
from engine.operations.people.absences import NewStandIn
from tests.operations import acts
from tests.world import World


def carried(world: World) -> list[tuple[str, int, float, float]]:
    with world.reading("kim") as (uow, actor):
        return [(load.person, load.cases, load.weight, load.cap) for load in caseload.loads(uow, actor)]


def obstacles(world: World, case: Case) -> dict[str, tuple[str, ...]]:
    with world.reading("kim") as (uow, actor):
        (found,) = caseload.takers(uow, actor, case.number)
    return {taker.who.person: taker.obstacles for taker in found.takers}


def test_open_cases_weigh_as_the_pack_says(library: World) -> None:
    library.person("cat", "curator")
    acts.loan(library)
    assert carried(library) == [("Cat Example", 0, 0.0, 2.0), ("Cor Example", 1, 1.5, 2.0)]


def test_whoever_would_carry_too_much_cannot_take_another(library: World) -> None:
    library.person("cat", "curator")
    acts.loan(library)
    other = acts.loan(library, ("borrower", "bea"), ("curator", "cat"))
    too_much = ("Carries 1.5 of 2; this case weighs 1.5.",)
    assert obstacles(library, other) == {"Cat Example": ("Has the case already.",), "Cor Example": too_much}


def test_a_wall_and_being_away_are_said(library: World) -> None:
    library.person("cat", "curator")
    case = acts.loan(library)
    acts.wall(library, case, "cat")
    now = clock.now()
    with library.acting("cat") as (uow, actor):
        stand_ins = (NewStandIn(library.people["lia"].id),)
        absences.away(uow, actor, actor.person_id, from_at=now - timedelta(days=1), to_at=now + timedelta(days=4), stand_ins=stand_ins)
    assert obstacles(library, case)["Cat Example"] == ("Cannot take this case.", "Away until Fri 6 Mar.")


def test_a_case_behind_a_wall_of_the_reader_is_not_counted_and_not_found(library: World) -> None:
    case = acts.loan(library)
    acts.wall(library, case, "kim")
    assert carried(library) == [("Cor Example", 0, 0.0, 2.0)]
    with library.reading("kim") as (uow, actor), pytest.raises(NotFound):
        caseload.takers(uow, actor, case.number)


def test_only_who_looks_after_all_cases_sees_loads(library: World) -> None:
    with library.reading("cor") as (uow, actor), pytest.raises(Forbidden):
        caseload.loads(uow, actor)
