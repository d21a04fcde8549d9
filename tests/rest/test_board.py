"""The board, the list of cases as asked, and ladders, over REST."""

from __future__ import annotations

from tests.rest.calling import Rest


def test_the_board_s_numbers_are_the_lengths_of_its_lists(rest: Rest) -> None:
    rest.loan()
    rest.world.advance("P9D")
    rest.loan()
    tiles = rest["kim"].get("/board").json["items"]
    assert [tile["key"] for tile in tiles] == [f"library/{key}" for key in ("late", "today", "quiet", "stopped", "nobody")]
    for tile in tiles:
        assert len(rest["kim"].get(f"/cases?tile={tile['key']}").json["items"]) == tile["count"]
    assert [group["count"] for group in tiles[0]["groups"]] == [1, 0, 0]
    assert rest["ben"].get("/board").status_code == 403


def test_cases_are_asked_by_facts_and_taken_out_as_a_file(rest: Rest) -> None:
    loan = rest.loan()
    assert [one["intensity"] for one in rest["kim"].get("/cases?fact=bookClass:is:fragile&sort=oldest").json["items"]] == ["Fragile"]
    assert rest["kim"].get("/cases?fact=bookClass:is:fragile&fact=bookClass:is-not:Fragile").json["items"] == []
    for wrong in ("fact=bookClass", "fact=bookClass:like:x", "fact=nothing:is:x"):
        assert rest["kim"].get(f"/cases?{wrong}").status_code == 400
    assert rest["kim"].get("/cases?sort=colour").status_code == 422
    file = rest["kim"].post("/cases/files?fact=bookClass:is:fragile")
    assert (file.status_code, file.mimetype, loan.number in file.text) == (200, "text/csv", True)
    assert rest["lia"].post("/cases/files").status_code == 403


def test_procedures_are_asked_by_what_their_cases_are_like(rest: Rest) -> None:
    early = rest.loan()
    rest.world.advance("P9D")
    loan = rest.loan()
    rest.world.complete("ben", loan, "answer-terms", {"answer": "yes", "dueBack": "2026-09-01"})

    def of(query: str) -> list[str]:
        return [one["case_id"] for one in rest["kim"].get(f"/process-instances?{query}").json["items"]]

    assert of("") == of("fact=bookClass:is:fragile") == [loan.id, early.id]
    assert of("fact=bookClass:is-not:fragile") == []
    assert (of("element=loan/recall"), of("element=loan/answer-terms")) == ([loan.id], [early.id])
    assert of("late=true") == of("tile=library/late") == of("tile=library/late&bucket=0&state=running&definition=loan") == [early.id]
    assert of("status=nothing-like-it") == of("element=loan/nothing") == []
    for wrong, status in (("fact=bookClass", 400), ("fact=nothing:is:x", 400), ("tile=library/nothing", 404), ("late=perhaps", 422)):
        assert rest["kim"].get(f"/process-instances?{wrong}").status_code == status, wrong
    assert rest["ben"].get("/process-instances?element=loan/recall").status_code == 403


def test_a_step_of_a_ladder_is_waived(rest: Rest) -> None:
    loan = rest.loan()
    task = rest.world.task(loan, "answer-terms")
    (rule, _) = rest["kim"].get("/deadline-rules").json["items"]
    (ladder,) = rest["kim"].get(f"/ladders?rule={rule['key']}").json["items"]
    assert (ladder["task_id"], [step["state"] for step in ladder["steps"]]) == (task.id, ["next"])
    path = f"/user-tasks/{task.id}/ladder/waivers"
    assert rest["kim"].post(path, {"step": 1, "reason": ""}).status_code == 422
    assert rest["kim"].post(path, {"step": 2, "reason": "why"}).status_code == 409
    assert rest["lia"].post(path, {"step": 1, "reason": "why"}).status_code == 403
    waived = rest["kim"].post(path, {"step": 1, "reason": "They asked for more time."})
    assert [step["state"] for step in waived.json["steps"]] == ["waived"]
    assert rest["kim"].get(f"/user-tasks/{task.id}/ladder").json["steps"][0]["state"] == "waived"
