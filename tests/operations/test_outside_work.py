"""Outside work by workers: taken, held, answered in a second transaction; nothing is lost and nothing is done twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from engine.model.cases import Case
from engine.model.errors import Forbidden, Invalid, JobEnded, JobNotHeld, NotFound, NotRunning
from engine.model.outside import OutsideJob
from engine.operations.deploying import deployments
from engine.operations.running import outside_work
from engine.store import Store
from tests.operations import acts, couriers, shelf
from tests.operations.conftest import cast
from tests.world import World

TYPE = "courier-price"


@pytest.fixture
def world(empty: Store) -> World:
    made = cast(empty, couriers.library(couriers.delivery()))
    made.person("wim", "courier")
    made.person("wes", "courier")
    return made


@pytest.fixture
def case(world: World) -> Case:
    return acts.started(world, "delivery")


def fetch(world: World, worker: str = "w1", *, by: str = "wim", hold: timedelta | None = None, most: int = 10) -> tuple[OutsideJob, ...]:
    with world.acting(by) as (uow, actor):
        return outside_work.fetch(uow, actor, worker, [TYPE], hold=hold, most=most)


def complete(world: World, job: OutsideJob, variables: Mapping[str, object], worker: str = "w1", *, by: str = "wim") -> OutsideJob:
    with world.acting(by) as (uow, actor):
        return outside_work.complete(uow, actor, job.id, worker, variables)


def fail(world: World, job: OutsideJob, worker: str = "w1", **more: object) -> OutsideJob:
    with world.acting("wim") as (uow, actor):
        return outside_work.fail(uow, actor, job.id, worker, code="closed", **more)  # type: ignore[arg-type]


def seen(world: World, job: OutsideJob) -> OutsideJob:
    with world.reading("ada") as (uow, actor):
        return outside_work.get(uow, actor, job.id)


def test_a_job_is_taken_once_and_its_answer_goes_on(world: World, case: Case) -> None:
    assert world.names(case) == []
    (job,) = fetch(world)
    assert (job.type, job.attempts, job.body["inputs"]) == (TYPE, 1, {"number": job.body["inputs"]["number"]})  # type: ignore[index]
    assert fetch(world, "w2", by="wes") == ()
    assert complete(world, job, {"price": 12, "other": "x y z"}).state == "completed"
    assert world.names(case) == ["look"]
    assert acts.variables(world, "lia", acts.instance(world, case))["shelves"] == 12
    assert world.events(case, "job_completed") == ["price"]
    assert world.events(case, "element_completed").count("price") == 1


def test_saying_twice_that_it_is_done_is_harmless_and_another_s_word_is_too_late(world: World, case: Case) -> None:
    (job,) = fetch(world)
    complete(world, job, {"price": 12})
    assert complete(world, job, {"price": 99}).state == "completed"
    assert acts.variables(world, "lia", acts.instance(world, case))["shelves"] == 12
    with pytest.raises(JobEnded):
        complete(world, job, {"price": 1}, "w2", by="wes")
    with pytest.raises(JobEnded):
        fail(world, job)


def test_when_the_hold_runs_out_another_worker_takes_it_and_the_first_is_told(world: World, case: Case) -> None:
    (job,) = fetch(world, hold=timedelta(seconds=30))
    world.advance("PT29S")
    assert fetch(world, "w2", by="wes") == ()
    world.advance("PT1S")
    (again,) = fetch(world, "w2", by="wes")
    assert (again.id, again.attempts) == (job.id, 2)
    with pytest.raises(JobNotHeld):
        complete(world, job, {"price": 1})
    assert complete(world, again, {"price": 2}, "w2", by="wes").state == "completed"
    assert world.names(case) == ["look"]


def test_a_job_that_is_taken_and_never_answered_uses_up_its_tries_and_is_an_incident(world: World, case: Case) -> None:
    for number in (1, 2, 3):
        (job,) = fetch(world, hold=timedelta(seconds=30))
        assert (job.attempts, job.retries_left) == (number, 4 - number)
        world.advance("PT30S")
    assert fetch(world) == ()
    (incident,) = acts.incidents(world, case)
    assert (incident.element_id, incident.code) == ("price", "job-failed")
    assert "taken and not answered in time, and its 3 tries are used up" in incident.message
    lost = seen(world, job)
    assert (lost.state, lost.retries_left, lost.error_code, lost.attempts) == ("failed", 0, "hold-lost", 3)
    acts.control(world, "kim", case, "retry")
    (again,) = fetch(world)
    assert (again.id, again.retries_left) == (job.id, 3)
    complete(world, again, {"price": 3})
    assert world.names(case) == ["look"]


def test_a_lost_hold_and_a_failure_are_both_tries(world: World, case: Case) -> None:
    fetch(world, hold=timedelta(seconds=30))
    world.advance("PT30S")
    (job,) = fetch(world)
    assert fail(world, job, pause=timedelta(0)).retries_left == 1
    (job,) = fetch(world)
    assert job.retries_left == 1
    assert fail(world, job).state == "failed"


def test_a_job_is_listed_as_held_while_a_worker_holds_it(world: World, case: Case) -> None:
    def listed(state: str) -> int:
        with world.reading("wim") as (uow, actor):
            return len(outside_work.list_(uow, actor, state=state).items)

    assert (listed("available"), listed("held")) == (1, 0)
    fetch(world, hold=timedelta(seconds=30))
    assert (listed("available"), listed("held")) == (0, 1)
    world.advance("PT30S")
    assert (listed("available"), listed("held")) == (1, 0)


def test_an_answer_after_the_hold_still_counts_while_nobody_else_took_it(world: World, case: Case) -> None:
    (job,) = fetch(world, hold=timedelta(seconds=30))
    world.advance("PT5M")
    complete(world, job, {"price": 3})
    assert world.names(case) == ["look"]


def test_a_hold_can_be_extended(world: World, case: Case) -> None:
    (job,) = fetch(world, hold=timedelta(seconds=30))
    world.advance("PT20S")
    with world.acting("wim") as (uow, actor):
        outside_work.extend(uow, actor, job.id, "w1", timedelta(minutes=1))
    world.advance("PT59S")
    assert fetch(world, "w2") == ()
    with pytest.raises(JobNotHeld), world.acting("wim") as (uow, actor):
        outside_work.extend(uow, actor, job.id, "w2", timedelta(minutes=1))


def test_another_account_cannot_answer_under_the_worker_s_name(world: World, case: Case) -> None:
    (job,) = fetch(world)
    with pytest.raises(JobNotHeld):
        complete(world, job, {"price": 1}, by="wes")


def test_an_interrupting_event_ends_the_job_and_a_late_answer_is_told_so(world: World, case: Case) -> None:
    (job,) = fetch(world, hold=timedelta(days=3))
    world.advance("P1D")
    assert world.names(case) == ["phone"]
    assert seen(world, job).state == "cancelled"
    with pytest.raises(JobEnded, match="moved on"):
        complete(world, job, {"price": 1})
    assert world.names(case) == ["phone"]
    assert fetch(world) == ()


def test_terminating_the_instance_ends_its_jobs(world: World, case: Case) -> None:
    (job,) = fetch(world)
    acts.control(world, "kim", case, "terminate", reason="Not needed.")
    with pytest.raises(JobEnded):
        complete(world, job, {"price": 1})


def test_a_failure_is_tried_again_after_its_pause_and_the_last_one_is_an_incident(world: World, case: Case) -> None:
    for pause in (10, 60):
        (job,) = fetch(world)
        assert fail(world, job, message="CANARY-secret").retries_left > 0
        world.advance(f"PT{pause - 1}S")
        assert fetch(world) == ()
        world.advance("PT1S")
    (job,) = fetch(world)
    assert fail(world, job, message="CANARY-secret").state == "failed"
    (incident,) = acts.incidents(world, case)
    assert (incident.element_id, incident.code, incident.message) == (
        "price", "job-failed", "The outside work “courier-price” was given up (closed).",
    )  # fmt: skip
    assert acts.instance(world, case).state == "incident"
    assert world.page("kim", case).diagrams[0].marks["price"] == "incident"
    assert seen(world, job).body["note"] == "CANARY-secret"
    assert "CANARY" not in repr(world.trail(case))
    with pytest.raises(JobEnded, match="retry"):
        complete(world, job, {"price": 1})


def test_a_retry_makes_the_job_available_with_all_its_tries(world: World, case: Case) -> None:
    (job,) = fetch(world)
    fail(world, job, retries_left=0)
    acts.control(world, "kim", case, "retry")
    assert [one.state for one in acts.incidents(world, case)] == ["resolved"]
    (again,) = fetch(world)
    assert (again.id, again.retries_left, again.attempts) == (job.id, 3, 2)
    complete(world, again, {"price": 5})
    assert world.names(case) == ["look"]


def test_a_worker_may_say_when_to_try_again_and_how_often(world: World, case: Case) -> None:
    (job,) = fetch(world)
    assert fail(world, job, retries_left=7, pause=timedelta(hours=2)).retries_left == 7
    world.advance("PT1H")
    assert fetch(world) == ()
    world.advance("PT1H")
    assert len(fetch(world)) == 1


def test_a_bpmn_error_goes_to_its_boundary_event(world: World, case: Case) -> None:
    (job,) = fetch(world)
    with world.acting("wim") as (uow, actor):
        assert outside_work.bpmn_error(uow, actor, job.id, "w1", "NO_ROUTE").state == "errored"
    assert world.names(case) == ["carry"]
    with pytest.raises(JobEnded):
        complete(world, job, {"price": 1})


def test_an_error_that_nobody_catches_is_an_incident_and_can_be_retried(world: World, case: Case) -> None:
    (job,) = fetch(world)
    with world.acting("wim") as (uow, actor):
        assert outside_work.bpmn_error(uow, actor, job.id, "w1", "UNKNOWN").state == "failed"
    assert [one.code for one in acts.incidents(world, case)] == ["uncaught-error"]
    acts.control(world, "kim", case, "retry")
    (again,) = fetch(world)
    complete(world, again, {"price": 4})
    assert world.names(case) == ["look"]


@pytest.mark.parametrize("price", ["a word and more", [1], {"a": 1}, True])
def test_an_answer_of_the_wrong_kind_is_refused_with_its_path_and_can_be_corrected(world: World, case: Case, price: object) -> None:
    (job,) = fetch(world)
    with pytest.raises(Invalid) as refused:
        complete(world, job, {"price": price})
    assert [error.path for error in refused.value.errors] == ["/shelves"]
    assert seen(world, job).state == "available"
    complete(world, job, {"price": 1})
    assert world.names(case) == ["look"]


def test_an_answer_to_a_suspended_procedure_is_refused_until_it_goes_on(world: World, case: Case) -> None:
    (job,) = fetch(world)
    acts.control(world, "kim", case, "suspend")
    with pytest.raises(NotRunning, match="suspended"):
        complete(world, job, {"price": 1})
    world.advance("PT1H")
    assert fetch(world) == ()
    acts.control(world, "kim", case, "resume")
    complete(world, job, {"price": 1})
    assert world.names(case) == ["look"]


def test_only_who_may_work_jobs_gets_any(world: World, case: Case) -> None:
    for name in ("lia", "kim", "tom", "ben"):
        with pytest.raises(Forbidden):
            fetch(world, by=name)
    (job,) = fetch(world, by="ada")
    with world.reading("lia") as (uow, actor), pytest.raises(Forbidden):
        outside_work.get(uow, actor, job.id)


def test_a_worker_of_another_program_knows_nothing_of_it(world: World, case: Case) -> None:
    (job,) = fetch(world)
    other = acts.in_another_program(world, "zoe")
    with world.store.reading() as uow, pytest.raises((NotFound, Forbidden)):
        outside_work.get(uow, other, job.id)


def test_who_is_kept_from_a_case_gets_none_of_its_jobs(world: World, case: Case) -> None:
    acts.wall(world, case, "wim")
    assert fetch(world) == ()
    (job,) = fetch(world, by="wes")
    with world.reading("wim") as (uow, actor), pytest.raises(NotFound):
        outside_work.get(uow, actor, job.id)


def test_the_longest_due_come_first_and_no_more_than_wanted(world: World) -> None:
    made = [acts.started(world, "delivery") for _ in range(3)]
    assert [job.case_id for job in fetch(world, most=2)] == [made[0].id, made[1].id]
    assert [job.case_id for job in fetch(world, most=2)] == [made[2].id]


def test_jobs_are_listed_by_what_is_asked(world: World, case: Case) -> None:
    other = acts.started(world, "delivery")
    (job, _) = fetch(world)
    complete(world, job, {"price": 1})
    wanted = acts.instance(world, other).id
    with world.reading("wim") as (uow, actor):
        listed = outside_work.list_(uow, actor, limit=1)
        assert [one.case_id for one in listed.items] == [other.id]
        assert [one.case_id for one in outside_work.list_(uow, actor, cursor=listed.next).items] == [case.id]
        assert [one.case_id for one in outside_work.list_(uow, actor, state="completed").items] == [case.id]
        assert [one.case_id for one in outside_work.list_(uow, actor, instance=wanted).items] == [other.id]
        assert outside_work.list_(uow, actor, type="other").items == ()


def test_the_explanation_says_what_work_is_waited_for_and_which_try_it_is(world: World, case: Case) -> None:
    def said() -> str:
        (wait,) = [one for one in world.page("kim", case).explanation.waiting if one.kind == "job"]
        return wait.message or ""

    assert said() == "outside work of type courier-price, attempt 1 of 3, not taken yet"
    assert "a worker of type “courier-price” to do “Ask for a price” (try 1 of 3)" in world.page("kim", case).explanation.sentence
    (job,) = fetch(world)
    assert said() == "outside work of type courier-price, attempt 1 of 3, taken until Mon 2 Mar, 09:05"
    fail(world, job)
    assert said() == "outside work of type courier-price, attempt 2 of 3, next try Mon 2 Mar, 09:00"
    world.advance("PT10S")
    assert said() == "outside work of type courier-price, attempt 2 of 3, ready to be tried again"


def test_an_answer_that_would_become_an_undeclared_variable_is_refused_at_deploy(world: World) -> None:
    files = couriers.library(couriers.delivery(shelf.mapping({}, {"nobodyKnows": "=price"})))
    with world.reading("ada") as (uow, actor):
        found = deployments.check(uow, actor, files)
    advice = ("delivery", "lint-never-begun")  # these stories begin it by hand
    assert [(one.element_id, one.code) for one in found] == [("price", "undeclared-variable"), advice]


def test_what_the_server_does_itself_no_worker_gets(world: World) -> None:
    with pytest.raises(Invalid, match="server itself"), world.acting("wim") as (uow, actor):
        outside_work.fetch(uow, actor, "w1", ["mail", "webhook", TYPE])


def test_the_trail_holds_after_all_kinds_of_answers(world: World, case: Case) -> None:
    (job,) = fetch(world)
    fail(world, job)
    world.advance("PT10S")
    (job,) = fetch(world)
    complete(world, job, {"price": 1})
    assert acts.chain_holds(world)


def test_the_list_of_cases_says_that_outside_work_is_waited_for(world: World, case: Case) -> None:
    waits, upcoming = acts.line(world, "kim", case).sentence.split(". ")
    assert waits == "Waits for a worker of type “courier-price” to do “Ask for a price” since Mon 2 Mar"
    assert upcoming == "Next: a date, Tue 3 Mar, 09:00."
