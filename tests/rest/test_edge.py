"""What holds for every resource: who asks, idempotency keys, problems, headers, limits."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from api.app import MAX_REQUEST
from engine import store as stores
from engine.model.errors import StaleVersion
from engine.operations.tasks import user_tasks
from tests.rest.calling import ASK, Caller, Rest, over
from tests.world import World

ACCEPT = {"answer": "yes", "dueBack": "2026-04-01"}


def test_without_a_token_nothing_is_answered(rest: Rest) -> None:
    answer = rest.app.test_client().get("/api/v1/cases")
    assert (answer.status_code, answer.mimetype, answer.json["code"]) == (401, "application/problem+json", "not-signed-in")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("token", ["parley_wrong", "x" * 5000, "é"])
def test_an_unknown_token_is_refused(rest: Rest, token: str) -> None:
    assert Caller(rest.app.test_client(), token).get("/user-tasks").status_code == 401


def test_a_revoked_token_is_refused(rest: Rest) -> None:
    ada = rest.world.actor("ada")
    made = rest["ada"].post(f"/accounts/{ada.account_id}/tokens", {"label": "for a script"})
    script = Caller(rest.app.test_client(), made.json["secret"])
    assert script.get("/user-tasks").status_code == 200
    assert rest["ada"].call("DELETE", f"/tokens/{made.json['id']}").status_code == 204
    assert script.get("/user-tasks").status_code == 401


def test_a_deactivated_persons_token_ends_at_once(rest: Rest) -> None:
    assert rest["lia"].get("/cases").status_code == 200
    rest["ada"].post(f"/persons/{rest.world.people['lia'].id}/deactivation")
    assert rest["lia"].get("/cases").status_code == 401


def test_the_same_idempotency_key_does_a_thing_once(rest: Rest) -> None:
    body = {"pack": "library", "participants": [{"role": "borrower", "name": "New Example"}], "data": {"bookClass": "sturdy"}}
    first = rest["lia"].post("/cases", body, headers={"Idempotency-Key": "one"})
    again = rest["lia"].post("/cases", body, headers={"Idempotency-Key": "one"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json == first.json
    assert len(rest["lia"].get("/cases").json["items"]) == 1


def test_the_same_idempotency_key_with_another_request_is_refused(rest: Rest) -> None:
    rest["ada"].post("/persons", {"name": "One Example"}, headers={"Idempotency-Key": "k"})
    other = rest["ada"].post("/persons", {"name": "Two Example"}, headers={"Idempotency-Key": "k"})
    assert other.status_code == 422
    assert "Idempotency-Key" in other.json["detail"]


def test_an_idempotency_key_is_the_callers_own(rest: Rest) -> None:
    body = {"pack": "library", "participants": [{"role": "borrower", "name": "New Example"}], "data": {"bookClass": "sturdy"}}
    rest.world.person("leo", "librarian")
    first = rest["lia"].post("/cases", body, headers={"Idempotency-Key": "one"})
    other = rest["leo"].post("/cases", body, headers={"Idempotency-Key": "one"})
    assert first.json["id"] != other.json["id"]


def test_a_refused_request_leaves_its_idempotency_key_free(rest: Rest) -> None:
    wrong = rest["ada"].post("/persons", {"name": ""}, headers={"Idempotency-Key": "k"})
    right = rest["ada"].post("/persons", {"name": "Two Example"}, headers={"Idempotency-Key": "k"})
    assert (wrong.status_code, right.status_code) == (422, 201)


def test_a_repeated_upload_is_the_same_request_whatever_its_boundary(rest: Rest) -> None:
    first = rest["ada"].deploy({"small.bpmn": ASK}, headers={"Idempotency-Key": "up"})
    again = rest["ada"].deploy({"small.bpmn": ASK}, headers={"Idempotency-Key": "up"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json["id"] == again.json["id"]


def test_a_repeated_request_for_a_token_does_not_tell_its_secret_again(rest: Rest) -> None:
    path = f"/accounts/{rest.world.actor('ada').account_id}/tokens"
    first = rest["ada"].post(path, {"label": "script"}, headers={"Idempotency-Key": "t"})
    again = rest["ada"].post(path, {"label": "script"}, headers={"Idempotency-Key": "t"})
    assert again.json == {"id": first.json["id"], "label": "script"}


def test_an_unreadable_idempotency_key_is_refused(rest: Rest) -> None:
    assert rest["ada"].post("/persons", {"name": "A Example"}, headers={"Idempotency-Key": " "}).status_code == 400
    assert rest["ada"].post("/persons", {"name": "A Example"}, headers={"Idempotency-Key": "x" * 300}).status_code == 400


def test_an_act_that_lost_a_race_is_run_again_on_what_the_other_left(rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    loan = rest.loan()
    task = rest.world.task(loan, "answer-terms").id
    real, lost = user_tasks.complete, []

    def racing(*args: object, **kwargs: object) -> object:
        if len(lost) < 2:
            lost.append(1)
            raise StaleVersion
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(user_tasks, "complete", racing)
    assert rest["ben"].post(f"/user-tasks/{task}/completion", {"data": ACCEPT}).status_code == 200


def test_a_race_that_is_lost_again_and_again_is_a_conflict(rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    task = rest.world.task(rest.loan(), "answer-terms").id

    def losing(*_args: object, **_kwargs: object) -> None:
        raise StaleVersion

    monkeypatch.setattr(user_tasks, "complete", losing)
    answer = rest["ben"].post(f"/user-tasks/{task}/completion", {"data": ACCEPT})
    assert (answer.status_code, answer.json["code"]) == (409, "stale-version")


def test_of_many_who_complete_at_once_exactly_one_succeeds(tmp_path: Path) -> None:
    opened = stores.open(f"sqlite:///{tmp_path / 'parley.sqlite'}")
    opened.migrate()
    door = over(World(opened))
    door["ada"].deploy({"small.bpmn": ASK})
    door["ada"].post("/process-definitions/small/instances", {})
    task = door["ada"].get("/user-tasks").json["items"][0]["id"]
    answers: list[int] = []

    def complete() -> None:
        caller = Caller(door.app.test_client(), door["ada"].token)
        answers.append(caller.post(f"/user-tasks/{task}/completion", {"data": {}}).status_code)

    threads = [threading.Thread(target=complete) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    opened.close()
    assert sorted(answers) == [200] + [409] * 7


def test_an_unexpected_failure_tells_nothing_of_what_was_typed(
    rest: Rest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(*_args: object, **_kwargs: object) -> None:
        raise ValueError("CANARY-content")

    monkeypatch.setattr(user_tasks, "complete", failing)
    answer = rest["ben"].post(f"/user-tasks/{rest.world.task(rest.loan(), 'answer-terms').id}/completion", {"data": ACCEPT})
    assert (answer.status_code, answer.json["code"]) == (500, "unexpected")
    assert "CANARY" not in answer.text + caplog.text
    assert "ValueError" in caplog.text


def test_addresses_and_methods_that_do_not_exist_are_problems_too(rest: Rest) -> None:
    assert rest["ada"].get("/nothing").json["code"] == "not-found"
    wrong = rest["ada"].call("PUT", "/cases")
    assert (wrong.status_code, wrong.json["code"]) == (405, "method-not-allowed")
    assert "POST" in wrong.headers["Allow"]


def test_a_request_that_is_too_large_is_refused(rest: Rest) -> None:
    answer = rest["ada"].call("POST", "/deployments", data=b" " * (MAX_REQUEST + 1), content_type="multipart/form-data; boundary=x")
    assert (answer.status_code, answer.json["code"]) == (413, "too-large")


def test_every_answer_carries_the_safety_headers(rest: Rest) -> None:
    headers = rest["ada"].get("/user-tasks").headers
    assert "unsafe-eval" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers
