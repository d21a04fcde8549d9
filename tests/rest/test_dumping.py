"""Answers are written as their schemas would write them."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import Schema, fields, post_dump, pre_dump

from api.rest.dumping import dump
from engine.model.states import UserTaskState

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class _Inner(Schema):
    label = fields.String(allow_none=True)
    count = fields.Integer()


class _Outer(Schema):
    name = fields.String(data_key="called", attribute="title")
    state = fields.String()
    at = fields.AwareDateTime(allow_none=True)
    on = fields.Boolean()
    inner = fields.Nested(_Inner, allow_none=True)
    all = fields.List(fields.Nested(_Inner))
    words = fields.List(fields.String())
    more = fields.Dict(keys=fields.String(), values=fields.Integer())
    free = fields.Dict(keys=fields.String())
    raw = fields.Raw()
    made = fields.Function(lambda value: "made")
    usual = fields.String(dump_default="usual")


class _Flattened(_Outer):
    @pre_dump
    def flatten(self, value: Any, **_: Any) -> dict[str, Any]:
        return dict(vars(value))


class _After(_Inner):
    @post_dump
    def add(self, value: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**value, "after": True}


FULL = {
    "title": "Ä name", "state": UserTaskState.OPEN, "at": AT, "on": True, "inner": {"label": None, "count": 2},
    "all": [SimpleNamespace(label="x", count=1)], "words": ["a", UserTaskState.COMPLETED],
    "more": {"k": 1}, "free": {UserTaskState.OPEN: [1]}, "raw": [1, {"a": None}],
}  # fmt: skip
VALUES = [FULL, {}, {**FULL, "at": None, "inner": None, "words": None}, SimpleNamespace(**FULL), SimpleNamespace(title=3)]


@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_written_as_its_schema_would(value: Any) -> None:
    schema = _Outer()
    assert dump(schema, value) == schema.dump(value)


@pytest.mark.parametrize("schema", [_Flattened(), _After()])
def test_hooks_of_a_schema_run(schema: Schema) -> None:
    values = [SimpleNamespace(**FULL), SimpleNamespace(label="y", count=3)]
    assert dump(schema, values, many=True) == schema.dump(values, many=True)
    assert dump(schema, values[0]) == schema.dump(values[0])


def test_fields_stand_in_their_order_under_their_names_in_the_answer() -> None:
    written = dump(_Outer(), FULL)
    assert list(written) == ["called", "state", "at", "on", "inner", "all", "words", "more", "free", "raw", "made", "usual"]
    assert (written["state"], written["at"]) == ("open", "2026-03-02T09:30:00+00:00")
