"""Data objects, inputs, outputs and associations: BPMN 2.0, 10.4."""

from __future__ import annotations

import pytest

from engine.bpmn import check_closure
from tests.bpmn.drawing import end, models, problems, process, script, start, sub, tag, throw, user


def box(inputs: str = "", outputs: str = "") -> str:
    """An ioSpecification with these inputs and outputs, by name; the id is `in_` or `out_` and the name."""
    drawn = "".join(f'<dataInput id="in_{name}" name="{name}"/>' for name in inputs.split())
    drawn += "".join(f'<dataOutput id="out_{name}" name="{name}"/>' for name in outputs.split())
    return f"<ioSpecification>{drawn}<inputSet/><outputSet/></ioSpecification>"


def into(target: str = "", source: str = "", inner: str = "") -> str:
    return _association("dataInputAssociation", source, target, inner)


def out_of(source: str = "", target: str = "", inner: str = "") -> str:
    return _association("dataOutputAssociation", source, target, inner)


def _association(kind: str, source: str, target: str, inner: str) -> str:
    ends = f"<sourceRef>{source}</sourceRef>" if source else ""
    ends += f"<targetRef>{target}</targetRef>" if target else ""
    return f"<{kind}>{ends}{inner}</{kind}>"


def assignment(source: str, target: str) -> str:
    return f"<assignment><from>{source}</from><to>{target}</to></assignment>"


OBJECT = '<dataObject id="do"/><dataObjectReference id="ref" name="people" dataObjectRef="do"/><dataObject id="all" name="answers"/>'
CALLEE = process(start("cs"), user("ask"), end("ce"), go="cs > ask > ce", key="c")


def call(*inner: str) -> str:
    return tag("callActivity", "call", "".join(inner), calledElement_="c")


def calling(*inner: str) -> bytes:
    return process(OBJECT, start(), call(*inner), user("z"), end(), go="start > call > z > end")


def test_a_plain_association_passes_data_into_a_called_process_and_out_of_it(tell):
    data = calling(box("names", "said"), into("in_names", "ref"), out_of("out_said", "all"))
    story = tell(data, CALLEE, given={"people": ["ann"], "hidden": 1})
    assert story.task("ask").variables == {"names": ["ann"]}
    assert story.do("ask", said="yes").task("z").variables == {"people": ["ann"], "hidden": 1, "answers": "yes"}


def test_a_transformation_and_assignments_work_out_what_is_passed(tell):
    data = calling(
        box("n", "m"),
        into("in_n", "ref", "<transformation>count(people)</transformation>"),
        into(inner=assignment("=1 + 1", "two") + assignment("people[1]", "=first")),
        out_of("out_m", "all", "<transformation>m * 2</transformation>"),
        out_of(inner=assignment("m + n", "total")),
    )
    story = tell(data, CALLEE, given={"people": ["ann", "bob", "cem"]})
    assert story.task("ask").variables == {"n": 3, "two": 2, "first": "ann"}
    story.do("ask", m=4)
    assert (story.value("answers"), story.value("total")) == (8, 7)


def test_associations_tell_an_event_what_to_carry(tell):
    thrown = throw("t", '<signalEventDefinition signalRef="signal_s"/><dataInput id="n" name="count"/>' + into("n", "ref"))
    story = tell(process(OBJECT, start(), thrown, end(), go="start > t > end"), given={"people": ["ann"]})
    assert [dict(t.payload) for t in story.thrown] == [{"count": ["ann"]}]


def test_a_data_object_declares_the_name_that_is_drawn_and_belongs_to_its_scope(tell):
    inner = sub("box", OBJECT, start("i"), user("a"), end("o"), go="i > a > o")
    story = tell(process(start(), inner, user("z"), end(), go="start > box > z > end")).do("a", people=1, answers=2, other=3)
    assert story.task("z").variables == {"other": 3}


def test_data_inputs_and_outputs_of_a_process_are_its_own_variables(tell):
    callee = process(box("n", "said"), start("cs"), user("ask"), end("ce"), go="cs > ask > ce", key="c")
    data = calling(box("n", "said"), into(inner=assignment("=5", "n")), out_of("out_said", "all"))
    assert tell(data, callee).do("ask", said=1).value("answers") == 1


@pytest.mark.parametrize(
    "inner",
    [
        '<property id="hook" name="__targetRef_placeholder"/>' + into("hook", "ref"),
        box("people") + into("in_people", "ref"),
        out_of("", "ref"),
    ],
)
def test_associations_that_change_nothing_are_drawing(tell, inner):
    story = tell(process(OBJECT, start(), user("a", inner), end(), go="start > a > end"), given={"people": 1})
    assert story.task("a").variables == {"people": 1}


STORE = '<dataStoreReference id="ds" name="Files"/>'


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (process(OBJECT, start(), user("a", box("n") + into("in_n", "ref")), go="start > a"), ("a", "data-association")),
        (process(OBJECT, start(), user("a", into(inner=assignment("=1", "n"))), go="start > a"), ("a", "data-association")),
        (
            process(OBJECT, start(), user("a", out_of("", "all", "<transformation>1</transformation>")), go="start > a"),
            ("a", "data-association"),
        ),
        (
            process(OBJECT, start(), script("a", "{}", into("ref", "all", "<transformation>1</transformation>")), go="start > a"),
            ("a", "data-association"),
        ),
        (calling(into(inner=assignment("=1", "n.m"))), ("call", "data-association")),
        (calling(into(inner=assignment("", "n"))), ("call", "data-association")),
        (calling(into(inner=assignment("=1 +", "n"))), ("call", "expression-syntax")),
        (calling(into(inner=assignment("=1", "case"))), ("call", "reserved-name")),
        (calling(box("n"), into("in_n", "gone")), ("call", "dangling-reference")),
        (process(STORE, start(), call(box("n"), into("in_n", "ds")), go="start > call"), ("call", "data-association")),
        (process(start(), user("a", '<property id="k" name="kept"/>'), go="start > a"), ("a", "property-not-allowed")),
        (process('<dataObjectReference id="r" dataObjectRef="gone"/>', start(), go=""), ("r", "dangling-reference")),
        (process(start(), user("a", box() + box()), go="start > a"), ("a", "several-of-one")),
        (process(start(), user("a", box("n").replace("<inputSet/>", "<inputSet/><inputSet/>")), go="start > a"), ("a", "several-of-one")),
        (
            process(start(), user("a", box("n").replace("<inputSet/>", "<inputSet><whileExecutingInputRefs/></inputSet>")), go="start > a"),
            ("a", "unsupported-element"),
        ),
        (process(start(), tag("exclusiveGateway", "a", into("x", "y")), end(), go="start > a > end"), ("a", "unknown-element")),
    ],
)
def test_associations_that_would_be_passed_over_in_silence_are_refused(data, expected):
    assert expected in problems(data)


def missing(caller: bytes, callee: bytes) -> set[tuple[str | None, str]]:
    return {(p.element_id, p.code) for p in check_closure(models(caller, callee), (), ())}


def test_what_a_call_passes_has_to_match_what_the_called_process_says_it_takes_and_gives():
    optional = box("n m", "said").replace("<inputSet/>", "<inputSet><optionalInputRefs>in_m</optionalInputRefs></inputSet>")
    callee = process(optional, start("cs"), end("ce"), go="cs > ce", key="c")
    assert missing(calling(into(inner=assignment("=5", "n"))), callee) == set()
    assert missing(calling(into(inner=assignment("=5", "m"))), callee) == {("call", "input-missing")}
    assert missing(calling(into(inner=assignment("=5", "n") + assignment("=5", "q"))), callee) == {("call", "input-unknown")}
    assert missing(calling(into(inner=assignment("=5", "n")), out_of(inner=assignment("q", "k"))), callee) == {("call", "output-unknown")}
    assert missing(calling(into(inner=assignment("=5", "n")), out_of(inner=assignment("said", "k"))), callee) == set()


def test_associations_say_what_a_worker_is_told_and_what_of_its_answer_is_kept(tell):
    inner = box("names", "said") + into("in_names", "ref") + out_of("out_said", "all")
    story = tell(
        process(OBJECT, start(), tag("serviceTask", "s", inner, job="ask"), user("z"), end(), go="start > s > z > end"),
        given={"people": [1]},
    )
    assert [dict(job.inputs) for job in story.turn.jobs] == [{"names": [1]}]
    story.execution.complete_job(story.turn.jobs[0].token_id, {"said": "yes", "more": "dropped"})
    assert story.retry().task("z").variables == {"people": [1], "answers": "yes"}
