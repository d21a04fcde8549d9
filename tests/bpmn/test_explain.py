"""What every token waits for."""

from __future__ import annotations

from datetime import timedelta

from engine.bpmn import places_of, waits
from engine.model.execution import Wait
from tests.bpmn.drawing import (
    START,
    TERMINATE,
    Story,
    both,
    boundary,
    catch,
    condition,
    end,
    first,
    many,
    message,
    process,
    signal,
    some,
    start,
    sub,
    tag,
    timer,
    user,
    xor,
)


def told(story: Story) -> dict[str, Wait]:
    return {wait.element_id: wait for wait in waits(story.compiled, story.env, story.turn.state)}


def test_a_task_and_the_timer_on_it_say_since_when_and_until_when():
    story = Story(
        process(start(), user("a", name_="Ask", due="P5D"), boundary("t", "a", timer("P3D")), end(), go="start > a > end; t > end")
    )
    found = told(story.later(days=1))
    assert (str(found["a"].kind), found["a"].name, found["a"].since, found["a"].due_at) == (
        "user_task",
        "Ask",
        START,
        START + timedelta(days=5),
    )
    assert (str(found["t"].kind), found["t"].attached_to, found["t"].due_at) == ("timer", "a", START + timedelta(days=3))


def test_a_join_names_the_branches_it_still_waits_for():
    inner = sub("box", start("i"), user("b"), end("o"), go="i > b > o")
    drawn = process(start(), both("s"), user("a"), inner, user("c"), both("j"), end(), go="start > s > a > j > end; s > box > j; s > c > j")
    found = told(Story(drawn).do("a"))
    assert (str(found["j"].kind), found["j"].branches, found["j"].dead) == ("join", ("box", "c"), False)
    assert "box" not in found


def test_an_inclusive_join_names_its_branches_too():
    drawn = process(start(), some("s"), user("a"), user("b"), some("j"), end(), go="start > s > a [true]; s > b [true]; a > j; b > j > end")
    assert told(Story(drawn).do("b"))["j"].branches == ("a",)


def test_a_join_that_nothing_can_fill_is_called_dead():
    drawn = process(
        start(), some("x"), user("a"), user("b"), both("j"), end(), go="start > x > a [true]; x > b [false]; a > j; b > j > end"
    )
    assert told(Story(drawn).do("a"))["j"].dead


def test_an_event_gateway_names_its_ways_out():
    drawn = process(
        start(),
        first("g"),
        catch("m", message("hello")),
        catch("t", timer("P1D")),
        catch("s", signal("go")),
        end(),
        go="start > g > m > end; g > t > end; g > s > end",
    )
    found = told(Story(drawn))
    assert found["g"].ways_out == ("m", "t", "s")
    assert (str(found["m"].kind), found["m"].event_name, str(found["s"].kind)) == ("message", "hello", "signal")


def test_an_incident_says_why():
    found = told(Story(process(start(), xor("x"), end("a"), end("b"), go="start > x > a [k]; x > b [l]")))
    assert str(found["x"].kind) == "incident"
    assert "none of their conditions holds" in found["x"].message


def test_a_finished_instance_waits_for_nothing():
    assert told(Story(process(start(), end(), go="start > end"))) == {}


def dead(story: Story) -> dict[str, bool]:
    return {wait.element_id: wait.dead for wait in waits(story.compiled, story.env, story.turn.state)}


def test_of_several_flows_each_has_to_be_able_to_come():
    drawn = process(
        start(), some("x"), *[user(k) for k in "abc"], both("j"), end(),
        go="start > x > a [true]; x > b [false]; x > c [true]; a > j; b > j; c > j > end",
    )  # fmt: skip
    story = Story(drawn).do("a")
    assert dead(story) == {"j": True, "c": False}
    assert dead(story.do("c")) == {"j": True}


def test_a_join_that_waits_for_a_dead_one_is_dead_too():
    drawn = process(
        start(), both("s"), some("x"), user("a"), user("b"), both("j"), user("c"), both("k"), end(),
        go="start > s > x > a [true]; x > b [false]; a > j; b > j > k > end; s > c > k",
    )  # fmt: skip
    assert dead(Story(drawn).do("a").do("c")) == {"j": True, "k": True}


def test_a_condition_is_dead_when_nothing_is_left_that_could_make_it_true():
    drawn = process(start(), both("s"), catch("w", condition("k = 1")), user("a"), end(), end("o"), go="start > s > w > end; s > a > o")
    story = Story(drawn)
    assert dead(story) == {"w": False, "a": False}
    assert dead(story.do("a")) == {"w": True}
    alternatives = process(
        start(), first("g"), catch("c", condition("k")), catch("d", condition("l")), end(), go="start > g > c > end; g > d > end"
    )
    assert dead(Story(alternatives)) == {"g": True, "c": True, "d": True}


def test_a_wait_that_an_interruption_around_it_can_end_is_not_dead():
    drawn = process(
        start(),
        sub(
            "box", start("i"), some("x"), user("a"), user("b"), both("j"), end("e"),
            go="i > x > a [true]; x > b [false]; a > j; b > j > e",
        ),
        boundary("late", "box", timer("P9D")),
        end(),
        go="start > box > end; late > end",
    )  # fmt: skip
    story = Story(drawn).do("a")
    assert dead(story) == {"j": False, "late": False}
    assert story.wait(days=10).state == "completed"


def test_a_wait_that_another_branch_can_sweep_away_is_not_dead():
    drawn = process(
        start(), both("s"), some("x"), user("a"), user("b"), both("j"), end(), user("z"), end("stop", TERMINATE),
        go="start > s > x > a [true]; x > b [false]; a > j; b > j > end; s > z > stop",
    )  # fmt: skip
    story = Story(drawn).do("a")
    assert dead(story) == {"j": False, "z": False}
    assert story.do("z").state == "completed"


def test_tokens_stand_where_they_wait_and_not_where_something_only_listens():
    inner = sub("box", start("i"), user("b"), end("o"), go="i > b > o")
    drawn = process(
        start(), both("s"), inner, boundary("late", "box", timer("P3D")), first("g"), catch("m", message("hello")),
        catch("t", timer("P1D")), xor("q"), user("a", many("[1, 2]")), both("j"), end(), end("other"),
        go="start > s > box > j; s > g > m > q > j; g > t > q; s > a > j > end; late > other",
    )  # fmt: skip
    story = Story(drawn)
    assert sorted(story.turn.places) == [("p", "a"), ("p", "a"), ("p", "b"), ("p", "g")]
    story.do("b")
    assert sorted(story.turn.places) == [("p", "a"), ("p", "a"), ("p", "g"), ("p", "j")]
    assert places_of(story.compiled, story.env, story.turn.state) == story.turn.places


def test_a_called_process_shows_where_it_was_called_too_and_a_stopped_token_stands_where_it_stopped():
    called = process(start("s2"), xor("x"), end("y"), end("z"), go="s2 > x > y [k]; x > z [l]", key="inner")
    outer = process(start(), tag("callActivity", "c", calledElement_="inner"), end(), go="start > c > end")
    assert sorted(Story(outer, called).turn.places) == [("inner", "x"), ("p", "c")]


def test_a_finished_instance_stands_nowhere():
    assert Story(process(start(), end(), go="start > end")).turn.places == ()
