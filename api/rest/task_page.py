"""A task on its own, with its form as the reader may fill it in."""

from __future__ import annotations

from typing import Any

import orjson
from marshmallow import Schema, fields, pre_dump

from api.rest.schemas import Task, TaskInList, added, own
from api.rest.schemas_people import Record
from engine.model.forms import Field, Form
from engine.model.views import Reading, TaskPage


class ReadFirst(Schema):
    """The newest record of a form that is read before another is filled in."""

    form = fields.String()
    title = fields.String(metadata={"description": "what such a record is called"})
    record = fields.Nested(
        Record, allow_none=True, metadata={"description": "null: the participant may read it, the caller who enters their answer may not"}
    )
    digest = fields.String(allow_none=True, metadata={"description": "SHA-256 of what it says; null with `record`"})
    code = fields.String(allow_none=True, metadata={"description": "the version as it stands on paper; null with `record`"})

    @pre_dump
    def keep(self, one: Reading, **_: Any) -> dict[str, Any]:
        """Who may not read the text gets no code: it is asked of them as it stands on the paper."""
        known = one.record is not None
        told = {"form": one.form, "title": one.title, "record": one.record}
        return {**told, "digest": one.digest if known else None, "code": one.code if known else None}


class TaskOnItsOwn(TaskInList):
    """A user task with what its page shows."""

    documentation = fields.String(metadata={"description": "what to do and why"})
    definition_version = fields.Integer()
    modes = fields.List(fields.String())
    form_schema = fields.Raw(allow_none=True, metadata={"description": "the fields that the caller may fill in"})
    choices = fields.Raw(metadata={"description": "pairs of value and label for fields that choose a person, by field name"})
    draft = fields.Raw(allow_none=True)
    draft_version = fields.Integer()
    reads = fields.List(fields.Nested(ReadFirst), metadata={"description": "what is read before the form is filled in"})
    edition = fields.String(
        metadata={"description": "names the form's words and the versions of what is read; send it with the answers; empty for who cannot"}
    )

    @pre_dump
    def flatten(self, page: TaskPage, **_: Any) -> dict[str, Any]:
        """Task, list line and page side by side."""
        return {
            **own(Task, page.line.task),
            **added(TaskInList, Task, page.line),
            "documentation": page.documentation,
            "definition_version": page.definition_version,
            "modes": page.modes,
            "form_schema": form_schema(page.form, page.writable) if isinstance(page.form, Form) else None,
            "choices": page.choices,
            "draft": page.draft,
            "draft_version": page.draft_version,
            "reads": page.reads,
            "edition": page.edition,
        }


def form_schema(form: Form, writable: frozenset[str]) -> dict[str, Any]:
    """A form as JSON Schema 2020-12, with the fields of the classes that may be written."""
    visible = [one for one in form.fields if one.cls in writable]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": form.key,
        "title": form.title,
        "description": form.description,
        "type": "object",
        "properties": {one.name: _property(one) for one in visible},
        "required": [one.name for one in visible if one.required],
        **({"x-reads": list(form.reads)} if form.reads else {}),
        "x-sections": [{"title": section.title, "fields": list(section.fields)} for section in form.sections],
    }


def _property(one: Field) -> dict[str, Any]:
    known = orjson.loads(one.schema) if one.schema else {"type": "object"}
    told: dict[str, Any] = {**known, "title": one.title, "x-class": one.cls, "x-widget": one.widget}
    if one.description:
        told["description"] = one.description
    if one.help:
        told["x-help"] = one.help
    if one.read:
        told["x-read"] = one.read
    if one.options:
        told["x-options"] = [{"const": option.value, "title": option.title} for option in one.options]
    if one.fields:
        told["x-fields"] = {inner.name: _property(inner) for inner in one.fields}
    for name, condition in (("x-show-if", one.show_if), ("x-required-if", one.required_if)):
        if condition is not None:
            told[name] = {"field": condition.field, "in": condition.among, "not-in": condition.unless}
    return told
