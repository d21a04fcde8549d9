"""What is refused at publish beside what test_checks.py lists: cardinalities, references, languages, links, and why it is said how."""

from __future__ import annotations

import pytest

from engine.bpmn import read
from tests.bpmn.drawing import (
    TERMINATE,
    again,
    both,
    boundary,
    catch,
    end,
    error,
    first,
    many,
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
    xor,
)

LINK = '<linkEventDefinition name="far"/>'
DRAWN = process(start(), user("a"), end(), go="start > a > end")


def only(*elements: str, go: str) -> set[tuple[str | None, str]]:
    return problems(process(*elements, go=go))


def with_loop(inner: str) -> set[tuple[str | None, str]]:
    return only(start(), user("a", inner), end(), go="start > a > end")


def esp(*inside: str, go: str) -> str:
    return sub("esp", *inside, go=go, triggeredByEvent_="true")


WRONG = {
    "several starts in a sub-process": (
        lambda: only(start(), sub("b", start("i"), start("j", message("m")), end("o"), go="i > o; j > o"), end(), go="start > b > end"),
        ("b", "subprocess-start"),
    ),
    "a triggered start in a sub-process": (
        lambda: only(start(), sub("b", start("i", message("m")), end("o"), go="i > o"), end(), go="start > b > end"),
        ("b", "subprocess-start"),
    ),
    "several starts in an event sub-process": (
        lambda: only(
            start(), end(), esp(start("i", message("m")), start("j", message("n")), end("o"), go="i > o; j > o"), go="start > end"
        ),
        ("esp", "event-subprocess-start"),
    ),
    "a boundary with a flow into it": (
        lambda: only(start(), user("a"), boundary("b", "a", timer("P1D")), end(), go="start > a > b > end"),
        ("b", "flow-into-start"),
    ),
    "a boundary on an event sub-process": (
        lambda: only(
            start(),
            end(),
            esp(start("i", message("m")), end("o"), go="i > o"),
            boundary("b", "esp", timer("P1D")),
            user("z"),
            go="start > end; b > z",
        ),
        ("esp", "event-subprocess-connected"),
    ),
    "a condition behind an event": (
        lambda: only(start(), catch("c", timer("P1D")), end(), go="start > c > end [k]"),
        ("c_end", "condition-not-allowed"),
    ),
    "a condition behind a start": (lambda: only(start(), end(), go="start > end [k]"), ("start_end", "condition-not-allowed")),
    "a default behind an event gateway": (
        lambda: only(
            start(), first("g"), catch("c", timer("P1D")), catch("m", message("m")), end(), go="start > g > c > end; g > m *; m > end"
        ),
        ("g", "default-not-allowed"),
    ),
    "an unreachable loop": (
        lambda: only(start(), user("a"), user("b"), end(), go="start > end; a > b > a"),
        ("a", "unreachable"),
    ),
    "an unreachable catching half": (lambda: only(start(), catch("in", LINK), end(), go="start > end; in > end"), ("in", "unreachable")),
    "a link out of a sub-process": (
        lambda: only(start(), sub("b", start("i"), throw("out", LINK), go="i > out"), catch("in", LINK), end(), go="start > b; in > end"),
        ("out", "link-without-target"),
    ),
    "two catching halves": (
        lambda: only(start(), throw("out", LINK), catch("in", LINK), catch("im", LINK), end(), go="start > out; in > end; im > end"),
        ("out", "link-without-target"),
    ),
    "a link with a flow behind it": (
        lambda: only(start(), throw("out", LINK), catch("in", LINK), end(), go="start > out > end; in > end"),
        ("out", "link-with-flow"),
    ),
    "a link without a name": (
        lambda: only(start(), throw("out", "<linkEventDefinition/>"), go="start > out"),
        ("out", "link-without-name"),
    ),
    "a link as an end": (lambda: only(start(), end("x", LINK), go="start > x"), ("x", "unsupported-event")),
    "a terminate that is caught": (lambda: only(start(), catch("x", TERMINATE), end(), go="start > x > end"), ("x", "unsupported-event")),
    "an error that is caught in the flow": (
        lambda: only(start(), catch("x", error("no")), end(), go="start > x > end"),
        ("x", "unsupported-event"),
    ),
    "an error that is thrown in the flow": (
        lambda: only(start(), throw("x", error("no")), end(), go="start > x > end"),
        ("x", "unsupported-event"),
    ),
    "a cancel boundary": (
        lambda: only(start(), user("a"), boundary("x", "a", "<cancelEventDefinition/>"), end(), go="start > a > end; x > end"),
        ("x", "unsupported-event"),
    ),
    "a compensation boundary": (
        lambda: only(start(), user("a"), boundary("x", "a", "<compensateEventDefinition/>"), end(), go="start > a > end; x > end"),
        ("x", "unsupported-event"),
    ),
    "a compensation sub-process": (
        lambda: only(start(), end(), esp(start("i", "<compensateEventDefinition/>"), end("o"), go="i > o"), go="start > end"),
        ("esp", "event-subprocess-start"),
    ),
    "a parallel multiple event": (
        lambda: only(start(), tag("intermediateCatchEvent", "x", message("m"), parallelMultiple_="true"), end(), go="start > x > end"),
        ("x", "unsupported-attribute"),
    ),
    "an event gateway that instantiates": (
        lambda: only(tag("eventBasedGateway", "g", instantiate_="true"), catch("c", message("m")), end(), go="g > c > end"),
        ("p", "no-start-event"),
    ),
    "a parallel event gateway": (
        lambda: only(
            start(),
            tag("eventBasedGateway", "g", eventGatewayType_="Parallel"),
            catch("c", message("m")),
            catch("d", message("n")),
            end(),
            go="start > g > c > end; g > d > end",
        ),
        ("g", "unsupported-attribute"),
    ),
    "a loop of nothing": (lambda: with_loop(again("true", maximum=0)), ("a", "loop-maximum")),
    "a loop of a fraction": (lambda: with_loop(again("true").replace("testBefore", 'loopMaximum="1.5" testBefore')), ("a", "loop-maximum")),
    "a loop of words": (lambda: with_loop(again("true").replace("testBefore", 'loopMaximum="many" testBefore')), ("a", "loop-maximum")),
    "a loop of too many": (lambda: with_loop(again("true", maximum=100_001)), ("a", "loop-maximum")),
    "a loop condition that is no FEEL": (lambda: with_loop(again("n <")), ("a", "expression-syntax")),
    "a completion condition that is no FEEL": (lambda: with_loop(many("=[1]", until="n <")), ("a", "expression-syntax")),
    "a collection that is no FEEL": (lambda: with_loop(many("=[1")), ("a", "expression-syntax")),
    "a script in another language": (
        lambda: only(
            start(), tag("scriptTask", "x", "<script>{ n: 1 }</script>", scriptFormat_="text/javascript"), end(), go="start > x > end"
        ),
        ("x", "unsupported-language"),
    ),
    "a condition in another language": (
        lambda: problems(
            process(start(), xor("x"), end("a"), end("b"), go="start > x > a [k]; x > b *").replace(
                b"<conditionExpression>", b'<conditionExpression language="http://www.w3.org/1999/XPath">'
            )
        ),
        ("x_a", "unsupported-language"),
    ),
    "an extension that has to be understood": (
        lambda: problems(process(start(), end(), go="start > end", roots='<extension id="x" mustUnderstand="true" definition="o:thing"/>')),
        ("x", "unknown-extension"),
    ),
    "correlation by properties": (
        lambda: problems(process(start(), end(), go="start > end", roots='<correlationProperty id="x"/>')),
        ("x", "unsupported-element"),
    ),
    "a flow that is not there": (
        lambda: only(start(), user("a", "<outgoing>gone</outgoing>"), end(), go="start > a > end"),
        ("a", "dangling-reference"),
    ),
    "the same id in a sub-process": (
        lambda: only(start(), user("a"), sub("b", start("i"), user("a"), end("o"), go="i > a > o"), end(), go="start > a > b > end"),
        ("a", "duplicate-id"),
    ),
    "two scripts": (lambda: only(start(), script("x", "{}", "<script>{}</script>"), end(), go="start > x > end"), ("x", "several-of-one")),
    "a join behind a choice that ends": (
        lambda: only(
            start(), xor("x"), user("a"), end("e", TERMINATE), both("j"), end(), go="start > x > a [k]; x > j [l]; x > e *; a > j > end"
        ),
        ("j", "join-never-fires"),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_means_nothing_is_refused_at_its_element(name):
    drawn, expected = WRONG[name]
    assert expected in drawn()


@pytest.mark.parametrize("kind", ["transaction", "adHocSubProcess", "complexGateway", "callChoreography", "choreographyTask"])
def test_what_a_later_version_may_add_is_refused_with_what_to_draw_instead(kind):
    found = read({"p.bpmn": process(start(), tag(kind, "x"), end(), go="start > x > end")}).problems
    assert [(p.element_id, p.code) for p in found] == [("x", "unsupported-element")]
    assert kind in found[0].message
    assert "instead" in found[0].message


@pytest.mark.parametrize("event", ["compensateEventDefinition", "cancelEventDefinition"])
@pytest.mark.parametrize("kind", ["intermediateThrowEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "startEvent"])
def test_compensation_and_cancel_are_refused_wherever_they_stand(kind, event):
    host = {"attachedToRef_": "a"} if kind == "boundaryEvent" else {}
    data = process(start(), user("a"), tag(kind, "x", f"<{event}/>", **host), end(), go="start > a > x > end")
    assert "x" in {element for element, _ in problems(data)}


@pytest.mark.parametrize("wrong", ["a b", "a'b", 'a"b', "1a", "a/b", "a<b", "é è", "a;b", "a" * 300])
def test_an_id_that_is_none_is_refused(wrong):
    written = wrong.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    assert (wrong, "invalid-id") in problems(DRAWN.replace(b'<userTask id="a"', f'<userTask id="{written}"'.encode()))


@pytest.mark.parametrize("fine", ["Start", "End", "Root", "a.b", "a-b", "_", "é", "ゴー", "p.EndJoin", "constructor", "__proto__"])
def test_any_id_that_the_schema_allows_is_taken(fine):
    data = process(start(), user(fine), end(), go=f"start > {fine} > end")
    assert problems(data) == set()


def test_every_refusal_says_what_to_do():
    for drawn, _ in WRONG.values():
        assert drawn()
    found = read({"p.bpmn": process(start(), xor("x"), user("a"), end("b"), go="start > x > a [k]; x > b; a > gone")}).problems
    assert all(p.file == "p.bpmn" and p.element_id and p.code and len(p.message) > 30 for p in found)
    assert found


def test_several_throws_may_lead_to_one_catch(tell):
    drawn = process(
        start(), xor("x"), throw("o1", LINK), throw("o2", LINK), catch("in", LINK), user("a"), xor("y"), end(),
        go="start > x > o1 [n > 1]; x > o2 *; in > a > y; y > end [n > 1]; y > x *",
    )  # fmt: skip
    assert tell(drawn, given={"n": 2}).do("a").done("intermediateThrowEvent", "intermediateCatchEvent") == ["o1", "in"]
    story = tell(drawn, given={"n": 0}).do("a", n=0).do("a", n=5)
    assert (story.state, story.count("o2"), story.count("in")) == ("completed", 2, 2)


def test_the_same_link_name_in_two_scopes_is_two_links(tell):
    inner = sub("b", start("i"), throw("out2", LINK), catch("in2", LINK), user("u"), end("o"), go="i > out2; in2 > u > o")
    story = tell(process(start(), throw("out", LINK), catch("in", LINK), inner, end(), go="start > out; in > b > end"))
    assert story.open == ["u"]
    assert story.do("u").state == "completed"


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        (catch("c", message("gone")), "This points at something that is not there (messageRef: message_gone); choose a message again."),
        (user("c", due="2 days"), "In a file, a length of 2 days is written P2D."),
        (tag("serviceTask", "c", job="x", timeout="soon"), "a duration of at most 31 days and not negative, such as PT5M."),
        (tag("scriptTask", "c", "<script>{a: 1 == 2}</script>"), "'=' does not fit here; one = is enough to compare. (line 1, column 8)"),
    ],
    ids=["message", "due", "timeout", "equal"],
)
def test_a_refusal_says_how_it_is_written_right(drawn, said):
    file = process(start(), drawn, end(), go="start > c > end").replace(b'<message id="message_gone" name="gone"/>', b"")
    assert any(problem.message.endswith(said) for problem in read({"p.bpmn": file}).problems)


def test_broken_xml_says_once_where():
    (problem,) = read({"p.bpmn": b"<definitions><process></definitions>"}).problems
    assert "<string>" not in problem.message
    assert problem.message.count("line 1") <= 2
