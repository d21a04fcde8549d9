"""User tasks over REST."""

from __future__ import annotations

from tests.rest.calling import Rest

ACCEPT = {"answer": "yes", "dueBack": "2026-04-01"}


def _task(rest: Rest, element: str = "answer-terms") -> str:
    return rest.world.task(rest.loan(), element).id


def test_a_task_is_completed_over_rest_and_the_next_one_opens(rest: Rest) -> None:
    loan = rest.loan()
    task = rest.world.task(loan, "answer-terms").id
    answer = rest["ben"].post(f"/user-tasks/{task}/completion", {"data": ACCEPT})
    assert (answer.status_code, answer.json["state"], answer.json["id"]) == (200, "completed", task)
    assert "recall" in rest.world.names(loan)


def test_answers_to_another_edition_of_the_form_are_refused(rest: Rest) -> None:
    task = _task(rest)
    seen = rest["ben"].get(f"/user-tasks/{task}").json
    older = rest["ben"].post(f"/user-tasks/{task}/completion", {"data": ACCEPT, "edition": "an older one"})
    assert (older.status_code, older.json["code"]) == (409, "form-changed")
    assert seen["reads"] == []
    assert rest["ben"].post(f"/user-tasks/{task}/completion", {"data": ACCEPT, "edition": seen["edition"]}).status_code == 200


def test_completing_twice_is_a_conflict(rest: Rest) -> None:
    task = _task(rest)
    rest["ben"].post(f"/user-tasks/{task}/completion", {"data": ACCEPT})
    again = rest["ben"].post(f"/user-tasks/{task}/completion", {"data": ACCEPT})
    assert (again.status_code, again.json["code"]) == (409, "task-not-open")
    assert again.mimetype == "application/problem+json"


def test_wrong_data_is_told_with_a_path_for_each_mistake(rest: Rest) -> None:
    answer = rest["ben"].post(f"/user-tasks/{_task(rest)}/completion", {"data": {"answer": "perhaps", "extra": 1}})
    assert (answer.status_code, answer.json["code"]) == (422, "form-invalid")
    assert {error["path"] for error in answer.json["errors"]} >= {"/answer", "/extra"}
    assert all(error["message"] and error["code"] for error in answer.json["errors"])


def test_somebody_elses_task_is_not_there(rest: Rest) -> None:
    task = _task(rest)
    assert rest["bea"].get(f"/user-tasks/{task}").status_code == 404
    assert rest["bea"].post(f"/user-tasks/{task}/completion", {"data": ACCEPT}).status_code == 404


def test_what_one_sees_but_may_not_do_is_forbidden(rest: Rest) -> None:
    assert rest["kim"].post(f"/user-tasks/{_task(rest)}/completion", {"data": ACCEPT}).status_code == 403


def test_a_task_comes_with_the_form_that_the_caller_may_fill_in(rest: Rest) -> None:
    told = rest["ben"].get(f"/user-tasks/{_task(rest)}").json
    assert told["element_id"] == "answer-terms"
    assert {"answer", "dueBack"} <= set(told["form_schema"]["properties"])
    assert "self" in told["modes"]


def test_open_tasks_are_listed_by_instance(rest: Rest) -> None:
    first, second = rest.loan(), rest.loan()
    instance = rest.world.task(first, "answer-terms").instance_id
    items = rest["lia"].get(f"/user-tasks?instance={instance}").json["items"]
    assert {item["case_id"] for item in items} == {first.id}
    everything = rest["lia"].get("/user-tasks").json["items"]
    assert {item["case_id"] for item in everything} == {first.id, second.id}


def test_lists_are_paged_without_gaps_or_repeats(rest: Rest) -> None:
    loans = {rest.loan().id for _ in range(5)}
    seen, cursor = [], ""
    while cursor is not None:
        page = rest["lia"].get(f"/user-tasks?limit=2{cursor}").json
        assert len(page["items"]) <= 2
        seen += [item["case_id"] for item in page["items"]]
        cursor = f"&cursor={page['next']}" if page["next"] else None
    assert (len(seen), set(seen)) == (5, loans)


def test_a_claim_with_a_stale_if_match_changes_nothing(rest: Rest) -> None:
    loan = rest.loan()
    rest.world.complete("ben", loan, "answer-terms", ACCEPT)
    task = rest.world.task(loan, "recall").id
    tag = rest["lia"].get(f"/user-tasks/{task}").headers["ETag"]
    claimed = rest["lia"].post(f"/user-tasks/{task}/claim", headers={"If-Match": tag})
    assert claimed.status_code == 200
    stale = rest["lia"].post(f"/user-tasks/{task}/release", headers={"If-Match": tag})
    assert (stale.status_code, stale.json["code"]) == (412, "precondition-failed")
    assert rest["lia"].get(f"/user-tasks/{task}").json["assignee_id"] is not None
    fresh = rest["lia"].post(f"/user-tasks/{task}/release", headers={"If-Match": claimed.headers["ETag"]})
    assert (fresh.status_code, fresh.json["assignee_id"]) == (200, None)


def test_an_unchanged_task_is_not_sent_again(rest: Rest) -> None:
    task = _task(rest)
    tag = rest["ben"].get(f"/user-tasks/{task}").headers["ETag"]
    assert rest["ben"].get(f"/user-tasks/{task}", headers={"If-None-Match": tag}).status_code == 304


def test_a_task_is_given_to_somebody_and_back_to_its_role(rest: Rest) -> None:
    loan = rest.loan()
    rest.world.complete("ben", loan, "answer-terms", ACCEPT)
    task, lia = rest.world.task(loan, "recall").id, rest.world.people["lia"].id
    body = {"act": "assign", "task_id": task, "person_id": lia, "reason": "Knows the book."}
    for wanted in (lia, None):
        given = rest["lia"].post(f"/cases/{loan.id}/interventions", {**body, "person_id": wanted})
        assert (given.status_code, rest["lia"].get(f"/user-tasks/{task}").json["assignee_id"]) == (200, wanted)
    assert rest["lia"].post(f"/user-tasks/{task}/assignment", body).status_code == 404


def test_a_draft_is_the_callers_alone(rest: Rest) -> None:
    task = _task(rest)
    assert rest["ben"].get(f"/user-tasks/{task}/draft").status_code == 404
    kept = rest["ben"].call("PUT", f"/user-tasks/{task}/draft", json={"data": {"why": "CANARY-draft"}})
    assert (kept.status_code, kept.json["version"]) == (200, 1)
    assert rest["ben"].get(f"/user-tasks/{task}/draft").json["data"] == {"why": "CANARY-draft"}
    assert b"CANARY" not in rest["lia"].get(f"/user-tasks/{task}/draft").data


def test_a_draft_saved_elsewhere_in_the_meantime_is_not_overwritten(rest: Rest) -> None:
    path = f"/user-tasks/{_task(rest)}/draft"
    rest["ben"].call("PUT", path, json={"data": {"why": "one"}, "version": 0})
    late = rest["ben"].call("PUT", path, json={"data": {"why": "two"}, "version": 0})
    assert late.status_code == 412
    assert rest["ben"].get(path).json["data"] == {"why": "one"}


def test_a_task_is_handed_over_followed_up_and_made_urgent(rest: Rest) -> None:
    loan = rest.loan()
    rest.world.complete("ben", loan, "answer-terms", ACCEPT)
    task, lou = rest.world.task(loan, "recall").id, rest.world.person("lou", "librarian").id
    tag = rest["lia"].get(f"/user-tasks/{task}").headers["ETag"]
    urgent = rest["lia"].post(f"/user-tasks/{task}/priority", json={"priority": 90})
    assert (urgent.status_code, urgent.json["priority"], urgent.headers["ETag"] != tag) == (200, 90, True)
    at = "2026-03-03T08:00:00+00:00"
    assert rest["lia"].post(f"/user-tasks/{task}/follow-up", json={"at": at}).json["follow_up_at"] == at
    given = rest["lia"].post(f"/user-tasks/{task}/hand-over", json={"person_id": lou, "note": "CANARY-note"})
    assert (given.status_code, given.json["assignee_id"], "CANARY" in given.text) == (200, lou, False)
    for act, body in (("priority", {"priority": 101}), ("follow-up", {"at": "2020-01-01T00:00:00Z"}), ("hand-over", {"person_id": lou})):
        assert rest["lia"].post(f"/user-tasks/{task}/{act}", json=body).status_code == 422
    assert rest["ben"].post(f"/user-tasks/{task}/priority", json={"priority": 1}).status_code in (403, 404)


def test_a_task_of_a_suspended_procedure_says_so_and_is_not_completed(rest: Rest) -> None:
    loan = rest.loan()
    task = rest.world.task(loan, "answer-terms")
    assert rest["kim"].step_in(task.instance_id, "suspend").status_code == 200
    assert rest["ben"].get(f"/user-tasks/{task.id}").json["suspended_at"]
    refused = rest["ben"].post(f"/user-tasks/{task.id}/completion", {"data": ACCEPT})
    assert (refused.status_code, refused.json["code"]) == (409, "not-running")
    assert rest["kim"].step_in(task.instance_id, "resume").status_code == 200
    assert rest["ben"].get(f"/user-tasks/{task.id}").json["suspended_at"] is None
