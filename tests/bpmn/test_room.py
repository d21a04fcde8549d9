"""How much an instance may hold: what would grow beyond stops with a reason, and what was there is kept."""

from __future__ import annotations

import pytest

from engine.bpmn import room
from engine.model.errors import Invalid
from tests.bpmn.drawing import (
    Story,
    end,
    many,
    mapping,
    process,
    script,
    start,
    sub,
    tag,
    user,
    xor,
)

DOUBLING = "{ s: string join(for i in 1..2 return s) }"


def faults(story: Story) -> set[tuple[str, str]]:
    return {(fault.element_id, fault.code) for fault in story.turn.faults}


def test_a_text_that_doubles_in_a_loop_stops_at_the_size_of_a_variable(tell):
    drawn = process(start(), xor("m"), script("grow", DOUBLING), end(), go="start > m > grow > m [true]; grow > end [false]")
    story = tell(drawn, given={"s": "x"})
    assert faults(story) == {("grow", "variable-too-large")}
    assert story.value("s") == "x" * 2**17
    assert story.retry(s="short").state == "incident"


def test_many_variables_stop_at_the_size_of_the_state(tell):
    scripts = [script(f"k{n}", f"{{ v{n}: s }}") for n in range(12)]
    chain = " > ".join(["start", *[f"k{n}" for n in range(12)], "end"])
    story = tell(process(start(), *scripts, end(), go=chain), given={"s": "x" * 200_000})
    ((element, code),) = faults(story)
    assert (element, code) in {("k8", "state-too-large"), ("k9", "state-too-large")}
    assert len(story.turn.state) <= room.MAX_STATE
    assert story.retry(v1="", v2="", v3="", v4="").state == "completed"


def test_values_from_outside_are_refused_when_they_are_too_large(tell):
    story = tell(process(start(), user("a"), end(), go="start > a > end"))
    for given in ({"s": "x" * 300_000}, {"s": ["x" * 1000] * 300}, {f"v{n}": "x" * 250_000 for n in range(9)}):
        with pytest.raises(Invalid):
            story.do("a", **given)
    assert story.do("a", s="x" * 200_000).state == "completed"


def test_a_collection_of_large_items_is_not_begun(tell):
    drawn = process(start(), user("a", many("=for i in 1..100 return s")), end(), go="start > a > end")
    story = tell(drawn, given={"s": "x" * 25_000})
    assert (faults(story), story.open) == ({("a", "state-too-large")}, [])
    assert len(story.retry(s="x").open) == 100


def test_outputs_that_pile_up_stop_the_instance_that_adds_to_them(tell):
    drawn = process(
        start(), user("a", many("=for i in 1..30 return i", outputCollection="all", outputElement="=s")), end(), go="start > a > end"
    )
    story = tell(drawn, given={"s": "x" * 100_000})
    while story.open and story.state == "running":
        story.do("a")
    assert faults(story) == {("a", "state-too-large")}


def test_tokens_that_multiply_without_end_stop():
    drawn = process(start(), xor("m"), tag("task", "a"), script("k", "{}"), end(), go="start > m > k > m; k > a > end")
    story = Story(drawn, restoring=False)
    assert {code for _, code in faults(story)} == {"state-too-large"}
    assert len(story.open) > 1000
    assert len(story.turn.state) < 2 * room.MAX_STATE


def test_multi_instances_in_each_other_stop_before_they_fill_the_state():
    inner = sub("inner", many("=for i in 1..2000 return i", "j"), start("i"), user("a"), end("o"), go="i > a > o")
    outer = sub("outer", many("=for i in 1..2000 return i", "k"), start("x"), inner, end("y"), go="x > inner > y")
    story = Story(process(start(), outer, end(), go="start > outer > end"), restoring=False)
    assert {code for _, code in faults(story)} == {"state-too-large"}
    assert len(story.turn.state) < 2 * room.MAX_STATE


def test_what_a_called_process_is_given_counts(tell):
    callee = process(start("cs"), user("u"), end("ce"), go="cs > u > ce", key="c")
    call = tag("callActivity", "call", mapping({"x": "=[s, s]"}), calledElement_="c")
    story = tell(process(start(), call, end(), go="start > call > end"), callee, given={"s": "x" * 200_000})
    assert faults(story) == {("call", "variable-too-large")}


def test_two_thousand_instances_of_a_sub_process_have_room():
    box = sub("box", many("=for i in 1..2000 return i", "k"), start("i"), user("a"), end("o"), go="i > a > o")
    story = Story(process(start(), box, end(), go="start > box > end"), restoring=False)
    assert (story.state, len(story.open)) == ("running", 2000)
