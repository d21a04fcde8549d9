"""Which variables can be set before an element: upstream only, in every scope, whether the diagram can be run or not."""

from __future__ import annotations

from engine.bpmn import upstream
from engine.bpmn.upstream import Sources
from tests.bpmn.drawing import boundary, catch, end, many, mapping, message, process, script, start, sub, tag, throw, timer, user, xor

ASK = Sources(forms={"ask": frozenset({"answer"}), "more": frozenset({"extra"})})


def at(diagram: bytes, sources: Sources = ASK) -> dict[str, set[str]]:
    (outline,) = upstream.outlines(diagram)
    return {element: set(names) for element, names in upstream.at(outline, sources).items()}


def test_facts_of_a_form_are_known_behind_its_task_and_on_its_flows() -> None:
    found = at(
        process(start(), user("a", form="ask"), xor("x"), user("b"), end(), go="start > a > x; x > b [answer = 1]; x > end *; b > end")
    )
    assert found["a"] == set()
    assert found["x"] == found["b"] == {"answer"}


def test_a_loop_brings_back_what_it_set() -> None:
    found = at(process(start(), xor("m"), user("a", form="ask"), xor("x"), end(), go="start > m > a > x; x > m [answer]; x > end *"))
    assert found["a"] == {"answer"}


def test_scripts_and_decisions_and_answers_of_calls_set_variables() -> None:
    drawn = process(
        start(),
        script("s", "{one: 1, two: one + 1}"),
        tag("businessRuleTask", "d", decision="rate", result="rating"),
        tag("callActivity", "c", mapping({"given": "=one"}, {"kept": "=inner"}), calledElement_="q"),
        end(),
        go="start > s > d > c > end",
    )
    assert at(drawn)["d"] == {"one", "two"}
    assert at(drawn)["end"] == {"one", "two", "rating", "kept"}


def test_an_instance_knows_its_item_and_only_what_is_collected_leaves_it() -> None:
    several = many("=people", "person", outputCollection="all")
    body = sub("each", several, start("s"), user("ask", form="ask"), user("then"), end("e"), go="s > ask > then > e")
    found = at(process(start(), body, end(), go="start > each > end"))
    assert found["ask"] == {"person", "loopCounter"}
    assert found["then"] == {"person", "loopCounter", "answer"}
    assert found["end"] == {"all"}


def test_an_event_on_an_activity_does_not_know_its_result_but_what_it_brings() -> None:
    told = boundary("b", "a", message("Told"))
    drawn = process(start(), user("a", form="ask"), told, user("late"), end(), go="start > a > end; b > late > end")
    found = at(drawn, Sources(ASK.forms, {("message", "Told"): frozenset({"news"})}))
    assert found["late"] == {"news"}


def test_what_a_part_did_may_be_known_when_the_whole_is_interrupted() -> None:
    whole = sub("whole", start("s"), user("a", form="ask"), user("b"), end("e"), go="s > a > b > e")
    found = at(process(start(), whole, boundary("t", "whole", timer("P1D")), user("late"), end(), go="start > whole > end; t > late > end"))
    assert found["late"] == {"answer"}


def test_links_are_ways() -> None:
    link = '<linkEventDefinition id="l{}" name="over"/>'
    halves = throw("out", link.format(1)), catch("in", link.format(2))
    drawn = process(start(), user("a", form="ask"), *halves, user("b"), end(), go="start > a > out; in > b > end")
    assert at(drawn)["b"] == {"answer"}


def test_a_diagram_that_cannot_be_run_is_read_as_far_as_it_goes() -> None:
    found = at(process(start(), user("a", form="ask"), user("b"), user("alone"), go="start > a > b"))
    assert found["b"] == {"answer"}
    assert found["alone"] == set()
    assert upstream.outlines(b"<no") == ()
    assert at(process(start(), script("s", "{not: feel"), user("b"), go="start > s > b"))["b"] == set()


def test_what_a_process_begins_with_is_known_everywhere_in_it() -> None:
    found = at(process(start(), user("a"), end(), go="start > a > end"), Sources(starts={"p": frozenset({"subject"})}))
    assert found["a"] == found["start"] == {"subject"}


def test_an_outline_says_what_a_process_sends_and_passes_on() -> None:
    drawn = process(
        start(),
        tag("callActivity", "c", mapping({"given": "=1"}), calledElement_="q"),
        throw("t", mapping({"news": "=2"}) + message("Told")),
        user("a", duty="check"),
        end(),
        go="start > c > t > a > end",
    )
    (outline,) = upstream.outlines(drawn)
    assert outline.passes == {"q": {"given"}}
    assert outline.sends == {("message", "Told"): {"news"}}
    assert outline.duties == {"check"}
