"""Which expressions of a process read variables, which variables it makes; and choices whose conditions were null."""

from __future__ import annotations

from collections.abc import Callable

from engine.bpmn import read
from engine.model.execution import EntryEvent, ProcessModel
from tests.bpmn.drawing import Story, catch, condition, end, many, mapping, process, script, start, tag, user, xor


def model(*elements: str, go: str) -> ProcessModel:
    (found,) = read({"p.bpmn": process(*elements, go=go)}).processes
    return found


def test_every_expression_is_named_with_its_element() -> None:
    found = model(
        start(),
        user("a", many("xs", until="done"), due="=limit", assignee="kim"),
        xor("x"),
        catch("c", condition("ready")),
        script("k", "{sum: n}"),
        tag("callActivity", "f", mapping({"i": "n + 1"}, {"o": "theirs"}), calledElement_="q"),
        end(),
        go="start > a > x; x > c [n > 1]; x > k *; c > end; k > f > end",
    )
    assert set(found.expressions) == {
        ("a", "xs"),
        ("a", "done"),
        ("a", "=limit"),
        ("x_c", "n > 1"),
        ("c", "ready"),
        ("k", "{sum: n}"),
        ("f", "n + 1"),
    }
    assert found.makes >= {"item", "sum", "i", "o", "loopCounter"}
    assert "n" not in found.makes


def test_what_a_script_may_make_is_told_rather_too_widely() -> None:
    found = model(start(), script("k", 'context put(if n then {a: {b: 1}} else {c: 1}, "d", 2)'), end(), go="start > k > end")
    assert found.makes >= {"a", "b", "c", "d"}


def choosing(condition: str) -> bytes:
    return process(start(), xor("x"), end("a"), end("b"), go=f"start > x > a [{condition}]; x > b *")


def doubts(story: Story) -> list[str | None]:
    return [entry.doubt for entry in story.entries if entry.element_id == "x" and entry.event is EntryEvent.COMPLETED]


def test_a_null_condition_counts_as_false_and_the_history_says_why(tell: Callable[..., Story]) -> None:
    story = tell(choosing("amout > 10"), given={"amount": 20})
    assert (story.state, story.done("endEvent")) == ("completed", ["b"])
    (doubt,) = doubts(story)
    assert doubt is not None
    assert doubt.startswith("The condition of flow x_a is null.")
    assert "amout" in doubt
    assert "20" not in doubt


def test_a_condition_that_is_true_or_false_leaves_no_doubt(tell: Callable[..., Story]) -> None:
    for amount in (5, 20):
        assert doubts(tell(choosing("amount > 10"), given={"amount": amount})) == [None]
