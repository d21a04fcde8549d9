"""What fails stops its own token, keeps what went before, and can be tried again."""

from __future__ import annotations

from engine.bpmn import Execution
from engine.model.execution import EntryEvent
from tests.bpmn.drawing import Story, both, boundary, catch, end, many, mapping, process, script, start, sub, tag, timer, user, xor


def test_a_choice_without_an_answer_keeps_the_token_before_it(tell):
    drawn = process(start(), user("a"), xor("x"), end("b"), end("c"), go="start > a > x > b [n = 1]; x > c [n = 2]")
    story = tell(drawn).do("a", n=3)
    assert (story.state, story.done()) == ("incident", ["start", "a"])
    assert [(f.element_id, f.code) for f in story.turn.faults] == [("x", "no-flow-taken")]
    assert story.count("x", EntryEvent.FAILED) == 1
    assert story.retry().state == "incident"
    assert story.retry(n=2).turn.end_event == "c"
    assert story.count("x", EntryEvent.ENTERED) == 1


def test_what_ran_before_a_failing_step_is_kept_and_other_branches_go_on(tell):
    drawn = process(
        start(),
        script("one", "{ k: 1 }"),
        both("s"),
        script("bad", "k + 1"),
        user("b"),
        both("j"),
        user("z"),
        end(),
        go="start > one > s > bad > j > z > end; s > b > j",
    )
    story = tell(drawn)
    assert (story.state, story.value("k"), story.open) == ("incident", 1, ["b"])
    assert story.do("b").state == "incident"


def test_a_script_is_not_run_again_when_only_its_way_out_failed(tell):
    drawn = process(start(), script("k", "{ k: k + 1 }"), end("b"), go="start > k > b [go]")
    story = tell(drawn, given={"k": 0})
    assert [f.element_id for f in story.turn.faults] == ["k"]
    assert story.retry(go=True).value("k") == 1
    assert story.state == "completed"


def test_a_timer_that_gives_no_time_stops_the_task_it_sits_on(tell):
    drawn = process(start(), user("a"), boundary("t", "a", timer('=@"P1D" * wrong')), end(), go="start > a > end; t > end")
    story = tell(drawn)
    assert [(f.element_id, f.code) for f in story.turn.faults] == [("a", "timer-invalid")]
    assert story.retry(wrong=2).open == ["a"]
    assert (
        tell(process(start(), catch("w", timer('=duration("-P1D")')), end(), go="start > w > end")).turn.faults[0].code == "timer-invalid"
    )


def test_a_failing_output_of_a_call_keeps_the_called_process_until_it_works(tell):
    callee = process(start("cs"), script("k", "{ n: 1 }"), end("ce"), go="cs > k > ce", key="c")
    call = tag("callActivity", "call", mapping({}, {"given": "=n"}), calledElement_="c")
    story = tell(process(start(), call, end(), go="start > call > end"), callee, context={"given": 1})
    assert [(f.element_id, f.code) for f in story.turn.faults] == [("call", "reserved-name")]
    story.context.pop("given")
    story.later(hours=1).retry()
    assert (story.state, story.value("given")) == ("completed", 1)


def test_an_instance_that_fails_leaves_the_others_open(tell):
    text = process(
        start(),
        sub("box", many("=[1, 0]"), start("i"), xor("x"), user("a"), end("o"), go="i > x > a [item = 1]; x > o [item = 2]; a > o"),
        end(),
        go="start > box > end",
    )
    story = tell(text)
    assert (story.open, story.state) == (["a"], "incident")


def test_a_fault_names_no_value(tell):
    story = tell(process(start(), user("a"), xor("x"), end("b"), end("c"), go='start > a > x > b [n = "x"]; x > c [n = "y"]')).do(
        "a", n="canary"
    )
    assert "canary" not in story.turn.faults[0].message


def test_a_message_key_without_a_value_is_an_incident(tell):
    roots = '<message id="message_hello" name="hello" parley:correlationKey="=who"/>'
    story = tell(process(start(), tag("receiveTask", "r", messageRef_="message_hello"), end(), go="start > r > end", roots=roots))
    assert story.turn.faults[0].code == "correlation-empty"
    assert story.retry(who="ann").turn.subscriptions[0].correlation == "ann"


def test_a_step_that_breaks_in_a_way_no_step_should_stops_only_its_own_token(tell, monkeypatch, caplog):
    drawn = process(
        start(),
        both("s"),
        script("k", "{ k: 1 }"),
        tag("sendTask", "bad", notice="x", to="=k"),
        user("b"),
        script("z", "{ z: k + 1 }"),
        end(),
        go="start > s > k > bad > end; s > b > z > end",
    )

    def broken(*_: object) -> None:
        raise RuntimeError("canary")

    with monkeypatch.context() as patched:
        patched.setattr("engine.bpmn.activities.request", broken)
        story = tell(drawn)
        assert [(f.element_id, f.code) for f in story.turn.faults] == [("bad", "engine-fault")]
        assert (story.value("k"), story.open, story.done("scriptTask")) == (1, ["b"], ["k"])
        assert "canary" not in caplog.text
        assert story.do("b").value("z") == 2
    assert story.retry().state == "completed"
    assert story.count("bad") == 1


def test_what_was_done_before_a_step_that_breaks_is_kept(monkeypatch):
    work = script("k", "{ k: n + 1 }")
    drawn = process(start(), user("ask"), work, tag("sendTask", "bad", notice="x", to="=k"), end(), go="start > ask > k > bad > end")

    def broken(*_: object) -> None:
        raise RuntimeError("canary")

    story = Story(drawn, given={"other": 1}, restoring=False)
    story.execution.set_variables({"other": 2})
    with monkeypatch.context() as patched:
        patched.setattr("engine.bpmn.activities.request", broken)
        story.do("ask", n=4)
    assert [(f.element_id, f.code) for f in story.turn.faults] == [("bad", "engine-fault")]
    assert [story.value(name) for name in ("n", "k", "other")] == [4, 5, 2]
    assert (story.count("ask"), story.count("k")) == (1, 1)


def test_every_act_is_remembered_until_the_turn_is_over():
    public = {name: act for name, act in vars(Execution).items() if callable(act) and not name.startswith("_")}
    assert {name for name, act in public.items() if not hasattr(act, "__wrapped__")} == {"turn", "standing", "held", "state"}
