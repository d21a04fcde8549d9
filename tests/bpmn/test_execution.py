"""Storing, budgets and sizes."""

from __future__ import annotations

import sys
from threading import Thread

import orjson
import pytest

from engine.bpmn import NoSuchStart, StateUnreadable, begin, compile, restore
from engine.model.execution import Closure, RunStatus
from tests.bpmn.drawing import Story, again, both, boundary, end, many, models, process, script, start, sub, tag, timer, user, xor

LOOP = process(
    start(),
    xor("m"),
    user("a"),
    boundary("t", "a", timer("P1D")),
    both("s"),
    script("k", "{ n: n + 1 }"),
    script("l", "{ m: n }"),
    both("j"),
    xor("x"),
    end(),
    go="start > m > a > s > k > j > x; s > l > j; x > m [n < 1000]; x > end *; t > end",
)


def test_a_thousand_turns_of_a_loop_leave_no_trace_in_the_state():
    story = Story(LOOP, given={"n": 0})
    sizes = []
    for _ in range(999):
        story.do("a")
        sizes.append(len(story.turn.state))
    assert max(sizes) < 1000
    assert sizes[-1] - sizes[10] < 20
    assert story.do("a").state == "completed"


def test_a_mediation_sized_process_keeps_its_state_small():
    blocks = [
        sub(
            f"b{i}",
            start(f"i{i}"),
            both(f"s{i}"),
            *[user(f"u{i}{j}", due="P5D") for j in range(3)],
            both(f"j{i}"),
            end(f"o{i}"),
            go=f"i{i} > s{i}; " + "; ".join(f"s{i} > u{i}{j} > j{i}" for j in range(3)) + f"; j{i} > o{i}",
        )
        for i in range(5)
    ]
    timers = [boundary(f"t{i}", f"b{i}", timer("R/P1D"), False) + end(f"e{i}") for i in range(5)]
    go = "start > s; j > end; " + "; ".join(f"s > b{i} > j; t{i} > e{i}" for i in range(5))
    story = Story(process(start(), both("s"), *blocks, *timers, both("j"), end(), go=go), given={f"v{i}": "x" * 40 for i in range(20)})
    assert len(story.open) == 15
    assert len(story.turn.state) < 8_000


def test_a_long_row_of_steps_is_sliced_and_the_slices_together_do_the_same():
    drawn = process(start(), script("k", "{ n: n + 1 }", again("n < 500")), end(), go="start > k > end")
    whole, sliced = Story(drawn, given={"n": 0}, steps=100_000), Story(drawn, given={"n": 0}, steps=7)
    assert whole.value("n") == sliced.value("n") == 500
    assert [(e.event, e.element_id, e.token_id) for e in whole.entries] == [(e.event, e.element_id, e.token_id) for e in sliced.entries]


def test_a_turn_that_used_up_its_budget_says_so():
    compiled = compile(Closure("p", "budget", {"p": models(LOOP)["p"].normalised}))
    execution = begin(compiled, Story(LOOP, given={"n": 0}, steps=2).env, {"n": 0})
    turn = execution.turn()
    assert (turn.more, turn.status) == (True, RunStatus.RUNNING)


def test_a_loop_that_never_waits_ends_in_an_incident(monkeypatch):
    monkeypatch.setattr("engine.bpmn.loop.MAX_SPIN", 5_000)
    story = Story(process(start(), xor("m"), xor("x"), end(), go="start > m > x; x > m [true]; x > end *"))
    assert [f.code for f in story.turn.faults] == ["runs-forever"]


def test_two_thousand_nodes_in_a_row_and_three_hundred_branches_run():
    names = [f"t{i}" for i in range(2000)]
    row = process(start(), *[script(n, "{ k: 1 }") for n in names], end(), go=" > ".join(["start", *names, "end"]))
    assert Story(row).state == "completed"
    wide = [f"t{i}" for i in range(300)]
    go = "start > s; j > end; " + "; ".join(f"s > {n} > j" for n in wide)
    story = Story(process(start(), both("s"), *[user(n) for n in wide], both("j"), end(), go=go))
    for name in wide:
        story.do(name)
    assert story.state == "completed"


def test_ten_thousand_turns_without_a_person():
    story = Story(
        process(start(), script("k", "{ n: n + 1 }"), xor("x"), end(), go="start > k > x; x > k [n < 10000]; x > end *"),
        given={"n": 0},
        steps=10**6,
    )
    assert (story.state, story.value("n")) == ("completed", 10_000)


def test_the_state_of_another_format_or_a_damaged_one_is_refused():
    story = Story(LOOP, given={"n": 0})
    state = orjson.loads(story.turn.state)
    for damaged in (
        b"",
        b"{}",
        b"[]",
        story.turn.state[:-9],
        orjson.dumps({**state, "v": 99}),
        orjson.dumps({**state, "t": [["x", 5, "n:a", 1, {}, None]]}),
    ):
        with pytest.raises(StateUnreadable):
            restore(story.compiled, story.env, damaged)


def test_a_process_without_the_start_that_is_asked_for_says_so():
    story = Story(LOOP, given={"n": 0})
    with pytest.raises(NoSuchStart, match="nothing"):
        begin(story.compiled, story.env, {}, message="nothing")


def test_the_same_closure_is_compiled_once():
    source = models(LOOP)["p"].normalised
    assert compile(Closure("p", "once", {"p": source})) is compile(Closure("p", "once", {"p": source}))


def test_instances_of_one_closure_do_not_disturb_each_other_in_threads():
    compiled = Story(LOOP, given={"n": 0}).compiled
    env = Story(LOOP, given={"n": 0}).env
    ends: list[object] = []

    def work() -> None:
        execution = begin(compiled, env, {"n": 990})
        turn = execution.turn()
        while turn.tasks:
            execution = restore(compiled, env, turn.state)
            execution.complete(turn.tasks[0].token_id, {})
            turn = execution.turn()
        ends.append((turn.status, turn.variables["n"], turn.end_event))

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends == [(RunStatus.COMPLETED, 1000, "end")] * 8


def test_running_leaves_the_specs_as_they_were():
    story = Story(LOOP, given={"n": 998})
    before = {
        key: (sorted(spec.task_specs), [list(s._outputs) for s in spec.task_specs.values()]) for key, spec in story.compiled.scopes.items()
    }
    story.do("a").do("a")
    after = {
        key: (sorted(spec.task_specs), [list(s._outputs) for s in spec.task_specs.values()]) for key, spec in story.compiled.scopes.items()
    }
    assert before == after


def test_cancelling_ends_everything():
    story = Story(process(start(), user("a", many("=[1, 2]")), boundary("t", "a", timer("P1D")), end(), go="start > a > end; t > end"))
    story.execution.cancel()
    turn = story.execution.turn()
    assert (turn.status, turn.tasks, turn.timers, turn.end_event) == (RunStatus.COMPLETED, (), (), None)
    assert sorted(e.element_id for e in turn.entries) == ["a", "a"]


def test_nothing_of_a_case_is_logged(caplog):
    caplog.set_level(0)
    Story(LOOP, given={"n": 0, "secret": "canary"}).do("a", more="canary")
    assert "canary" not in caplog.text
    assert not [record for record in caplog.records if "canary" in str(record.__dict__)]


def test_the_library_never_gets_a_script_to_run():
    instance = Story(process(start(), tag("manualTask", "a"), end(), go="start > a > end")).execution._instance
    with pytest.raises(AssertionError):
        instance.script_engine.evaluate(None, "1 + 1")


def test_deep_recursion_is_not_needed():
    limit = sys.getrecursionlimit()
    names = [f"t{i}" for i in range(3000)]
    Story(process(start(), *[xor(n) for n in names], end(), go=" > ".join(["start", *names, "end"])))
    assert sys.getrecursionlimit() == limit
