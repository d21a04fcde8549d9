"""The sandbox's controls."""

from __future__ import annotations

from datetime import datetime

import pytest

from api.sandbox import Playground
from tests.rest.calling import ASK, WAIT, Caller, Rest


def test_timers_that_follow_one_another_fire_at_their_own_times(sandbox: Caller) -> None:
    sandbox.deploy({"patient.bpmn": WAIT})
    instance = sandbox.post("/process-definitions/patient/instances", {}).json["id"]
    began = datetime.fromisoformat(sandbox.get(f"/process-instances/{instance}").json["started_at"])
    assert sandbox.post("/sandbox/clock", {"advance_seconds": 3 * 3600}).status_code == 200
    told = sandbox.get(f"/process-instances/{instance}").json
    ended = datetime.fromisoformat(told["ended_at"])
    assert told["state"] == "completed"
    assert 7200 <= (ended - began).total_seconds() < 7260


def test_a_timer_does_not_fire_before_its_time(sandbox: Caller) -> None:
    sandbox.deploy({"patient.bpmn": WAIT})
    instance = sandbox.post("/process-definitions/patient/instances", {}).json["id"]
    sandbox.post("/sandbox/clock", {"advance_seconds": 3590})
    assert [one["element_id"] for one in sandbox.get(f"/process-instances/{instance}/explanation").json["waiting"]] == ["wait"]
    sandbox.post("/sandbox/clock", {"advance_seconds": 20})
    assert [one["element_id"] for one in sandbox.get(f"/process-instances/{instance}/explanation").json["waiting"]] == ["again"]


def test_a_suspended_instance_does_not_hold_up_the_clock(sandbox: Caller) -> None:
    sandbox.deploy({"patient.bpmn": WAIT})
    instance = sandbox.post("/process-definitions/patient/instances", {}).json["id"]
    sandbox.step_in(instance, "suspend")
    assert sandbox.post("/sandbox/clock", {"advance_seconds": 10_000}).status_code == 200
    assert sandbox.get(f"/process-instances/{instance}").json["state"] == "suspended"


def test_a_reset_empties_everything_and_keeps_the_token(sandbox: Caller) -> None:
    sandbox.deploy({"small.bpmn": ASK})
    sandbox.post("/sandbox/clock", {"advance_seconds": 86_400})
    moved = datetime.fromisoformat(sandbox.post("/sandbox/clock", {"advance_seconds": 0}).json["now"])
    answer = sandbox.post("/sandbox/reset")
    assert answer.status_code == 200
    assert datetime.fromisoformat(answer.json["now"]) < moved
    assert sandbox.get("/process-definitions").json["items"] == []
    assert sandbox.deploy({"small.bpmn": ASK}).json["definitions"] == [{"key": "small", "version": 1, "created": True}]


@pytest.mark.parametrize("seconds", [-1, "x", None, 1e12])
def test_the_clock_only_moves_forward_and_not_beyond_all_bounds(sandbox: Caller, seconds: object) -> None:
    assert sandbox.post("/sandbox/clock", {"advance_seconds": seconds}).status_code == 422


def test_elsewhere_the_controls_do_not_exist(rest: Rest) -> None:
    assert rest["ada"].post("/sandbox/reset").status_code == 404
    assert rest["ada"].post("/sandbox/clock", {"advance_seconds": 1}).status_code == 404


def test_a_sandbox_answers_to_names_of_this_machine_only(sandbox: Caller) -> None:
    assert sandbox.get("/roles", headers={"Host": "hostile.example"}).status_code == 400
    assert sandbox.get("/roles", headers={"Host": "127.0.0.1:8080"}).status_code == 200


def test_nothing_of_a_sandbox_is_left_behind(playground: Playground) -> None:
    folder = playground.folder
    assert folder.exists()
    playground.reset()
    assert len(list(folder.glob("*.sqlite"))) == 1
    playground.close()
    assert not folder.exists()
