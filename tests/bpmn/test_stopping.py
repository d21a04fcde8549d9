"""Terminate and interrupting events stop what has not run yet: BPMN 2.0, 10.5.3, 13.5.4 and 13.5.6."""

from __future__ import annotations

from engine.bpmn import begin, compile
from engine.model.execution import Closure, EntryEvent, RunStatus
from tests.bpmn.drawing import (
    TERMINATE,
    Story,
    again,
    both,
    boundary,
    catch,
    condition,
    end,
    many,
    message,
    models,
    process,
    script,
    signal,
    start,
    sub,
    tag,
    timer,
    user,
    xor,
)

ROW = ("k1", "k2", "k3", "k4", "k5", "k6")


def row(id: str = "box", *more: str) -> str:
    """A sub-process of six scripts that counts its steps."""
    scripts = [script(name, "{ steps: steps + 1 }") for name in ROW]
    return sub(id, *more, start("i"), *scripts, end("o"), go=" > ".join(["i", *ROW, "o"]))


def test_terminate_stops_an_automatic_sub_process_between_two_of_its_steps(tell):
    before = [script(f"w{n}", "{ w: 1 }") for n in range(4)]
    drawn = process(start(), both("s"), *before, end("t", TERMINATE), row(), end(), go="start > s > w0 > w1 > w2 > w3 > t; s > box > end")
    story = tell(drawn, given={"steps": 0})
    assert (story.state, story.turn.end_event) == ("completed", "t")
    assert 0 < story.value("steps") < len(ROW)
    assert story.count("box", EntryEvent.CANCELLED) == 1
    assert story.done()[-1] == "t"


def test_terminate_in_a_sub_process_ends_only_that_with_all_its_branches_and_events(tell):
    inner = sub(
        "box",
        start("i"),
        both("s"),
        user("a"),
        boundary("bt", "a", timer("P1D")),
        catch("w", message("hello")),
        sub("deep", start("di"), user("d"), end("do"), go="di > d > do"),
        user("go"),
        end("t", TERMINATE),
        end("o"),
        go="i > s > a > o; s > w > o; s > deep > o; s > go > t; bt > o",
    )
    story = tell(
        process(start(), both("f"), inner, user("after"), user("beside"), end(), go="start > f > box > after > end; f > beside > end")
    )
    story.do("go")
    assert story.open == ["after", "beside"]
    assert (story.turn.timers, story.turn.subscriptions) == ((), ())
    assert sorted(e.element_id for e in story.entries if e.event == EntryEvent.CANCELLED) == ["a", "d", "deep", "w"]
    assert story.do("beside").do("after").turn.end_event == "end"


def test_terminate_in_a_called_process_ends_the_call_and_not_the_caller(tell):
    callee = process(start("cs"), both("s"), user("a"), user("b"), end("t", TERMINATE), end("ce"), go="cs > s > a > t; s > b > ce", key="c")
    story = tell(process(start(), tag("callActivity", "call", calledElement_="c"), user("z"), end(), go="start > call > z > end"), callee)
    assert story.do("a").open == ["z"]
    assert story.count("b", EntryEvent.CANCELLED) == 1
    assert story.count("call") == 1


def test_terminate_inside_an_event_sub_process_ends_the_handler_alone(tell):
    handler = sub(
        "esp",
        start("es", signal("go"), isInterrupting_="false"),
        both("s"),
        user("h"),
        user("k"),
        end("t", TERMINATE),
        end("eo"),
        go="es > s > h > t; s > k > eo",
        triggeredByEvent_="true",
    )
    story = tell(process(start(), user("a"), end(), handler, go="start > a > end")).tell("go").tell("go")
    assert story.open == ["a", "h", "h", "k", "k"]
    assert story.do("h").open == ["a", "h", "k"]
    assert story.do("h").do("a").state == "completed"


def test_terminate_takes_multi_instances_loops_and_armed_event_sub_processes_with_it(tell):
    handler = sub("esp", start("es", timer("P1D")), end("eo"), go="es > eo", triggeredByEvent_="true")
    drawn = process(
        start(),
        both("s"),
        user("m", many("=[1, 2, 3]")),
        user("l", again("true")),
        user("a"),
        end("t", TERMINATE),
        end(),
        handler,
        go="start > s > m > end; s > l > end; s > a > t",
    )
    story = tell(drawn).do("l").do("a")
    assert (story.state, story.open, story.turn.timers) == ("completed", [], ())
    assert story.count("m", EntryEvent.CANCELLED) == 3
    assert story.count("l", EntryEvent.CANCELLED) == 1


def test_two_ends_that_terminate_in_one_turn_are_one_end(tell):
    story = tell(process(start(), both("s"), end("t", TERMINATE), end("u", TERMINATE), go="start > s > t; s > u"))
    assert story.done("endEvent") == ["t"]
    assert story.count("u", EntryEvent.ENTERED) == 0


def test_an_interrupting_event_stops_an_automatic_sub_process_between_two_of_its_steps():
    drawn = process(start(), row(), boundary("b", "box", message("stop")), user("z"), end(), go="start > box > end; b > z > end")
    compiled = compile(Closure("p", "between two steps", {"p": models(drawn)["p"].normalised}))
    for taken in range(2, 9):
        execution = begin(compiled, Story(drawn, given={"steps": 0}, steps=taken).env, {"steps": 0})
        turn = execution.turn()
        if not turn.subscriptions:
            continue
        execution.deliver(turn.subscriptions[0].token_id, {})
        while (turn := execution.turn()).more:
            pass
        assert (turn.status, [t.element_id for t in turn.tasks]) == (RunStatus.RUNNING, ["z"])
        assert turn.variables["steps"] < len(ROW)


def test_a_conditional_boundary_that_interrupts_stops_the_scripts_behind_it_in_the_same_turn(tell):
    drawn = process(start(), row(), boundary("b", "box", condition("steps = 3")), user("z"), end(), go="start > box > end; b > z > end")
    story = tell(drawn, given={"steps": 0})
    assert (story.open, story.value("steps")) == (["z"], 3)
    assert [e.element_id for e in story.entries if e.event == EntryEvent.COMPLETED and e.element_id in ROW] == ["k1", "k2", "k3"]


def test_a_condition_that_was_true_for_one_step_only_was_true(tell):
    drawn = process(
        start(), row(), boundary("b", "box", condition("even(steps)"), False), end("hit"), end(), go="start > box > end; b > hit"
    )
    assert tell(drawn, given={"steps": 1}).count("hit") == 3


def test_a_task_that_was_completed_is_completed_even_when_what_it_says_would_interrupt_it(tell):
    drawn = process(
        start(), user("a"), boundary("b", "a", condition("n > 2")), user("y"), user("z"), end(), go="start > a > y > end; b > z > end"
    )
    assert tell(drawn).do("a", n=3).open == ["y"]


def test_an_interrupting_event_sub_process_stops_what_was_ready_in_the_same_turn(tell):
    handler = sub("esp", start("es", condition("steps = 2")), user("h"), end("eo"), go="es > h > eo", triggeredByEvent_="true")
    inner = row("box", handler)
    story = tell(process(start(), inner, user("z"), end(), go="start > box > z > end"), given={"steps": 0})
    assert (story.open, story.value("steps")) == (["h"], 2)
    assert story.do("h").open == ["z"]


def test_of_two_interrupting_events_only_the_first_to_come_counts(tell):
    drawn = process(
        start(),
        user("a"),
        boundary("b", "a", timer("P1D")),
        boundary("c", "a", timer("PT1H")),
        end("y"),
        end("z"),
        end(),
        go="start > a > end; b > y; c > z",
    )
    story = tell(drawn).wait(days=3)
    assert (story.state, story.done("endEvent"), story.count("b")) == ("completed", ["z"], 0)


def test_nothing_that_was_stopped_goes_on_waiting_for_messages(tell):
    receive = tag("receiveTask", "r", many("=[1, 2, 3]"), messageRef_="message_hello")
    drawn = process(start(), receive, boundary("b", "r", timer("P1D")), xor("m"), end(), go="start > r > m > end; b > m")
    story = tell(drawn)
    assert len(story.turn.subscriptions) == 3
    assert (story.tell("hello").wait(days=1).state, story.turn.subscriptions) == ("completed", ())
