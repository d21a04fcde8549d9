"""Walls and absences over REST."""

from __future__ import annotations

from tests.rest.calling import Rest

WEEK = {"from_at": "2026-03-02T00:00:00Z", "to_at": "2026-03-09T00:00:00Z"}


def test_a_wall_is_put_up_listed_with_tries_and_taken_down_by_two(rest: Rest) -> None:
    case, lia = rest.loan(), rest.world.people["lia"].id
    made = rest["ada"].post("/walls", {"person_id": lia, "case": case.number, "reason": "recusal"})
    assert (made.status_code, made.json["standing"], made.json["case_number"]) == (201, True, case.number)
    hidden, nothing = (rest["lia"].get(f"/cases/{id}") for id in (case.id, "0" * 32))
    assert (hidden.status_code, hidden.data, dict(hidden.headers)) == (404, nothing.data, dict(nothing.headers))
    (line,) = rest["ada"].get(f"/walls?case={case.id}").json["items"]
    assert line["tries"] == 1
    wall = f"/walls/{line['id']}"
    assert rest["ada"].post(f"{wall}/clearing").json["clearing_by"] is not None
    assert rest["ada"].post(f"{wall}/clearance").status_code == 403
    assert rest["ada"].call("DELETE", f"{wall}/clearing").json["clearing_by"] is None
    assert rest["lia"].get("/walls").status_code == 403
    assert rest["ada"].post("/walls", {"person_id": lia, "case": case.number, "reason": "because"}).status_code == 422


def test_a_wall_between_people_is_listed_apart(rest: Rest) -> None:
    people = rest.world.people
    body = {"person_id": people["lia"].id, "other_id": people["ben"].id, "reason": "personal-tie"}
    assert rest["ada"].post("/walls", body).json["other"] == "Ben Example"
    assert [one["person"] for one in rest["ada"].get("/person-walls").json["items"]] == ["Lia Example"]
    assert rest["ada"].get("/walls").json["items"] == []
    assert rest["lia"].get(f"/cases/{rest.loan().id}").status_code == 404


def test_an_absence_lends_the_tasks_and_a_circle_is_refused(rest: Rest) -> None:
    case, people = rest.loan(), rest.world.people
    lia, kim = people["lia"].id, people["kim"].id
    rest.world.complete("ben", case, "answer-terms", {"answer": "yes", "dueBack": "2026-04-01"})
    made = rest["lia"].post(f"/persons/{lia}/absences", {**WEEK, "stand_ins": [{"person_id": kim, "role": "librarian"}]})
    assert (made.status_code, made.json["stand_ins"][0]["person"]) == (201, "Kim Example")
    circle = rest["kim"].post(f"/persons/{kim}/absences", {**WEEK, "stand_ins": [{"person_id": lia}]})
    assert circle.status_code == 409
    assert "Kim Example → Lia Example → Kim Example" in circle.json["detail"]
    (line,) = rest["kim"].get(f"/user-tasks?in_place_of={lia}").json["items"]
    assert line["in_place_of"]["label"] == "Lia Example"
    done = rest["kim"].post(f"/user-tasks/{line['id']}/completion", {"data": {}})
    assert (done.status_code, done.json["on_behalf_of"]) == (200, lia)
    assert [one["id"] for one in rest["lia"].get(f"/absences?person={lia}").json["items"]] == [made.json["id"]]
    assert rest["lia"].get("/absences").status_code in (403, 404)
    assert rest["lia"].post(f"/absences/{made.json['id']}/end").json["is_now"] is False
    assert rest["kim"].get(f"/user-tasks?in_place_of={lia}").status_code == 404
