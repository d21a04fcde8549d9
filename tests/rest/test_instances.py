"""Process instances and events over REST."""

from __future__ import annotations

import pytest

from tests.rest.calling import ASK, HEAR, HEED, Caller, Rest


@pytest.fixture
def instance(sandbox: Caller) -> str:
    """A running instance of the small process."""
    sandbox.deploy({"small.bpmn": ASK})
    made = sandbox.post("/process-definitions/small/instances", {"variables": {"amount": 2.5}, "business_key": "order 7"})
    assert made.status_code == 201
    return str(made.json["id"])


def test_an_instance_tells_its_state_variables_and_business_key(sandbox: Caller, instance: str) -> None:
    told = sandbox.get(f"/process-instances/{instance}").json
    assert (told["state"], told["key"], told["definition_version"], told["business_key"]) == ("running", "small", 1, "order 7")
    assert sandbox.get(f"/process-instances/{instance}/variables").json == {"amount": 2.5}


def test_a_number_beyond_a_floats_precision_is_told_as_a_number_with_all_its_digits(sandbox: Caller) -> None:
    sandbox.deploy({"small.bpmn": ASK})
    sent = 12345678901234567890123
    made = sandbox.post("/process-definitions/small/instances", {"variables": {"amount": sent}})
    told = sandbox.get(f"/process-instances/{made.json['id']}/variables")
    assert told.text == f'{{"amount":{sent}}}'


def test_an_instance_explains_what_it_waits_for(sandbox: Caller, instance: str) -> None:
    told = sandbox.get(f"/process-instances/{instance}/explanation").json
    assert "Ask" in told["sentence"]
    assert [(one["kind"], one["element_id"]) for one in told["waiting"]] == [("user_task", "ask")]


def test_completing_the_last_task_ends_the_instance_and_its_trail_tells_the_elements(sandbox: Caller, instance: str) -> None:
    (task,) = sandbox.get(f"/user-tasks?instance={instance}").json["items"]
    sandbox.post(f"/user-tasks/{task['id']}/completion", {"data": {"answer": 42}})
    assert sandbox.get(f"/process-instances/{instance}").json["state"] == "completed"
    assert sandbox.get(f"/process-instances/{instance}/variables").json == {"amount": 2.5, "answer": 42}
    entries = sandbox.get(f"/audit-entries?instance={instance}&event=element_completed").json["items"]
    assert [entry["element_id"] for entry in entries] == ["begin", "ask", "done"]
    assert all(entry["actor"] and entry["at"] for entry in entries)


def test_instances_are_listed_by_state_and_definition(sandbox: Caller, instance: str) -> None:
    sandbox.deploy({"listener.bpmn": HEAR})
    other = sandbox.post("/process-definitions/listener/instances", {"variables": {"order": 7}}).json["id"]
    sandbox.step_in(other, "terminate")
    ids = lambda query: [one["id"] for one in sandbox.get(f"/process-instances?{query}").json["items"]]  # noqa: E731
    assert ids("definition=small") == [instance]
    assert ids("state=terminated") == [other]
    assert ids("state=running&definition=listener") == []


def test_a_suspended_instance_takes_no_acts_until_it_goes_on(sandbox: Caller, instance: str) -> None:
    (task,) = sandbox.get(f"/user-tasks?instance={instance}").json["items"]
    assert sandbox.step_in(instance, "suspend").json["lines"][0]["after"] == "suspended"
    refused = sandbox.post(f"/user-tasks/{task['id']}/completion", {"data": {}})
    assert (refused.status_code, refused.json["code"]) == (409, "not-running")
    assert sandbox.step_in(instance, "suspend").status_code == 409
    assert sandbox.step_in(instance, "resume").json["lines"][0]["after"] == "running"
    assert sandbox.post(f"/user-tasks/{task['id']}/completion", {"data": {}}).status_code == 200


def test_a_terminated_instance_is_over(sandbox: Caller, instance: str) -> None:
    assert sandbox.step_in(instance, "terminate").status_code == 200
    assert sandbox.get(f"/process-instances/{instance}").json["state"] == "terminated"
    assert sandbox.get(f"/user-tasks?instance={instance}").json["items"] == []
    for act in ("retry", "suspend", "resume", "terminate", "back", "undo-back"):
        assert sandbox.step_in(instance, act).status_code in (409, 422), act


def test_what_stops_or_ends_an_instance_takes_a_reason_and_has_one_address(sandbox: Caller, instance: str) -> None:
    for act in ("suspend", "terminate"):
        refused = sandbox.step_in(instance, act, " ")
        assert (refused.status_code, refused.json["errors"][0]["path"]) == (422, "/reason")
    for old in ("suspension", "resumption", "termination", "retry"):
        assert sandbox.post(f"/process-instances/{instance}/{old}", {"reason": "why"}).status_code == 404
    assert sandbox.get(f"/process-instances/{instance}").json["state"] == "running"


def test_a_correction_of_what_has_moved_on_is_refused(sandbox: Caller, instance: str) -> None:
    tag = sandbox.get(f"/process-instances/{instance}").headers["ETag"]
    sandbox.step_in(instance, "suspend")
    body = {"variables": {"amount": 3}, "reason": "A mistake."}
    assert sandbox.call("PATCH", f"/process-instances/{instance}/variables", json=body, headers={"If-Match": tag}).status_code == 412
    assert sandbox.get(f"/process-instances/{instance}/variables").json == {"amount": 2.5}


@pytest.mark.parametrize("early", [True, False], ids=["before anybody waits", "when somebody waits"])
def test_a_message_is_delivered_once(sandbox: Caller, early: bool) -> None:
    sandbox.deploy({"listener.bpmn": HEAR})
    order = {"variables": {"order": 7}}
    message = {"name": "Go", "correlation": 7, "payload": {"said": "yes"}, "message_id": "m1"}
    if early:
        assert sandbox.post("/messages", message).status_code == 202
    first = sandbox.post("/process-definitions/listener/instances", order).json["id"]
    assert sandbox.post("/messages", message).status_code == 202
    second = sandbox.post("/process-definitions/listener/instances", order).json["id"]
    assert [sandbox.get(f"/process-instances/{one}").json["state"] for one in (first, second)] == ["completed", "running"]


def test_a_signal_reaches_everybody_who_waits(sandbox: Caller) -> None:
    sandbox.deploy({"heeder.bpmn": HEED})
    waiting = [sandbox.post("/process-definitions/heeder/instances", {}).json["id"] for _ in range(3)]
    assert sandbox.post("/signals", {"name": "All"}).status_code == 202
    assert {sandbox.get(f"/process-instances/{one}").json["state"] for one in waiting} == {"completed"}


def test_a_time_to_live_is_a_duration(sandbox: Caller) -> None:
    assert sandbox.post("/messages", {"name": "Go", "ttl": "PT1H"}).status_code == 202
    for ttl in ("soon", "-PT1H", "P1Y", "P99999D", 5):
        wrong = sandbox.post("/messages", {"name": "Go", "ttl": ttl})
        assert (wrong.status_code, wrong.json["errors"][0]["path"]) == (422, "/ttl"), ttl


def test_a_correlation_key_may_be_a_number(sandbox: Caller) -> None:
    assert sandbox.post("/messages", {"name": "Go", "correlation": 42}).status_code == 202
    assert sandbox.post("/messages", {"name": "Go", "correlation": [42]}).status_code == 422


def test_an_instance_of_a_case_one_has_no_part_in_is_not_there(rest: Rest) -> None:
    instance = rest.world.task(rest.loan(), "answer-terms").instance_id
    for path in ("", "/variables", "/explanation"):
        assert rest["bea"].get(f"/process-instances/{instance}{path}").status_code == 404
    assert rest["lia"].get(f"/process-instances/{instance}").status_code == 200


def test_only_who_controls_instances_does(rest: Rest) -> None:
    instance = rest.world.task(rest.loan(), "answer-terms").instance_id
    assert rest["lia"].step_in(instance, "suspend").status_code == 403
    assert rest["kim"].step_in(instance, "suspend").status_code == 200


def test_an_administrator_sees_instances_without_a_pack_and_no_others(rest: Rest) -> None:
    rest.loan()
    rest["ada"].deploy({"small.bpmn": ASK})
    bare = rest["ada"].post("/process-definitions/small/instances", {}).json["id"]
    assert [one["id"] for one in rest["ada"].get("/process-instances").json["items"]] == [bare]
    assert rest["tom"].get("/process-instances").status_code == 403


def test_variables_are_corrected_with_a_reason(sandbox: Caller, instance: str) -> None:
    corrected = {"variables": {"amount": 3, "extra": None}, "reason": "It was three."}
    path = f"/process-instances/{instance}/variables"
    done = sandbox.call("PATCH", path, json=corrected)
    assert (done.status_code, done.json["state"]) == (200, "running")
    assert sandbox.get(path).json == {"amount": 3, "extra": None}
    for wrong in ({"variables": {"amount": 3}}, {"amount": 3}, {"variables": {}, "reason": "x"}, {"variables": {"case": 3}, "reason": "x"}):
        refused = sandbox.call("PATCH", path, json=wrong)
        assert refused.status_code == 422, wrong
        assert refused.json["errors"]


def test_a_stale_correction_is_refused_and_others_may_not_correct(rest: Rest) -> None:
    instance = rest.world.task(rest.loan(), "answer-terms").instance_id
    corrected = {"variables": {"dueBack": "2026-05-01"}, "reason": "Longer."}
    path = f"/process-instances/{instance}/variables"
    assert rest["lia"].call("PATCH", path, json=corrected).status_code == 403
    assert rest["bea"].call("PATCH", path, json=corrected).status_code == 404
    assert rest["kim"].call("PATCH", path, json=corrected, headers={"If-Match": '"old-old"'}).status_code == 412
    assert rest["kim"].call("PATCH", path, json=corrected).status_code == 200


def test_who_sends_a_message_is_told_whether_it_was_delivered_or_is_kept(sandbox: Caller) -> None:
    sandbox.deploy({"listener.bpmn": HEAR})
    early = {"name": "Go", "correlation": 8, "payload": {"said": "CANARY"}, "message_id": "m1"}
    assert sandbox.post("/messages", early).json == {"accepted": True, "delivered": 0, "started": 0, "kept": True}
    (lying,) = sandbox.get("/messages?state=kept").json["items"]
    assert (lying["name"], lying["correlation"], lying["message_id"]) == ("Go", "8", "m1")
    assert "CANARY" not in str(lying)
    assert sandbox.post("/messages", early).json == {"accepted": True, "delivered": 0, "started": 0, "kept": False}
    sandbox.post("/process-definitions/listener/instances", {"variables": {"order": 8}})
    assert sandbox.get("/messages").json["items"] == []
    sandbox.post("/process-definitions/listener/instances", {"variables": {"order": 9}})
    late = sandbox.post("/messages", {"name": "Go", "correlation": 9})
    assert (late.status_code, late.json) == (202, {"accepted": True, "delivered": 1, "started": 0, "kept": False})
    assert sandbox.get("/messages?state=sent").status_code == 422


def test_who_sends_a_signal_is_told_how_many_it_reaches(sandbox: Caller) -> None:
    sandbox.deploy({"heeder.bpmn": HEED})
    for _ in range(2):
        sandbox.post("/process-definitions/heeder/instances", {})
    assert sandbox.post("/signals", {"name": "All"}).json["delivered"] == 2
    assert sandbox.post("/signals", {"name": "All"}).json == {"accepted": True, "delivered": 0, "started": 0, "kept": False}


def test_messages_that_lie_there_are_for_administrators(rest: Rest) -> None:
    assert rest["kim"].get("/messages").status_code == 403
    assert rest["ada"].get("/messages").status_code == 200
