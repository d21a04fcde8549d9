"""Errors and escalations rise to exactly one catcher, or the error is an incident: BPMN 2.0, 10.5.1, 10.5.6 and 13.5.5."""

from __future__ import annotations

import pytest

from engine.model.execution import EntryEvent
from tests.bpmn.drawing import (
    both,
    boundary,
    end,
    error,
    escalation,
    many,
    mapping,
    process,
    script,
    signal,
    start,
    sub,
    tag,
    throw,
    user,
)


def esp(id: str, event: str, *inside: str, go: str, interrupting: bool = True) -> str:
    """An event sub-process; its start is the id with an s."""
    return sub(id, start(f"{id}s", event, isInterrupting_=str(interrupting).lower()), *inside, go=f"{id}s > {go}", triggeredByEvent_="true")


def throwing(code: str) -> str:
    return sub("box", start("i"), user("a"), end("bad", error(code)), go="i > a > bad")


CALL = tag("callActivity", "call", calledElement_="c")


@pytest.mark.parametrize("order", [("any", "red"), ("red", "any")])
def test_a_code_of_its_own_and_catch_all_never_both_fire_whatever_is_drawn_first(tell, order):
    events = {"any": boundary("any", "box", error()), "red": boundary("red", "box", error("red"))}
    ends = [user("ua"), user("ur"), end()]
    go = "start > box > end; any > ua > end; red > ur > end"
    assert tell(process(start(), throwing("red"), *(events[o] for o in order), *ends, go=go)).do("a").open == ["ur"]
    assert tell(process(start(), throwing("blue"), *(events[o] for o in order), *ends, go=go)).do("a").open == ["ua"]


@pytest.mark.parametrize("order", [("any", "slow"), ("slow", "any")])
def test_the_same_holds_for_escalations_and_event_sub_processes(tell, order):
    inner = sub("box", start("i"), throw("up", escalation("slow")), user("a"), end("o"), go="i > up > a > o")
    events = {"any": boundary("any", "box", escalation(), False), "slow": boundary("slow", "box", escalation("slow"), False)}
    go = "start > box > end; any > ua > end; slow > us > end"
    story = tell(process(start(), inner, *(events[o] for o in order), user("ua"), user("us"), end(), go=go))
    assert story.open == ["a", "us"]
    handlers = {
        "any": esp("x", error(), user("hx"), end("xe"), go="hx > xe"),
        "slow": esp("y", error("red"), user("hy"), end("ye"), go="hy > ye"),
    }
    assert tell(process(start(), end("bad", error("red")), *(handlers[o] for o in order), go="start > bad")).open == ["hy"]
    assert tell(process(start(), end("bad", error("blue")), *(handlers[o] for o in order), go="start > bad")).open == ["hx"]


def test_a_catch_all_inside_comes_before_a_fitting_code_outside(tell):
    inner = sub("inner", start("ii"), end("bad", error("red")), go="ii > bad")
    outer = sub("box", start("i"), inner, boundary("any", "inner", error()), user("near"), end("o"), go="i > inner > o; any > near > o")
    drawn = process(start(), outer, boundary("red", "box", error("red")), user("far"), end(), go="start > box > end; red > far > end")
    assert tell(drawn).open == ["near"]


def test_an_error_passes_through_a_call_and_a_multi_instance_to_the_boundary_around_them(tell):
    callee = process(start("cs"), user("ask"), end("bad", error("no")), go="cs > ask > bad", key="c")
    call = tag("callActivity", "call", many("=[1, 2, 3]") + mapping({"n": "=item"}), calledElement_="c")
    inner = sub("box", start("i"), call, end("o"), go="i > call > o")
    for holder, drawn in (("call", call), ("box", inner)):
        data = process(start(), drawn, boundary("e", holder, error("no")), user("z"), end(), go=f"start > {holder} > end; e > z > end")
        story = tell(data, callee).do("ask", number=1)
        assert story.open == ["z"]
        assert story.count("ask", EntryEvent.CANCELLED) == 2
        assert story.count("call", EntryEvent.CANCELLED) == 3


@pytest.mark.parametrize("sequential", [True, False])
def test_an_error_in_an_instance_is_caught_inside_it_and_the_others_go_on(tell, sequential):
    inner = sub(
        "box",
        many("=[1, 2]", sequential=sequential),
        start("i"),
        user("a"),
        end("bad", error("no")),
        esp("x", error("no"), user("h"), end("xe"), go="h > xe"),
        go="i > a > bad",
    )
    story = tell(process(start(), inner, user("z"), end(), go="start > box > z > end")).do("a")
    assert story.open == (["h"] if sequential else ["a", "h"])
    assert story.do("h").do("a").do("h").open == ["z"]


def test_an_escalation_of_a_called_process_reaches_the_call_and_lets_it_go_on_unless_it_interrupts(tell):
    callee = process(start("cs"), throw("up", escalation("slow")), user("ask"), end("ce"), go="cs > up > ask > ce", key="c")
    for interrupting, expected in ((False, ["ask", "boss"]), (True, ["boss"])):
        caught = boundary("e", "call", escalation("slow"), interrupting)
        story = tell(process(start(), CALL, caught, user("boss"), end(), go="start > call > end; e > boss > end"), callee)
        assert story.open == expected
        assert story.count("ask", EntryEvent.CANCELLED) == 0


def test_an_error_nobody_catches_stops_its_branch_wherever_it_is_thrown(tell):
    callee = process(start("cs"), user("ask"), end("bad", error("no")), go="cs > ask > bad", key="c")
    story = tell(process(start(), both("s"), CALL, user("b"), end(), go="start > s > call > end; s > b > end"), callee).do("ask")
    assert (story.state, story.open) == ("incident", ["b"])
    assert [(f.element_id, f.process_key, f.code) for f in story.turn.faults] == [("bad", "c", "uncaught-error")]
    assert story.do("b").state == "incident"
    inner = sub("box", start("i"), end("bad", error("no")), go="i > bad")
    other = process(start(), inner, boundary("e", "box", error("other")), end("oo"), end(), go="start > box > end; e > oo")
    assert [f.code for f in tell(other).turn.faults] == ["uncaught-error"]


def test_an_error_end_inside_an_event_sub_process_goes_outwards_and_never_back_into_it(tell):
    handler = esp("x", error("no"), user("h"), end("worse", error("no")), go="h > worse")
    inner = sub("box", start("i"), end("bad", error("no")), handler, go="i > bad")
    drawn = process(start(), inner, boundary("e", "box", error("no")), user("z"), end(), go="start > box > end; e > z > end")
    story = tell(drawn)
    assert story.open == ["h"]
    assert story.do("h").open == ["z"]
    alone = tell(process(start(), inner, end(), go="start > box > end")).do("h")
    assert [(f.element_id, f.code) for f in alone.turn.faults] == [("worse", "uncaught-error")]


def test_an_error_of_a_handler_that_runs_beside_is_caught_by_the_error_sub_process_of_its_scope(tell):
    beside = esp("x", signal("go"), user("h"), end("bad", error("no")), go="h > bad", interrupting=False)
    catcher = esp("y", error("no"), user("k"), end("ye"), go="k > ye")
    story = tell(process(start(), user("a"), end(), beside, catcher, go="start > a > end")).tell("go").tell("go")
    assert story.open == ["a", "h", "h"]
    assert story.do("h").open == ["k"]
    assert story.do("k").state == "completed"


def test_event_sub_processes_may_stand_inside_each_other(tell):
    deepest = esp("z", error("worst"), user("hz"), end("ze"), go="hz > ze")
    middle = esp("y", error("worse"), user("hy"), end("yb", error("worst")), deepest, go="hy > yb")
    outer = esp("x", error("no"), user("hx"), end("xb", error("worse")), middle, go="hx > xb")
    story = tell(process(start(), user("a"), end("bad", error("no")), outer, go="start > a > bad"))
    assert story.do("a").open == ["hx"]
    assert story.do("hx").open == ["hy"]
    assert story.do("hy").open == ["hz"]
    assert story.do("hz").state == "completed"
    assert story.turn.end_event == "ze"


def test_a_handler_that_throws_again_what_started_it_means_those_outside(tell):
    handler = esp("x", escalation("slow"), user("h"), end("up", escalation("slow")), go="h > up", interrupting=False)
    other = esp("y", escalation(), user("k"), end("ye"), go="k > ye", interrupting=False)
    inner = sub("box", start("i"), throw("t", escalation("slow")), user("a"), end("o"), handler, other, go="i > t > a > o")
    drawn = process(
        start(), inner, boundary("e", "box", escalation("slow"), False), user("boss"), end(), go="start > box > end; e > boss > end"
    )
    story = tell(drawn)
    assert story.open == ["a", "h"]
    assert story.do("h").open == ["a", "boss"]
    assert story.do("boss").do("a").state == "completed"


def test_a_handler_may_throw_something_else_to_its_neighbours(tell):
    handler = esp("x", escalation("slow"), end("up", escalation("slower")), go="up", interrupting=False)
    other = esp("y", escalation("slower"), user("k"), end("ye"), go="k > ye", interrupting=False)
    story = tell(process(start(), throw("t", escalation("slow")), user("a"), end(), handler, other, go="start > t > a > end"))
    assert story.open == ["a", "k"]


def test_what_an_error_carries_is_written_where_it_is_caught(tell):
    inner = sub("box", start("i"), script("k", "{ n: 1 }"), end("bad", error("no") + mapping({"why": "=n + 1"})), go="i > k > bad")
    drawn = process(start(), inner, boundary("e", "box", error("no")), user("z"), end(), go="start > box > end; e > z > end")
    assert tell(drawn).task("z").variables == {"n": 1, "why": 2}
