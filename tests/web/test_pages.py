"""Every page for each role: who sees what, and that nothing of it breaks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from engine.model.cases import Case
from engine.operations.people import people
from tests.visiting import Visitor
from tests.world import World

Visit = Callable[[str], Visitor]


@pytest.mark.parametrize(
    ("name", "rooms"),
    [
        ("lia", ["Inbox", "Board", "Cases"]),
        ("kim", ["Inbox", "Board", "Figures", "Cases"]),
        ("ben", ["Inbox", "Cases"]),
        ("tom", ["Inbox", "Procedures"]),
        ("ada", ["Inbox", "People", "Walls", "Procedures"]),
    ],
)
def test_navigation_leads_only_to_rooms_one_may_use(visit: Visit, loan: Case, name: str, rooms: list[str]) -> None:
    page = visit(name).see("/")
    links = page.xpath("//nav[@aria-label='Rooms']//a")
    assert [" ".join(link.text_content().split()).rstrip(" 0123456789") for link in links] == rooms


@pytest.mark.parametrize(
    ("name", "path", "status"),
    [
        ("lia", "/cases", 200),
        ("tom", "/cases", 403),
        ("lia", "/procedures", 403),
        ("tom", "/procedures", 200),
        ("tom", "/procedures/loan", 200),
        ("tom", "/procedures/nothing", 404),
        ("tom", "/procedures/upload", 200),
        ("lia", "/people", 403),
        ("ada", "/people", 200),
        ("ada", "/people/new", 200),
        ("lia", "/cases/new", 200),
        ("ben", "/cases/new", 403),
        ("lia", "/inbox?tab=roles", 200),
        ("lia", "/inbox?cursor=nonsense", 400),
        ("lia", "/notices", 200),
        ("lia", "/cases/nothing", 404),
        ("lia", "/tasks/nothing", 404),
        ("lia", "/nowhere", 404),
        ("lia", "/help/components", 200),
        ("lia", "/help/keyboard", 200),
        ("lia", "/help/about", 200),
    ],
)
def test_pages_answer_each_role_as_it_may(visit: Visit, loan: Case, name: str, path: str, status: int) -> None:
    page = visit(name).see(path, status)
    assert page.xpath("count(//h1)") == 1
    assert page.xpath("//title")[0].text.endswith("– Parley")


@pytest.mark.parametrize("tab", ["overview", "tasks", "milestones", "timeline", "people", "records", "nonsense"])
def test_every_part_of_a_case_begins_with_its_explanation(visit: Visit, loan: Case, tab: str) -> None:
    page = visit("lia").see(f"/cases/{loan.id}?tab={tab}")
    assert page.xpath("//div[contains(@class, 'explain')]")[0].text_content().strip().startswith("Waits for “Answer the terms”")


def test_a_case_of_others_does_not_exist_for_somebody_outside(visit: Visit, loan: Case) -> None:
    visitor = visit("bea")
    visitor.see(f"/cases/{loan.id}", 404)
    assert loan.number not in visitor.text()


def test_what_one_may_not_read_is_not_on_the_page(visit: Visit, loan: Case) -> None:
    reader, other = visit("lia"), visit("kim")
    reader.see(f"/cases/{loan.id}?tab=records")
    other.see(f"/cases/{loan.id}?tab=records")
    assert "CANARY-wish" in reader.text()
    assert "CANARY-wish" not in other.text()
    other.see(f"/cases/{loan.id}?tab=people")
    assert "Ben Example" not in other.text()
    assert "borrower 1 of 1" in other.text()


def test_a_record_says_what_it_is_and_who_reads_it_before_it_is_opened(visit: Visit, loan: Case) -> None:
    page = visit("lia").see(f"/cases/{loan.id}?tab=records")
    (record,) = page.xpath("//details[contains(@class, 'record')]")
    assert record.get("open") is not None, "the last one of its panel need not be opened first"
    assert record.xpath("summary/h3")[0].text_content().strip()
    assert record.xpath("summary//*[contains(@class, 'badge')]")
    assert record.xpath("summary//time")


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(app: Flask) -> None:
    answer = app.test_client().get("/cases?state=closed")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/cases?state%3Dclosed"


def test_names_are_written_as_text_not_as_markup(library: World, visit: Visit) -> None:
    with library.acting("ada") as (uow, actor):
        people.add(uow, actor, name="<script>alert(1)</script>", staff=False)
    page = visit("ada").see("/people")
    assert not page.xpath("//script[not(@src)]")
    assert "<script>alert(1)</script>" in page.text_content()


def test_pages_hold_no_inline_script_and_no_event_attributes(visit: Visit, loan: Case) -> None:
    for path in ("/inbox", f"/cases/{loan.id}", "/help/components", "/cases/new"):
        page = visit("lia").see(path)
        assert not page.xpath("//script[not(@src)]")
        assert not [name for element in page.iter("*") for name in element.attrib if name.startswith("on")]


def test_pages_are_never_kept_by_a_browser(visit: Visit, loan: Case) -> None:
    visitor = visit("lia")
    visitor.see(f"/cases/{loan.id}")
    assert visitor.answer is not None
    assert visitor.answer.headers["Cache-Control"] == "no-store"


def test_an_id_stands_once_on_a_page(visit: Visit, loan: Case) -> None:
    for path in (f"/cases/{loan.id}", f"/cases/{loan.id}?tab=people", "/help/components", "/cases/new"):
        ids = visit("lia").see(path).xpath("//*[not(ancestor-or-self::template)]/@id")
        assert sorted(set(ids)) == sorted(ids), path


def test_only_what_is_overdue_or_stuck_is_listed_when_asked_for(library: World, visit: Visit, loan: Case) -> None:
    visitor = visit("lia")
    visitor.see("/cases?state=late")
    assert loan.number not in visitor.text()
    library.advance("P30D")
    visitor.see("/cases?state=late")
    assert loan.number in visitor.text()
    assert "late" in visitor.text()


def test_help_and_errors_keep_the_navigation_of_whoever_is_signed_in(app: Flask, visit: Visit) -> None:
    assert visit("lia").see("/help/about").xpath("//nav[@aria-label='Rooms']")
    assert visit("lia").see("/nowhere", 404).xpath("//nav[@aria-label='Rooms']")
    assert not Visitor(app.test_client()).see("/help/about").xpath("//nav[@aria-label='Rooms']")
