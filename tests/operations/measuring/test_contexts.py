"""What measures are told of a case, and that values are asked once for cases alike in what is read, and never mixed up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine import feel
from engine.model.measures import CaseRow, Measure, MeasureKind, Span, TaskRow
from engine.operations.measuring import contexts
from engine.operations.measuring.contexts import Row, Values

NOW = datetime(2026, 5, 1, tzinfo=UTC)
MARCH = Span("2026-03", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
CASE = CaseRow("c1", "open", None, None, MARCH.begin, None, facts={"held": 3, "kind": "a"})
TASK = TaskRow("c1", "p/e", None, "open", MARCH.begin, NOW - timedelta(days=2), None)
MEASURE = Measure("m", "M", "d", MeasureKind.SHARE, where="held > 2", fits="task.late and case.state != status", note="n")


def test_a_context_holds_what_is_asked_and_nothing_else() -> None:
    facts, parts = contexts.facts_of(MEASURE), contexts.parts_of(MEASURE)
    assert (facts, parts) == (("held", "status"), ("case", "task"))
    found = contexts.of(Row(MEASURE, CASE, TASK, MARCH, NOW, NOW), facts, parts)
    assert found.keys() == {"held", "case", "task"}


@pytest.mark.parametrize(("due", "over"), [(NOW, True), (NOW + timedelta(seconds=1), False), (None, False)])
def test_a_task_is_over_from_the_moment_on_at_which_it_is_due(due: datetime | None, over: bool) -> None:
    row = Row(MEASURE, CASE, replace(TASK, due_at=due), MARCH, NOW, NOW)
    task = contexts.of(row, (), ("task",))["task"]
    assert isinstance(task, dict)
    assert task["over"] is over


def test_cases_alike_in_what_is_read_are_asked_once() -> None:
    values = Values(NOW)
    for day in range(50):
        assert values.of("task.late and held > 2", {"held": 3, "task": {"late": True, "due": MARCH.begin + timedelta(days=day)}}) is True
    assert len(values.known["task.late and held > 2"]) == 1


@pytest.mark.parametrize(("one", "other"), [(True, 1), (None, False), ("1", 1), ({"a": 1}, {"a": 2}), ([1], [2])])
def test_values_that_are_not_alike_are_asked_apart(one: object, other: object) -> None:
    values, text = Values(NOW), "[x, x.a]"
    both = values.of(text, {"x": one}), values.of(text, {"x": other})
    assert both == tuple(feel.compile(text).evaluate({"x": each}, now=NOW) for each in (one, other))


def test_what_uses_its_budget_up_is_null() -> None:
    assert Values(NOW).of("count(for i in 1..1000000 return i)", {}) is None
