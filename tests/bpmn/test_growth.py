"""What a step costs does not grow with what came before: counted in calls of functions, not in seconds."""

from __future__ import annotations

import gc
import sys
from types import FrameType

import pytest

from tests.bpmn.drawing import Story, both, boundary, end, many, process, script, start, timer, user, xor


def _calls(story: Story, *tasks: str) -> int:
    """Calls of functions, Python's own included, that one turn of the loop takes: load, complete, run and save each task."""
    counted = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    gc.disable()  # what listens to it would be counted, too
    sys.setprofile(count)
    try:
        for task in tasks:
            story.do(task, again=True)
    finally:
        sys.setprofile(None)
        gc.enable()
    return counted


def _rounds(story: Story, rounds: int, *tasks: str) -> None:
    for _ in range(rounds):
        for task in tasks:
            story.do(task, again=True)


_LOOP = process(
    start(), xor("turn"), user("work"), boundary("late", "work", timer("P1D")), script("note", "{ late: true }"), xor("more"), end(),
    go="start > turn > work > more > end *; late > note > more; more > turn [again = true]",
)  # fmt: skip
_BLOCK = process(
    start(), xor("turn"), both("split"), user("left"), user("right"), both("join"), xor("more"), end(),
    go="start > turn > split > left > join > more > end *; split > right > join; more > turn [again = true]",
)  # fmt: skip


@pytest.mark.parametrize(("file", "tasks"), [(_LOOP, ("work",)), (_BLOCK, ("left", "right"))], ids=["one task", "parallel block"])
def test_a_turn_of_a_loop_takes_the_same_work_after_ten_turns_and_after_a_thousand(file, tasks):
    story = Story(file)
    _rounds(story, 10, *tasks)
    early, size = _calls(story, *tasks), len(story.turn.state)
    _rounds(story, 1_000, *tasks)
    assert _calls(story, *tasks) == early
    assert len(story.turn.state) - size < 20, "only the number in a token's id gets longer"


def test_an_item_takes_the_same_work_whether_few_came_before_it_or_many():
    story = Story(process(start(), user("a", many("=for i in 1..400 return i", sequential=True)), end(), go="start > a > end"))
    _rounds(story, 5, "a")
    early = _calls(story, "a")
    _rounds(story, 300, "a")
    assert _calls(story, "a") <= early


def test_the_work_of_a_step_grows_with_what_is_open_and_no_faster():
    """Fifty instances that wait are read and written with every step; a second fifty cost the same again, not more."""
    costs = []
    for count in (50, 100, 150):
        story = Story(process(start(), user("a", many(f"=for i in 1..{count} return i")), end(), go="start > a > end"))
        _rounds(story, 2, "a")
        costs.append(_calls(story, "a"))
    first, second = costs[1] - costs[0], costs[2] - costs[1]
    assert abs(second - first) <= first // 20
