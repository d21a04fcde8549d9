"""Processes that start by themselves, seen over REST."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.bpmn.drawing import condition, end, mapping, message, process, signal, start, tag, timer, user
from tests.rest.calling import Caller

DAILY = process(
    start(),
    start("d", timer("R3/P1D")),
    start("bell", signal("Bell")),
    start("call", message("Call")),
    user("a"),
    end(),
    go="start > a > end; d > a; bell > a; call > a",
    key="daily",
)


def instances(caller: Caller, key: str = "daily") -> int:
    return len(caller.get(f"/process-instances?definition={key}&limit=200").json["items"])


def test_a_definition_tells_how_it_starts_by_itself(sandbox: Caller) -> None:
    sandbox.deploy({"daily.bpmn": DAILY})
    told = sandbox.get("/process-definitions/daily").json
    assert [(one["element_id"], one["kind"], one["name"], one["rule"]) for one in told["starts"]] == [
        ("bell", "signal", "Bell", None),
        ("call", "message", "Call", None),
        ("d", "timer", None, "R3/P1D"),
    ]
    daily = told["starts"][2]
    due = datetime.fromisoformat(daily["due_at"])
    assert timedelta(0) <= due - datetime.fromisoformat(told["created_at"]) - timedelta(days=1) < timedelta(minutes=1)
    assert (daily["state"], daily["remaining"], daily["last_at"], daily["problem"]) == ("waiting", 3, None, None)


def test_the_sandbox_clock_starts_what_becomes_due(sandbox: Caller) -> None:
    sandbox.deploy({"daily.bpmn": DAILY})
    sandbox.post("/sandbox/clock", {"advance_seconds": 2 * 86_400})
    assert instances(sandbox) == 2
    sandbox.post("/sandbox/clock", {"advance_seconds": 9 * 86_400})
    assert instances(sandbox) == 3
    daily = sandbox.get("/process-definitions/daily").json["starts"][2]
    assert (daily["state"], daily["due_at"]) == ("spent", None)


def test_a_signal_is_taken_and_starts_what_starts_by_it(sandbox: Caller) -> None:
    sandbox.deploy({"daily.bpmn": DAILY})
    answer = sandbox.post("/signals", {"name": "Bell", "payload": {"amount": 3}})
    assert answer.status_code == 202
    assert instances(sandbox) == 1
    made = sandbox.get("/process-instances?definition=daily").json["items"][0]
    assert sandbox.get(f"/process-instances/{made['id']}/variables").json == {"amount": 3}
    (entry,) = sandbox.get(f"/audit-entries?instance={made['id']}&event=instance_started").json["items"]
    assert (entry["element_id"], entry["via"]) == ("bell", "signal")


def test_a_message_starts_what_starts_by_it(sandbox: Caller) -> None:
    sandbox.deploy({"daily.bpmn": DAILY})
    assert sandbox.post("/messages", {"name": "Call"}).status_code == 202
    assert instances(sandbox) == 1


def test_an_older_version_tells_no_starts(sandbox: Caller) -> None:
    sandbox.deploy({"daily.bpmn": DAILY})
    sandbox.deploy({"daily.bpmn": DAILY.replace(b"R3/P1D", b"R3/P2D")})
    assert sandbox.get("/process-definitions/daily?version=1").json["starts"] == []
    assert sandbox.get("/process-definitions/daily").json["starts"][2]["rule"] == "R3/P2D"


def test_a_start_that_fails_is_told_at_its_definition(sandbox: Caller) -> None:
    given = mapping({"participant": '="nobody"', "person": '="nobody"', "role": '="x"'})
    fail = tag("serviceTask", "fail", given, operation="participant.add")
    sandbox.deploy({"bad.bpmn": process(start("s", timer("P1D")), fail, end(), go="s > fail > end", key="bad")})
    assert sandbox.post("/sandbox/clock", {"advance_seconds": 2 * 86_400}).status_code == 200
    assert sandbox.get("/process-definitions/bad").json["starts"][0]["problem"]


def test_what_can_never_start_is_refused_with_its_element(sandbox: Caller) -> None:
    for trigger in (timer("=settings.none"), timer("=amount"), condition("=amount > 3"), timer("PT0S")):
        drawn = process(start("s", trigger), user("a"), end(), go="s > a > end")
        answer = sandbox.deploy({"p.bpmn": drawn})
        assert answer.status_code == 422
        assert {problem["element_id"] for problem in answer.json["problems"]} == {"s"}
