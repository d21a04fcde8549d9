"""A subject about a task keeps all that was known of the actor's ties to its case."""

from __future__ import annotations

from dataclasses import fields, replace

from engine.model.access import Subject
from engine.operations import ties
from tests.contracts.cast import START, fresh
from tests.operations import acts
from tests.world import World

_SET = Subject(
    "case", "program", "case", "C3", frozenset({"a"}), frozenset({"b"}), frozenset({"c"}), "bound", "author", "role", "assignee", "duty",
    frozenset({"d"}), frozenset({("e", "C3")}), True, True, True,
)  # fmt: skip


def test_what_is_not_the_task_s_is_the_case_s(library: World) -> None:
    case = acts.loan(library)
    task = replace(library.task(case, "answer-terms"), assignee_id=fresh(), duty="duty-of-task", due_at=START)
    assert all(getattr(_SET, field.name) for field in fields(Subject))
    of_task = {"bound_participant", "task_role", "assignee_id", "duty", "discreet"}
    found = ties.to_task(_SET, task)
    same = {field.name for field in fields(Subject)} - of_task - {"kind"}
    assert {name: getattr(found, name) for name in same} == {name: getattr(_SET, name) for name in same}
    assert (found.kind, found.bound_participant, found.task_role) == ("task", task.participant_id, task.role)
    assert (found.assignee_id, found.duty, found.discreet) == (task.assignee_id, "duty-of-task", task.discreet)
