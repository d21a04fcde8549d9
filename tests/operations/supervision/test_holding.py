"""Walls and duties that exclude each other hold through every way of stepping in: one act, many at once, going back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine import clock
from engine.model.cases import Case
from engine.model.errors import Excluded, NotFound
from engine.model.interventions import ActKind, Wanted
from engine.operations.supervision import acts as stepping_in
from engine.operations.supervision import reassigning, returning, rungs
from engine.operations.tasks import user_tasks
from tests.operations import acts
from tests.world import World

CHECKED = {"damaged": False, "handling": ["dry"], "thoughts": "CANARY-thoughts"}


@pytest.fixture
def loan(library: World) -> Case:
    """A loan whose book came back and was checked by cor; only the sign-off is open."""
    case = acts.lent(library)
    library.complete("lia", case, "recall")
    library.complete("cor", case, "check-return", CHECKED)
    library.give_role("cor", "keeper")
    return case


def step_in(world: World, by: str, wanted: Wanted) -> None:
    with world.acting(by) as (uow, actor):
        stepping_in.act(uow, actor, wanted)


def earlier(world: World, loan: Case, element: str) -> str:
    running = acts.instance(world, loan).id
    with world.reading("kim") as (uow, actor):
        steps = returning.earlier(uow, actor, running)
    return next(one.key for one in steps if one.element_id == element)


@pytest.mark.parametrize("kind", list(ActKind))
def test_who_is_behind_a_wall_steps_in_by_no_act(library: World, loan: Case, kind: ActKind) -> None:
    task, running = library.task(loan, "sign-off-return"), acts.instance(library, loan)
    wanted = Wanted(kind, loan.id, "why", person_id=library.people["kit"].id, due_at=clock.now() + timedelta(days=3))
    wanted = replace(wanted, message="BookRecalled", step=earlier(library, loan, "check-return"))
    of_task = kind in (ActKind.ASSIGN, ActKind.DUE, ActKind.WAIVE)
    wanted = replace(wanted, task_id=task.id) if of_task else replace(wanted, instance_id=running.id)
    before = len(library.trail(loan))
    for name in ("lia", "kim"):
        acts.wall(library, loan, name)
        with pytest.raises(NotFound):
            step_in(library, name, wanted)
    assert (acts.instance(library, loan), library.open_tasks(loan), len(library.trail(loan))) == (running, [task], before)


def test_many_tasks_at_once_and_steps_of_ladders_are_behind_the_wall_too(library: World, loan: Case) -> None:
    task = library.task(loan, "sign-off-return")
    for name in ("lia", "kim"):
        acts.wall(library, loan, name)
    with library.acting("lia") as (uow, actor):
        assert reassigning.open_tasks(uow, actor, [loan.id]) == ()
        (given,) = reassigning.give(uow, actor, [task.id], library.people["kit"].id, "why")
    assert (given.line, given.refused is not None, loan.number in str(given)) == (None, True, False)
    with pytest.raises(NotFound), library.acting("kim") as (uow, actor):
        rungs.waive(uow, actor, task.id, 1, "why")
    assert library.task(loan, "sign-off-return") == task


def test_nobody_is_given_a_duty_that_another_one_of_theirs_excludes_alone_or_among_many(library: World, loan: Case) -> None:
    task, cor = library.task(loan, "sign-off-return"), library.people["cor"].id
    with pytest.raises(Excluded):
        step_in(library, "lia", Wanted(ActKind.ASSIGN, loan.id, "why", task_id=task.id, person_id=cor))
    other = library.task(acts.lent(library), "recall")
    with library.acting("lia") as (uow, actor):
        assert cor not in dict(reassigning.people(uow, actor, [task.id]))
        found = reassigning.give(uow, actor, [task.id, other.id], cor, "why")
    assert ["excludes" in (one.refused or "") for one in found] == [True, False]
    assert library.task(loan, "sign-off-return") == task


def test_going_back_frees_nobody_from_a_duty_that_excludes_another(library: World, loan: Case) -> None:
    step = earlier(library, loan, "check-return")
    step_in(library, "kim", Wanted(ActKind.BACK, loan.id, "why", instance_id=acts.instance(library, loan).id, step=step))
    library.give_role("kit", "curator")
    library.complete("cor", loan, "check-return", CHECKED)
    again = library.task(loan, "sign-off-return")
    for attempt in (user_tasks.claim, lambda uow, actor, task_id: user_tasks.complete(uow, actor, task_id, {})):
        with pytest.raises(Excluded), library.acting("cor") as (uow, actor):
            attempt(uow, actor, again.id)
