"""Running instances taken back to an earlier step: what is cancelled, what stays, what cannot be done and why."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.bpmn import returns
from engine.model.errors import TokenGone
from engine.model.execution import EntryEvent
from engine.model.returns import Return
from tests.bpmn.drawing import (
    Story,
    both,
    boundary,
    catch,
    end,
    first,
    inside,
    many,
    process,
    some,
    start,
    sub,
    tag,
    timer,
    user,
    xor,
)

Tell = Callable[..., Story]


def look(story: Story) -> dict[str, Return]:
    been = {(entry.process_key, entry.element_id) for entry in story.entries if entry.event == EntryEvent.COMPLETED}
    return {one.element_id: one for one in returns(story.compiled, story.env, story.turn.state, been)}


def said(story: Story) -> dict[str, str]:
    """Each earlier step with what it takes away, or why it cannot be."""
    return {id: one.why.value if one.why else " ".join(sorted(left.element_id for left in one.leaves)) for id, one in look(story).items()}


def back(story: Story, element_id: str) -> Story:
    story.execution.go_back(look(story)[element_id].scope, element_id)
    story._turn()
    return story


LINE = process(start(), user("ask"), user("check"), user("sign"), end(), go="start > ask > check > sign > end")
FORK = process(
    *(start(), user("x"), both("f"), user("a"), user("a2"), user("b"), both("j"), user("c"), end()),
    go="start > x > f > a > a2 > j > c > end; f > b > j",
)


def test_what_came_since_is_cancelled_and_the_step_is_open_anew(tell: Tell) -> None:
    story = tell(LINE).do("ask", answer=1).do("check")
    assert said(story) == {"ask": "sign", "check": "sign"}
    back(story, "ask")
    assert (story.open, story.count("sign", EntryEvent.CANCELLED), story.value("answer")) == (["ask"], 1, 1)
    story.do("ask").do("check").do("sign")
    assert story.state == "completed"


def test_a_look_changes_nothing_and_nobody_goes_forward_or_where_they_stand(tell: Tell) -> None:
    story = tell(LINE).do("ask")
    state = story.turn.state
    assert said(story) == {"ask": "check"}
    assert story.turn.state == state
    for wrong in ("check", "sign", "end", "start", "nothing"):
        with pytest.raises(TokenGone):
            story.execution.go_back("", wrong)
    with pytest.raises(TokenGone):
        story.execution.go_back("t99", "ask")


def test_before_a_split_all_its_branches_are_taken_away_and_within_one_the_other_stays(tell: Tell) -> None:
    story = tell(FORK).do("x").do("a")
    assert said(story) == {"x": "a2 b", "a": "a2"}
    back(story, "a")
    assert story.open == ["a", "b"]
    back(story, "x")
    assert story.open == ["x"]
    story.do("x").do("b").do("a").do("a2").do("c")
    assert story.state == "completed"


def test_of_those_that_wait_at_a_join_only_who_came_by_the_branch_is_taken_away(tell: Tell) -> None:
    story = tell(FORK).do("x").do("b")
    assert said(story) == {"x": "a j", "b": "j"}
    back(story, "b")
    assert story.open == ["a", "b"]
    story.do("a").do("a2").do("b").do("c")
    assert story.state == "completed"


def test_behind_a_join_one_branch_alone_would_wait_for_ever(tell: Tell) -> None:
    story = tell(FORK).do("x").do("a").do("a2").do("b")
    assert said(story) == {"x": "c", "a": "blocked", "a2": "blocked", "b": "blocked"}
    with pytest.raises(TokenGone):
        story.execution.go_back("", "a")
    story.execution = None  # type: ignore[assignment]  # what was refused is thrown away
    story._renew()
    back(story, "x").do("x")
    assert story.open == ["a", "b"]


def test_an_inclusive_join_waits_for_nobody_who_is_not_on_the_way(tell: Tell) -> None:
    drawing = process(
        *(start(), some("f"), user("a"), user("b"), some("j"), user("c"), end()),
        go="start > f > a [go = 1]; a > j > c > end; f > b [go > 0]; b > j",
    )
    story = tell(drawing, given={"go": 1}).do("a").do("b")
    back(story, "a").do("a")
    assert story.open == ["c"]


def test_a_loop_is_not_gone_round_backwards(tell: Tell) -> None:
    drawing = process(
        *(start(), user("a"), user("b"), xor("more"), user("c"), end()),
        go="start > a > b > more; more > a [again = true]; more > c *; c > end",
    )
    story = tell(drawing, given={"again": True}).do("a").do("b")
    assert story.open == ["a"]
    assert said(story) == {}
    story.do("a", again=False)
    assert said(story) == {"a": "b"}


def test_inside_an_open_sub_process_the_step_is_open_again_and_one_that_is_over_is_entered_as_a_whole(tell: Tell) -> None:
    drawing = process(
        start(), sub("s", start("i"), user("in"), user("on"), end("o"), go="i > in > on > o"), user("z"), end(), go="start > s > z > end"
    )
    story = tell(drawing).do("in")
    assert said(story) == {"in": "on"}
    back(story, "in")
    assert story.open == ["in"]
    story.do("in").do("on")
    assert said(story) == {"s": "z", "in": "closed", "on": "closed"}
    back(story, "s")
    assert story.open == ["in"]
    story.do("in").do("on").do("z")
    assert story.state == "completed"


def test_all_that_is_inside_of_a_step_goes_with_it(tell: Tell) -> None:
    inner = inside(start("i"), user("each"), end("o"), go="i > each > o")
    drawing = process(start(), user("a"), tag("subProcess", "s", many("[1, 2, 3]") + inner), end(), go="start > a > s > end")
    story = tell(drawing).do("a").do("each")
    assert said(story) == {"a": "s"}
    back(story, "a")
    assert (story.open, story.count("each", EntryEvent.CANCELLED)) == (["a"], 2)
    story.do("a")
    assert story.open == ["each"] * 3


def test_from_a_boundary_s_way_out_the_activity_begins_again_with_its_timer(tell: Tell) -> None:
    drawing = process(
        *(start(), user("a"), boundary("late", "a", timer("P1D")), user("d"), end(), end("e2")), go="start > a > end; late > d > e2"
    )
    story = tell(drawing).wait(days=2)
    assert story.open == ["d"]
    # what did not happen in peace was not completed: it is offered once it was
    assert said(story) == {}
    story.execution.go_back("", "a")
    story._turn()
    assert (story.open, [one.element_id for one in story.turn.timers]) == (["a"], ["late"])
    story.wait(days=2)
    assert story.open == ["d"]


def test_one_of_several_events_is_no_step_to_go_back_to(tell: Tell) -> None:
    drawing = process(
        *(start(), user("a"), first("g"), tag("receiveTask", "m", messageRef_="message_m"), catch("t", timer("P1D"))),
        *(user("b"), end(), xor("x")),
        go="start > a > g > m > x > b > end; g > t > x",
    )
    story = tell(drawing).do("a").tell("m")
    assert said(story) == {"a": "b", "m": "event"}


def test_what_acts_on_others_on_the_way_is_named(tell: Tell) -> None:
    tagged = tag("serviceTask", "told", operation="notice.send", name_="Tell them")
    drawing = process(start(), user("a"), tagged, user("b"), end(), go="start > a > told > b > end")
    story = tell(drawing).do("a")
    assert look(story)["a"].again == (("told", "Tell them"),)


def test_two_thousand_steps_are_looked_at_without_going_deep() -> None:
    ids = [f"u{number}" for number in range(2_000)]
    drawing = process(start(), *(tag("manualTask", id) for id in ids), end(), go=" > ".join(["start", *ids, "end"]))
    story = Story(drawing, restoring=False).do("u0")
    assert list(look(story)) == ["u0"]
