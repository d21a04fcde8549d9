"""The plain view without script: a procedure as numbered sentences, read by whoever may, changed by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.visiting import Visitor
from tests.web.test_changes import FILE, begin, save
from tests.world import World

Visit = Callable[[str], Visitor]


@pytest.fixture
def tom(library: World, visit: Visit) -> Visitor:
    """Somebody who may change procedures."""
    return visit("tom")


def file_of(visitor: Visitor, change: str, name: str = "loan.bpmn") -> bytes:
    return visitor.client.get(f"{change}/files/{name}").data


def open_fields(visitor: Visitor, change: str, element: str) -> None:
    visitor.see(f"{change}/plain/loan.bpmn?edit={element}")


def test_a_version_is_told_in_numbered_sentences(tom: Visitor) -> None:
    page = tom.see("/procedures/loan/plain")
    assert "Answer the terms" in tom.text()
    assert "within 7 days (setting “The terms are to be answered within”)" in tom.text()
    numbers = [int(one.text_content()) for one in page.xpath("//*[@class='plain-number']")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert not page.xpath("//main//form")
    assert tom.see("/procedures/loan").xpath("//a[normalize-space()='In words']")


def test_name_people_form_notes_and_due_time_are_changed_by_fields(tom: Visitor) -> None:
    change = begin(tom, "In words")
    open_fields(tom, change, "answer-terms")
    given = {"name": "Say <yes> or no", "notes": "Take your time.", "due_how": "length", "due_length": "2 weeks", "role": "keeper"}
    tom.submit("Save", given)
    after = file_of(tom, change)
    assert b'name="Say &lt;yes&gt; or no"' in after
    assert b'parley:due="P14D"' in after
    assert b'parley:role="keeper"' in after
    said = tom.document().xpath("//*[@role='status' and contains(., 'Saved in this change')]/ancestor::li[1]/@id")
    assert said == ["e-answer-terms"], "it is said at the step that was changed"
    assert "Say <yes> or no" in tom.text()
    assert "Take your time." in tom.text()
    assert "within 14 days" in tom.text()


def test_a_setting_is_changed_where_it_is_used(tom: Visitor) -> None:
    change = begin(tom, "Longer")
    open_fields(tom, change, "answer-terms")
    tom.submit("Save", {"due_value": "3 weeks"})
    assert file_of(tom, change) == FILE
    assert b'default = "P21D"' in file_of(tom, change, "pack.toml")
    assert "within 21 days (setting “The terms are to be answered within”)" in tom.text()
    tom.see(f"{change}/compare")
    assert "7 days → 21 days (new cases)" in tom.text()


def test_a_setting_stays_within_its_bounds(tom: Visitor) -> None:
    change = begin(tom, "Much longer")
    open_fields(tom, change, "answer-terms")
    page = tom.submit("Save", {"due_value": "90 days", "name": "Not kept either"}, status=422)
    assert page.xpath("//*[@id='due_value-error'][contains(., 'at most 30 days')]")
    assert b'default = "P7D"' in file_of(tom, change, "pack.toml")
    assert file_of(tom, change) == FILE


def test_what_cannot_be_read_is_said_at_its_field_and_nothing_typed_is_lost(tom: Visitor) -> None:
    change = begin(tom, "Wrong")
    open_fields(tom, change, "answer-terms")
    page = tom.submit("Save", {"name": "Kept", "due_how": "length", "due_length": "soon"}, status=422)
    (field,) = page.xpath("//input[@id='due_length']")
    assert (field.get("value"), field.get("aria-invalid")) == ("soon", "true")
    assert page.xpath("//input[@id='name']/@value") == ["Kept"]
    assert file_of(tom, change) == FILE
    open_fields(tom, change, "answer-terms")
    tom.submit("Save", {"due_how": "expression", "due_expression": "=1 +"}, status=422)


def test_a_condition_is_changed_as_text(tom: Visitor) -> None:
    change = begin(tom, "Other choice")
    flow = next(one for one in tom.see(f"{change}/plain/loan.bpmn").xpath("//li[contains(@class, 'way')]/@id") if one)
    flows = [
        one.removeprefix("e-")
        for one in tom.document().xpath("//li[contains(@class, 'way')]/@id")
        if b'id="' + one.removeprefix("e-").encode() + b'"' in FILE
    ]
    assert flow
    for id in flows:
        page = tom.see(f"{change}/plain/loan.bpmn?edit={id}")
        if page.xpath("//input[@id='condition'][@value!='']"):
            tom.submit("Save", {"condition": 'bookClass = "rare"'})
            assert b'bookClass = "rare"' in file_of(tom, change)
            return
    pytest.fail("No way of the library has a condition.")


def test_of_two_who_edit_the_later_one_keeps_what_was_typed(tom: Visitor, visit: Visit) -> None:
    change = begin(tom, "Two of us")
    open_fields(tom, change, "answer-terms")
    tia = visit("tia")
    save(tia, change, FILE.replace(b'name="Check the book"', b'name="Look at the book"'))
    page = tom.submit("Save", {"name": "Decide"}, status=409)
    assert page.xpath("//input[@id='name']/@value") == ["Decide"]
    tom.submit("Save")
    assert b'name="Decide"' in file_of(tom, change)
    assert b'name="Look at the book"' in file_of(tom, change)


def test_a_broken_diagram_is_refused_in_words_and_the_rest_is_not_found(tom: Visitor, visit: Visit) -> None:
    change = begin(tom, "Broken")
    save(tom, change, b"<nothing", name="other.bpmn")
    tom.see(f"{change}/plain/other.bpmn", 422)
    assert "cannot be told in words" in tom.text()
    tom.see(f"{change}/plain/loan-terms.json", 404)
    tom.see(f"{change}/plain/gone.bpmn", 404)
    tom.see("/procedures/nothing/plain", 404)
    visit("ben").see("/procedures/loan/plain", 403)
    tom.send(f"{change}/plain/loan.bpmn", {"element": "gone", "revision": "0", "name": "x"}, 404)
