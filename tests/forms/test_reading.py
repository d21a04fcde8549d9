"""Form files: the supported part of JSON Schema is read, everything else is a problem that names its field."""

from __future__ import annotations

from typing import Any

import pytest

from engine import forms
from engine.model.forms import FieldType
from tests.forms.building import YES, field, form, read, text


def codes(properties: dict[str, Any], **top: Any) -> set[tuple[str | None, str]]:
    return {(problem.element_id, problem.code) for problem in read(properties, **top)[1]}


def test_every_type_of_field_is_read_with_a_fitting_widget() -> None:
    made = form(
        {
            "line": text(),
            "essay": field("string", maxLength=2000),
            "pick": field("string", oneOf=YES),
            "day": field("string", format="date"),
            "moment": field("string", format="date-time"),
            "mail": field("string", format="email"),
            "count": field("integer", minimum=1),
            "hours": field("number"),
            "sure": field("boolean"),
            "ticks": field("array", uniqueItems=True, items={"type": "string", "oneOf": YES}),
            "rows": field("array", items={"type": "object", "properties": {"one": text()}, "required": ["one"]}),
            "place": field("object", properties={"street": text()}),
            "whom": field("string", **{"x-widget": "person:librarian"}),
        }
    )
    assert [(entry.type, entry.widget) for entry in made.fields] == [
        (FieldType.STRING, "text"),
        (FieldType.STRING, "long"),
        (FieldType.STRING, "radio"),
        (FieldType.STRING, "date"),
        (FieldType.STRING, "datetime"),
        (FieldType.STRING, "text"),
        (FieldType.INTEGER, "number"),
        (FieldType.NUMBER, "number"),
        (FieldType.BOOLEAN, "yes-no"),
        (FieldType.CHOICES, "checkboxes"),
        (FieldType.REPEAT, "repeat"),
        (FieldType.GROUP, "group"),
        (FieldType.STRING, "person:librarian"),
    ]


def test_fields_inside_a_group_or_rows_have_the_class_of_the_outer_field() -> None:
    made = form({"rows": field("array", **{"x-class": "C5"}, items={"type": "object", "properties": {"one": text(**{"x-class": "C5"})}})})
    assert made.fields[0].fields[0].cls == "C5"
    assert codes({"place": field("object", properties={"one": text(**{"x-class": "C1"})})}) == {("place.one", "class-inside-group")}


def test_free_text_cannot_be_a_fact_unless_it_is_a_code_with_a_pattern() -> None:
    assert codes({"why": text(**{"x-class": "C1"})}) == {("why", "free-text-in-c1")}
    assert codes({"why": {"type": "string", "title": "Why", "maxLength": 9}}) == {("why", "free-text-in-c1")}
    assert codes({"mail": field("string", format="email", **{"x-class": "C1"})}) == {("mail", "free-text-in-c1")}
    row = {"type": "object", "properties": {"one": field("string", maxLength=9, **{"x-class": "C1"})}}
    assert codes({"rows": field("array", items=row, **{"x-class": "C1"})}) == {("rows.one", "free-text-in-c1")}
    code = {"type": "string", "title": "Shelf mark", "maxLength": 9, "x-code": True}
    assert codes({"mark": {**code, "pattern": "^[A-Z]{2}$"}}) == set()
    assert codes({"mark": code}) == {("mark", "free-text-in-c1")}


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (field("string"), "max-length-missing"),
        (field("null"), "bad-keyword"),
        (text(anyOf=[]), "unsupported-keyword"),
        (text(minimum=3), "unsupported-keyword"),
        (field("array"), "missing-keyword"),
        (text(pattern="(["), "bad-pattern"),
        (text(pattern="^(a+)+$"), "slow-pattern"),
        (field("number", minimum=3, maximum=2), "bad-bounds"),
        (field("boolean", **{"x-widget": "rating"}), "widget-does-not-fit"),
        (field("string", oneOf=[*YES, YES[0]]), "duplicate-answer"),
        (field("string", oneOf=YES, default="maybe"), "bad-default"),
        (text(**{"x-class": "C9"}), "bad-keyword"),
        (text(**{"x-widget": "hologram"}), "bad-keyword"),
        (text(**{"x-show-if": {"field": "b", "equals": 1}}), "unknown-field"),
        (text(**{"x-show-if": {"field": "b"}}), "bad-keyword"),
        (text(**{"x-required-if": {"field": "b", "in": [1]}}), "unknown-field"),
        ({"type": "string", "maxLength": 9, "x-class": "C3"}, "missing-keyword"),
    ],
)
def test_what_a_field_gets_wrong_is_a_problem_of_that_field(entry: dict[str, Any], code: str) -> None:
    found = codes({"a": entry})
    assert {name for name, _ in found} == {"a"}
    assert code in {kind for _, kind in found}


def test_a_problem_inside_rows_names_outer_and_inner_field() -> None:
    assert codes({"rows": field("array", items={"type": "object", "properties": {"one": text(allOf=[])}})}) == {
        ("rows.one", "unsupported-keyword")
    }


def test_rows_and_groups_nest_one_level_only() -> None:
    inner = field("object", properties={"deep": text()})
    assert ("place.inner", "bad-keyword") in codes({"place": field("object", properties={"inner": inner})})


@pytest.mark.parametrize(
    ("top", "problem"),
    [
        ({"required": ["b"]}, ("b", "unknown-field")),
        ({"x-sections": [{"title": "S", "fields": ["b"]}]}, ("b", "unknown-field")),
        ({"x-sections": [{"title": "S", "fields": ["a"]}, {"title": "T", "fields": ["a"]}]}, ("a", "field-not-in-section")),
        ({"x-derive": {"d": {"type": "string", "expression": "=a +"}}}, ("d", "bad-expression")),
        ({"x-derive": {"d": {"type": "string", "expression": "=b"}}}, ("d", "unknown-name")),
        ({"x-derive": {"a": {"type": "string", "expression": "=1"}}}, ("a", "duplicate-name")),
        ({"x-rules": [{"expression": "=a = 1", "message": "No.", "field": "b"}]}, ("b", "unknown-field")),
        ({"x-rules": [{"expression": "=zz = 1", "message": "No.", "field": "a"}]}, ("a", "unknown-name")),
        ({"$id": "other"}, (None, "name-mismatch")),
        ({"allOf": []}, ("allOf", "unsupported-keyword")),
    ],
)
def test_what_the_whole_form_gets_wrong_is_a_problem(top: dict[str, Any], problem: tuple[str | None, str]) -> None:
    assert problem in codes({"a": text()}, **top)


def test_a_derived_entry_may_look_at_earlier_ones_only() -> None:
    first = {"type": "number", "expression": "=1"}
    second = {"type": "number", "expression": "=one + 1"}
    assert codes({"a": text()}, **{"x-derive": {"one": first, "two": second}}) == set()
    assert codes({"a": text()}, **{"x-derive": {"two": second, "one": first}}) == {("two", "unknown-name")}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "malformed-json"),
        (b"\xff", "malformed-json"),
        (b"[]", "bad-keyword"),
        (b" " * 300_000, "too-large"),
        (b"[" * 5000, "malformed-json"),
    ],
)
def test_a_file_that_is_no_form_is_one_problem(data: bytes, code: str) -> None:
    made, problems = forms.read(data, file="small.json")
    assert made is None
    assert [problem.code for problem in problems] == [code]
