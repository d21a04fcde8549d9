"""Event definitions that several events share, and loops that name their data as the standard does."""

from __future__ import annotations

import pytest

from engine.model.execution import EntryEvent
from tests.bpmn.drawing import (
    both,
    boundary,
    catch,
    end,
    first,
    mapping,
    message,
    problems,
    process,
    script,
    start,
    sub,
    tag,
    throw,
    timer,
    user,
)

ROOTS = (
    '<message id="m" name="hello"/><signal id="s" name="go"/><error id="e" errorCode="no"/><escalation id="u" escalationCode="up"/>'
    '<messageEventDefinition id="md" messageRef="m"/><signalEventDefinition id="sd" signalRef="s"/>'
    '<errorEventDefinition id="ed" errorRef="e"/><errorEventDefinition id="any"/><escalationEventDefinition id="ud" escalationRef="u"/>'
    '<terminateEventDefinition id="td"/><linkEventDefinition id="ld" name="far"/>'
    '<conditionalEventDefinition id="cd"><condition>n &gt; 2</condition></conditionalEventDefinition>'
    '<timerEventDefinition id="dd"><timeDuration>P1D</timeDuration></timerEventDefinition>'
    '<timerEventDefinition id="rd"><timeCycle>R/P1D</timeCycle></timerEventDefinition>'
)


def ref(id: str) -> str:
    return f"<eventDefinitionRef>{id}</eventDefinitionRef>"


def drawn(*elements: str, go: str) -> bytes:
    return process(*elements, go=go, roots=ROOTS)


def esp(event: str, interrupting: bool = True) -> str:
    begin = start("es", event, isInterrupting_=str(interrupting).lower())
    return sub("esp", begin, user("h"), end("eo"), go="es > h > eo", triggeredByEvent_="true")


def test_shared_definitions_of_catching_events_are_waited_for(tell):
    story = tell(drawn(start(), catch("w", ref("md")), catch("v", ref("sd")), catch("d", ref("dd")), end(), go="start > w > v > d > end"))
    assert story.tell("hello").tell("go").wait(days=1).state == "completed"
    story = tell(
        drawn(start(), first("g"), catch("c", ref("tns:cd")), catch("d", ref("dd")), end(), go="start > g > c > end; g > d > end"),
        given={"n": 3},
    )
    assert story.done("intermediateCatchEvent") == ["c"]


def test_shared_definitions_of_throwing_events_are_thrown(tell):
    story = tell(
        drawn(
            start(),
            throw("w", ref("md")),
            throw("v", ref("sd")),
            throw("l", ref("ld")),
            catch("k", ref("ld")),
            end("x", ref("sd")),
            go="start > w > v > l; k > x",
        )
    )
    assert [t.name for t in story.thrown] == ["hello", "go", "go"]
    story = tell(drawn(start(), both("fork"), user("a"), end("t", ref("td")), end(), go="start > fork > a > end; fork > t"))
    assert (story.state, story.turn.end_event, story.count("a", EntryEvent.CANCELLED)) == ("completed", "t", 1)


@pytest.mark.parametrize(("caught", "other"), [("ed", "any"), ("any", "any")])
def test_shared_errors_and_escalations_are_thrown_and_caught_by_code(tell, caught, other):
    inner = sub("box", start("i"), throw("up", ref("ud")), end("bad", ref("ed")), go="i > up > bad")
    story = tell(
        drawn(
            start(),
            inner,
            boundary("b", "box", ref(caught)),
            boundary("u1", "box", ref("ud"), False),
            user("z"),
            user("y"),
            end(),
            go="start > box > end; b > z > end; u1 > y > end",
        )
    )
    assert story.open == ["y", "z"]


@pytest.mark.parametrize(("event", "move"), [("md", "hello"), ("sd", "go")])
def test_shared_definitions_start_boundaries_and_event_sub_processes(tell, event, move):
    assert tell(drawn(start(), user("a"), boundary("b", "a", ref(event)), user("z"), end(), go="start > a > end; b > z > end")).tell(
        move
    ).open == ["z"]
    assert tell(drawn(start(), user("a"), end(), esp(ref(event)), go="start > a > end")).tell(move).open == ["h"]


def test_shared_timers_conditions_and_errors_start_event_sub_processes(tell):
    assert tell(drawn(start(), user("a"), end(), esp(ref("rd"), False), go="start > a > end")).wait(days=2).open == ["a", "h", "h"]
    assert tell(drawn(start(), user("a"), user("b"), end(), esp(ref("cd")), go="start > a > b > end")).do("a", n=3).open == ["h"]
    assert tell(drawn(start(), end("bad", ref("ed")), esp(ref("ed")), go="start > bad")).open == ["h"]
    assert tell(drawn(start(), throw("up", ref("ud")), user("a"), end(), esp(ref("ud"), False), go="start > up > a > end")).open == [
        "a",
        "h",
    ]


def test_a_shared_message_starts_a_process(tell):
    assert tell(drawn(start("by", ref("md")), user("a"), end(), go="by > a > end"), by="hello").open == ["a"]


@pytest.mark.parametrize(
    ("roots", "element", "expected"),
    [
        (ROOTS, ref("gone"), ("x", "dangling-reference")),
        (ROOTS + '<messageEventDefinition id="bad" messageRef="gone"/>', ref("md"), ("bad", "dangling-reference")),
        (ROOTS + '<errorEventDefinition id="bad" errorRef="gone"/>', ref("md"), ("bad", "dangling-reference")),
        (ROOTS, ref("md") + ref("sd"), ("x", "several-events")),
        (ROOTS, ref("md") + message("hello"), ("x", "several-events")),
        (ROOTS, ref("td"), ("x", "unsupported-event")),
        (
            ROOTS + '<timerEventDefinition id="bad"><timeDuration>P1D</timeDuration><timeDate>2026-05-01</timeDate></timerEventDefinition>',
            ref("md"),
            ("bad", "several-of-one"),
        ),
        (
            ROOTS + '<timerEventDefinition id="bad"><timeDuration>-P1D</timeDuration></timerEventDefinition>',
            ref("bad"),
            ("x", "timer-invalid"),
        ),
    ],
)
def test_shared_definitions_that_are_not_there_or_mean_nothing_are_refused(roots, element, expected):
    assert expected in problems(process(start(), catch("x", element), end(), go="start > x > end", roots=roots))


@pytest.mark.parametrize("element", [user("x", timer("P1D")), user("x", ref("md")), tag("exclusiveGateway", "x", message("hello"))])
def test_a_trigger_on_what_is_no_event_is_refused(element):
    assert ("x", "unknown-element") in problems(process(start(), element, end(), go="start > x > end", roots=ROOTS))


# Multi-instance activities whose data is named by the standard's own elements (10.3.8, table 10.32).

OBJECTS = (
    '<dataObject id="do" isCollection="true"/><dataObjectReference id="people_ref" name="people" dataObjectRef="do"/>'
    '<dataObject id="all" name="answers" isCollection="true"/>'
)


def many(source: str = "people_ref", target: str = "all", sequential: str = "false", more: str = "", **attributes: str) -> str:
    own = "".join(f' parley:{key}="{value}"' for key, value in attributes.items())
    drawn_in = f"<loopDataInputRef>{source}</loopDataInputRef>" if source else ""
    drawn_out = f'<loopDataOutputRef>{target}</loopDataOutputRef><outputDataItem id="od" name="says"/>' if target else ""
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{sequential}" behavior="All"{own}>{drawn_in}{drawn_out}'
        f'<inputDataItem id="ii" name="who"/>{more}</multiInstanceLoopCharacteristics>'
    )


def each(inner: str) -> bytes:
    return process(OBJECTS, start(), user("a", inner), user("z"), end(), go="start > a > z > end")


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_data_objects_and_items_say_what_it_runs_over_and_what_it_gives(tell, sequential):
    story = tell(each(many(sequential=sequential)), given={"people": ["ann", "bob"]})
    assert story.task("a").variables == {"people": ["ann", "bob"], "who": "ann", "loopCounter": 1}
    story.do("a", says="yes").do("a", says="no")
    assert story.task("z").variables == {"people": ["ann", "bob"], "answers": ["yes", "no"]}


def test_a_task_may_name_its_own_data_input_that_is_filled_by_an_association(tell):
    box = (
        '<ioSpecification><dataInput id="din" name="list"/><dataOutput id="dout" name="given"/><inputSet/><outputSet/></ioSpecification>'
        "<dataInputAssociation><sourceRef>people_ref</sourceRef><targetRef>din</targetRef></dataInputAssociation>"
        "<dataOutputAssociation><sourceRef>dout</sourceRef><targetRef>all</targetRef></dataOutputAssociation>"
    )
    story = tell(each(box + many("din", "dout")), given={"people": ["ann"]})
    assert story.do("a", says="yes").value("answers") == ["yes"]


def test_a_completion_condition_and_an_empty_collection_work_the_same(tell):
    until = "<completionCondition>says = &quot;no&quot;</completionCondition>"
    story = tell(each(many(more=until)), given={"people": ["ann", "bob", "cem"]}).do("a", number=1, says="no")
    assert (story.open, story.value("answers"), story.count("a", EntryEvent.CANCELLED)) == (["z"], ["no"], 2)
    assert tell(each(many()), given={"people": []}).value("answers") == []


@pytest.mark.parametrize(
    ("loop", "code"),
    [
        (many("gone"), "dangling-reference"),
        (many(target="gone"), "dangling-reference"),
        (many(collection="=other"), "multi-instance-twice"),
        (many(more="<loopCardinality>3</loopCardinality>"), "multi-instance-what"),
        (many(target="", outputCollection="x"), "multi-instance-output"),
        (many() + "<standardLoopCharacteristics/>", "several-of-one"),
        (many(more='<inputDataItem id="ij" name="more"/>'), "several-of-one"),
        (many().replace('"All"', '"One"'), "unsupported-attribute"),
        (many().replace('"All"', '"None"'), "unsupported-attribute"),
        (many().replace('"All"', '"Complex"'), "unsupported-attribute"),
        (many(more="<complexBehaviorDefinition/>"), "unsupported-element"),
        (many(more="<loopCondition>true</loopCondition>"), "unknown-element"),
        *(
            (f"<multiInstanceLoopCharacteristics><loopCardinality>{text}</loopCardinality></multiInstanceLoopCharacteristics>", code)
            for text, code in {
                "-1": "cardinality-no-number",
                "=1.5": "cardinality-no-number",
                "1 - 3": "cardinality-no-number",
                "&quot;three&quot;": "cardinality-no-number",
                "true": "cardinality-no-number",
                "2001": "too-many-instances",
                "": "multi-instance-what",
            }.items()
        ),
        *((many("", "", collection=text), "collection-no-list") for text in ("=5", "=&quot;people&quot;", "={}")),
    ],
)
def test_loops_whose_data_or_number_means_nothing_are_refused(loop, code):
    assert ("a", code) in problems(each(loop))


def test_an_event_or_a_gateway_is_never_repeated():
    loop = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    for element in (tag("parallelGateway", "x", loop), throw("x", loop)):
        assert ("x", "unknown-element") in problems(process(start(), element, end(), go="start > x > end"))


def test_calls_over_a_collection_use_the_same_elements(tell):
    callee = process(start("cs"), user("ask"), script("k", "{ said: name + answer }"), end("ce"), go="cs > ask > k > ce", key="c")
    call = tag("callActivity", "a", mapping({"name": "=who"}, {"says": "=said"}) + many(sequential="true"), calledElement_="c")
    story = tell(process(OBJECTS, start(), call, end(), go="start > a > end"), callee, given={"people": ["ann", "bob"]})
    assert story.do("ask", answer="!").do("ask", answer="?").value("answers") == ["ann!", "bob?"]
