"""The form room: a form is made from nothing without script, its facts declare themselves, and the task can be completed."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from engine.forms import editing
from tests.visiting import Visitor

Visit = Callable[[str], Visitor]
KINDS = list(editing.KINDS)


def begin(visitor: Visitor) -> str:
    visitor.send("/procedures/changes/new", {"title": "A form", "pack": "library"})
    assert visitor.answer is not None
    return visitor.answer.request.path


def form(visitor: Visitor, key: str = "first-contact") -> str:
    change = begin(visitor)
    visitor.send(f"{change}/forms/new", {"key": key, "title": "First contact"})
    return f"{change}/form/{key}.json"


def add(visitor: Visitor, address: str, kind: str, name: str, status: int = 200, **more: str) -> None:
    given = {"kind": kind, "name": name, "title": f"What about {name}?", "cls": "C4", **more}
    visitor.send(address.replace("/form/", "/form-fields/"), given, status)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_field_can_be_added_and_is_drawn(visit: Visit, kind: str) -> None:
    tom = visit("tom")
    address = form(tom)
    tom.see(f"{address.replace('/form/', '/form-fields/')}?kind={kind}")
    add(tom, address, kind, "answer", choices="yes: Yes\nno: No", longest="100", least="1", most="5")
    if kind in ("rows", "group"):
        add(tom, address, "text", "inner", longest="50", **{"in": "answer"})
    page = tom.see(address)
    assert not page.xpath("//h2[contains(., 'to mend')]"), tom.text()
    assert page.xpath("//aside[contains(., 'What about answer?')]"), "the preview draws it"


def test_a_fact_declares_its_variable_itself(visit: Visit) -> None:
    tom = visit("tom")
    address = form(tom)
    add(tom, address, "one", "reachedBy", cls="C1", choices="phone: By phone\npost: By post")
    change = address.partition("/form/")[0]
    pack = tom.client.get(f"{change}/files/pack.toml").text
    assert "reachedBy" in pack
    assert "By phone" in pack


def test_a_short_name_is_made_from_the_question_when_left_empty(visit: Visit) -> None:
    tom = visit("tom")
    address = form(tom)
    add(tom, address, "rows", "dates")
    for title in ("When did it begin?", "When did it begin?", "2 Größen: what's best", "…"):
        add(tom, address, "yes-no", "", title=title)
    add(tom, address, "text", "", title="When did it begin?", longest="50", **{"in": "dates"})
    names = ["dates", "dates.whenDidItBegin", "whenDidItBegin", "whenDidItBegin2", "groenWhatsBest", "answer"]
    assert [code.text for code in tom.see(address).xpath("//table//code")] == names
    add(tom, address, "yes-no", "", title=" ", status=422)
    assert tom.document().xpath("//a[@href='#f-title']")


@pytest.mark.parametrize(("kind", "cls"), [("text", "C4"), ("long", "C4"), ("file", "C4"), ("yes-no", "C1"), ("one", "C1")])
def test_free_text_does_not_begin_as_a_fact_for_all(visit: Visit, kind: str, cls: str) -> None:
    tom = visit("tom")
    address = form(tom)
    page = tom.see(f"{address.replace('/form/', '/form-fields/')}?kind={kind}")
    assert page.xpath("//select[@name='cls']/option[@selected]/@value") == [cls]
    asked = page.xpath("//input[@name='title' or @name='name']/@name")
    assert asked == ["title", "name"], "the question comes first"


def test_fields_move_and_are_dropped(visit: Visit) -> None:
    tom = visit("tom")
    address = form(tom)
    for name in ("one", "two", "three"):
        add(tom, address, "yes-no", name)
    tom.send(address.replace("/form/", "/form-order/"), {"field": "three", "act": "up"})
    tom.send(address.replace("/form/", "/form-order/"), {"field": "one", "act": "remove"})
    assert [code.text for code in tom.see(address).xpath("//table//code")] == ["three", "two"]


def test_a_field_is_asked_only_after_an_answer(visit: Visit) -> None:
    tom = visit("tom")
    address = form(tom)
    add(tom, address, "yes-no", "wanted")
    add(tom, address, "text", "why", longest="100", show_field="wanted", show_values="yes")
    assert "only after an answer to wanted" in tom.text()
    page = tom.see(f"{address.replace('/form/', '/form-fields/')}?field=why")
    assert page.xpath("//input[@name='show_values']/@value") == ["yes"]


def test_whatever_is_missing_is_said_and_what_was_typed_stays(visit: Visit) -> None:
    tom = visit("tom")
    address = form(tom)
    add(tom, address, "one", "answer", status=422, choices="")
    assert "at least one answer" in tom.text()
    assert tom.document().xpath("//input[@name='name']/@value") == ["answer"]
    add(tom, address, "text", "not a name", status=422)
    for least in ("many", "nan", "inf"):
        add(tom, address, "number", "answer", status=422, least=least)
    add(tom, address, "text", "answer", status=422, title=" ")


def test_two_who_edit_one_field_lose_nothing(visit: Visit) -> None:
    tom, tia = visit("tom"), visit("tia")
    address = form(tom)
    add(tom, address, "yes-no", "answer")
    place = address.replace("/form/", "/form-fields/")
    was = tom.see(f"{place}?field=answer").xpath("//input[@name='was']/@value")[0]
    tia.send(place, {"field": "answer", "was": was, "kind": "yes-no", "title": "Hers", "cls": "C4"})
    tom.send(place, {"field": "answer", "was": was, "kind": "yes-no", "title": "His", "cls": "C4"}, 409)
    assert "Hers" in str(tom.see(address).text_content())


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ 7 * 7 }}", "\u202e backwards"])
def test_markup_in_questions_is_text(visit: Visit, text: str) -> None:
    tom = visit("tom")
    address = form(tom)
    add(tom, address, "yes-no", "answer", title=text)
    assert not tom.see(address).xpath("//main//script")


def test_a_derived_fact_is_added_and_dropped(visit: Visit) -> None:
    tom = visit("tom")
    address = form(tom)
    add(tom, address, "yes-no", "worried")
    words = address.replace("/form/", "/form-words/")
    tom.send(words, {"derived": "asksForHelp", "type": "boolean", "expression": "worried"})
    assert "asksForHelp" in tom.text()
    tom.send(words, {"derived": "asksForHelp", "type": "boolean", "expression": ""})
    assert "asksForHelp" not in tom.text()


def test_a_form_that_is_no_json_says_so(visit: Visit) -> None:
    tom = visit("tom")
    change = begin(tom)
    headers = {"If-Match": '"0"', "X-CSRF-Token": "a token of this session"}
    for name, data in (("broken", b"{"), ("deep", b"[" * 100_000)):
        tom.client.put(f"{change}/files/{name}.json", data=data, headers=headers)
        tom.see(f"{change}/form/{name}.json", 422)


@pytest.mark.parametrize(
    "change",
    [
        {"required": 1},
        {"title": "\ud800"},
        {"x-sections": [1]},
        {"x-derive": [1]},
        {"properties": {"a": 1}},
        {"properties": {"a": {"type": "string", "format": []}}},
        {"properties": {"a": {"type": "string", "maxLength": 10**30}}},
        {"properties": {"a": {"type": "string", "properties": {"b": 1}}}},
        {"properties": {"a": {"type": "array", "items": 1}}},
        {"properties": {"a": {"type": "string", "oneOf": [1], "x-show-if": "b"}}},
    ],
)
def test_a_form_of_another_shape_says_so_on_every_page(visit: Visit, change: dict[str, object]) -> None:
    tom = visit("tom")
    started = begin(tom)
    headers = {"If-Match": '"0"', "X-CSRF-Token": "a token of this session"}
    tom.client.put(f"{started}/files/odd.json", data=json.dumps({"properties": {}} | change), headers=headers)
    tom.see(f"{started}/form/odd.json", 422)
    tom.see(f"{started}/form-fields/odd.json?field=a", 422)
    tom.send(f"{started}/form-words/odd.json", {"title": "Other"}, 422)


def test_a_field_for_files_says_which_it_takes_and_how_large(visit: Visit) -> None:
    tom = visit("tom")
    address = form(tom)
    add(tom, address, "file", "photo", most_mb="3", **{"takes-picture": "1"})
    tom.see(f"{address.replace('/form/', '/form-fields/')}?field=photo")
    page = tom.document()
    assert page.xpath("//fieldset[@id='f-takes']//input[@checked]/@name") == ["takes-picture"]
    assert page.xpath("//input[@name='most_mb']/@value") == ["3"]
    tom.submit("Save", {"most_mb": "900"})
    assert tom.see(address).xpath("//h2[contains(., 'to mend')]"), "too large is said"


def test_what_is_read_before_a_form_is_ticked_among_the_other_forms(visit: Visit) -> None:
    tom = visit("tom")
    address = form(tom)
    page = tom.see(address)
    assert "loan-terms" in page.xpath("//input[@name='reads']/@value")
    assert "first-contact" not in page.xpath("//input[@name='reads']/@value")
    words = address.replace("/form/", "/form-words/")
    page = tom.send(words, {"reading": "1", "reads": "loan-terms"})
    assert page.xpath("//input[@name='reads'][@checked]/@value") == ["loan-terms"]
    page = tom.send(words, {"reading": "1"})
    assert page.xpath("//input[@name='reads'][@checked]/@value") == []
