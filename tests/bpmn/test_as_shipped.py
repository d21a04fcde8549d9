"""What the library does wrong as it comes, each in the smallest model, and right here: one test for each fault that is known."""

from __future__ import annotations

import pytest

from engine.bpmn import restore
from engine.model.errors import TokenGone
from engine.model.execution import EntryEvent
from tests.bpmn.drawing import (
    START,
    Story,
    again,
    both,
    boundary,
    catch,
    end,
    many,
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


def test_a_signal_end_event_throws_its_signal(tell):
    assert [t.name for t in tell(process(start(), end("e", signal("over")), go="start > e")).thrown] == ["over"]


def test_a_data_value_that_was_written_in_one_place_is_not_changed_in_another(tell):
    # The library hands the same list to the parent, the children and the siblings until it is stored once.
    drawn = process(
        start(),
        script("k", "{ a: [1], b: a }"),
        both("s"),
        script("x", "{ a: append(a, 2) }"),
        script("y", "{ c: b }"),
        both("j"),
        user("z"),
        end(),
        go="start > k > s > x > j; s > y > j > z > end",
    )
    found = tell(drawn).task("z").variables
    assert (found["a"], found["b"], found["c"]) == ([1, 2], [1], [1])
    found["b"].append("outside")
    assert tell(drawn).task("z").variables["b"] == [1]


def test_a_payload_and_a_completion_belong_to_the_instance_from_then_on(tell):
    mine: list[object] = [1]
    story = tell(process(start(), user("a"), user("b"), end(), go="start > a > b > end")).do("a", given=mine)
    mine.append(2)
    assert story.task("b").variables == {"given": [1]}


def test_an_event_sub_process_neither_runs_at_the_start_nor_keeps_the_process_open_nor_changes_the_drawing(tell):
    handler = sub(
        "esp", start("es", timer("P1D"), isInterrupting_="false"), user("h"), end("eo"), go="es > h > eo", triggeredByEvent_="true"
    )
    drawn = process(start(), user("a"), end(), handler, go="start > a > end")
    for _ in range(2):
        story = tell(drawn)
        assert (story.open, story.done()) == (["a"], ["start"])
        assert story.do("a").state == "completed"
    story = tell(drawn).wait(days=1)
    assert story.open == ["a", "h"]
    fresh = Story(drawn)
    assert (fresh.open, fresh.done()) == (["a"], ["start"])


def test_an_event_sub_process_of_a_sub_process_hears_its_message(tell):
    handler = sub("esp", start("es", message("stop")), user("h"), end("eo"), go="es > h > eo", triggeredByEvent_="true")
    inner = sub("box", start("i"), user("a"), end("o"), handler, go="i > a > o")
    story = tell(process(start(), inner, user("z"), end(), go="start > box > z > end")).tell("stop")
    assert story.open == ["h"]
    assert story.do("h").open == ["z"]


def test_many_parallel_blocks_in_a_row_cost_what_they_are_and_not_what_they_could_become():
    blocks, go, last = [], [], "start"
    for n in range(30):
        names = [f"k{n}{letter}" for letter in "abc"]
        blocks += [both(f"s{n}"), *[script(name, "{ k: 1 }") for name in names], both(f"j{n}")]
        go += [f"{last} > s{n}", *[f"s{n} > {name} > j{n}" for name in names]]
        last = f"j{n}"
    story = Story(process(start(), *blocks, user("z"), end(), go="; ".join([*go, f"{last} > z > end"])))
    assert (story.open, len(story.done("scriptTask"))) == (["z"], 90)
    assert len(story.turn.state) < 2_000


def test_a_loop_of_a_thousand_rounds_is_neither_stuck_nor_called_complete():
    drawn = process(start(), xor("m"), user("a"), xor("x"), end(), go="start > m > a > x; x > m [more]; x > end *")
    story = Story(drawn)
    for _ in range(1_100):
        story.do("a", more=True)
        assert story.state == "running"
    assert (story.do("a", more=False).state, story.count("a")) == ("completed", 1_101)


def test_a_finished_instance_takes_no_step_again(tell):
    story = tell(process(start(), user("a"), script("k", "{ n: n + 1 }"), end(), go="start > a > k > end"), given={"n": 0})
    token = story.task("a").token_id
    story.do("a").retry()
    assert (story.state, story.value("n")) == ("completed", 1)
    with pytest.raises(TokenGone):
        restore(story.compiled, story.env, story.turn.state).complete(token, {})
    assert story.retry().value("n") == 1


def test_one_message_is_taken_by_one_catch(tell):
    drawn = process(
        start(),
        both("s"),
        catch("c", message("hello")),
        catch("d", message("hello")),
        user("y"),
        user("z"),
        end(),
        go="start > s > c > y > end; s > d > z > end",
    )
    story = tell(drawn).tell("hello")
    assert story.open == ["y"]
    assert story.tell("hello").open == ["y", "z"]


def test_each_missed_cycle_does_not_fire_by_itself(tell):
    drawn = process(start(), user("a"), boundary("t", "a", timer("R/PT1H"), False), end("r"), end(), go="start > a > end; t > r")
    story = tell(drawn).later(hours=10, minutes=30).fire("t")
    assert (story.count("t"), (story.turn.timers[0].due_at - START).total_seconds() / 3600) == (1, 11)


def test_a_multi_instance_in_a_loop_collects_anew_each_round(tell):
    loop = many("=[1, 2]", outputCollection="all", outputElement="=x")
    drawn = process(
        start(),
        xor("m"),
        script("k", "{ x: item * n }", loop),
        user("q"),
        xor("x"),
        end(),
        go="start > m > k > q > x; x > m [n < 3]; x > end *",
    )
    story = tell(drawn, given={"n": 1})
    assert story.value("all") == [1, 2]
    assert story.do("q", n=2).value("all") == [2, 4]
    assert story.do("q", n=3).value("all") == [2, 4]


def test_an_output_that_was_there_before_is_replaced(tell):
    own = 'parley:outputCollection="all" parley:outputElement="=loopCounter"'
    kind = "multiInstanceLoopCharacteristics"
    loop = f"<{kind} {own}><loopCardinality>3</loopCardinality></{kind}>"
    story = tell(process(start(), script("k", "{ y: 1 }", loop), end(), go="start > k > end"), given={"all": ["old"]})
    assert story.value("all") == [1, 2, 3]


def test_what_waits_inside_another_keeps_its_state_and_is_cancelled_with_it(tell):
    inner = sub("box", start("i"), user("a", many("=[1, 2]")), end("o"), go="i > a > o")
    story = tell(process(start(), inner, boundary("t", "box", timer("P1D")), end(), go="start > box > end; t > end")).do("a").wait(days=1)
    assert [e.element_id for e in story.entries if e.event == EntryEvent.CANCELLED] == ["a", "box"]


def test_a_service_task_that_waits_and_plain_loops_survive_being_stored(tell):
    story = tell(
        process(start(), user("a", again("n < 2")), tag("receiveTask", "r", messageRef_="message_m"), end(), go="start > a > r > end"),
        given={"n": 0},
    )
    assert story.do("a", n=1).do("a", n=2).tell("m").state == "completed"


def test_a_link_and_a_throw_without_a_trigger_are_no_dead_ends(tell):
    link = '<linkEventDefinition name="l"/>'
    story = tell(process(start(), throw("n"), throw("o", link), catch("c", link), end(), go="start > n > o; c > end"))
    assert (story.done(), story.state) == (["start", "n", "o", "c", "end"], "completed")
