"""Priorities: whole numbers from 0 to 100, said at publish when they can be known then, an incident otherwise."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from engine.bpmn import urgency
from tests.bpmn.drawing import Story, end, problems, process, start, user

INVALID = ("a", "priority-invalid")


def drawn(priority: str) -> bytes:
    return process(start(), user("a", priority=priority), end(), go="start > a > end")


@pytest.mark.parametrize("text", ["500", "101", "-1", "1.5", "-99999999999999999999", "9" * 5000, "=101", "=-1", "=2.5", '="high"', " "])
def test_a_constant_priority_out_of_range_is_refused_at_publish(text: str) -> None:
    assert problems(drawn(text)) == {INVALID}


@pytest.mark.parametrize("text", ["0", "100", " 7 ", "=50", "=n", '="7"'])
def test_a_priority_in_range_is_accepted(text: str) -> None:
    assert problems(drawn(text)) == set()


@pytest.mark.parametrize("value", [10**20, -1, 101, 2.5, "high", True, [1], {"a": 1}])
def test_a_priority_worked_out_wrong_is_an_incident_in_words(tell: Callable[..., Story], value: object) -> None:
    story = tell(drawn("=n"), given={"n": value})
    (fault,) = story.turn.faults
    assert (fault.element_id, fault.code) == INVALID
    assert fault.message == "The priority has to be a whole number from 0 to 100."


def test_a_priority_without_value_is_the_usual_one(tell: Callable[..., Story]) -> None:
    assert [task.priority for task in tell(drawn("=n"), given={"n": None}).turn.tasks] == [50]


def test_a_priority_is_read_from_a_text_or_a_number() -> None:
    assert [urgency.read(found) for found in (None, " 80 ", Decimal("80.0"), Decimal(0))] == [None, 80, 80, 0]
