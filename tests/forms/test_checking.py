"""Filled-in forms: all mistakes at once, in plain words, or facts and records by class."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from engine import forms
from engine.model.errors import FormInvalid
from engine.model.forms import Checked, Form, Mode, RecordPart
from tests.forms.building import YES, field, form, read, text


def check(made: Form, data: object, mode: str = Mode.SELF, may_write: str = "C0 C1 C2 C3 C4 C5 C6 C7") -> Checked:
    return forms.check(made, data, mode=mode, writable=lambda cls: cls.partition(".")[0] in may_write.split())


def errors(made: Form, data: object, mode: str = Mode.SELF, may_write: str = "C0 C1 C2 C3 C4 C5 C6 C7") -> set[tuple[str, str]]:
    with pytest.raises(FormInvalid) as caught:
        check(made, data, mode, may_write)
    return {(error.path, error.code) for error in caught.value.errors}


def test_facts_become_variables_and_each_class_above_a_record() -> None:
    made = form(
        {
            "mode": field("string", oneOf=YES, **{"x-class": "C1"}),
            "people": field("integer", **{"x-class": "C1"}),
            "words": text(),
            "private": text(**{"x-class": "C4"}),
            "care": text(**{"x-class": "C5.safeguards"}),
        }
    )
    checked = check(made, {"mode": "yes", "people": 2, "words": "w", "private": "p", "care": "c"})
    assert checked.facts == {"mode": "yes", "people": Decimal(2)}
    assert checked.records == (
        RecordPart("C3", {"words": "w"}),
        RecordPart("C4", {"private": "p"}),
        RecordPart("C5.safeguards", {"care": "c"}),
    )
    assert checked.field_names == ("mode", "people", "words", "private", "care")


def test_content_steers_only_through_what_the_form_derives() -> None:
    made = form(
        {"feeling": field("integer", minimum=1, maximum=5, **{"x-class": "C4"}), "words": text(**{"x-class": "C4"})},
        **{
            "x-derive": {
                "low": {"class": "C1", "type": "boolean", "expression": "=feeling <= 2"},
                "follow": {"class": "C1", "type": "string", "expression": '=if low then "soon" else "later"'},
                "note": {"class": "C5", "type": "string", "expression": '="felt " + string(feeling)'},
            }
        },
    )
    checked = check(made, {"feeling": 2, "words": "canary"})
    assert checked.facts == {"low": True, "follow": "soon"}
    assert RecordPart("C5", {"note": "felt 2"}) in checked.records
    assert "canary" not in str(checked.facts)


def test_a_derived_entry_of_the_wrong_type_is_told_and_null_is_not() -> None:
    made = form({"a": field("integer")}, **{"x-derive": {"d": {"type": "string", "expression": "=a"}}})
    assert errors(made, {"a": 1}) == {("", "derive-failed")}
    assert check(made, {}).facts == {"d": None}


def test_dates_and_times_become_values_that_can_be_compared() -> None:
    made = form(
        {
            "day": field("string", format="date", **{"x-class": "C1"}),
            "at": field("string", format="date-time", **{"x-class": "C1"}),
        }
    )
    checked = forms.check(made, {"day": "2026-11-30", "at": "2026-11-30T14:00"}, writable=lambda _: True, zone=timezone(timedelta(hours=2)))
    assert checked.facts["day"] == date(2026, 11, 30)
    assert checked.facts["at"] == datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("entry", "value", "words"),
    [
        (field("string", oneOf=YES), "maybe", "Choose one of the answers."),
        (field("string", oneOf=YES), 1, "Choose one of the answers."),
        (field("string", format="date"), "30.11.2026", "Enter a date like 2026-11-30."),
        (field("string", format="date"), "2026-02-30", "Enter a date like 2026-11-30."),
        (field("string", format="date"), "2026-11-30T10:00:00Z", "Enter a date like 2026-11-30."),
        (field("string", format="date-time"), "2026-11-30", "Enter a date and time like 2026-11-30T14:00."),
        (field("string", format="email"), "anna", "Enter an e-mail address like name@example.org."),
        (field("string", format="uri"), "javascript:alert(1)", "Enter a web address that begins with https://."),
        (field("number", maximum=3), 4, "Enter 3 or less."),
        (field("integer"), 1.5, "Enter a whole number."),
        (field("number"), "1.5x", "Enter a number."),
        (field("number"), float("nan"), "Enter a number."),
        (field("number"), 10**400, "Enter 1000000000000000 or less."),
        (field("boolean"), "yes", "Choose yes or no."),
        (field("boolean", const=True), False, "This has to be agreed to before you can go on."),
        (text(), "x" * 101, "This is too long; write at most 100 characters."),
        (text(), "a\x00b", "This text holds a character that cannot be stored; type it again without special signs."),
        (text(), "\ud800", "This text holds a character that cannot be stored; type it again without special signs."),
        (text(pattern="^[a-z]+$"), "123", "This is not written in the way that is asked for; see the example."),
        (field("array", items={"type": "string", "oneOf": YES}), ["yes", "other"], "Choose among the answers given."),
        (field("array", items={"type": "string", "oneOf": YES}), [["yes"]] * 100_000, "Choose among the answers given."),
        (field("object", properties={"a": text()}), [1], "Fill in the fields of this part."),
        (field("array", maxItems=1, items={"type": "object", "properties": {"a": text()}}), [{}, {}], "Give at most 1 entry."),
    ],
)
def test_each_mistake_is_told_in_plain_words(entry: dict[str, Any], value: object, words: str) -> None:
    with pytest.raises(FormInvalid) as caught:
        check(form({"a": entry}), {"a": value})
    assert words in {error.message for error in caught.value.errors}
    assert all(error.path.startswith("/a") for error in caught.value.errors)


def test_all_mistakes_are_listed_at_once_with_their_paths() -> None:
    rows = field("array", items={"type": "object", "properties": {"n": field("integer", minimum=1), "t": text()}, "required": ["n"]})
    made = form({"a": text(), "rows": rows, "place": field("object", properties={"s": text()}, required=["s"])}, required=["a"])
    found = errors(made, {"rows": [{"n": 1}, {"n": 0, "z": 1}, {"t": "x"}, 7], "place": {"s": " ", "q": 1}, "a~/b": 1})
    assert found == {
        ("/a", "required"),
        ("/rows/1/n", "minimum"),
        ("/rows/1/z", "unknown-field"),
        ("/rows/2/n", "required"),
        ("/rows/3", "type"),
        ("/place/s", "required"),
        ("/place/q", "unknown-field"),
        ("/a~0~1b", "unknown-field"),
    }


@pytest.mark.parametrize("data", [None, [], "x", 3])
def test_data_that_is_no_table_is_one_error(data: object) -> None:
    assert errors(form({"a": text()}), data) == {("", "type")}


def test_the_name_of_an_unknown_field_can_always_be_answered() -> None:
    with pytest.raises(FormInvalid) as caught:
        check(form({"a": text()}), {"\ud800": 1})
    assert caught.value.errors[0].path.encode() == b"/?"


def test_blank_is_absent_and_clears_a_fact_that_was_asked_again() -> None:
    made = form({"a": text(), "n": field("integer", **{"x-class": "C1"})})
    checked = check(made, {"a": "  ", "n": None})
    assert checked.records == ()
    assert checked.facts == {"n": None}


def test_a_hidden_field_is_dropped_unchecked() -> None:
    made = form(
        {
            "more": field("string", oneOf=YES),
            "detail": field("integer", **{"x-class": "C1", "x-show-if": {"field": "more", "equals": "yes"}}),
            "deeper": text(**{"x-show-if": {"field": "detail", "not": 1}}),
        },
        required=["detail"],
    )
    assert check(made, {"more": "no", "detail": "nonsense", "deeper": "x"}).facts == {}
    assert check(made, {"more": "no", "deeper": "x"}).records == (RecordPart("C3", {"more": "no"}),)
    assert errors(made, {"more": "yes"}) == {("/detail", "required")}
    assert check(made, {"more": "yes", "detail": 2, "deeper": "x"}).records == (RecordPart("C3", {"more": "yes", "deeper": "x"}),)


@pytest.mark.parametrize(
    ("condition", "answer", "required"),
    [
        ({"equals": "yes"}, "yes", True),
        ({"equals": "yes"}, "no", False),
        ({"in": ["yes", "no"]}, "no", True),
        ({"not": "yes"}, "no", True),
        ({"not": "yes"}, "yes", False),
        ({"not": "yes"}, None, False),
    ],
)
def test_a_field_is_required_when_its_condition_is_true(condition: dict[str, Any], answer: str | None, required: bool) -> None:
    made = form({"why": text(**{"x-required-if": {"field": "a", **condition}}), "a": field("string", oneOf=YES)})
    data = {"a": answer} if answer else {}
    if required:
        assert errors(made, data) == {("/why", "required")}
    else:
        check(made, data)


def test_a_pattern_that_needs_for_ever_is_cut_off() -> None:
    # No such form is taken any more; those that were deployed before are still answered.
    made, problems = read({"a": field("string", maxLength=100, pattern="^(a+)+$")})
    assert made is not None
    assert [problem.code for problem in problems] == ["slow-pattern"]
    assert errors(made, {"a": "a" * 60 + "b"}) == {("/a", "pattern")}


def test_true_and_one_are_different_answers() -> None:
    made = form({"a": field("boolean"), "b": text(**{"x-required-if": {"field": "a", "equals": 1}})})
    check(made, {"a": True})


def test_a_condition_over_several_ticks_needs_one_of_them() -> None:
    ticks = field("array", items={"type": "string", "oneOf": YES})
    made = form({"a": ticks, "b": text(**{"x-required-if": {"field": "a", "equals": "no"}})})
    check(made, {"a": ["yes"]})
    assert errors(made, {"a": ["yes", "no"]}) == {("/b", "required")}


def test_a_rule_speaks_only_when_it_is_false_and_what_it_looks_at_is_sound() -> None:
    made = form(
        {"a": field("integer"), "b": field("integer")},
        **{"x-rules": [{"expression": "=a < b", "message": "a comes before b.", "field": "b"}]},
    )
    check(made, {"a": 1, "b": 2})
    check(made, {"a": 1})
    assert errors(made, {"a": 2, "b": 1}) == {("/b", "rule")}
    assert errors(made, {"a": "x", "b": 1}) == {("/a", "type")}


def test_a_rule_may_look_into_rows_and_at_derived_entries() -> None:
    rows = field("array", items={"type": "object", "properties": {"state": field("string", oneOf=YES)}})
    made = form(
        {"rows": rows, "end": field("string", oneOf=YES)},
        **{
            "x-derive": {"open": {"class": "C1", "type": "number", "expression": '=count(rows[state = "no"])'}},
            "x-rules": [
                {
                    "expression": '=not(end = "yes" and some row in rows satisfies row.state = "no")',
                    "message": "One is open.",
                    "field": "end",
                },
                {"expression": "=open < 3", "message": "Too many are open.", "field": "rows"},
            ],
        },
    )
    assert check(made, {"rows": [{"state": "no"}], "end": "no"}).facts == {"open": Decimal(1)}
    assert errors(made, {"rows": [{"state": "no"}] * 3, "end": "yes"}) == {("/end", "rule"), ("/rows", "rule")}


def test_fields_above_the_class_of_staff_are_left_out_and_refused() -> None:
    made = form({"a": text(**{"x-class": "C2"}), "b": text(**{"x-class": "C4"})}, required=["a", "b"])
    assert check(made, {"a": "x"}, Mode.ON_BEHALF, "C2").records == (RecordPart("C2", {"a": "x"}),)
    assert errors(made, {"a": "x", "b": "y"}, Mode.ON_BEHALF, "C2") == {("/b", "not-writable")}


def test_some_fields_exist_only_for_staff_who_enter_for_another() -> None:
    made = form({"method": field("string", oneOf=YES, **{"x-only": "on-behalf"})}, required=["method"])
    check(made, {})
    assert errors(made, {"method": "yes"}) == {("/method", "only-on-behalf")}
    assert errors(made, {}, Mode.ON_BEHALF) == {("/method", "required")}


def test_a_reader_sees_the_answers_of_readable_classes_only() -> None:
    made = form({"a": text(), "b": text(**{"x-class": "C6"})}, **{"x-derive": {"d": {"class": "C4", "type": "string", "expression": "=a"}}})
    values = {"a": "1", "b": "2", "d": "3", "unknown": "4"}
    assert forms.redact(made, values, lambda cls: cls == "C3") == {"a": "1"}
    assert forms.redact(made, values, lambda cls: cls in ("C4", "C6")) == {"b": "2", "d": "3"}


def test_the_visible_fields_follow_the_answers() -> None:
    made = form(
        {
            "more": field("string", oneOf=YES),
            "detail": text(**{"x-show-if": {"field": "more", "equals": "yes"}}),
            "deeper": text(**{"x-show-if": {"field": "detail", "not": "x"}}),
            "private": text(**{"x-class": "C6"}),
        }
    )

    def seen(data: dict[str, Any]) -> list[str]:
        return [entry.name for entry in forms.visible_fields(made, data, Mode.SELF, lambda cls: cls == "C3")]

    assert seen({}) == ["more"]
    assert seen({"more": "yes"}) == ["more", "detail"]
    assert seen({"more": "yes", "detail": "y"}) == ["more", "detail", "deeper"]
    assert seen({"more": "no", "detail": "y"}) == ["more"]
