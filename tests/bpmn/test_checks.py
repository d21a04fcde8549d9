"""What cannot run, or cannot mean anything, is refused at publish."""

from __future__ import annotations

import pytest

from engine.bpmn import read
from engine.model.errors import Problem
from tests.bpmn.drawing import (
    again,
    both,
    boundary,
    catch,
    condition,
    end,
    error,
    escalation,
    first,
    many,
    mapping,
    message,
    problems,
    process,
    script,
    signal,
    some,
    start,
    sub,
    tag,
    throw,
    timer,
    user,
    xor,
)


def whole(*elements: str, go: str) -> dict[str | None, tuple[Problem, ...]]:
    """Every problem of one file, by its element."""
    found = read({"p.bpmn": process(*elements, go=go)}).problems
    return {one.element_id: tuple(other for other in found if other.element_id == one.element_id) for one in found}


def only(*elements: str, go: str) -> set[tuple[str | None, str]]:
    return problems(process(*elements, go=go))


REFUSED = {
    "no start": (lambda: only(user("a"), end(), go="a > end"), ("p", "no-start-event")),
    "two plain starts": (lambda: only(start("s1"), start("s2"), end(), go="s1 > end; s2 > end"), ("s2", "several-start-events")),
    "error start": (lambda: only(start("s", error("e")), end(), go="s > end"), ("s", "unsupported-event")),
    "unreachable": (lambda: only(start(), user("lost"), end(), go="start > end; lost > end"), ("lost", "unreachable")),
    "missing condition": (lambda: only(start(), xor("x"), end("a"), end("b"), go="start > x > a [k]; x > b"), ("x_b", "missing-condition")),
    "missing condition inclusive": (
        lambda: only(start(), some("x"), end("a"), end("b"), go="start > x > a [k]; x > b"),
        ("x_b", "missing-condition"),
    ),
    "condition after parallel": (
        lambda: only(start(), both("x"), end("a"), end("b"), go="start > x > a [k]; x > b"),
        ("x_a", "condition-not-allowed"),
    ),
    "default with condition": (
        lambda: only(start(), xor("x"), end("a"), end("b"), go="start > x > a [k]; x > b [m] *"),
        ("x_b", "default-with-condition"),
    ),
    "syntax of condition": (
        lambda: only(start(), xor("x"), end("a"), end("b"), go="start > x > a [k >]; x > b *"),
        ("x_a", "expression-syntax"),
    ),
    "gateway without way out": (lambda: only(start(), xor("x"), go="start > x"), ("x", "no-way-out")),
    "flow into start": (lambda: only(start(), user("a"), go="start > a > start"), ("start", "flow-into-start")),
    "flow out of end": (lambda: only(start(), end(), user("a"), go="start > end > a"), ("end", "flow-out-of-end")),
    "two starts in a sub-process": (
        lambda: only(start(), sub("b", start("i1"), start("i2"), end("o"), go="i1 > o; i2 > o"), go="start > b"),
        ("b", "subprocess-start"),
    ),
    "sub-process without start": (
        lambda: only(start(), sub("b", user("u"), end("o"), go="u > o"), go="start > b"),
        ("b", "no-start-event"),
    ),
    "empty sub-process": (lambda: only(start(), sub("b", go=""), go="start > b"), ("b", "empty")),
    "service task": (lambda: only(start(), tag("serviceTask", "s"), go="start > s"), ("s", "operation-missing")),
    "rule task": (lambda: only(start(), tag("businessRuleTask", "s"), go="start > s"), ("s", "decision-missing")),
    "send task": (lambda: only(start(), tag("sendTask", "s"), go="start > s"), ("s", "send-what")),
    "notice to nobody": (lambda: only(start(), tag("sendTask", "s", notice="n"), go="start > s"), ("s", "recipient-missing")),
    "receive task": (lambda: only(start(), tag("receiveTask", "s"), go="start > s"), ("s", "message-missing")),
    "script": (lambda: only(start(), script("s", ""), go="start > s"), ("s", "script-missing")),
    "script syntax": (lambda: only(start(), script("s", "import os; os.exit()"), go="start > s"), ("s", "expression-syntax")),
    "call": (lambda: only(start(), tag("callActivity", "s"), go="start > s"), ("s", "called-missing")),
    "call of an expression": (
        lambda: only(start(), tag("callActivity", "s", calledElement_="=x"), go="start > s"),
        ("s", "called-missing"),
    ),
    "reserved output": (
        lambda: only(start(), tag("callActivity", "s", mapping({}, {"case": "=1"}), calledElement_="x"), go="start > s"),
        ("s", "reserved-name"),
    ),
    "output on a task": (lambda: only(start(), user("s", mapping({}, {"k": "=1"})), go="start > s"), ("s", "mapping-not-allowed")),
    "input on a task": (lambda: only(start(), user("s", mapping({"k": "=1"})), go="start > s"), ("s", "mapping-not-allowed")),
    "catch without event": (lambda: only(start(), catch("s", ""), end(), go="start > s > end"), ("s", "unsupported-event")),
    "timer throw": (lambda: only(start(), throw("s", timer("P1D")), end(), go="start > s > end"), ("s", "unsupported-event")),
    "compensation": (
        lambda: only(start(), throw("s", "<compensateEventDefinition/>"), end(), go="start > s > end"),
        ("s", "unsupported-event"),
    ),
    "cancel": (lambda: only(start(), end("s", "<cancelEventDefinition/>"), go="start > s"), ("s", "unsupported-event")),
    "two triggers": (lambda: only(start(), catch("s", timer("P1D") + signal("x")), end(), go="start > s > end"), ("s", "several-events")),
    "message without name": (
        lambda: only(start(), catch("s", "<messageEventDefinition/>"), end(), go="start > s > end"),
        ("s", "message-missing"),
    ),
    "message nobody defined": (
        lambda: only(start(), catch("s", '<messageEventDefinition messageRef="q"/>'), end(), go="start > s > end"),
        ("s", "dangling-reference"),
    ),
    "error thrown without code": (lambda: only(start(), end("s", error()), go="start > s"), ("s", "error-missing")),
    "escalation without code": (lambda: only(start(), end("s", escalation()), go="start > s"), ("s", "escalation-missing")),
    "error that does not interrupt": (
        lambda: only(start(), user("a"), boundary("s", "a", error(), False), end(), go="start > a > end; s > end"),
        ("s", "error-not-interrupting"),
    ),
    "boundary on nothing": (
        lambda: only(start(), user("a"), boundary("s", "q", timer("P1D")), end(), go="start > a > end; s > end"),
        ("s", "dangling-reference"),
    ),
    "boundary on a gateway": (
        lambda: only(start(), xor("a"), boundary("s", "a", timer("P1D")), end(), go="start > a > end; s > end"),
        ("s", "dangling-reference"),
    ),
    "boundary without flow": (
        lambda: only(start(), user("a"), boundary("s", "a", timer("P1D")), end(), go="start > a > end"),
        ("s", "no-way-out"),
    ),
    "timer garbage": (lambda: only(start(), catch("s", timer("PT1X")), end(), go="start > s > end"), ("s", "timer-invalid")),
    "timer negative": (lambda: only(start(), catch("s", timer("-P1D")), end(), go="start > s > end"), ("s", "timer-invalid")),
    "timer zero": (lambda: only(start(), catch("s", timer("PT0S")), end(), go="start > s > end"), ("s", "timer-invalid")),
    "timer absurd": (lambda: only(start(), catch("s", timer("P900Y")), end(), go="start > s > end"), ("s", "timer-invalid")),
    "timer without rule": (
        lambda: only(start(), catch("s", "<timerEventDefinition/>"), end(), go="start > s > end"),
        ("s", "timer-missing"),
    ),
    "cycle where nothing repeats": (lambda: only(start(), catch("s", timer("R/P1D")), end(), go="start > s > end"), ("s", "timer-repeats")),
    "cycle too short": (
        lambda: only(start(), user("a"), boundary("s", "a", timer("R/PT1S"), False), end(), go="start > a > end; s > end"),
        ("s", "timer-invalid"),
    ),
    "cycle garbage": (
        lambda: only(start(), user("a"), boundary("s", "a", timer("R/often"), False), end(), go="start > a > end; s > end"),
        ("s", "timer-invalid"),
    ),
    "condition syntax": (lambda: only(start(), catch("s", condition("n >")), end(), go="start > s > end"), ("s", "expression-syntax")),
    "event gateway with a task": (
        lambda: only(start(), first("g"), user("a"), catch("s", timer("P1D")), end(), go="start > g > a > end; g > s > end"),
        ("a", "event-gateway-target"),
    ),
    "event gateway alone": (
        lambda: only(start(), first("g"), catch("s", timer("P1D")), end(), go="start > g > s > end"),
        ("g", "event-gateway-single"),
    ),
    "event gateway with another way in": (
        lambda: only(
            start(),
            both("x"),
            first("g"),
            catch("s", timer("P1D")),
            catch("m", message("m")),
            end(),
            go="start > x > g > s > end; g > m > end; x > s",
        ),
        ("s", "event-gateway-target"),
    ),
    "multi-instance of nothing": (
        lambda: only(start(), user("a", "<multiInstanceLoopCharacteristics/>"), end(), go="start > a > end"),
        ("a", "multi-instance-what"),
    ),
    "half an output": (
        lambda: only(start(), user("a", many("=[1]", outputCollection="x")), end(), go="start > a > end"),
        ("a", "multi-instance-output"),
    ),
    "loop without end": (
        lambda: only(start(), user("a", "<standardLoopCharacteristics/>"), end(), go="start > a > end"),
        ("a", "loop-without-end"),
    ),
    "negative loop": (lambda: only(start(), user("a", again("true", maximum=-1)), end(), go="start > a > end"), ("a", "loop-maximum")),
    "event sub-process without trigger": (
        lambda: only(start(), end(), sub("e", start("es"), end("eo"), go="es > eo", triggeredByEvent_="true"), go="start > end"),
        ("e", "event-subprocess-start"),
    ),
    "event sub-process in the flow": (
        lambda: only(
            start(), end(), sub("e", start("es", signal("x")), end("eo"), go="es > eo", triggeredByEvent_="true"), go="start > e > end"
        ),
        ("e", "event-subprocess-connected"),
    ),
    "link to nowhere": (
        lambda: only(start(), throw("s", '<linkEventDefinition name="far"/>'), go="start > s"),
        ("s", "link-without-target"),
    ),
    "flow across a border": (
        lambda: only(start(), sub("b", start("i"), end("o"), go="i > o"), end(), go="start > b > end; i > end"),
        ("i_end", "dangling-reference"),
    ),
    "instantiating receive": (
        lambda: only(start(), tag("receiveTask", "s", messageRef_="message_m", instantiate_="true"), end(), go="start > s > end"),
        ("s", "unsupported-attribute"),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_run_is_refused(name):
    drawn, expected = REFUSED[name]
    assert expected in drawn()


def test_a_long_procedure_without_a_start_is_one_problem_that_names_all_that_hangs_on_it() -> None:
    steps = [f"u{number}" for number in range(300)]
    found = whole(*map(user, steps), end(), go=" > ".join([*steps, "end"]))
    assert found.keys() == {"p"}
    [problem] = found["p"]
    assert "the 301 elements" in problem.message
    assert problem.also == (*steps, "end")


def test_a_part_that_no_way_leads_to_is_one_problem_where_the_way_is_missing() -> None:
    found = whole(start(), user("b"), user("a"), end(), user("alone"), end("out"), go="start > end; a > b > out")
    assert {id: problem.also for id, [problem] in found.items()} == {"a": ("b", "out"), "alone": ()}
    assert "the 2 elements that hang on it" in found["a"][0].message
