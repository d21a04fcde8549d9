"""The map of a procedure and the history of a case, without script."""

from __future__ import annotations

import json
from collections.abc import Callable

from engine.model.cases import Case
from tests.visiting import Visitor
from tests.world import World

Visit = Callable[[str], Visitor]


def test_the_map_leads_from_a_procedure_to_a_step_to_its_cases(visit: Visit, library: World, loan: Case) -> None:
    kim = visit("kim")
    board = kim.see("/board")
    (link,) = [one for one in board.xpath("//main//a") if one.text_content().strip() == "Map"]
    listed = kim.see(link.get("href"))
    (loans,) = [row for row in listed.xpath("//tbody/tr") if row.xpath(".//a[contains(@href, '/map/loan')]")]
    assert loans.xpath("./td")[1].text_content() == "1"
    page = kim.see("/map/loan")
    (row,) = [row for row in page.xpath("//tbody/tr") if "Answer the terms" in row.text_content()]
    assert [cell.text_content().split()[0] for cell in row.xpath("./td[@class='number']")] == ["1", "0", "0"]
    cases = kim.see(row.xpath(".//a")[0].get("href"))
    assert loan.number in kim.text()
    assert len(cases.xpath("//table//tbody/tr")) == 1


def test_a_late_step_is_marked_and_a_stay_is_counted_when_it_was_left(visit: Visit, library: World, loan: Case) -> None:
    library.advance("P9D")
    kim = visit("kim")
    (overlays,) = kim.see("/map/loan").xpath("//div/@data-overlays")
    assert json.loads(overlays)["marks"] == {"answer-terms": "overdue"}
    assert json.loads(overlays)["late"] == {"answer-terms": json.loads(overlays)["tokens"]["answer-terms"]}, "all of them are late"
    library.complete("ben", loan, "answer-terms", {"answer": "yes", "dueBack": "2026-09-01"})
    page = kim.see("/map/loan?days=30")
    (row,) = [row for row in page.xpath("//tbody/tr") if "Answer the terms" in row.text_content()]
    assert "too few to show times" in row.text_content()
    assert row.xpath("./td[@data-label='Stays']")[0].text_content() == "1"


def test_days_that_are_no_time_are_refused_and_the_map_is_shown_all_the_same(visit: Visit, loan: Case) -> None:
    kim = visit("kim")
    for asked in ("from=2026-05-01&to=2026-01-01", "from=soon&to=2026-01-01", "from=2026-01-01&to=9999-99-99"):
        kim.see(f"/map/loan?{asked}", 400)
        assert "Give two days, the earlier one first" in kim.text()
        assert "Answer the terms" in kim.text()
    kim.see("/map/loan?version=99", 404)
    kim.see("/map/no-such-thing", 404)


def test_a_case_is_followed_back_moment_by_moment(visit: Visit, library: World, loan: Case) -> None:
    library.advance("P1D")
    library.complete("ben", loan, "answer-terms", {"answer": "yes", "dueBack": "2026-09-01"})
    kim = visit("kim")
    case = kim.see(f"/cases/{loan.id}")
    (link,) = [one for one in case.xpath("//a") if "moment by moment" in one.text_content()]
    page = kim.see(link.get("href"))
    last = page.xpath("//section[@data-standing]")[0].text_content()
    assert "Answer the terms" not in last
    (earlier,) = page.xpath("//a[@data-earlier]")
    before = kim.see(earlier.get("href")).xpath("//section[@data-standing]")[0].text_content()
    assert "Answer the terms" in before
    kim.see(f"/cases/{loan.id}/history?moment=99999")
    kim.see(f"/cases/{loan.id}/history?moment=-4&diagram=nonsense")


def test_neither_is_for_who_takes_part_from_outside(visit: Visit, loan: Case) -> None:
    ben = visit("ben")
    ben.see("/map", 403)
    ben.see("/map/loan", 403)
    ben.see(f"/cases/{loan.id}/history", 403)
    ben.see(f"/cases/{loan.id}")
    assert "moment by moment" not in ben.text()


def test_a_log_for_process_mining_is_taken_out_from_the_maps(visit: Visit, loan: Case) -> None:
    kim = visit("kim")
    (form,) = [one for one in kim.see("/map").xpath("//form") if one.get("action") == "/map/event-log"]
    (token,) = form.xpath(".//input[@type='hidden']/@value")
    log = kim.client.post("/map/event-log", data={"csrf_token": token, "from": "", "to": ""})
    assert (log.status_code, log.mimetype) == (200, "application/xml")
    assert 'value="Answer the terms"' in log.text
    assert loan.number not in log.text
    kim.send("/map/event-log", {"from": "tomorrow"}, 400)
    assert form.xpath(".//input[@type!='hidden']/@name") == ["from", "to", "numbers"]
    visit("ben").send("/map/event-log", {}, 403)
