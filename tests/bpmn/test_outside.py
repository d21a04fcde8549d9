"""Outside work: a service task waits for a worker's answer; the instance is stored and read again between any two steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal

import pytest

from engine.bpmn import Execution, waits
from engine.model.errors import Invalid, TokenGone
from engine.model.execution import EntryEvent, OpenJob, WaitKind
from tests.bpmn.drawing import (
    START,
    Story,
    again,
    boundary,
    end,
    error,
    many,
    mapping,
    models,
    problems,
    process,
    script,
    start,
    sub,
    tag,
    timer,
    user,
)  # fmt: skip

FETCH = mapping({"number": "=n + 1"}, {"price": "=price", "n": "=n"})


def work(id: str = "price", inner: str = FETCH, *, job: str = "price-of", kind: str = "serviceTask", **more: object) -> str:
    return tag(kind, id, inner, job=job, **more)


def line(*more: str, go: str = "start > price > after > end", **about: str) -> Story:
    return Story(
        process(start(), script("first", "{n: 1}"), work(**about), user("after"), end(), *more, go=go.replace("start >", "start > first >"))
    )


def job(story: Story, number: int = 0) -> OpenJob:
    return story.turn.jobs[number]


def act(story: Story, change: Callable[[Execution], None]) -> Story:
    change(story.execution)
    story._turn()
    return story


def answer(story: Story, number: int = 0, **variables: object) -> Story:
    token = job(story, number).token_id
    return act(story, lambda execution: execution.complete_job(token, variables))


def test_a_job_waits_with_its_inputs_and_the_answer_goes_where_the_mapping_says() -> None:
    story = line()
    found = job(story)
    assert (found.element_id, found.type, found.inputs, found.retries) == ("price", "price-of", {"number": Decimal(2)}, 3)
    assert (found.backoff[0], found.timeout) == (timedelta(seconds=10), timedelta(minutes=5))
    assert (story.open, story.state, found.since) == ([], "running", START)
    answer(story, price=Decimal(7), unmapped="gone")
    assert (story.open, story.value("price"), story.value("unmapped")) == (["after"], Decimal(7), None)
    assert story.turn.jobs == ()
    assert story.count("price") == 1


def test_an_output_sees_the_answer_before_the_variables_and_the_variables_beside_it() -> None:
    assert answer(line(), n=Decimal(5)).value("n") == Decimal(5)
    assert answer(line()).value("n") == Decimal(1)


def test_an_answer_may_be_looked_at_before_it_becomes_variables() -> None:
    story = line()

    def refuse(_found: Mapping[str, object]) -> Mapping[str, object]:
        raise Invalid("No.")

    with pytest.raises(Invalid):
        story.execution.complete_job(job(story).token_id, {"price": 1}, refuse)
    assert answer(story, price=Decimal(1)).open == ["after"]


def test_an_answer_that_no_expression_can_hold_is_refused_and_the_job_stays_open() -> None:
    story = line()
    for wrong in ({"case": 1}, {"price": object()}):
        with pytest.raises(Invalid):
            story.execution.complete_job(job(story).token_id, wrong)
    assert len(story.turn.jobs) == 1


def test_a_job_is_answered_once() -> None:
    story = line()
    token = job(story).token_id
    answer(story)
    for late in (
        lambda: story.execution.complete_job(token, {}),
        lambda: story.execution.fail_job(token, "x"),
        lambda: story.execution.throw_error(token, "x", ""),
    ):
        with pytest.raises(TokenGone):
            late()


def test_only_a_job_takes_the_answer_of_a_job() -> None:
    story = answer(line())
    with pytest.raises(TokenGone):
        story.execution.complete_job(story.task("after").token_id, {})
    with pytest.raises(TokenGone):
        story.execution.fail_job(story.task("after").token_id, "x")


def test_an_interrupting_boundary_event_drops_the_job() -> None:
    story = line(boundary("late", "price", timer("PT1H")), user("call"), go="start > price > after > end; late > call > end")
    token = job(story).token_id
    story.wait(hours=1)
    assert (story.open, story.turn.jobs, story.count("price", EntryEvent.CANCELLED)) == (["call"], (), 1)
    with pytest.raises(TokenGone):
        story.execution.complete_job(token, {})


def test_a_non_interrupting_boundary_event_leaves_the_job_alone() -> None:
    story = line(boundary("late", "price", timer("PT1H"), False), user("call"), go="start > price > after > end; late > call > end")
    story.wait(hours=2)
    assert (story.open, len(story.turn.jobs)) == (["call"], 1)
    assert answer(story).open == ["after", "call"]


def test_a_bpmn_error_goes_to_the_boundary_event_with_its_code() -> None:
    story = line(boundary("none", "price", error("NO_PRICE")), user("guess"), go="start > price > after > end; none > guess > end")
    token = job(story).token_id
    act(story, lambda execution: execution.throw_error(token, "NO_PRICE", ""))
    assert (story.open, story.turn.jobs, story.state) == (["guess"], (), "running")


def test_an_error_that_nobody_catches_is_an_incident_and_a_retry_makes_the_job_anew() -> None:
    story = line()
    token = job(story).token_id
    act(story, lambda execution: execution.throw_error(token, "NO_PRICE", "Tell the shop."))
    assert (story.state, story.turn.jobs, story.turn.faults[0].code) == ("incident", (), "uncaught-error")
    story.retry(n=Decimal(9))
    assert (story.state, job(story).inputs) == ("running", {"number": Decimal(10)})
    assert answer(story).open == ["after"]


def test_a_job_whose_tries_are_used_up_is_an_incident_and_a_retry_makes_it_available_with_corrected_data() -> None:
    story = line(boundary("late", "price", timer("PT1H")), user("call"), go="start > price > after > end; late > call > end")
    token = job(story).token_id
    act(story, lambda execution: execution.fail_job(token, "The shop is closed."))
    fault = story.turn.faults[0]
    assert (story.state, fault.element_id, fault.code, fault.message) == ("incident", "price", "job-failed", "The shop is closed.")
    assert story.turn.jobs == ()
    with pytest.raises(TokenGone):
        story.execution.complete_job(token, {})
    story.retry(n=Decimal(41))
    assert (job(story).token_id, job(story).inputs, len(story.turn.timers)) == (token, {"number": Decimal(42)}, 1)
    assert answer(story).done("serviceTask") == ["price"]
    assert story.turn.timers == ()


def test_a_boundary_event_still_interrupts_what_has_failed() -> None:
    story = line(boundary("late", "price", timer("PT1H")), user("call"), go="start > price > after > end; late > call > end")
    token = job(story).token_id
    act(story, lambda execution: execution.fail_job(token, "Closed."))
    story.wait(hours=1)
    assert (story.open, story.state) == (["call"], "running")


def test_each_instance_of_a_multi_instance_is_a_job_and_keeps_its_own_answer() -> None:
    each = many("=[10, 20, 30]", "shelf", outputCollection="prices", outputElement="=price")
    one = work(inner=mapping({"shelf": "=shelf"}, {"price": "=price"}) + each)
    story = Story(process(start(), one, user("after"), end(), go="start > price > after > end"))
    assert [(found.item, found.inputs) for found in story.turn.jobs] == [
        (1, {"shelf": Decimal(10)}), (2, {"shelf": Decimal(20)}), (3, {"shelf": Decimal(30)}),
    ]  # fmt: skip
    answer(story, 2, price="c")
    answer(story, 0, price="a")
    assert (len(story.turn.jobs), story.open) == (1, [])
    answer(story, 0, price="b")
    assert (story.value("prices"), story.open, story.value("price")) == (["a", "b", "c"], ["after"], None)


def test_an_early_end_of_a_multi_instance_drops_the_other_jobs() -> None:
    one = work(inner=mapping({}, {}) + many("=[1, 2, 3]", until="numberOfCompletedInstances = 1"))
    story = Story(process(start(), one, user("after"), end(), go="start > price > after > end"))
    assert (answer(story, 1).turn.jobs, story.open) == ((), ["after"])


def test_a_loop_makes_one_job_a_turn() -> None:
    one = work(inner=mapping({"turn": "=loopCounter"}, {"found": "=found"}) + again("found != true"))
    story = Story(process(start(), one, user("after"), end(), go="start > price > after > end"))
    assert job(story).inputs == {"turn": Decimal(1)}
    answer(story, found=False)
    assert job(story).inputs == {"turn": Decimal(2)}
    assert answer(story, found=True).open == ["after"]


def test_ending_what_holds_it_drops_the_job() -> None:
    held = sub("box", start("in"), work(inner=""), end("out"), go="in > price > out")
    story = Story(
        process(start(), held, boundary("late", "box", timer("PT1H")), user("call"), end(), go="start > box > end; late > call > end")
    )
    assert len(story.turn.jobs) == 1
    assert story.wait(hours=1).turn.jobs == ()


def test_inputs_that_cannot_be_worked_out_stop_the_token_before_the_job() -> None:
    story = Story(process(start(), work(inner="", retries="=0 - 1"), user("after"), end(), go="start > price > after > end"))
    assert (story.state, story.turn.faults[0].code, story.turn.jobs) == ("incident", "job-invalid", ())


def test_tries_pauses_and_hold_are_literal_or_expressions() -> None:
    story = Story(
        process(
            start(), work(inner="", retries="5", backoff='=["PT1S", duration("PT1H")]', timeout="PT30S"), end(), go="start > price > end"
        )
    )
    found = job(story)
    assert (found.retries, found.backoff) == (5, (timedelta(seconds=1), timedelta(hours=1)))
    assert found.timeout == timedelta(seconds=30)
    literal = Story(process(start(), work(inner="", backoff="PT2S, PT3S"), end(), go="start > price > end"))
    assert job(literal).backoff == (timedelta(seconds=2), timedelta(seconds=3))


def test_a_mail_carries_the_notice_and_to_whom() -> None:
    story = Story(
        process(
            start(),
            work(inner="", kind="sendTask", job="mail", notice="due-soon", to='="role:" + "keeper"'),
            end(),
            go="start > price > end",
        )
    )
    assert (job(story).type, job(story).inputs) == ("mail", {"notice": "due-soon", "to": "role:keeper"})


def test_the_explanation_names_the_type_that_is_waited_for() -> None:
    story = line()
    (wait,) = waits(story.compiled, story.env, story.turn.state)
    assert (wait.kind, wait.element_id, wait.event_name, wait.token_id) == (WaitKind.JOB, "price", "price-of", job(story).token_id)
    act(story, lambda execution: execution.fail_job(wait.token_id, "Closed."))
    (failed,) = waits(story.compiled, story.env, story.turn.state)
    assert (failed.kind, failed.message) == (WaitKind.INCIDENT, "Closed.")


def test_a_model_says_which_types_and_answers_it_has() -> None:
    model = models(process(start(), work(), end(), go="start > price > end"))["p"]
    assert (model.jobs, model.answers) == ({"price-of"}, {("price", "price"), ("price", "n")})


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (tag("serviceTask", "price"), "operation-missing"),
        (work(operation="case.close"), "service-what"),
        (work(job="two words"), "job-type"),
        (work(job=""), "job-type"),
        (work(retries="0"), "retries-invalid"),
        (work(retries="-1"), "retries-invalid"),
        (work(retries="=1 +"), "expression-syntax"),
        (work(backoff="-PT1S"), "backoff-invalid"),
        (work(backoff="P1M"), "backoff-invalid"),
        (work(backoff="soon"), "backoff-invalid"),
        (work(timeout="PT0S"), "timeout-invalid"),
        (tag("serviceTask", "price", operation="case.close", retries="3"), "unknown-attribute"),
        (work(to="role:keeper"), "unknown-attribute"),
        (work(inner=mapping({}, {"case": "=1"})), "reserved-name"),
        (work(inner=mapping({}, {"x": "=1 +"})), "expression-syntax"),
        (tag("serviceTask", "price", mapping({}, {"x": "=1"}), operation="case.close"), "mapping-not-allowed"),
        (work(inner="", job="webhook"), "webhook-url"),
        (work(inner=mapping({"url": '="https://a.test"', "verb": '="GET"'}), job="webhook"), "unknown-input"),
        (work(inner="", job="mail"), "mail-what"),
        (work(inner=mapping({"to": '="role:a"', "subject": '="x"'}), job="mail"), "mail-what"),
        (work(kind="sendTask", to="role:keeper"), "send-what"),
        (work(kind="sendTask", messageRef_="message_m"), "send-what"),
    ],
)  # fmt: skip
def test_what_cannot_be_worked_is_refused(one: str, code: str) -> None:
    assert problems(process(start(), one, end(), go="start > price > end")) == {("price", code)}


def test_outside_work_inside_a_scope_sees_its_variables() -> None:
    held = sub("box", start("in"), script("set", "{m: 3}"), work(inner=mapping({"m": "=m"})), end("out"), go="in > set > price > out")
    story = Story(process(start(), held, end(), go="start > box > end"))
    assert job(story).inputs == {"m": Decimal(3)}
