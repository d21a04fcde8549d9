"""Made-up content for /help/components: every part of a page in each of its states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from api.web import fields
from engine import clock
from engine.forms import read
from engine.model.instances import UserTask
from engine.model.states import UserTaskState
from engine.model.views import TaskLine, VisibleRecord, Who

_FORM = b"""{
  "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "sample", "title": "Sample", "type": "object", "x-version": 1,
  "required": ["title", "kind", "agreed"],
  "properties": {
    "title": {"type": "string", "title": "Name of the book", "maxLength": 80, "x-class": "C3", "x-help": "As it stands on the cover."},
    "kind": {"type": "string", "title": "Kind of loan", "oneOf": [{"const": "home", "title": "To take home"}, {"const": "room", "title": "For the reading room"}], "x-widget": "radio"},
    "reason": {"type": "string", "title": "Why in the reading room?", "maxLength": 400, "x-class": "C3", "x-widget": "long", "x-show-if": {"field": "kind", "equals": "room"}},
    "branch": {"type": "string", "title": "Branch", "oneOf": [{"const": "n", "title": "North"}, {"const": "s", "title": "South"}], "x-widget": "select"},
    "days": {"type": "integer", "title": "Days", "minimum": 1, "maximum": 60},
    "back": {"type": "string", "format": "date", "title": "Bring it back by"},
    "topics": {"type": "array", "title": "Topics", "uniqueItems": true, "items": {"type": "string", "oneOf": [{"const": "a", "title": "Travel"}, {"const": "b", "title": "History"}]}},
    "rating": {"type": "integer", "title": "How did you like it?", "minimum": 1, "maximum": 5, "x-widget": "rating"},
    "agreed": {"type": "boolean", "title": "Do you agree to the rules of the house?", "x-widget": "yes-no"},
    "notes": {"type": "array", "title": "Marks in the book", "x-class": "C4", "maxItems": 5, "items": {"type": "object", "properties": {
      "page": {"type": "integer", "title": "Page", "minimum": 1}, "text": {"type": "string", "title": "What is marked", "maxLength": 200}}}}
  }
}"""  # noqa: E501  # a form file, as forms are written
_WRONG = {"/title": "Please answer this.", "/days": "Enter a whole number.", "/agreed": "Choose yes or no."}
_LABELS = {"C1": "Process facts", "C3": "Shared in the case", "C4": "Private to one person"}


def everything() -> dict[str, Any]:
    """What the page of components shows."""
    now = clock.now()
    return {
        "lines": _lines(now),
        "sections": _sections({"kind": "room", "topics": ["a"], "notes": [{"page": 12}, {}]}, {}),
        "wrong": _sections({"days": "soon"}, _WRONG),
        "times": [now - timedelta(days=2), now + timedelta(hours=3), now + timedelta(days=1), now + timedelta(days=9), None],
        "labels": _LABELS,
        "record": _record(now),
        "now": now,
    }


def _sections(values: Mapping[str, object], errors: Mapping[str, str]) -> tuple[fields.SectionView, ...]:
    form, problems = read(_FORM, file="sample.json")
    assert form is not None, problems
    applying = frozenset(field.name for field in form.fields if field.name != "reason" or values.get("kind") == "room")
    filled = fields.Filled(values, errors, {}, _LABELS, applying, {})
    return fields.sections(form, form.fields, filled)


def _lines(now: datetime) -> tuple[TaskLine, ...]:
    ana = Who("p1", "Ana Example", "Librarian")
    task = UserTask(
        id="t1", program_id="", case_id="c1", instance_id="", definition_id="", token_id="", process_key="loan",
        element_id="check", name="Check the returned book", form=None, role="librarian", duty=None, participant_id=None,
        assignee_id="p1", priority=0, state=UserTaskState.OPEN, created_at=now, due_at=now - timedelta(days=2),
    )  # fmt: skip
    late = TaskLine(task, "2026-0142", ana, None, "Librarian", overdue=True, can_claim=False, can_complete=True)
    soon = replace(task, name="Ask the reader", due_at=now + timedelta(hours=3), assignee_id=None)
    nobody = "Nobody can do this, because no active account has the role Head."
    stuck = replace(task, name="Sign off", due_at=now + timedelta(days=4), nobody=nobody)
    ended = replace(task, name="Lend the book", state=UserTaskState.COMPLETED, ended_at=now - timedelta(days=5))
    reader = Who(None, "reader 1 of 2", "Reader", named=False)
    return (
        replace(late, task=stuck, assignee=None),
        late,
        replace(late, task=soon, assignee=None, participant=reader, overdue=False, can_claim=True),
        replace(late, task=ended, overdue=False),
    )


def _record(now: datetime) -> VisibleRecord:
    return VisibleRecord(
        id="r1", form="marks", form_title="Marks in the book", cls="C4", cls_label="Private to one person",
        audience="the reader it is about, Librarian", participant=Who(None, "reader 1 of 2", "Reader", named=False),
        author=Who("p1", "Ana Example"), at=now - timedelta(days=1),
        fields=(("Kind of loan", "For the reading room"), ("Marks", ((("Page", "12"), ("What is marked", "A line")), (("Page", "40"),)))),
    )  # fmt: skip
