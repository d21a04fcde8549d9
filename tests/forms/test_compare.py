"""Two versions of a form, field by field; also of one that could not be used."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.forms.compare import Unreadable, compare
from engine.model.compared import Facet, Mark

FORM: dict[str, Any] = {
    "$id": "terms",
    "title": "Terms",
    "type": "object",
    "required": ["answer"],
    "properties": {
        "answer": {"type": "string", "title": "Answer", "oneOf": [{"const": "yes", "title": "Yes"}, {"const": "no", "title": "No"}]},
        "rows": {"type": "array", "title": "Rows", "items": {"type": "object", "properties": {"a": {"type": "string", "title": "A"}}}},
    },
    "x-derive": {"agreed": {"type": "boolean", "expression": 'answer = "yes"'}},
}


def marks(change: Any) -> list[tuple[str, Mark, tuple[Facet, ...]]]:
    after = json.loads(json.dumps(FORM))
    change(after)
    found = compare(json.dumps(FORM).encode(), json.dumps(after).encode())
    return [(one.id, one.mark, one.facets) for one in found]


def test_fields_are_told_apart_by_their_names() -> None:
    assert marks(lambda form: form["properties"]["answer"].update({"x-class": "C3", "title": "Your answer"})) == [
        ("answer", Mark.CHANGED, (Facet("name", "Answer", "Your answer"), Facet("x-class", None, "C3")))
    ]
    assert marks(lambda form: form["properties"].pop("rows")) == [
        ("rows", Mark.REMOVED, (Facet("required", "no", None), Facet("type", "array", None))),
        ("rows.a", Mark.REMOVED, (Facet("required", "no", None), Facet("type", "string", None))),
    ]


def test_answers_required_fields_and_derived_facts_are_told() -> None:
    assert marks(lambda form: form.update(required=[])) == [("answer", Mark.CHANGED, (Facet("required", "yes", "no"),))]
    assert marks(lambda form: form["properties"]["answer"]["oneOf"].append({"const": "later", "title": "Later"})) == [
        ("answer", Mark.CHANGED, (Facet("oneOf later", None, "Later"),))
    ]
    assert marks(lambda form: form["x-derive"]["agreed"].update(expression="true")) == [
        ("=agreed", Mark.CHANGED, (Facet("expression", 'answer = "yes"', "true"),))
    ]


@pytest.mark.parametrize("data", [b"{", b"[]", b"3", b"\xff"])
def test_what_is_no_form_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        compare(b"", data)


@pytest.mark.parametrize(
    "data", [b'{"properties": 3, "required": {}, "x-rules": [1], "x-sections": 4, "x-derive": []}', b'{"properties": {"a": {"items": []}}}']
)
def test_a_form_with_mistakes_is_compared_all_the_same(data: bytes) -> None:
    assert compare(b"", data)
