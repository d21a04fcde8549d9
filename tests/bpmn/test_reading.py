"""What is refused at publish, with element id and code; and what a process model says."""

from __future__ import annotations

import pytest

from engine.bpmn import check_closure, closure_keys, read
from tests.bpmn.drawing import (
    end,
    message,
    models,
    problems,
    process,
    signal,
    start,
    tag,
    throw,
    user,
    xor,
)

DRAWN = process(start(), user("a"), end(), go="start > a > end")


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
        (b'<userTask id="a"', b'<userTask id="a b"', ("a b", "invalid-id")),
        (b'<process id="p"', b'<process id="../p"', ("../p", "invalid-id")),
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
        (b'<userTask id="a">', b'<userTask id="a"><resourceRole id="po"/>', ("a", "unsupported-element")),
        (b'<userTask id="a">', b'<userTask id="a"><multiInstanceLoopCharacteristics behavior="One"/>', ("a", "unsupported-attribute")),
        (
            b'<userTask id="a">',
            b'<userTask id="a"><multiInstanceLoopCharacteristics><complexBehaviorDefinition/></multiInstanceLoopCharacteristics>',
            ("a", "unsupported-element"),
        ),
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
        start("s", message("new")),
        start(),
        user("a", form="f", duty="d", role="r"),
        tag("businessRuleTask", "b", decision="dec"),
        tag("callActivity", "c", calledElement_="other"),
        tag("serviceTask", "o", operation="op"),
        tag("sendTask", "n", notice="note", to="=x"),
        throw("t", signal("sig")),
        end("e", milestone="over"),
        go="s > a; start > a > b > c > o > n > t > e",
    )
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


def test_a_call_of_a_global_task_is_refused_as_such():
    call = tag("callActivity", "a", calledElement_="g")
    drawn = process(start(), call, end(), go="start > a > end", roots='<globalUserTask id="g" name="Ask"/>')
    reading = read({"p.bpmn": drawn})
    ((element, code, message),) = [(p.element_id, p.code, p.message) for p in reading.problems]
    assert (element, code) == ("a", "unsupported-element")
    assert "cannot be called; draw the step here" in message
