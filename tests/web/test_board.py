"""The rooms of those who look after all cases, without script: the board, the list of cases, ladders of deadlines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.model.cases import Case
from tests.visiting import Visitor
from tests.world import World

Visit = Callable[[str], Visitor]


@pytest.fixture
def late(library: World, loan: Case) -> Case:
    """A loan of a book that was due back two days ago."""
    library.complete("ben", loan, "answer-terms", {"answer": "yes", "dueBack": "2026-09-01"})
    library.advance("P9D")
    return loan


def test_a_tile_leads_to_its_list_and_a_line_to_the_act_that_moves_the_case(visit: Visit, library: World, late: Case) -> None:
    kim = visit("kim")
    board = kim.see("/board")
    link = next(one for one in board.xpath("//ul[@class='groups']//a") if "up to 3 days" in one.text_content())
    assert int(link.xpath("./span")[1].text_content()) >= 1
    kim.see(link.get("href"))
    assert late.number in kim.text()
    assert "A late answer does not mean that a book is lost." in kim.text()
    lia = visit("lia")
    page = lia.see(f"/cases?q={late.number}")
    (act,) = [one for one in page.xpath("//table//a") if "Give it to somebody" in one.text_content()]
    lia.see(act.get("href"))
    assert "Wait for the book" in lia.text()


def test_the_case_page_tells_the_acts_beside_each_wait_and_its_deadlines(visit: Visit, late: Case) -> None:
    kim = visit("kim")
    kim.see(f"/cases/{late.id}")
    assert "Deadlines at work" in kim.text()
    ben = visit("ben")
    ben.see(f"/cases/{late.id}")
    assert "Deadlines at work" not in ben.text()


def test_what_a_participant_is_asked_is_given_to_nobody_else(visit: Visit, library: World, loan: Case) -> None:
    library.advance("P9D")
    page = visit("lia").see(f"/cases?q={loan.number}")
    assert [one.text_content() for one in page.xpath("//table//p[contains(@class, 'moves')]//a")] == []


def test_a_step_of_a_ladder_is_waived_with_a_reason(visit: Visit, library: World, loan: Case) -> None:
    library.complete("ben", loan, "answer-terms", {"answer": "yes", "dueBack": "2026-09-01"})
    kim = visit("kim")
    page = kim.see(f"/cases/{loan.id}")
    link = page.xpath("//ol[@class='ladder']//a")[-1]
    kim.see(link.get("href"))
    kim.submit("Waive this step", {"reason": ""}, 422)
    assert "Write a reason" in kim.text()
    kim.submit("Waive this step", {"reason": "They asked for more time."})
    assert "Waived." in kim.text()
    kim.see(link.get("href"), 409)
    assert "was done or waived already" in kim.text()


def test_a_view_is_kept_and_stands_above_the_list(visit: Visit, loan: Case) -> None:
    kim = visit("kim")
    kim.see("/cases/views?fact=bookClass:is:fragile&sort=newest")
    kim.submit("Keep it", {"name": ""}, 422)
    kim.submit("Keep it", {"name": "Fragile books"})
    kept = kim.document().xpath("//nav[@class='views']/a[contains(@class, 'button')]")
    assert [one.text_content().strip() for one in kept] == ["Fragile books"]
    assert "Class of book is fragile" in kim.text()


def test_the_list_is_asked_by_a_fact_and_says_what_is_wrong_with_one(visit: Visit, loan: Case) -> None:
    kim = visit("kim")
    kim.see("/cases")
    kim.submit("Show", {"fact-key": "bookClass", "fact-is": "is", "fact-value": "Sturdy"})
    assert loan.number not in kim.text()
    kim.see("/cases?fact=bookClass:less:a", 400)
    assert "cannot be compared like this" in kim.text()


def test_the_list_is_taken_out_as_a_file(visit: Visit, loan: Case) -> None:
    kim = visit("kim")
    kim.see(f"/cases?q={loan.number}")
    kim.answer = kim.client.post("/cases/file", data={"q": loan.number, "csrf_token": "a token of this session"})
    assert (kim.answer.status_code, kim.answer.mimetype) == (200, "text/csv")
    assert kim.answer.text.splitlines()[1].startswith(f"{loan.number},open")
    visit("lia").send("/cases/file", {}, 403)


@pytest.mark.parametrize(
    ("by", "path", "status"),
    [
        ("ben", "/board", 403),
        ("cor", "/ladders", 403),
        ("tom", "/board", 403),
        ("kim", "/cases?tile=library/none", 404),
        ("kim", "/ladders?rule=library/none", 404),
        ("kim", "/cases?bucket=x&fact=::&sort=z&state=zz", 400),
        ("kim", "/cases?tile=library/late&bucket=99", 400),
        ("kim", "/cases?state=zzz", 400),
        ("kim", "/ladders/zz/steps/1/waiver", 404),
    ],
)
def test_strange_addresses_are_answered_in_words(visit: Visit, loan: Case, by: str, path: str, status: int) -> None:
    visit(by).see(path, status)


def test_the_board_s_mark_changes_only_when_something_does(visit: Visit, library: World, loan: Case) -> None:
    kim = visit("kim")
    first = kim.client.get("/board/mark")
    again = kim.client.get("/board/mark", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    library.advance("P20D")
    assert kim.client.get("/board/mark", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
