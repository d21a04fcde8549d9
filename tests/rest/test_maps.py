"""Maps and histories over REST."""

from __future__ import annotations

from tests.rest.calling import Rest


def test_the_map_counts_tokens_and_what_is_overdue(rest: Rest) -> None:
    rest.loan()
    rest.loan()
    rest.world.advance("P9D")
    (line,) = [one for one in rest["kim"].get("/maps").json["items"] if one["key"] == "loan"]
    assert (line["standing"], line["overdue"]) == (2, 2)
    found = rest["kim"].get("/maps/loan").json
    assert [(step["element_id"], step["standing"], step["overdue"]) for step in found["steps"]] == [("answer-terms", 2, 2)]
    assert (found["version"], found["fewest"]) == (None, 10)
    assert rest["kim"].get("/maps/loan?from=2026-03-05&to=2026-03-01").status_code == 400
    assert rest["kim"].get("/maps/loan?from=soon").status_code == 422
    assert rest["kim"].get("/maps/loan?version=9").status_code == 404
    assert rest["ben"].get("/maps").status_code == 403
    assert rest["ben"].get("/maps/loan").status_code == 403


def test_a_case_s_history_tells_each_moment(rest: Rest) -> None:
    loan = rest.loan()
    moments = rest["kim"].get(f"/cases/{loan.id}/history").json["items"]
    assert [place["element_id"] for place in moments[-1]["places"]] == ["answer-terms"]
    assert "Begun: Answer the terms" in moments[-1]["told"]
    assert rest["ben"].get(f"/cases/{loan.id}/history").status_code == 403
