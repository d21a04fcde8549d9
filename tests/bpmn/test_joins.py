"""Gateways and flows: BPMN 2.0, 13.3.2 and 13.4."""

from __future__ import annotations

from tests.bpmn.drawing import both, boundary, end, process, script, some, start, sub, timer, user, xor


def test_a_parallel_join_waits_for_every_branch(tell):
    story = tell(process(start(), both("s"), user("a"), user("b"), both("j"), end(), go="start > s > a > j > end; s > b > j"))
    assert story.open == ["a", "b"]
    story.do("b")
    assert story.open == ["a"]
    assert "j" not in story.done()
    story.do("a")
    assert story.done("parallelGateway") == ["s", "j"]
    assert (story.state, story.turn.end_event) == ("completed", "end")


def test_a_parallel_join_in_a_loop_waits_again_in_each_round_whatever_the_order(tell):
    drawn = process(
        start(),
        xor("m"),
        both("s"),
        user("a"),
        user("b"),
        both("j"),
        xor("x"),
        end(),
        go="start > m > s > a > j; s > b > j > x; x > m [again]; x > end *",
    )
    story = tell(drawn)
    for round, (one, two, again) in enumerate([("a", "b", True), ("b", "a", True), ("b", "a", False)], start=1):
        story.do(one, again=again)
        assert story.count("j") == round - 1
        story.do(two, again=again)
        assert story.count("j") == round
    assert story.done("parallelGateway") == ["s", "j"] * 3
    assert story.state == "completed"


def test_a_second_token_on_one_branch_stays_for_the_next_time_the_join_fires(tell):
    drawn = process(
        start(),
        both("s"),
        xor("m"),
        user("b"),
        user("a"),
        both("j"),
        end(),
        go="start > s > m > a > j > end; s > m; s > b > j",
    ).replace(b'id="s_m"', b'id="s_m2"', 1)
    story = tell(drawn)
    assert story.open == ["a", "a", "b"]
    story.do("a").do("a")
    assert story.state == "running"
    story.do("b")
    assert story.count("end") == 1
    assert story.state == "running"  # one token is left waiting at the join


def test_an_exclusive_gateway_takes_the_first_true_condition_in_the_order_drawn(tell):
    drawn = process(start(), xor("x"), end("a"), end("b"), end("c"), go="start > x > a [n > 1]; x > b [=n > 0]; x > c *")
    assert tell(drawn, given={"n": 2}).turn.end_event == "a"
    assert tell(drawn, given={"n": 1}).turn.end_event == "b"
    assert tell(drawn, given={"n": 0}).turn.end_event == "c"
    assert tell(drawn).turn.end_event == "c"


def test_an_inclusive_split_takes_every_true_flow_and_its_join_waits_for_just_those(tell):
    drawn = process(
        start(),
        some("s"),
        user("a"),
        user("b"),
        user("c"),
        some("j"),
        user("z"),
        end(),
        go="start > s > a [x]; s > b [y]; s > c *; a > j; b > j; c > j > z > end",
    )
    story = tell(drawn, given={"x": True, "y": True})
    assert story.open == ["a", "b"]
    story.do("a")
    assert story.open == ["b"]
    assert story.do("b").open == ["z"]
    assert tell(drawn, given={"x": True, "y": False}).do("a").open == ["z"]
    assert tell(drawn, given={"x": False, "y": False}).do("c").open == ["z"]


def test_an_inclusive_join_waits_for_a_branch_inside_a_sub_process_that_may_still_come(tell):
    drawn = process(
        start(),
        both("s"),
        user("a"),
        sub("box", start("i"), user("b"), end("o"), go="i > b > o"),
        xor("x"),
        some("j"),
        user("z"),
        end(),
        end("off"),
        go="start > s > a > j > z > end; s > box > x; x > j [come]; x > off *",
    )
    story = tell(drawn).do("a")
    assert story.open == ["b"]
    assert story.do("b", come=True).open == ["z"]
    assert story.count("j") == 1
    story = tell(drawn).do("a").do("b", come=False)
    assert story.open == ["z"]


def test_an_inclusive_join_does_not_wait_for_a_token_that_must_first_pass_it(tell):
    drawn = process(
        start(),
        both("s"),
        some("j"),
        user("z"),
        xor("x"),
        user("b"),
        end(),
        go="start > s > j > z > x; x > b [again]; x > end *; b > j; s > end",
    )
    story = tell(drawn)
    assert story.open == ["z"]
    assert story.do("z", again=True).open == ["b"]
    assert story.do("b").open == ["z"]


def test_an_inclusive_join_waits_for_a_branch_that_an_interrupting_boundary_may_send(tell):
    drawn = process(
        start(),
        both("s"),
        user("a"),
        user("b"),
        boundary("late", "b", timer("P1D")),
        some("j"),
        user("z"),
        end(),
        end("other"),
        go="start > s > a > j > z > end; s > b > other; late > j",
    )
    assert tell(drawn).do("a").open == ["b"]
    story = tell(drawn).do("a").wait(days=2)
    assert story.open == ["z"]
    assert story.count("j") == 1


def test_several_flows_out_of_a_task_are_all_taken_and_several_into_one_each_run_it(tell):
    story = tell(process(start(), user("a"), user("b"), user("c"), user("d"), end(), go="start > a > b > d > end; a > c > d"))
    story.do("a").do("b").do("c")
    assert story.open == ["d", "d"]
    story.do("d").do("d")
    assert story.count("end") == 2


def test_conditional_flows_leaving_a_task_are_looked_at_and_the_default_is_taken_without_any(tell):
    drawn = process(start(), user("a"), end("x"), end("y"), end("z"), go="start > a > x [n > 1]; a > y [n > 2]; a > z *")
    assert tell(drawn).do("a", n=3).done("endEvent") == ["x", "y"]
    assert tell(drawn).do("a", n=2).done("endEvent") == ["x"]
    assert tell(drawn).do("a", n=0).done("endEvent") == ["z"]


def test_a_branch_without_an_end_event_ends_and_keeps_what_it_wrote(tell):
    story = tell(process(start(), both("s"), user("a"), script("b", "{ k: 1 }"), end(), go="start > s > a > end; s > b"))
    assert story.value("k") == 1
    assert story.do("a").state == "completed"
    assert story.value("k") == 1


def test_a_write_on_one_branch_survives_the_join_after_the_other(tell):
    drawn = process(
        start(),
        script("zero", "{ k: 0 }"),
        both("s"),
        user("a"),
        user("b"),
        both("j"),
        user("z"),
        end(),
        go="start > zero > s > a > j; s > b > j > z > end",
    )
    story = tell(drawn).do("a", k=1).do("b", other=2)
    assert story.task("z").variables == {"k": 1, "other": 2}


def test_elements_may_have_the_names_that_the_library_keeps_for_itself(tell):
    story = tell(process(start("Start"), user("Root"), user("p.EndJoin"), end("End"), go="Start > Root > p.EndJoin > End"))
    story.do("Root").do("p.EndJoin")
    assert story.done() == ["Start", "Root", "p.EndJoin", "End"]
