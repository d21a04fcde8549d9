"""The diagram and table rooms without script: who may open them, what they lead to, and new files begun by name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.visiting import Visitor
from tests.web.test_changes import TOKEN, begin

Visit = Callable[[str], Visitor]


@pytest.fixture
def tom(visit: Visit) -> Visitor:
    return visit("tom")


def test_a_diagram_has_a_room_that_says_what_it_is_and_leads_to_the_plain_view(tom: Visitor) -> None:
    change = begin(tom)
    page = tom.see(f"{change}/diagram/loan.bpmn")
    room = page.xpath("//*[@data-modeler]")[0]
    assert room.get("data-file") == f"{change}/files/loan.bpmn"
    assert room.get("data-change") == change
    assert "data-readonly" not in room.attrib
    assert page.xpath(f"//main//a[@href='{change}/plain/loan.bpmn']")
    assert page.xpath("//a[@href='#after-diagram']")
    assert page.xpath("//*[@id='after-diagram']//*[@data-problems]")


def test_a_change_that_is_over_is_looked_at_and_not_drawn(tom: Visitor) -> None:
    change = begin(tom)
    tom.send(f"{change}/withdrawal")
    assert "data-readonly" in tom.see(f"{change}/diagram/loan.bpmn").xpath("//*[@data-modeler]")[0].attrib


def test_what_is_no_file_of_the_change_has_no_room(tom: Visitor) -> None:
    change = begin(tom)
    for path in ("diagram/other.bpmn", "tables/other.dmn", "diagram/../pack.toml"):
        tom.see(f"{change}/{path}", status=404)


def test_who_may_not_see_procedures_sees_no_room(visit: Visit, tom: Visitor) -> None:
    change = begin(tom)
    assert visit("lia").client.get(f"{change}/diagram/loan.bpmn").status_code in (403, 404)


@pytest.mark.parametrize(("kind", "room"), [("bpmn", "diagram/visit-to-a-school.bpmn"), ("dmn", "tables/visit-to-a-school.dmn")])
def test_a_new_file_is_begun_by_its_name_and_opened(tom: Visitor, kind: str, room: str) -> None:
    change = begin(tom)
    tom.send(f"{change}/new-files", {"kind": kind, "name": "Visit to a school"})
    assert tom.answer is not None
    assert tom.answer.request.path == f"{change}/{room}"
    assert tom.see(change).xpath("//tr[contains(., 'New')]//a[contains(@href, 'visit-to-a-school')]"), "told by its title, not its file"


@pytest.mark.parametrize("sent", [{}, {"kind": "bpmn", "name": ""}, {"kind": "pack", "name": "Visit"}, {"kind": "bpmn", "name": "<>"}])
def test_a_new_file_without_a_name_or_kind_is_refused_in_words(tom: Visitor, sent: dict[str, str]) -> None:
    change = begin(tom)
    tom.send(f"{change}/new-files", sent, status=422)
    assert "name" in tom.text()


def test_a_new_form_is_made_from_its_title_without_leaving_the_diagram(visit: Visit) -> None:
    tom = visit("tom")
    change = begin(tom)

    def made(body: object, by: Visitor = tom) -> int:
        by.answer = by.client.post(f"{change}/diagram-forms", json=body, headers={"X-CSRF-Token": TOKEN})
        return by.answer.status_code

    assert made({"title": "First visit"}) == 200
    assert tom.answer is not None
    assert tom.answer.get_json() == {"key": "first-visit", "title": "First visit"}
    assert made({"title": "First visit!"}) == 422
    assert "of that title already" in tom.answer.get_json()["message"]
    assert made({"title": " "}) == 422
    assert made(["First visit"]) == 400
    assert made({"title": "Second visit"}, visit("lia")) in (403, 404)
