"""Stepping in: each act needs a reason, says before what it does, leaves before and after in the trail, and meets no stale page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine import clock
from engine.model.cases import Case
from engine.model.errors import ChangedSince, Conflict, Forbidden, Invalid, NotFound
from engine.model.interventions import ActKind, Effect, Wanted
from engine.model.states import CaseState, InstanceState
from engine.operations.running import hand_starts
from engine.operations.supervision import acts as stepping_in
from engine.operations.supervision import effects, stranding
from engine.operations.tasks import user_tasks
from engine.store import Store
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.operations.supervision import trip
from tests.world import World

REASON = "CANARY-reason"


@pytest.fixture
def world(empty: Store) -> World:
    found = cast(empty, shelf.library(trip.trip(), shelf.letters()))
    found.person("len", "librarian")
    return found


def whose(wanted: Wanted) -> str:
    """Who does it in this library: lia gives tasks to people, kim looks after cases."""
    return "lia" if wanted.kind is ActKind.ASSIGN else "kim"


def do(world: World, wanted: Wanted, by: str = "") -> Effect:
    with world.acting(by or whose(wanted)) as (uow, actor):
        return stepping_in.act(uow, actor, wanted)


def preview(world: World, wanted: Wanted) -> Effect:
    actor = world.actor(whose(wanted))
    with world.store.unit_of_work() as uow:
        return stepping_in.act(uow, actor, wanted, preview=True)


def said(effect: Effect) -> list[tuple[str, str, object, object]]:
    return [(str(line.kind), line.name, line.before, line.after) for line in effect.lines if line.kind != "timer"]


def of_task(world: World, case: Case, kind: ActKind, element: str = "walk", **more: object) -> Wanted:
    return replace(Wanted(kind, case.id, REASON, task_id=world.task(case, element).id), **more)  # type: ignore[arg-type]


def of_procedure(world: World, case: Case, kind: ActKind, **more: object) -> Wanted:
    return replace(Wanted(kind, case.id, REASON, instance_id=acts.instance(world, case).id), **more)  # type: ignore[arg-type]


def step(world: World, case: Case, element: str) -> str:
    return trip.steps(world, case)[element].key


def every_act(world: World, case: Case) -> list[Wanted]:
    due = clock.now() + timedelta(days=30)
    return [
        of_task(world, case, ActKind.ASSIGN, person_id=world.people["len"].id),
        of_task(world, case, ActKind.DUE, due_at=due),
        of_task(world, case, ActKind.WAIVE),
        of_procedure(world, case, ActKind.SUSPEND),
        of_procedure(world, case, ActKind.BACK, step=step(world, case, "pack")),
        of_procedure(world, case, ActKind.TERMINATE),
    ]


def test_what_is_said_before_is_what_comes_of_it_and_saying_it_changes_nothing(world: World) -> None:
    for number in range(6):
        case = trip.begun(world)
        wanted = every_act(world, case)[number]
        state, tasks, trail = acts.instance(world, case), world.open_tasks(case), world.trail(case)
        told = preview(world, replace(wanted, reason=""))
        assert (acts.instance(world, case), world.open_tasks(case), world.trail(case)) == (state, tasks, trail)
        assert told.lines
        assert said(do(world, wanted)) == said(told)


def test_each_act_needs_a_reason_which_the_trail_does_not_tell(world: World) -> None:
    case = trip.begun(world)
    for wanted in every_act(world, case):
        with pytest.raises(Invalid) as refused:
            do(world, replace(wanted, reason="  "))
        assert [one.path for one in refused.value.errors] == ["/reason"]
    do(world, every_act(world, case)[1])
    assert REASON not in str([entry.details for entry in world.trail(case)])


def test_before_and_after_stand_in_the_trail(world: World) -> None:
    case = trip.begun(world)
    lia, len_ = world.people["lia"].id, world.people["len"].id
    do(world, of_task(world, case, ActKind.ASSIGN, person_id=lia))
    do(world, of_task(world, case, ActKind.ASSIGN, person_id=len_))
    do(world, of_procedure(world, case, ActKind.SUSPEND))
    told = [entry.details for entry in world.trail(case) if entry.event == "intervention_effect"]
    assert isinstance(told[1], dict)
    assert (told[1]["before"]["assignee"], told[1]["after"]["assignee"]) == (lia, len_)
    assert told[2] == {"act": "suspend", "before": {"state": "running"}, "after": {"state": "suspended"}}


def test_going_back_tells_what_ends_what_is_kept_and_what_opens(world: World) -> None:
    case = trip.begun(world)
    told = said(preview(world, of_procedure(world, case, ActKind.BACK, step=step(world, case, "pack"))))
    assert ("closed", "Walk", "anyone in the role Librarian", None) in told
    assert ("opened", "Pack", None, "anyone in the role Librarian") in told
    assert ("draft", "Walk", "typed and not sent", "kept for who typed it") in told
    assert "CANARY" not in str(told)
    ended = said(preview(world, of_procedure(world, case, ActKind.TERMINATE)))
    assert ("procedure", "trip", "running", "ended") in ended
    assert ("draft", "Walk", "typed and not sent", "goes away") in ended


def test_another_due_date_moves_the_ladder_and_a_waived_deadline_ends_it(world: World) -> None:
    case = trip.begun(world)
    due = clock.now() + timedelta(days=30)
    (rung,) = [timer.due_at for timer in acts.timers(world, case, "walk")]
    effect = do(world, of_task(world, case, ActKind.DUE, due_at=due))
    (moved,) = [timer.due_at for timer in acts.timers(world, case, "walk")]
    assert moved - rung == timedelta(days=20)
    assert [(line.before, line.after) for line in effect.lines if line.kind == "timer"] == [(rung, moved)]
    assert world.task(case, "walk").due_at == due
    do(world, of_task(world, case, ActKind.WAIVE))
    assert (world.task(case, "walk").due_at, acts.timers(world, case, "walk")) == (None, ())
    with pytest.raises(Invalid):
        do(world, of_task(world, case, ActKind.WAIVE))
    for wrong in (None, clock.now() - timedelta(minutes=1), clock.now() + timedelta(days=800)):
        with pytest.raises(Invalid):
            do(world, of_task(world, case, ActKind.DUE, due_at=wrong))


def test_a_page_that_is_stale_is_refused_with_who_did_what_and_when(world: World) -> None:
    case = trip.begun(world)
    with world.reading("kim") as (uow, actor):
        seen = stepping_in.edition(uow, actor, case.id)
    wanted = of_procedure(world, case, ActKind.BACK, step=step(world, case, "pack"), seen=seen)
    other = of_task(world, case, ActKind.ASSIGN, "ride", person_id=world.people["len"].id, seen=seen)
    world.advance("PT2M")
    world.complete("lia", case, "walk")
    with pytest.raises(ChangedSince) as refused:
        do(world, wanted)
    assert "Lia Example, 09:02: Task completed: Walk." in refused.value.message
    assert world.names(case) == ["ride"]
    do(world, other)  # nothing happened to that task
    with world.reading("kim") as (uow, actor):
        now = stepping_in.edition(uow, actor, case.id)
    do(world, replace(wanted, seen=now))
    assert world.names(case) == ["pack"]


def test_each_act_of_a_stale_page_is_refused(world: World) -> None:
    for number in range(6):
        case = trip.begun(world)
        with world.reading("kim") as (uow, actor):
            seen = stepping_in.edition(uow, actor, case.id)
        wanted = replace(every_act(world, case)[number], seen=seen)
        world.advance("PT2M")
        if wanted.task_id:
            with world.acting("lia") as (uow, actor):
                user_tasks.claim(uow, actor, wanted.task_id)
        world.complete("lia", case, "ride")
        with pytest.raises(ChangedSince):
            do(world, wanted)
    suspend = of_procedure(world, case, ActKind.SUSPEND)
    do(world, suspend)
    with world.reading("kim") as (uow, actor):
        seen = stepping_in.edition(uow, actor, case.id)
    resume = of_procedure(world, case, ActKind.RESUME, seen=seen)
    world.advance("PT2M")
    do(world, replace(resume, seen=None))
    do(world, suspend)
    with pytest.raises(ChangedSince):
        do(world, resume)


def test_an_act_after_which_a_procedure_would_stop_or_wait_for_ever_is_refused(world: World) -> None:
    case = trip.begun(world)
    with world.reading("kim") as (uow, _actor):
        before = effects.look(uow, case)
        (running,) = before.instances.values()
        for otherwise, why in (({"state": InstanceState.INCIDENT}, "would stop there"), ({"dead_at": clock.now()}, "would wait for ever")):
            after = replace(before, instances={running.id: replace(running, **otherwise)})
            with pytest.raises(Conflict, match=why):
                stranding.refuse(uow, case, before, after)
            stranding.refuse(uow, case, after, after)


def test_forbidden_pairs_walls_rights_and_other_cases_hold(world: World) -> None:
    case, other = trip.begun(world), trip.begun(world)
    with pytest.raises(Invalid):
        do(world, of_task(world, case, ActKind.ASSIGN, person_id=world.people["kit"].id))
    with pytest.raises(Invalid):
        do(world, of_task(world, case, ActKind.ASSIGN, person_id=None))
    for wanted in every_act(world, case)[1:]:
        with pytest.raises(Forbidden):
            do(world, wanted, by="lia")
        with pytest.raises(NotFound):
            do(world, wanted, by="bea")
        with pytest.raises(NotFound):
            do(world, replace(wanted, case_id=other.id))
    acts.wall(world, case, "kim")
    with pytest.raises(NotFound):
        do(world, every_act(world, case)[1])


def test_whatever_is_done_the_case_can_still_be_moved(world: World) -> None:
    for number in range(6):
        case = trip.begun(world)
        wanted = every_act(world, case)[number]
        do(world, wanted)
        tasks = world.open_tasks(case)
        with world.reading("kim") as (uow, actor):
            kinds = {str(one.kind) for one in stepping_in.offered(uow, actor, case.id)}
            startable = hand_starts.choices(uow, actor, case.id)
        assert not any(task.nobody for task in tasks), wanted
        assert "resume" in kinds if wanted.kind is ActKind.SUSPEND else tasks or startable, wanted


def test_going_back_to_what_nobody_can_do_any_more_is_refused_with_the_reason(world: World) -> None:
    case = trip.begun(world)
    wanted = of_procedure(world, case, ActKind.BACK, step=step(world, case, "pack"))
    for name in ("lia", "len"):
        acts.wall(world, case, name)
    for attempt in (do, preview):
        with pytest.raises(Conflict) as refused:
            attempt(world, wanted)
        assert "stuck at “Pack”: Nobody can do this" in refused.value.message
    assert world.names(case) == ["ride", "walk"]


def test_a_case_on_which_nothing_runs_and_nothing_can_be_started_ends_with_its_last_procedure(library: World) -> None:
    case = acts.loan(library)
    wanted = of_procedure(library, case, ActKind.TERMINATE)
    told = preview(library, wanted)
    assert said(told)[0] == ("case", case.number, "open", "closed")
    assert library.case(case).state is CaseState.OPEN
    assert said(do(library, wanted)) == said(told)
    assert (library.case(case).state, library.case(case).outcome) == (CaseState.CLOSED, None)
    assert [entry.event for entry in library.trail(case)].count("case_closed") == 1


def test_a_preview_tells_no_date_that_reads_as_before(world: World) -> None:
    case = trip.begun(world)
    do(world, of_procedure(world, case, ActKind.SUSPEND))
    world.advance("PT20S")
    resume = of_procedure(world, case, ActKind.RESUME)
    assert [(kind, after) for kind, _, _, after in said(preview(world, resume))] == [("procedure", "running")]
    world.advance("P2D")
    assert {kind for kind, *_ in said(preview(world, resume))} > {"procedure"}, "after two days other dates are told"


def test_acts_are_offered_as_the_case_stands(world: World) -> None:
    case = trip.begun(world)

    def kinds(by: str = "kim") -> set[str]:
        with world.reading(by) as (uow, actor):
            return {str(one.kind) for one in stepping_in.offered(uow, actor, case.id)}

    assert kinds() == {"due", "waive", "back", "suspend", "terminate"}
    assert kinds("lia") == {"assign"}
    trip.go_back(world, case, "pack")
    assert "undo-back" in kinds()
    do(world, of_procedure(world, case, ActKind.UNDO_BACK))
    do(world, of_procedure(world, case, ActKind.SUSPEND))
    assert {"resume", "terminate"} <= kinds()
    assert "back" not in kinds()
    do(world, of_procedure(world, case, ActKind.RESUME))
    do(world, of_procedure(world, case, ActKind.TERMINATE))
    assert kinds() == set()
    assert acts.instance(world, case).state is InstanceState.TERMINATED
    with pytest.raises(Conflict):
        do(world, of_procedure(world, case, ActKind.UNDO_BACK))
