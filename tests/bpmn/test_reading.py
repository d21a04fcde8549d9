"""What is refused at publish, with element id and code; and what a process model says."""

from __future__ import annotations

import pytest

from engine.bpmn import check_closure, closure_keys, read
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
    models,
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
)  # fmt: skip

DRAWN = process(start(), user("a"), end(), go="start > a > end")


def only(*elements: str, go: str, **more: str) -> set[tuple[str | None, str]]:
    return problems(process(*elements, go=go, **more))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "malformed-xml"),
        (b"<a", "malformed-xml"),
        (b"\x00\x01", "malformed-xml"),
        (DRAWN[:-5], "malformed-xml"),
        (b"<html/>", "not-bpmn"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "doctype"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"), "doctype"),
        (DRAWN + b" " * 1_000_000, "too-large"),
        (b"<a>" * 200 + b"</a>" * 200, "too-deep"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "no-process"),
    ],
)
def test_a_file_that_is_hostile_broken_or_something_else_is_refused(data, code):
    assert problems(data) == {(None, code)}


def test_processing_instructions_and_comments_change_nothing():
    assert problems(DRAWN.replace(b"<process", b"<!-- x --><?y z?><process")) == set()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b'<userTask id="a"', b'<userTask id="start"', ("start", "duplicate-id")),
        (b'<userTask id="a"', b'<userTask id=" "', (None, "empty-id")),
        (b'<userTask id="a"', b"<userTask", (None, "empty-id")),
        (b'sourceRef="a"', b'sourceRef="q"', ("a_end", "dangling-reference")),
        (b' targetRef="end"', b"", ("a_end", "dangling-reference")),
        (b"<userTask", b'<magicTask id="m"/><userTask', ("m", "unknown-element")),
        (b"<userTask", b'<complexGateway id="m"/><userTask', ("m", "unsupported-element")),
        (b"<userTask", b'<adHocSubProcess id="m"/><userTask', ("m", "unsupported-element")),
        (b"<userTask", b'<transaction id="m"/><userTask', ("m", "unsupported-element")),
        (b'<userTask id="a">', b'<userTask id="a"><wish/>', ("a", "unknown-element")),
        (b'<userTask id="a"', b'<userTask id="a" isForCompensation="true"', ("a", "unsupported-attribute")),
        (b'<userTask id="a"', b'<userTask id="a" completionQuantity="2"', ("a", "unsupported-attribute")),
        (b'<userTask id="a"', b'<userTask id="a" default="start_a"', ("a", "dangling-reference")),
        (b'<userTask id="a"', b'<userTask id="a" parley:fform="x"', ("a", "unknown-attribute")),
        (b'<userTask id="a"', b'<userTask id="a" parley:due="P-3D"', ("a", "timer-invalid")),
        (b'<userTask id="a"', b'<userTask id="a" parley:due="=1 +"', ("a", "expression-syntax")),
        (b'<userTask id="a"', b'<userTask id="a" name="=1 +"', ("a", "expression-syntax")),
        (b'<userTask id="a"', b'<userTask id="a" parley:priority="high"', ("a", "priority-invalid")),
        (
            b"<userTask",
            b'<laneSet id="ls"><lane id="l"><flowNodeRef>q</flowNodeRef></lane></laneSet><userTask',
            ("l", "dangling-reference"),
        ),
        (b'<userTask id="a">', b'<userTask id="a"><extensionElements><parley:wish/></extensionElements>', ("a", "unknown-extension")),
    ],
)
def test_wrong_elements_ids_references_and_attributes_are_refused(old, new, expected):
    assert old in DRAWN
    found = problems(DRAWN.replace(old, new, 1))
    assert expected in found or (expected[0] is None and expected[1] in {code for _, code in found})


REFUSED = {
    "no start": (lambda: only(user("a"), end(), go="a > end"), ("p", "no-start-event")),
    "two plain starts": (lambda: only(start("s1"), start("s2"), end(), go="s1 > end; s2 > end"), ("s2", "several-start-events")),
    "timer start": (lambda: only(start("s", timer("P1D")), end(), go="s > end"), ("s", "unsupported-event")),
    "unreachable": (lambda: only(start(), user("lost"), end(), go="start > end; lost > end"), ("lost", "unreachable")),
    "missing condition": (lambda: only(start(), xor("x"), end("a"), end("b"), go="start > x > a [k]; x > b"), ("x_b", "missing-condition")),
    "missing condition inclusive": (lambda: only(start(), some("x"), end("a"), end("b"), go="start > x > a [k]; x > b"), ("x_b", "missing-condition")),
    "condition after parallel": (lambda: only(start(), both("x"), end("a"), end("b"), go="start > x > a [k]; x > b"), ("x_a", "condition-not-allowed")),
    "default with condition": (lambda: only(start(), xor("x"), end("a"), end("b"), go="start > x > a [k]; x > b [m] *"), ("x_b", "default-with-condition")),
    "syntax of condition": (lambda: only(start(), xor("x"), end("a"), end("b"), go="start > x > a [k >]; x > b *"), ("x_a", "expression-syntax")),
    "gateway without way out": (lambda: only(start(), xor("x"), go="start > x"), ("x", "no-way-out")),
    "flow into start": (lambda: only(start(), user("a"), go="start > a > start"), ("start", "flow-into-start")),
    "flow out of end": (lambda: only(start(), end(), user("a"), go="start > end > a"), ("end", "flow-out-of-end")),
    "two starts in a sub-process": (lambda: only(start(), sub("b", start("i1"), start("i2"), end("o"), go="i1 > o; i2 > o"), go="start > b"), ("b", "subprocess-start")),
    "sub-process without start": (lambda: only(start(), sub("b", user("u"), end("o"), go="u > o"), go="start > b"), ("b", "no-start-event")),
    "empty sub-process": (lambda: only(start(), sub("b", go=""), go="start > b"), ("b", "empty")),
    "service task": (lambda: only(start(), tag("serviceTask", "s"), go="start > s"), ("s", "operation-missing")),
    "rule task": (lambda: only(start(), tag("businessRuleTask", "s"), go="start > s"), ("s", "decision-missing")),
    "send task": (lambda: only(start(), tag("sendTask", "s"), go="start > s"), ("s", "send-what")),
    "notice to nobody": (lambda: only(start(), tag("sendTask", "s", notice="n"), go="start > s"), ("s", "recipient-missing")),
    "receive task": (lambda: only(start(), tag("receiveTask", "s"), go="start > s"), ("s", "message-missing")),
    "script": (lambda: only(start(), script("s", ""), go="start > s"), ("s", "script-missing")),
    "script syntax": (lambda: only(start(), script("s", "import os; os.exit()"), go="start > s"), ("s", "expression-syntax")),
    "call": (lambda: only(start(), tag("callActivity", "s"), go="start > s"), ("s", "called-missing")),
    "call of an expression": (lambda: only(start(), tag("callActivity", "s", calledElement_="=x"), go="start > s"), ("s", "called-missing")),
    "reserved output": (lambda: only(start(), tag("callActivity", "s", mapping({}, {"case": "=1"}), calledElement_="x"), go="start > s"), ("s", "reserved-name")),
    "output on a task": (lambda: only(start(), user("s", mapping({}, {"k": "=1"})), go="start > s"), ("s", "mapping-not-allowed")),
    "input on a task": (lambda: only(start(), user("s", mapping({"k": "=1"})), go="start > s"), ("s", "mapping-not-allowed")),
    "catch without event": (lambda: only(start(), catch("s", ""), end(), go="start > s > end"), ("s", "unsupported-event")),
    "timer throw": (lambda: only(start(), throw("s", timer("P1D")), end(), go="start > s > end"), ("s", "unsupported-event")),
    "compensation": (lambda: only(start(), throw("s", "<compensateEventDefinition/>"), end(), go="start > s > end"), ("s", "unsupported-event")),
    "cancel": (lambda: only(start(), end("s", "<cancelEventDefinition/>"), go="start > s"), ("s", "unsupported-event")),
    "two triggers": (lambda: only(start(), catch("s", timer("P1D") + signal("x")), end(), go="start > s > end"), ("s", "several-events")),
    "message without name": (lambda: only(start(), catch("s", "<messageEventDefinition/>"), end(), go="start > s > end"), ("s", "message-missing")),
    "message nobody defined": (lambda: only(start(), catch("s", '<messageEventDefinition messageRef="q"/>'), end(), go="start > s > end"), ("s", "dangling-reference")),
    "error thrown without code": (lambda: only(start(), end("s", error()), go="start > s"), ("s", "error-missing")),
    "escalation without code": (lambda: only(start(), end("s", escalation()), go="start > s"), ("s", "escalation-missing")),
    "error that does not interrupt": (lambda: only(start(), user("a"), boundary("s", "a", error(), False), end(), go="start > a > end; s > end"), ("s", "error-not-interrupting")),
    "boundary on nothing": (lambda: only(start(), user("a"), boundary("s", "q", timer("P1D")), end(), go="start > a > end; s > end"), ("s", "dangling-reference")),
    "boundary on a gateway": (lambda: only(start(), xor("a"), boundary("s", "a", timer("P1D")), end(), go="start > a > end; s > end"), ("s", "dangling-reference")),
    "boundary without flow": (lambda: only(start(), user("a"), boundary("s", "a", timer("P1D")), end(), go="start > a > end"), ("s", "no-way-out")),
    "timer garbage": (lambda: only(start(), catch("s", timer("PT1X")), end(), go="start > s > end"), ("s", "timer-invalid")),
    "timer negative": (lambda: only(start(), catch("s", timer("-P1D")), end(), go="start > s > end"), ("s", "timer-invalid")),
    "timer zero": (lambda: only(start(), catch("s", timer("PT0S")), end(), go="start > s > end"), ("s", "timer-invalid")),
    "timer absurd": (lambda: only(start(), catch("s", timer("P900Y")), end(), go="start > s > end"), ("s", "timer-invalid")),
    "timer without rule": (lambda: only(start(), catch("s", "<timerEventDefinition/>"), end(), go="start > s > end"), ("s", "timer-missing")),
    "cycle where nothing repeats": (lambda: only(start(), catch("s", timer("R/P1D")), end(), go="start > s > end"), ("s", "timer-repeats")),
    "cycle too short": (lambda: only(start(), user("a"), boundary("s", "a", timer("R/PT1S"), False), end(), go="start > a > end; s > end"), ("s", "timer-invalid")),
    "cycle garbage": (lambda: only(start(), user("a"), boundary("s", "a", timer("R/often"), False), end(), go="start > a > end; s > end"), ("s", "timer-invalid")),
    "condition syntax": (lambda: only(start(), catch("s", condition("n >")), end(), go="start > s > end"), ("s", "expression-syntax")),
    "event gateway with a task": (lambda: only(start(), first("g"), user("a"), catch("s", timer("P1D")), end(), go="start > g > a > end; g > s > end"), ("a", "event-gateway-target")),
    "event gateway alone": (lambda: only(start(), first("g"), catch("s", timer("P1D")), end(), go="start > g > s > end"), ("g", "event-gateway-single")),
    "event gateway with another way in": (lambda: only(start(), both("x"), first("g"), catch("s", timer("P1D")), catch("m", message("m")), end(), go="start > x > g > s > end; g > m > end; x > s"), ("s", "event-gateway-target")),
    "multi-instance of nothing": (lambda: only(start(), user("a", "<multiInstanceLoopCharacteristics/>"), end(), go="start > a > end"), ("a", "multi-instance-what")),
    "half an output": (lambda: only(start(), user("a", many("=[1]", outputCollection="x")), end(), go="start > a > end"), ("a", "multi-instance-output")),
    "loop without end": (lambda: only(start(), user("a", "<standardLoopCharacteristics/>"), end(), go="start > a > end"), ("a", "loop-without-end")),
    "negative loop": (lambda: only(start(), user("a", again("true", maximum=-1)), end(), go="start > a > end"), ("a", "loop-maximum")),
    "event sub-process without trigger": (lambda: only(start(), end(), sub("e", start("es"), end("eo"), go="es > eo", triggeredByEvent_="true"), go="start > end"), ("e", "event-subprocess-start")),
    "event sub-process in the flow": (lambda: only(start(), end(), sub("e", start("es", signal("x")), end("eo"), go="es > eo", triggeredByEvent_="true"), go="start > e > end"), ("e", "event-subprocess-connected")),
    "link to nowhere": (lambda: only(start(), throw("s", '<linkEventDefinition name="far"/>'), go="start > s"), ("s", "link-without-target")),
    "flow across a border": (lambda: only(start(), sub("b", start("i"), end("o"), go="i > o"), end(), go="start > b > end; i > end"), ("i_end", "dangling-reference")),
    "instantiating receive": (lambda: only(start(), tag("receiveTask", "s", messageRef_="message_m", instantiate_="true"), end(), go="start > s > end"), ("s", "unsupported-attribute")),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_run_is_refused(name):
    drawn, expected = REFUSED[name]
    assert expected in drawn()


def test_what_is_drawn_beside_the_flow_is_no_problem_and_is_not_run():
    beside = (
        '<textAnnotation id="n"><text>note</text></textAnnotation><association id="as" sourceRef="a" targetRef="n"/>'
        '<dataStoreReference id="ds"/><dataObject id="do"/><group id="g"/>'
    )
    drawn = process(beside, start(), user("a"), end(), go="start > a > end")
    drawn = drawn.replace(b"<process", b'<collaboration id="co"><participant id="pa" processRef="p"/></collaboration><process')
    drawn = drawn.replace(b"</definitions>", b'<x:BPMNDiagram xmlns:x="http://www.omg.org/spec/BPMN/20100524/DI" id="di"/></definitions>')
    drawn = drawn.replace(b'<userTask id="a"', b'<userTask xmlns:c="urn:other" c:thing="1" id="a"')
    model = models(drawn)["p"]
    assert model.source == drawn
    assert b"other" not in model.normalised
    assert b"note" not in model.normalised


def test_moving_shapes_does_not_change_what_is_run():
    moved = DRAWN.replace(b"</definitions>", b'<x:BPMNDiagram xmlns:x="urn:di" id="di"><x:Bounds x="5"/></x:BPMNDiagram></definitions>')
    assert models(moved)["p"].normalised == models(DRAWN)["p"].normalised


def test_a_process_that_is_not_executable_is_read_and_not_judged():
    reading = read({"x.bpmn": process(user("a"), xor("x"), go="a > x", executable=False)})
    assert reading.problems == ()
    assert not reading.processes[0].executable


def test_a_model_names_everything_it_needs_from_outside():
    drawn = process(
        start("s", message("new")), start(), user("a", form="f", duty="d", role="r"), tag("businessRuleTask", "b", decision="dec"),
        tag("callActivity", "c", calledElement_="other"), tag("serviceTask", "o", operation="op"), tag("sendTask", "n", notice="note", to="=x"),
        throw("t", signal("sig")), end("e", milestone="over"), go="s > a; start > a > b > c > o > n > t > e",
    )  # fmt: skip
    model = models(drawn)["p"]
    found = (model.forms, model.duties, model.roles, model.decisions, model.calls, model.operations, model.notices, model.signals)
    assert found == tuple(frozenset({name}) for name in ("f", "d", "r", "dec", "other", "op", "note", "sig"))
    assert (model.start_messages, model.milestones, model.plain_start) == ({"new"}, {"over"}, True)
    assert next(e for e in model.elements if e.id == "c").called == "other"


def test_two_files_may_not_hold_the_same_process():
    assert problems(DRAWN, DRAWN) == {("p", "duplicate-process")}


def call(key: str, called: str) -> bytes:
    return process(start(), tag("callActivity", "c", calledElement_=called), end(), go="start > c > end", key=key)


def codes(*files: bytes) -> set[tuple[str | None, str]]:
    return {(p.element_id, p.code) for p in check_closure(models(*files), {"known"}, {"known"})}


def test_what_a_deployment_lacks_is_named_at_the_element_that_needs_it():
    needs = process(start(), user("a", form="f"), tag("businessRuleTask", "b", decision="d"), end(), go="start > a > b > end")
    assert codes(needs) == {("a", "form-missing"), ("b", "decision-missing")}
    assert codes(call("p", "q")) == {("c", "callee-missing")}
    assert codes(call("p", "q"), process(start("s", message("m")), end(), go="s > end", key="q")) == {("c", "callee-start")}
    assert codes(call("p", "q"), process(start(), end(), go="start > end", key="q", executable=False)) == {("c", "callee-not-executable")}


def test_calls_that_come_back_are_refused():
    assert codes(call("p", "p")) == {("c", "cyclic-call")}
    assert codes(call("p", "q"), call("q", "r"), call("r", "p")) == {("c", "cyclic-call")}
    assert codes(call("p", "q"), call("q", "q")) == {("c", "cyclic-call")}


def test_a_closure_holds_all_that_is_called_directly_or_by_others():
    found = models(
        call("p", "q"),
        call("q", "r"),
        process(start(), end(), go="start > end", key="r"),
        process(start(), end(), go="start > end", key="x"),
    )
    assert closure_keys("p", found) == ("p", "q", "r")


def test_thousands_of_nodes_in_a_row_are_read():
    names = [f"t{i}" for i in range(2000)]
    drawn = process(start(), *[tag("manualTask", name) for name in names], end(), go=" > ".join(["start", *names, "end"]))
    assert len(models(drawn)["p"].elements) == 2002
