"""Constructs inside and around each other."""

from __future__ import annotations

import pytest

from engine.model.errors import TokenGone
from engine.model.execution import EntryEvent
from tests.bpmn.drawing import (
    TERMINATE,
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
    process,
    signal,
    start,
    sub,
    tag,
    throw,
    timer,
    user,
    xor,
)


def handler(id: str, event: str, interrupting: bool = True) -> str:
    """An event sub-process with one task, named after it."""
    return sub(
        f"{id}_esp",
        start(f"{id}_s", event, isInterrupting_=str(interrupting).lower()),
        user(id),
        end(f"{id}_e"),
        go=f"{id}_s > {id} > {id}_e",
        triggeredByEvent_="true",
    )


def test_a_terminate_end_in_one_instance_leaves_the_others_alone(tell):
    inner = sub(
        "box",
        many("=[1, 2]"),
        start("i"),
        both("s"),
        user("a"),
        user("b"),
        end("t", TERMINATE),
        end("o"),
        go="i > s > a > t; s > b > o",
    )
    story = tell(process(start(), inner, user("z"), end(), go="start > box > z > end")).do("a")
    assert story.open == ["a", "b"]
    assert story.do("a").open == ["z"]


def test_an_error_in_one_instance_ends_them_all(tell):
    inner = sub("box", many("=[1, 2, 3]"), start("i"), user("a"), end("bad", error("no")), go="i > a > bad")
    story = tell(process(start(), inner, boundary("e", "box", error()), user("z"), end(), go="start > box > end; e > z > end")).do("a")
    assert story.open == ["z"]
    assert story.count("a", EntryEvent.CANCELLED) == 2


def test_an_escalation_from_each_instance_runs_the_handler_each_time(tell):
    inner = sub("box", many("=[1, 2]"), start("i"), throw("up", escalation("slow")), user("a"), end("o"), go="i > up > a > o")
    drawn = process(start(), inner, boundary("e", "box", escalation(), False), user("boss"), end(), go="start > box > end; e > boss > end")
    assert tell(drawn).open == ["a", "a", "boss", "boss"]


def test_a_repeating_timer_on_a_multi_instance_sub_process_runs_beside_it(tell):
    inner = sub("box", many("=[1, 2]", sequential=True), start("i"), user("a"), end("o"), go="i > a > o")
    drawn = process(start(), inner, boundary("t", "box", timer("R/P1D"), False), user("r"), end(), go="start > box > end; t > r > end")
    story = tell(drawn).wait(days=1).do("a").wait(days=1)
    assert story.open == ["a", "r", "r"]
    assert not story.do("a").turn.timers


def test_a_boundary_on_a_looped_sub_process_ends_the_whole_loop(tell):
    inner = sub("box", again("true"), start("i"), user("a"), end("o"), go="i > a > o")
    story = tell(process(start(), inner, boundary("m", "box", message("stop")), user("z"), end(), go="start > box > end; m > z > end"))
    assert story.do("a").do("a").tell("stop").open == ["z"]
    assert story.count("a") == 2
    assert story.count("box") == 2


def test_event_sub_processes_of_a_called_process_belong_to_it(tell):
    callee = process(start("cs"), user("ask"), end("ce"), handler("h", message("stop")), go="cs > ask > ce", key="c")
    call = tag("callActivity", "call", mapping({}, {"why": "=why"}), calledElement_="c")
    story = tell(process(start(), both("s"), call, user("b"), end(), go="start > s > call > end; s > b > end"), callee).tell(
        "stop", why="x"
    )
    assert story.open == ["b", "h"]
    assert story.do("h").value("why") == "x"
    assert story.turn.end_event == "end"


def test_an_error_sub_process_inside_catches_what_a_called_process_throws(tell):
    callee = process(start("cs"), end("bad", error("no")), go="cs > bad", key="c")
    call = tag("callActivity", "call", calledElement_="c")
    story = tell(process(start(), call, end(), handler("h", error("no")), go="start > call > end"), callee)
    assert story.open == ["h"]
    assert story.do("h").state == "completed"


def test_an_escalation_sub_process_may_run_beside(tell):
    story = tell(
        process(
            start(), throw("up", escalation("slow")), user("a"), end(), handler("h", escalation("slow"), False), go="start > up > a > end"
        )
    )
    assert story.open == ["a", "h"]
    assert story.do("a").do("h").state == "completed"


def test_a_conditional_sub_process_starts_when_its_condition_becomes_true(tell):
    story = tell(process(start(), user("a"), user("b"), end(), handler("h", condition("n > 2")), go="start > a > b > end"))
    assert story.do("a", n=3).open == ["h"]


def test_a_message_sub_process_runs_as_often_as_messages_come_and_is_asked_no_more_when_the_scope_ends(tell):
    story = tell(process(start(), user("a"), end(), handler("h", message("note"), False), go="start > a > end"))
    story.tell("note", n=1).tell("note", n=2)
    assert story.open == ["a", "h", "h"]
    story.do("a").do("h")
    assert len(story.turn.subscriptions) == 1
    assert story.do("h").state == "completed"
    assert not story.turn.subscriptions


def test_an_interrupting_sub_process_event_ends_a_running_handler_of_another(tell):
    drawn = process(start(), user("a"), end(), handler("h", message("note"), False), handler("k", message("stop")), go="start > a > end")
    story = tell(drawn).tell("note").tell("stop")
    assert story.open == ["k"]
    assert not story.turn.subscriptions


def test_an_event_gateway_in_a_loop_arms_anew_each_time(tell):
    drawn = process(
        start(),
        xor("m"),
        first("g"),
        catch("c", message("more")),
        catch("t", timer("P1D")),
        end(),
        go="start > m > g; g > c > m; g > t > end",
    )
    story = tell(drawn).tell("more").tell("more")
    assert (len(story.turn.subscriptions), len(story.turn.timers)) == (1, 1)
    assert story.wait(days=1).state == "completed"
    assert story.count("g") == 3


def test_an_event_gateway_may_wait_for_a_condition(tell):
    drawn = process(
        start(),
        both("s"),
        first("g"),
        catch("c", condition("n > 2")),
        catch("t", timer("P1D")),
        user("a"),
        user("z"),
        end(),
        go="start > s > g; g > c > z > end; g > t > end; s > a > end",
    )
    assert tell(drawn).do("a", n=3).open == ["z"]


def test_a_signal_reaches_a_catch_inside_each_instance_by_its_own_subscription(tell):
    inner = sub("box", many("=[1, 2]"), start("i"), catch("c", signal("go")), user("a"), end("o"), go="i > c > a > o")
    story = tell(process(start(), inner, end(), go="start > box > end"))
    assert len(story.turn.subscriptions) == 2
    assert story.tell("go").open == ["a"]
    assert story.tell("go").open == ["a", "a"]


def test_an_error_reported_on_a_sub_process_ends_it(tell):
    inner = sub("box", start("i"), user("a"), end("o"), go="i > a > o")
    story = tell(process(start(), inner, boundary("e", "box", error("no")), user("z"), end(), go="start > box > end; e > z > end"))
    token = next(e.token_id for e in story.entries if e.element_id == "box")
    story.execution.throw_error(token, "no", "")
    story.retry()
    assert story.open == ["z"]


def test_an_error_can_be_reported_only_where_something_is_active(tell):
    story = tell(process(start(), user("a"), catch("c", timer("P1D")), end(), go="start > a > c > end"))
    token = story.task("a").token_id
    story.do("a")
    for gone in (token, story.turn.timers[0].token_id):
        with pytest.raises(TokenGone):
            story.execution.throw_error(gone, "no", "")


def test_one_failed_step_can_be_tried_again_by_itself(tell):
    drawn = process(start(), both("s"), xor("x"), xor("y"), end("a"), end("b"), go="start > s > x > a [k]; s > y > b [k]")
    story = tell(drawn)
    assert len(story.turn.faults) == 2
    token = story.turn.faults[1].token_id
    story.execution.set_variables({"k": True})
    story.execution.retry(token)
    story.turn = story.execution.turn()
    assert [f.element_id for f in story.turn.faults] == ["x"]
    with pytest.raises(TokenGone):
        story.execution.retry(token)


def test_withdrawal_while_a_step_has_failed_clears_the_incident(tell):
    inner = sub("box", start("i"), xor("x"), end("a"), end("b"), go="i > x > a [k]; x > b [l]")
    story = tell(process(start(), inner, boundary("m", "box", message("stop")), user("z"), end(), go="start > box > end; m > z > end"))
    assert story.state == "incident"
    assert (story.tell("stop").state, story.open) == ("running", ["z"])
