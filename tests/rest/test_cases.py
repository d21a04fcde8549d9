"""Cases, persons, accounts, notices and the trail over REST."""

from __future__ import annotations

from tests.rest.calling import Caller, Rest

OPENING = {
    "pack": "library",
    "participants": [{"role": "borrower", "name": "Nia Example", "email": "nia@example.org"}],
    "data": {"bookClass": "fragile", "wish": "CANARY-wish"},
}


def test_a_case_is_opened_with_its_people_and_its_procedure_starts(rest: Rest) -> None:
    made = rest["lia"].post("/cases", OPENING)
    assert (made.status_code, made.json["state"]) == (201, "open")
    page = rest["lia"].get(f"/cases/{made.json['id']}").json
    assert page["explanation"]["sentence"].startswith("Waits for")
    assert [one["role"] for one in page["participants"]] == ["borrower"]
    assert [one["element_id"] for one in page["tasks"]] == ["answer-terms"]


def test_mistakes_in_opening_are_all_told_and_nothing_is_opened(rest: Rest) -> None:
    wrong = rest["lia"].post("/cases", {**OPENING, "data": {"bookClass": "heavy", "extra": 1}})
    assert (wrong.status_code, len(wrong.json["errors"])) == (422, 2)
    missing = rest["lia"].post("/cases", {**OPENING, "participants": []})
    assert missing.status_code == 422
    both = rest["lia"].post("/cases", {**OPENING, "participants": [{"role": "borrower"}]})
    assert both.json["errors"][0]["path"].startswith("/participants/0")
    assert rest["lia"].get("/cases").json["items"] == []


def test_content_reaches_nobody_who_may_not_read_its_class(rest: Rest) -> None:
    case = rest["lia"].post("/cases", OPENING).json["id"]
    own = f"/cases/{case}"
    for path in (own, f"{own}/records", f"{own}/timeline", "/cases", "/user-tasks", f"/audit-entries?case={case}"):
        answer = rest["kim"].get(path)
        assert answer.status_code == 200, path
        assert b"CANARY" not in answer.data, path
        assert b"nia@example.org" not in answer.data, path
    instance = rest["lia"].get(f"/cases/{case}").json["instances"][0]["id"]
    assert b"CANARY" not in rest["lia"].get(f"/process-instances/{instance}/variables").data


def test_who_deploys_procedures_sees_no_case(rest: Rest) -> None:
    case = rest.loan().id
    assert rest["tom"].get(f"/cases/{case}").status_code in (403, 404)
    assert rest["tom"].get("/cases").status_code == 403
    assert rest["tom"].get("/process-instances").status_code == 403


def test_a_participant_joins_and_leaves(rest: Rest) -> None:
    case = rest.loan().id
    joined = rest["lia"].post(f"/cases/{case}/participants", {"role": "borrower", "person_id": rest.world.people["bea"].id})
    assert (joined.status_code, joined.json["role"]) == (201, "borrower")
    assert rest["bea"].get(f"/cases/{case}").status_code == 200
    left = rest["lia"].call("DELETE", f"/cases/{case}/participants/{joined.json['id']}")
    assert (left.status_code, left.data) == (204, b"")
    assert rest["bea"].get(f"/cases/{case}").status_code in (403, 404)


def test_a_message_of_the_case_page_is_sent_by_who_may(rest: Rest) -> None:
    loan = rest.loan()
    rest.world.complete("ben", loan, "answer-terms", {"answer": "yes", "dueBack": "2026-04-01"})
    assert rest["ben"].post(f"/cases/{loan.id}/messages", {"name": "BookRecalled"}).status_code == 403
    sent = rest["lia"].post(f"/cases/{loan.id}/messages", {"name": "BookRecalled"})
    assert sent.status_code == 202
    assert "check-return" in rest.world.names(loan)


def test_a_person_is_added_changed_given_a_role_and_deactivated(rest: Rest) -> None:
    made = rest["ada"].post("/persons", {"name": "Nia Example", "email": "nia@example.org", "staff": True, "roles": ["librarian"]})
    path = f"/persons/{made.json['id']}"
    assert rest["ada"].get(path).json["roles"] == ["librarian"]
    rest["ada"].call("PATCH", path, json={"phone": "+1 555 0100", "email": None})
    told = rest["ada"].get(path).json
    assert (told["phone"], told["email"], told["name"]) == ("+1 555 0100", None, "Nia Example")
    rest["ada"].call("DELETE", f"{path}/roles/librarian")
    rest["ada"].post(f"{path}/roles", {"role": "keeper"})
    assert rest["ada"].get(path).json["roles"] == ["keeper"]
    rest["ada"].post(f"{path}/deactivation")
    assert rest["ada"].get(path).json["active"] is False
    rest["ada"].post(f"{path}/reactivation")
    assert rest["ada"].get(path).json["active"] is True
    assert rest["ada"].post(f"{path}/roles", {"role": "nonsense"}).status_code == 422


def test_a_stale_change_of_a_person_is_refused(rest: Rest) -> None:
    path = f"/persons/{rest.world.people['lia'].id}"
    tag = rest["ada"].get(path).headers["ETag"]
    assert rest["ada"].call("PATCH", path, json={"phone": "+1 555 0100"}, headers={"If-Match": tag}).status_code == 200
    assert rest["ada"].call("PATCH", path, json={"phone": "+1 555 0199"}, headers={"If-Match": tag}).status_code == 412
    assert rest["ada"].get(path).json["phone"] == "+1 555 0100"


def test_only_who_manages_people_does(rest: Rest) -> None:
    assert rest["lia"].post("/persons", {"name": "Nia Example"}).status_code == 403
    assert rest["lia"].get("/persons").status_code == 403
    assert rest["ada"].get("/roles").json["items"][0] == {"key": "librarian", "label": "Librarian"}


def test_an_account_is_made_and_its_token_works(rest: Rest) -> None:
    person = rest["ada"].post("/persons", {"name": "Nia Example", "staff": True, "roles": ["librarian"]}).json["id"]
    account = rest["ada"].post("/accounts", {"person_id": person, "login": "nia", "password": "a long enough one"})
    assert account.status_code == 201
    assert "password" not in account.text
    token = rest["ada"].post(f"/accounts/{account.json['id']}/tokens", {"label": "script"}).json["secret"]
    assert Caller(rest.app.test_client(), token).get("/cases").status_code == 200
    short = rest["ada"].call("PUT", f"/accounts/{account.json['id']}/password", json={"password": "short"})
    assert (short.status_code, short.json["errors"][0]["path"]) == (422, "/password")
    taken = rest["ada"].post("/accounts", {"person_id": rest.world.people["ben"].id, "login": "NIA"})
    assert taken.status_code == 409


def test_a_notice_is_read_by_whom_it_is_for(rest: Rest) -> None:
    rest.loan()
    rest.world.advance("P4D")
    (notice,) = rest["ben"].get("/notices").json["items"]
    assert (notice["read"], "CANARY" in notice["text"]) == (False, False)
    assert rest["bea"].post(f"/notices/{notice['id']}/read").status_code == 404
    assert rest["ben"].post(f"/notices/{notice['id']}/read").status_code == 204
    assert rest["ben"].get("/notices").json["items"][0]["read"] is True
    assert rest["bea"].post(f"/notices/{notice['id']}/read-all").status_code == 404
    assert rest["ben"].post(f"/notices/{notice['id']}/read-all").status_code == 204


def test_the_trail_of_a_case_names_who_did_what(rest: Rest) -> None:
    loan = rest.loan()
    rest["ben"].post(f"/user-tasks/{rest.world.task(loan, 'answer-terms').id}/completion", {"data": {"answer": "no", "why": "CANARY-why"}})
    answer = rest["lia"].get(f"/audit-entries?case={loan.id}&limit=200")
    events = {(entry["event"], entry["actor"], entry["via"]) for entry in answer.json["items"]}
    assert ("user_task_completed", rest.world.people["ben"].id, "rest") in events
    assert "CANARY" not in answer.text
    assert rest["bea"].get(f"/audit-entries?case={loan.id}").status_code == 404
