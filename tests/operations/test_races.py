"""Several people at once, on both databases: one wins, the other is told, and no case breaks."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine import clock, store
from engine.model.cases import Case
from engine.model.errors import Conflict
from engine.model.instances import UserTask
from engine.model.interventions import ActKind, Wanted
from engine.operations.cases import explanations
from engine.operations.rounds import sweeps
from engine.operations.running import instances, messages, turns
from engine.operations.supervision import acts as stepping_in
from engine.operations.supervision import returning
from engine.operations.tasks import user_tasks
from tests.operations import acts, shelf
from tests.operations.conftest import cast
from tests.operations.supervision import trip
from tests.postgres import Postgres
from tests.world import World

TIMES = 200
#: what who comes second is told, each of them "look again" (409)
LOST = ("TaskNotOpen", "NotRunning", "StaleVersion", "Conflict")
FILES = shelf.library(shelf.desk(), shelf.letters(), shelf.clockwork(), trip.trip())


@pytest.fixture(scope="module")
def postgres_world(postgres: Postgres) -> Iterator[World]:
    with postgres.database() as url:
        opened = store.open(url)
        opened.migrate()
        yield cast(opened, FILES)
        opened.close()


@pytest.fixture(scope="module")
def sqlite_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("races")
    opened = store.open(f"sqlite:///{folder}/parley.db")
    opened.migrate()
    yield cast(opened, FILES)
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest) -> World:
    """One world of each kind for all races; the conftest's clock is put back between tests, so it is set again."""
    found: World = request.getfixturevalue("sqlite_world" if request.param == "sqlite" else "postgres_world")
    acts.wind(found)
    return found


def at_once(*jobs: Callable[[], object]) -> list[str]:
    """Run jobs in a thread each, all from the same moment; "done" or the name of the error of each."""
    gate = threading.Barrier(len(jobs))
    said = ["never ran"] * len(jobs)

    def run(position: int) -> None:
        gate.wait()
        try:
            jobs[position]()
            said[position] = "done"
        except Conflict as lost:
            said[position] = type(lost).__name__
        except Exception as failure:  # noqa: BLE001 - every other outcome is what the test is about
            said[position] = f"{type(failure).__name__}: {failure}"

    threads = [threading.Thread(target=run, args=(position,)) for position in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def desk(world: World, key: str = "desk") -> Case:
    """A case of one task, without waiting for anything else."""
    actor = world.actor("lia")
    with world.store.unit_of_work() as uow:
        made = instances.start(uow, actor, key, variables={})
        case = store.cases.get(uow, made.case_id)
        uow.commit()
    return case


def completing(world: World, by: str, case: Case) -> Callable[[], object]:
    return finishing(world, by, world.open_tasks(case)[0].id)


def controlling(world: World, verb: str, case: Case) -> Callable[[], object]:
    actor, found = world.actor("kim"), acts.instance(world, case)

    def control() -> None:
        with world.store.unit_of_work() as uow:
            getattr(instances, verb)(uow, actor, found.id, reason="A test.")
            uow.commit()

    return control


def assert_sound(world: World, case: Case) -> None:
    """The state can be loaded and explained, open tasks are those it waits for, and the chain holds."""
    kim, found = world.actor("kim"), acts.instance(world, case)
    with world.store.reading() as uow:
        explanation = explanations.explain(uow, kim, found.id)
        if found.state in ("running", "suspended"):
            waiting = [element for _, element in turns.positions(uow, turns.load(uow, world.program.id, found.id))]
            # at the join of a trip nobody has a task
            assert sorted(set(waiting) - {"j"}) == world_names(uow, case)
        assert explanation.sentence


def world_names(uow: store.UnitOfWork, case: Case) -> list[str]:
    return sorted(task.element_id for task in store.user_tasks.open_of_case(uow, case.id))


def test_of_two_who_complete_a_task_at_once_exactly_one_does(world: World) -> None:
    world.person("lou", "librarian") if "lou" not in world.people else None
    outcomes: Counter[tuple[str, ...]] = Counter()
    made = []
    for _ in range(TIMES):
        case = desk(world)
        said = at_once(completing(world, "lia", case), completing(world, "lou", case))
        outcomes[tuple(sorted(said))] += 1
        made.append(case)
    assert sum(outcomes.values()) == TIMES
    assert set(outcomes) <= {(lost, "done") for lost in LOST}
    for case in made:
        assert world.events(case, "user_task_completed") == ["tidy"]
        assert acts.instance(world, case).state == "completed"
    assert_sound(world, made[-1])
    assert acts.chain_holds(world)


STEPPING_IN = (ActKind.ASSIGN, ActKind.DUE, ActKind.SUSPEND, ActKind.TERMINATE, ActKind.BACK)


def stepping(world: World, case: Case, task: UserTask, kind: ActKind) -> Callable[[], object]:
    """One act of somebody who looks after all cases, from a page that shows the task open."""
    actor = world.actor("lia" if kind is ActKind.ASSIGN else "kim")
    with world.store.reading() as uow:
        seen = stepping_in.edition(uow, actor, case.id)
        steps = returning.earlier(uow, actor, task.instance_id) if kind is ActKind.BACK else ()
    wanted = Wanted(kind, case.id, "why", person_id=world.people["lou"].id, due_at=clock.now() + timedelta(days=30), seen=seen)
    of_task = kind in (ActKind.ASSIGN, ActKind.DUE)
    wanted = replace(wanted, task_id=task.id) if of_task else replace(wanted, instance_id=task.instance_id)
    wanted = replace(wanted, step=steps[0].key if steps else None)

    def step_in() -> None:
        with world.store.unit_of_work() as uow:
            stepping_in.act(uow, actor, wanted)
            uow.commit()

    return step_in


def walking(world: World) -> Case:
    """A trip on which the walk is open."""
    case = desk(world, "trip")
    completing(world, "lia", case)()
    return case


def test_of_a_submit_and_an_intervention_at_once_none_is_half_done_and_who_loses_is_told(world: World) -> None:
    world.person("lou", "librarian") if "lou" not in world.people else None
    outcomes: Counter[tuple[str, str]] = Counter()
    for number in range(TIMES // 2):  # of each database: two hundred in all
        kind = STEPPING_IN[number % len(STEPPING_IN)]
        case = walking(world) if kind is ActKind.BACK else desk(world)
        task = world.open_tasks(case)[0]
        completed, intervened = at_once(finishing(world, "lia", task.id), stepping(world, case, task, kind))
        outcomes[completed, intervened] += 1
        assert "done" in (completed, intervened), (completed, intervened)
        assert {completed, intervened} <= {"done", "ChangedSince", *LOST}, (completed, intervened)
        assert (acts.stored(world, task).state == "completed") == (completed == "done")
        assert world.events(case, "user_task_completed").count(task.element_id) == (completed == "done")
    assert_sound(world, case)
    assert len(outcomes) > 1, outcomes
    assert acts.chain_holds(world)


def test_suspending_while_somebody_completes_never_breaks_a_case(world: World) -> None:
    outcomes: Counter[tuple[str, str, str]] = Counter()
    for _ in range(TIMES):
        case = desk(world)
        completed, suspended = at_once(completing(world, "lia", case), controlling(world, "suspend", case))
        outcomes[completed, suspended, str(acts.instance(world, case).state)] += 1
        assert_sound(world, case)
    won = {("done", lost, "completed") for lost in LOST}
    assert set(outcomes) <= won | {(lost, "done", "suspended") for lost in LOST}
    assert acts.chain_holds(world)


def test_procedures_of_one_case_that_go_on_at_once_all_do_and_make_one_trail(world: World) -> None:
    """They share nothing but the end of the trail, for which nobody asks before the last moment."""
    actor = world.actor("lia")
    for _ in range(TIMES // 8):
        case = desk(world)
        with world.store.unit_of_work() as uow:
            for _more in range(3):
                instances.start(uow, actor, "desk", variables={}, case_id=case.id)
            uow.commit()
        tasks = world.open_tasks(case)
        assert at_once(*(finishing(world, "lia", task.id) for task in tasks)) == ["done"] * 4
        assert world.events(case, "user_task_completed") == ["tidy"] * 4
    assert acts.chain_holds(world)


def finishing(world: World, by: str, task_id: str) -> Callable[[], object]:
    actor = world.actor(by)

    def finish() -> None:
        with world.store.unit_of_work() as uow:
            user_tasks.complete(uow, actor, task_id, {})
            uow.commit()

    return finish


def test_a_message_and_the_one_who_begins_to_wait_for_it_always_meet(world: World) -> None:
    actor, ada = world.actor("lia"), world.actor("ada")
    for _ in range(TIMES // 4):
        with world.store.unit_of_work() as uow:
            made = instances.start(uow, actor, "letters", variables={})
            case = store.cases.get(uow, made.case_id)
            uow.commit()

        def send(case_id: str = case.id) -> None:
            with world.store.unit_of_work() as uow:
                messages.send(uow, ada, "Letter", case_id, {})
                uow.commit()

        assert at_once(completing(world, "lia", case), send) == ["done", "done"]
        sweeps.until_quiet(world.store)
        with world.store.reading() as uow:
            assert [row.element_id for row in store.subscriptions.of_case(uow, case.id)] == ["bell"]


def test_two_sweeps_at_once_fire_each_timer_once(world: World) -> None:
    made = [acts.started(world, "clockwork") for _ in range(20)]
    world.clock.advance(acts.timers(world, made[-1], "hurry")[0].due_at - acts.clock.now())
    assert at_once(*[lambda: sweeps.run_due(world.store)] * 4) == ["done"] * 4
    sweeps.until_quiet(world.store)
    assert [world.names(case) for case in made] == [["hint", "tidy"]] * 20
    assert acts.chain_holds(world)


def test_of_two_who_claim_a_task_at_once_one_has_it(world: World) -> None:
    world.person("lou", "librarian") if "lou" not in world.people else None
    for _ in range(TIMES // 10):
        case = desk(world)
        task = world.open_tasks(case)[0]
        said = at_once(*(claiming(world, name, task.id) for name in ("lia", "lou")))
        assert sorted(said)[-1] == "done"
        assert said.count("done") == 1, said


def claiming(world: World, by: str, task_id: str) -> Callable[[], object]:
    actor = world.actor(by)

    def claim() -> None:
        with world.store.unit_of_work() as uow:
            user_tasks.claim(uow, actor, task_id)
            uow.commit()

    return claim
