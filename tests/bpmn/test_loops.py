"""Loops and instances around, inside and beside everything else: BPMN 2.0, 10.3.8 and 13.3.7."""

from __future__ import annotations

import pytest

from engine.model.execution import EntryEvent
from tests.bpmn.drawing import (
    again,
    boundary,
    end,
    error,
    many,
    mapping,
    message,
    process,
    script,
    start,
    sub,
    tag,
    timer,
    user,
)

ANSWERS = {"outputCollection": "answers", "outputElement": "=answer"}


def drawn(*inner: str) -> bytes:
    return process(start(), user("a", "".join(inner)), user("z"), end(), go="start > a > z > end")


@pytest.mark.parametrize(
    ("before", "maximum", "turns", "n"),
    [(False, None, 3, 0), (False, None, 1, 9), (True, None, 3, 0), (True, None, 0, 9), (True, 2, 2, 0), (False, 2, 2, 0), (True, 2, 0, 9)],
)
def test_a_standard_loop_tests_before_or_after_and_stops_at_its_maximum(tell, before, maximum, turns, n):
    data = process(
        start(), script("k", "{ n: n + 1, done: loopCounter }", again("n < 3", before, maximum)), user("z"), end(), go="start > k > z > end"
    )
    story = tell(data, given={"n": n})
    assert (story.open, story.count("k"), story.value("done")) == (["z"], turns, turns or None)


def test_a_standard_loop_may_be_around_a_sub_process_or_a_call(tell):
    callee = process(start("cs"), user("ask"), end("ce"), go="cs > ask > ce", key="c")
    call = tag("callActivity", "call", mapping({"n": "=n"}, {"n": "=n + 1"}) + again("n < 2"), calledElement_="c")
    story = tell(process(start(), call, user("z"), end(), go="start > call > z > end"), callee, given={"n": 0})
    assert story.do("ask").task("ask").variables == {"n": 1}
    assert story.do("ask").open == ["z"]
    inner = sub("box", again("more"), start("i"), user("a"), end("o"), go="i > a > o")
    story = tell(process(start(), inner, user("z"), end(), go="start > box > z > end")).do("a", more=True).do("a", more=False)
    assert (story.open, story.count("box")) == (["z"], 2)


def test_the_counters_of_the_standard_add_up_at_every_completion(tell):
    until = (
        "numberOfInstances = 4 and numberOfCompletedInstances + numberOfActiveInstances = 4 "
        "and numberOfTerminatedInstances = 0 and numberOfCompletedInstances = 3"
    )
    story = tell(drawn(many("=[1, 2, 3, 4]", until=until, **ANSWERS)))
    for number, expected in ((3, ["a"] * 3), (0, ["a"] * 2), (1, ["z"])):
        assert story.do("a", number=number, answer=number).open == expected
    assert (story.value("answers"), story.count("a"), story.count("a", EntryEvent.CANCELLED)) == ([0, 1, 3], 3, 1)


def test_outputs_are_in_the_order_of_the_items_whatever_the_order_of_completion(tell):
    story = tell(drawn(many("=people", "who", **ANSWERS)), given={"people": ["ann", "bob", "cem"]})
    story.do("a", number=2, answer="c").do("a", number=0, answer="a").do("a", answer="b")
    assert story.value("answers") == ["a", "b", "c"]


def test_a_sequential_one_that_ends_early_begins_no_further_instance(tell):
    story = tell(drawn(many("=[1, 2, 3]", sequential=True, until="numberOfCompletedInstances = 2", **ANSWERS)))
    story.do("a", answer=1).do("a", answer=2)
    assert (story.open, story.value("answers"), story.count("a", EntryEvent.ENTERED)) == (["z"], [1, 2], 2)


def test_instances_inside_instances_each_have_their_items_and_give_back_a_list_of_lists(tell):
    task = user("a", many("=row", "cell", outputCollection="got", outputElement="=answer"))
    outer = many("=rows", "row", outputCollection="all", outputElement="=got")
    inner = sub("box", outer, start("i"), task, end("o"), go="i > a > o")
    story = tell(process(start(), inner, user("z"), end(), go="start > box > z > end"), given={"rows": [[1, 2], [], [3]]})
    assert [(t.variables["cell"], t.loop) for t in story.turn.tasks] == [(1, (1, 2)), (2, (2, 2)), (3, (1, 1))]
    story.do("a", number=2, answer="c").do("a", answer="a").do("a", answer="b")
    assert story.task("z").variables == {"rows": [[1, 2], [], [3]], "all": [["a", "b"], [], ["c"]]}


@pytest.mark.parametrize("sequential", [True, False])
def test_a_boundary_event_takes_all_instances_of_a_sub_process_and_of_a_call(tell, sequential):
    callee = process(start("cs"), user("a"), end("ce"), go="cs > a > ce", key="c")
    call = tag("callActivity", "box", many("=[1, 2]", sequential=sequential), calledElement_="c")
    inner = sub("box", many("=[1, 2]", sequential=sequential), start("i"), user("a"), end("o"), go="i > a > o")
    for element in (call, inner):
        data = process(start(), element, boundary("t", "box", timer("P1D")), user("late"), end(), go="start > box > end; t > late > end")
        story = tell(data, callee).wait(days=1)
        assert (story.open, story.turn.timers) == (["late"], ())
        assert tell(data, callee).do("a").do("a").state == "completed"


def test_a_non_interrupting_boundary_of_a_multi_instance_runs_beside_and_after_it(tell):
    inner = sub("box", many("=[1, 2]"), start("i"), user("a"), end("o"), go="i > a > o")
    data = process(start(), inner, boundary("m", "box", message("more"), False), user("x"), end(), go="start > box > end; m > x > end")
    story = tell(data).tell("more").do("a").tell("more").do("a")
    assert (story.open, story.turn.subscriptions) == (["x", "x"], ())
    assert story.do("x").do("x").state == "completed"


def test_one_instance_may_fail_and_be_tried_again_while_the_others_go_on(tell):
    inner = sub(
        "box", many("=[1, 2]"), start("i"), script("k", "if item = 1 then bad else { fine: item }"), user("a"), end("o"), go="i > k > a > o"
    )
    story = tell(process(start(), inner, end(), go="start > box > end"))
    assert (story.state, story.open) == ("incident", ["a"])
    story.do("a")
    assert story.retry(bad={"fine": 1}).open == ["a"]
    assert story.do("a").state == "completed"


def test_an_empty_collection_leaves_no_boundary_event_behind_and_takes_its_conditional_flows(tell):
    data = process(
        start(),
        user("a", many("=[]")),
        boundary("t", "a", timer("P1D")),
        end("x"),
        end("y"),
        end("late"),
        go="start > a > x [k]; a > y *; t > late",
    )
    story = tell(data, given={"k": False})
    assert (story.turn.end_event, story.turn.timers, story.count("a")) == ("y", (), 0)


def test_the_lane_of_a_repeated_task_and_of_what_is_inside_a_sub_process_is_that_of_the_drawing(tell):
    lanes = (
        '<laneSet id="ls"><lane id="l1" name="Outer"><flowNodeRef>a</flowNodeRef><flowNodeRef>box</flowNodeRef>'
        '<childLaneSet id="c"><lane id="l2" name="Inner"><flowNodeRef>a</flowNodeRef></lane></childLaneSet></lane></laneSet>'
    )
    inner = sub("box", start("i"), user("b"), end("o"), go="i > b > o")
    story = tell(process(lanes, start(), user("a", many("=[1, 2]")), inner, end(), go="start > a > box > end"))
    assert [task.lane for task in story.turn.tasks] == ["Inner", "Inner"]
    assert story.do("a").do("a").task("b").lane == "Outer"


def test_an_error_boundary_on_a_looped_task_ends_the_loop(tell):
    inner = sub("box", again("true"), start("i"), user("a"), end("bad", error("no")), go="i > a > bad")
    story = tell(process(start(), inner, boundary("e", "box", error("no")), user("z"), end(), go="start > box > end; e > z > end")).do("a")
    assert (story.open, story.count("box"), story.count("box", EntryEvent.CANCELLED)) == (["z"], 0, 1)
