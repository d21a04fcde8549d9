"""Opening a case: people, facts, every mistake at once, and a warning of a likely duplicate."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine import store
from engine.operations.people import people
from tests.visiting import Visitor
from tests.world import World

Visit = Callable[[str], Visitor]


def _seat(number: int, **values: str) -> dict[str, str]:
    return {f"seat-{number}-{name}": value for name, value in values.items()}


def test_a_case_is_opened_with_somebody_new(library: World, visit: Visit) -> None:
    visitor = visit("lia")
    page = visitor.see("/cases/new")
    assert len(page.xpath("//select[starts-with(@name, 'seat-')][contains(@name, 'role')]")) == 1, "as many seats as the pack asks for"
    nora = _seat(0, name="Nora Example", email="nora@example.org", language="es")
    visitor.submit("Open the case", nora | {"bookClass": "sturdy", "wish": "CANARY"})
    assert "is open." in visitor.text()
    with library.store.reading() as uow:
        (found,) = store.persons.search(uow, library.program.id, "Nora", 5)
    assert (found.email, found.language, found.staff) == ("nora@example.org", "es", False)


def test_somebody_known_is_looked_for_and_chosen(library: World, visit: Visit) -> None:
    visitor = visit("lia")
    visitor.see("/cases/new")
    page = visitor.submit("Look", _seat(0, find="bea") | {"bookClass": "fragile"})
    found = page.xpath("//label[contains(., 'Bea Example')]/input")[0]
    assert found.get("checked") is not None, "the only one found is chosen"
    assert page.xpath("//option[@value='fragile'][@selected] | //input[@value='fragile'][@checked]"), "what was typed is kept"
    visitor.submit("Open the case")
    assert "is open." in visitor.text()
    with library.reading("lia") as (uow, actor):
        assert len(people.search(uow, actor, "Bea")) == 1, "nobody was entered twice"


def test_nobody_is_chosen_for_a_name_that_was_typed_or_among_several(visit: Visit) -> None:
    visitor = visit("lia")
    visitor.see("/cases/new")
    for typed in (_seat(0, find="bea", name="Bea Example the younger"), _seat(0, find="Example", name="")):
        page = visitor.submit("Look", typed)
        assert [one.get("value") for one in page.xpath("//input[@name='seat-0-person'][@checked]")] == [""]


def test_every_mistake_is_told_at_once(visit: Visit) -> None:
    visitor = visit("lia")
    visitor.see("/cases/new")
    page = visitor.submit("Open the case", _seat(0, name="Olaf", email="not an address"), status=422)
    told = [link.text for link in page.xpath("//div[@role='alert']//a")]
    assert any(text.startswith("Person 1: ") for text in told)
    assert "Class of book: Please answer this." in told
    for link in page.xpath("//div[@role='alert']//a"):
        assert page.get_element_by_id(link.get("href")[1:]) is not None
    assert page.xpath("//input[@name='seat-0-name']")[0].value == "Olaf"


@pytest.mark.parametrize(
    ("name", "told"), [("Nora\u202e Example", "after “Nora” (place 5)"), ("\x07Nora", "The name begins with a sign that cannot be seen")]
)
def test_a_sign_in_a_name_that_cannot_be_seen_is_told_with_its_place(visit: Visit, name: str, told: str) -> None:
    visitor = visit("lia")
    visitor.see("/cases/new")
    page = visitor.submit("Open the case", _seat(0, name=name), status=422)
    assert any(told in one.text for one in page.xpath("//div[@role='alert']//a"))


def test_only_languages_that_something_is_written_in_are_offered_to_read(visit: Visit) -> None:
    page = visit("lia").see("/cases/new")
    assert page.xpath("//select[@name='seat-0-language']/option/@value") == ["en", "es"]


def test_too_few_people_are_asked_for(visit: Visit) -> None:
    visitor = visit("lia")
    visitor.see("/cases/new")
    visitor.submit("Open the case", {"bookClass": "fragile"}, status=422)
    assert "Enter at least 1" in visitor.text()


def test_seats_come_and_go_without_script(visit: Visit) -> None:
    visitor = visit("lia")
    visitor.see("/cases/new")
    page = visitor.submit("Add another person", _seat(0, name="First"))
    assert len(page.xpath("//select[starts-with(@name, 'seat-')][contains(@name, 'role')]")) == 2
    page = visitor.submit("Remove person 1", _seat(1, name="Second"))
    assert [field.value for field in page.xpath("//input[contains(@name, '-name')]")] == ["Second"]


def test_a_likely_duplicate_is_warned_of_before_anything_is_opened(library: World, visit: Visit) -> None:
    library.open_case("lia", "library", [("borrower", "ben"), ("borrower", "bea")], {"bookClass": "fragile"})
    with library.store.reading() as uow:
        before = len(store.cases.list_(uow, library.program.id, limit=200).items)
    visitor = visit("lia")
    visitor.see("/cases/new")
    visitor.submit("Add another person")
    both = _seat(0, role="borrower", person=library.people["ben"].id) | _seat(1, role="borrower", person=library.people["bea"].id)
    page = visitor.client.post("/cases/new", data={**both, "bookClass": "sturdy", "csrf_token": "a token of this session"})
    visitor.answer = page
    assert "These people share a case already" in visitor.text()
    with library.store.reading() as uow:
        assert len(store.cases.list_(uow, library.program.id, limit=200).items) == before
    visitor.submit("It is another matter")
    assert "is open." in visitor.text()


def test_going_back_from_the_warning_keeps_everything(library: World, visit: Visit) -> None:
    library.open_case("lia", "library", [("borrower", "ben"), ("borrower", "bea")], {"bookClass": "fragile"})
    visitor = visit("lia")
    both = _seat(0, role="borrower", person=library.people["ben"].id) | _seat(1, role="borrower", name="Bea Example")
    visitor.send("/cases/new", {**both, "bookClass": "sturdy", "wish": "CANARY-kept"})
    page = visitor.submit("Back to the form")
    assert page.xpath("//*[@name='seat-1-name']")[0].value == "Bea Example"
    assert "CANARY-kept" in (visitor.answer.text if visitor.answer else "")


def test_hostile_seats_are_never_a_500(visit: Visit) -> None:
    visitor = visit("lia")
    for name in ("seat-x-name", "seat--name", "seat-", "seat-99999999999999999999-name", "seat-\x00-name", "seat-²-name"):
        answer = visitor.client.post("/cases/new", data={name: "\x00", "_step": "remove-²", "csrf_token": "a token of this session"})
        assert answer.status_code < 500, name
    hostile = {"seat-0-name": "x\x00y", "seat-0-role": "nobody", "csrf_token": "a token of this session"}
    answer = visitor.client.post("/cases/new", data=hostile)
    assert answer.status_code < 500
