"""Events: BPMN 2.0, 10.5 and 13.5."""

from __future__ import annotations

from datetime import timedelta

from engine.model.execution import EntryEvent
from tests.bpmn.drawing import (
    START,
    TERMINATE,
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
    script,
    signal,
    start,
    sub,
    tag,
    throw,
    timer,
    user,
    xor,
)


def test_an_interrupting_boundary_timer_takes_the_token_from_the_task(tell):
    drawn = process(start(), user("a"), boundary("t", "a", timer("P3D")), user("b"), end(), go="start > a > end; t > b > end")
    story = tell(drawn)
    assert [(t.element_id, t.attached_to, t.interrupting, t.due_at - START) for t in story.turn.timers] == [
        ("t", "a", True, timedelta(days=3))
    ]
    story.wait(days=4)
    assert story.open == ["b"]
    assert story.count("a", EntryEvent.CANCELLED) == 1
    assert not story.turn.timers


def test_a_timer_is_gone_when_its_task_is_completed_first(tell):
    story = tell(process(start(), user("a"), boundary("t", "a", timer("P3D")), user("b"), end(), go="start > a > b > end; t > end"))
    story.do("a")
    assert not story.turn.timers
    assert story.wait(days=9).open == ["b"]


def test_a_repeating_boundary_timer_fires_as_often_as_it_says(tell):
    drawn = process(start(), user("a"), boundary("t", "a", timer("R3/P1D"), False), user("r"), end(), go="start > a > end; t > r > end")
    story = tell(drawn).wait(days=10)
    assert story.open == ["a", "r", "r", "r"]
    assert not story.turn.timers


def test_missed_occurrences_of_a_repeating_timer_collapse_into_one(tell):
    drawn = process(start(), user("a"), boundary("t", "a", timer("R/P1D"), False), end("r"), end(), go="start > a > end; t > r")
    story = tell(drawn).later(days=9, hours=1).fire("t")
    assert story.count("t") == 1
    assert story.turn.timers[0].due_at == START + timedelta(days=10)
    counted = process(start(), user("a"), boundary("t", "a", timer("R3/P1D"), False), end("r"), end(), go="start > a > end; t > r")
    assert not tell(counted).later(days=9).fire("t").turn.timers


def test_timers_may_be_expressions_of_variables_and_settings(tell):
    drawn = process(
        start(), catch("w", timer("=duration(wait)")), catch("d", timer('=@"2026-05-01T08:00:00Z"')), end(), go="start > w > d > end"
    )
    story = tell(drawn, given={"wait": "PT5H"})
    assert story.turn.timers[0].due_at == START + timedelta(hours=5)
    story.wait(hours=5)
    assert story.turn.timers[0].due_at.isoformat() == "2026-05-01T08:00:00+00:00"
    assert story.wait(days=90).state == "completed"


def test_a_non_interrupting_boundary_message_can_come_again_and_again(tell):
    drawn = process(start(), user("a"), boundary("m", "a", message("hello"), False), user("r"), end(), go="start > a > end; m > r > end")
    story = tell(drawn).tell("hello", n=1).tell("hello", n=2)
    assert story.open == ["a", "r", "r"]
    assert story.value("n") == 2
    assert [s.correlation for s in story.turn.subscriptions] == ["case-1"]


def test_an_interrupting_signal_ends_a_sub_process_with_everything_in_it(tell):
    inner = sub("box", start("i"), both("s"), user("a"), catch("w", timer("P1D")), both("j"), end("o"), go="i > s > a > j > o; s > w > j")
    drawn = process(start(), inner, boundary("stop", "box", signal("halt")), user("z"), end(), go="start > box > end; stop > z > end")
    story = tell(drawn)
    assert story.open == ["a"]
    story.tell("halt")
    assert story.open == ["z"]
    assert not story.turn.timers
    cancelled = [e.element_id for e in story.entries if e.event == EntryEvent.CANCELLED]
    assert sorted(cancelled) == ["a", "box", "w"]


def test_a_withdrawal_ends_a_sub_process_with_called_processes_running_many_times(tell):
    callee = process(
        start("cs"),
        user("ask"),
        boundary("remind", "ask", timer("R/P1D"), False),
        end("ce"),
        end("cr"),
        go="cs > ask > ce; remind > cr",
        key="consent",
    )
    call = tag("callActivity", "call", many("=people", "who") + mapping({"who": "=who"}), calledElement_="consent")
    inner = sub("box", start("i"), call, end("o"), go="i > call > o")
    drawn = process(start(), inner, boundary("gone", "box", message("withdrawn")), user("z"), end(), go="start > box > end; gone > z > end")
    story = tell(drawn, callee, given={"people": ["ann", "bob", "cem"]})
    assert story.open == ["ask", "ask", "ask"]
    assert [t.variables for t in story.turn.tasks] == [{"who": "ann"}, {"who": "bob"}, {"who": "cem"}]
    story.do("ask").tell("withdrawn")
    assert story.open == ["z"]
    assert not story.turn.timers
    assert story.count("ask", EntryEvent.CANCELLED) == 2
    assert story.do("z").state == "completed"


def test_terminate_stops_what_was_ready_in_the_same_turn_and_only_its_own_scope(tell):
    inner = sub("box", start("i"), both("s"), end("t", TERMINATE), script("k", "{ k: 1 }"), end("o"), go="i > s > t; s > k > o")
    story = tell(
        process(start(), both("s2"), inner, user("after"), user("beside"), end(), go="start > s2 > box > after > end; s2 > beside > end")
    )
    assert story.value("k") is None
    assert story.open == ["after", "beside"]


def test_terminate_at_the_top_completes_the_instance(tell):
    story = tell(process(start(), both("s"), user("a"), user("b"), end("t", TERMINATE), end(), go="start > s > a > t; s > b > end"))
    story.do("a")
    assert (story.state, story.turn.end_event, story.open) == ("completed", "t", [])


def test_the_first_event_behind_an_event_gateway_takes_the_token_and_each_timer_has_its_own_time(tell):
    drawn = process(
        start(),
        first("g"),
        catch("m", message("hello")),
        catch("t1", timer("PT2H")),
        catch("t2", timer("PT1H")),
        end("em"),
        end("e1"),
        end("e2"),
        go="start > g > m > em; g > t1 > e1; g > t2 > e2",
    )
    story = tell(drawn)
    assert sorted((t.element_id, t.due_at - START) for t in story.turn.timers) == [("t1", timedelta(hours=2)), ("t2", timedelta(hours=1))]
    assert tell(drawn).wait(hours=3).done("endEvent") == ["e2"]
    story.tell("hello", word="yes")
    assert (story.done(), story.value("word"), story.turn.timers) == (["start", "g", "m", "em"], "yes", ())


def test_an_event_gateway_takes_receive_tasks_too(tell):
    roots = '<message id="message_hello" name="hello" parley:correlationKey="=case.id + &quot;/1&quot;"/>'
    receive = tag("receiveTask", "r", messageRef_="message_hello")
    story = tell(process(start(), first("g"), receive, catch("t", timer("P1D")), end(), go="start > g > r > end; g > t > end", roots=roots))
    assert story.turn.subscriptions[0].correlation == "case-1/1"
    assert story.tell("hello").done("receiveTask") == ["r"]


def test_an_error_goes_to_the_boundary_with_its_code_before_the_one_for_all(tell):
    inner = sub(
        "box", start("i"), user("a"), xor("x"), end("e1", error("red")), end("e2", error("blue")), go="i > a > x; x > e1 [red]; x > e2 *"
    )
    drawn = process(
        start(),
        inner,
        boundary("any", "box", error()),
        boundary("red", "box", error("red")),
        end("oa"),
        end("or"),
        end(),
        go="start > box > end; any > oa; red > or",
    )
    assert tell(drawn).do("a", red=True).done("endEvent") == ["e1", "or"]
    assert tell(drawn).do("a", red=False).done("endEvent") == ["e2", "oa"]


def test_an_error_of_a_called_process_reaches_the_boundary_of_the_call_and_ends_its_other_branches(tell):
    callee = process(
        start("cs"), both("s"), user("a"), user("b"), end("bad", error("no")), end("ce"), go="cs > s > a > bad; s > b > ce", key="c"
    )
    call = tag("callActivity", "call", calledElement_="c")
    story = tell(process(start(), call, boundary("e", "call", error("no")), user("z"), end(), go="start > call > end; e > z > end"), callee)
    story.do("a")
    assert story.open == ["z"]
    assert story.count("b", EntryEvent.CANCELLED) == 1
    assert story.count("call", EntryEvent.CANCELLED) == 1


def test_an_uncaught_error_is_an_incident_and_other_branches_go_on(tell):
    story = tell(process(start(), both("s"), user("a"), user("b"), end("bad", error("no")), end(), go="start > s > a > bad; s > b > end"))
    story.do("a")
    assert story.state == "incident"
    assert [(f.element_id, f.code) for f in story.turn.faults] == [("bad", "uncaught-error")]
    assert story.open == ["b"]
    story.do("b")
    assert (story.state, story.turn.end_event) == ("incident", "end")


def test_an_escalation_runs_its_handler_and_lets_the_work_go_on_unless_it_interrupts(tell):
    def drawn(interrupting: bool) -> bytes:
        inner = sub("box", start("i"), throw("up", escalation("slow")), user("a"), end("o"), go="i > up > a > o")
        return process(
            start(),
            inner,
            boundary("e", "box", escalation("slow"), interrupting),
            user("boss"),
            end(),
            go="start > box > end; e > boss > end",
        )

    assert tell(drawn(False)).open == ["a", "boss"]
    assert tell(drawn(True)).open == ["boss"]
    assert "up" in tell(drawn(True)).done()


def test_an_escalation_end_event_ends_its_own_token_and_one_nobody_catches_is_no_error(tell):
    inner = sub("box", start("i"), end("up", escalation("slow")), go="i > up")
    assert tell(process(start(), inner, end(), go="start > box > end")).state == "completed"
    story = tell(
        process(start(), inner, boundary("e", "box", escalation(), False), user("boss"), end(), go="start > box > end; e > boss > end")
    )
    assert (story.open, story.turn.end_event) == (["boss"], "end")


def test_messages_and_signals_leave_the_process_with_just_what_is_mapped(tell):
    drawn = process(
        start(),
        throw("m", message("hello") + mapping({"n": "=k + 1"})),
        tag("sendTask", "s", messageRef_="message_hello"),
        end("e", signal("over")),
        go="start > m > s > e",
    )
    story = tell(drawn, given={"k": 1, "secret": "x"})
    assert [(str(t.kind), t.name, t.correlation, dict(t.payload)) for t in story.thrown] == [
        ("message", "hello", "case-1", {"n": 2}),
        ("message", "hello", "case-1", {}),
        ("signal", "over", None, {}),
    ]
    assert story.state == "completed"


def test_a_process_can_be_started_by_a_message_or_plainly(tell):
    drawn = process(start(), start("by", message("new")), user("a"), user("b"), end(), go="start > a > end; by > b > end")
    assert tell(drawn).open == ["a"]
    story = tell(drawn, by="new", given={"n": 1})
    assert (story.open, story.value("n")) == (["b"], 1)


def test_a_link_goes_on_at_its_other_half(tell):
    link = '<linkEventDefinition name="far"/>'
    story = tell(process(start(), throw("out", link), catch("in", link), end(), go="start > out; in > end"))
    assert story.done() == ["start", "out", "in", "end"]


def test_a_conditional_boundary_sees_a_change_made_on_another_branch(tell):
    drawn = process(
        start(),
        both("s"),
        user("a"),
        boundary("c", "a", condition("n > 2")),
        user("b"),
        user("z"),
        end(),
        go="start > s > a > end; s > b > end; c > z > end",
    )
    story = tell(drawn)
    assert story.open == ["a", "b"]
    assert story.do("b", n=3).open == ["z"]


def test_a_non_interrupting_condition_fires_again_each_time_it_becomes_true(tell):
    again = sub("box", start("i"), xor("m"), user("b"), xor("x"), end("o"), go="i > m > b > x; x > m [more]; x > o *")
    drawn = process(start(), again, boundary("c", "box", condition("n > 2"), False), end("hit"), end(), go="start > box > end; c > hit")
    story = tell(drawn).do("b", n=3, more=True).do("b", n=4, more=True).do("b", n=1, more=True).do("b", n=9, more=True)
    assert story.count("hit") == 2


def event_sub(id: str, *elements: str, go: str) -> str:
    return sub(id, *elements, go=go, triggeredByEvent_="true")


def test_an_interrupting_event_sub_process_ends_everything_else_in_its_scope(tell):
    handler = event_sub("esp", start("es", message("stop"), isInterrupting_="true"), user("h"), end("eh"), go="es > h > eh")
    story = tell(process(start(), user("a"), handler, end(), go="start > a > end"))
    story.tell("stop", why="x")
    assert (story.open, story.value("why")) == (["h"], "x")
    assert not story.turn.subscriptions
    story.do("h")
    assert (story.state, story.turn.end_event) == ("completed", "eh")


def test_a_non_interrupting_event_sub_process_can_run_again_and_does_not_hold_the_scope_open_by_waiting(tell):
    handler = event_sub("esp", start("es", timer("R/P1D"), isInterrupting_="false"), user("h"), end("eh"), go="es > h > eh")
    drawn = process(
        start(), sub("box", start("i"), user("a"), handler, end("o"), go="i > a > o"), user("z"), end(), go="start > box > z > end"
    )
    story = tell(drawn).wait(days=2)
    assert story.open == ["a", "h", "h"]
    assert story.do("a").open == ["h", "h"]
    story.do("h").do("h")
    assert (story.open, story.turn.timers) == (["z"], ())
    assert tell(drawn).do("a").open == ["z"]


def test_an_event_sub_process_catches_an_error_before_the_boundary_does(tell):
    handler = event_sub("esp", start("es", error("no")), user("h"), end("eh"), go="es > h > eh")
    inner = sub("box", start("i"), end("bad", error("no")), handler, go="i > bad")
    story = tell(process(start(), inner, boundary("b", "box", error()), end("ob"), end(), go="start > box > end; b > ob"))
    assert story.open == ["h"]
    story.do("h")
    assert story.turn.end_event == "end"


def test_an_error_that_somebody_reports_on_a_task_goes_to_its_boundary_or_becomes_an_incident(tell):
    drawn = process(start(), user("a"), boundary("e", "a", error("no")), user("z"), end(), go="start > a > end; e > z > end")
    assert tell(drawn).fail("a", "no").open == ["z"]
    story = tell(drawn).fail("a", "other")
    assert (story.state, story.open) == ("incident", [])
    assert story.retry().open == ["a"]
