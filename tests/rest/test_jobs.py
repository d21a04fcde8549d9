"""A worker in plain HTTP, as one in any language would be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from api.running import Parley
from api.scheduler import sweeps_of
from engine import store
from tests.bpmn.drawing import end, mapping, process, start, tag
from tests.operations import couriers
from tests.outlets import hook
from tests.rest.calling import Caller, Rest, over
from tests.world import World

TYPE = "courier-price"


@pytest.fixture
def rest() -> Iterator[Rest]:
    """The library with a courier's price to be asked for, and two accounts for workers."""
    opened = store.open("sqlite://")
    opened.migrate()
    world = World(opened)
    world.deploy(couriers.library(couriers.delivery()))
    for name, role in (("lia", "librarian"), ("kim", "keeper"), ("wim", "courier"), ("wes", "courier")):
        world.person(name, role)
    yield over(world)
    opened.close()


@pytest.fixture
def instance(rest: Rest) -> str:
    """A delivery whose price is waited for."""
    return str(rest["lia"].post("/process-definitions/delivery/instances", {}).json["id"])


def fetch(caller: Caller, worker: str = "w1", **more: Any) -> list[dict[str, Any]]:
    answer = caller.post("/jobs/fetch", {"worker": worker, "types": [TYPE], **more})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json["items"]
    return found


def told(answer: TestResponse) -> tuple[int, str]:
    """Status and code of a refusal, which says what to do."""
    assert answer.mimetype == "application/problem+json"
    assert answer.json["detail"].endswith(".")
    return answer.status_code, answer.json["code"]


def tasks(rest: Rest, instance: str) -> list[str]:
    return [task["element_id"] for task in rest["lia"].get(f"/user-tasks?instance={instance}").json["items"]]


def test_a_worker_fetches_extends_and_completes(rest: Rest, instance: str) -> None:
    wim = rest["wim"]
    (job,) = fetch(wim, hold="PT1M")
    assert (job["type"], job["variables"], job["state"], job["attempts"], job["retries_left"]) == (TYPE, {"number": 2}, "held", 1, 3)
    assert (job["worker"], job["element_id"], job["instance_id"]) == ("w1", "price", instance)
    assert fetch(rest["wes"], "w2") == []
    extended = wim.post(f"/jobs/{job['id']}/extension", {"worker": "w1", "hold": "PT2M"})
    assert extended.json["locked_until"] > job["locked_until"]
    done = wim.post(f"/jobs/{job['id']}/completion", {"worker": "w1", "variables": {"price": 12}})
    assert (done.status_code, done.json["state"]) == (200, "completed")
    assert tasks(rest, instance) == ["look"]
    assert rest["lia"].get(f"/process-instances/{instance}/variables").json["shelves"] == 12
    again = wim.post(f"/jobs/{job['id']}/completion", {"worker": "w1", "variables": {"price": 13}})
    assert (again.status_code, again.json["state"]) == (200, "completed")


def test_a_repeated_fetch_with_the_same_key_gives_the_same_jobs(rest: Rest, instance: str) -> None:
    """An answer that was lost on its way loses no job."""
    body, key = {"worker": "w1", "types": [TYPE]}, {"Idempotency-Key": "fetch-1"}
    first = rest["wim"].post("/jobs/fetch", body, headers=key)
    assert rest["wim"].post("/jobs/fetch", body, headers=key).json == first.json
    assert len(first.json["items"]) == 1


def test_after_the_hold_the_second_worker_gets_it_and_the_first_is_told(rest: Rest, instance: str) -> None:
    (job,) = fetch(rest["wim"], hold="PT10S")
    rest.world.clock.advance(timedelta(seconds=11))
    (same,) = fetch(rest["wes"], "w2")
    assert same["id"] == job["id"]
    late = rest["wim"].post(f"/jobs/{job['id']}/completion", {"worker": "w1"})
    assert told(late) == (409, "job-not-held")
    assert "Fetch again" in late.json["detail"]


def test_a_late_answer_after_the_procedure_moved_on(rest: Rest, instance: str) -> None:
    (job,) = fetch(rest["wim"], hold="P2D")
    rest.world.advance("P1D")
    for way, body in (("completion", {}), ("failure", {"code": "x"}), ("bpmn-error", {"code": "x"}), ("extension", {"hold": "PT1M"})):
        assert told(rest["wim"].post(f"/jobs/{job['id']}/{way}", {"worker": "w1", **body})) == (409, "job-ended"), way
    assert tasks(rest, instance) == ["phone"]


def test_three_failures_an_incident_a_retry_and_done(rest: Rest, instance: str) -> None:
    wim = rest["wim"]
    for left in (2, 1, 0):
        (job,) = fetch(wim)
        failed = wim.post(f"/jobs/{job['id']}/failure", {"worker": "w1", "code": "shop-closed", "message": "Nobody answers the phone."})
        assert (failed.status_code, failed.json["retries_left"]) == (200, left)
        rest.world.clock.advance(timedelta(minutes=10))
    assert failed.json["state"] == "failed"
    assert rest["kim"].get(f"/process-instances/{instance}").json["state"] == "incident"
    (wait,) = rest["kim"].get(f"/process-instances/{instance}/explanation").json["waiting"]
    assert (wait["kind"], wait["message"]) == ("incident", "The outside work “courier-price” was given up (shop-closed).")
    assert fetch(wim) == []
    (listed,) = rest["ada"].get("/jobs?state=failed").json["items"]
    assert (listed["id"], listed["error_code"], "message" in listed) == (job["id"], "shop-closed", False)
    assert rest["ada"].get(f"/jobs/{job['id']}").json["message"] == "Nobody answers the phone."
    assert rest["kim"].step_in(instance, "retry").status_code == 200
    (again,) = fetch(wim)
    assert wim.post(f"/jobs/{again['id']}/completion", {"worker": "w1", "variables": {"price": 3}}).status_code == 200
    assert tasks(rest, instance) == ["look"]


def test_a_worker_says_when_to_try_again(rest: Rest, instance: str) -> None:
    (job,) = fetch(rest["wim"])
    body = {"worker": "w1", "code": "busy", "retries_left": 5, "retry_after": "PT1H"}
    failed = rest["wim"].post(f"/jobs/{job['id']}/failure", body)
    assert (failed.json["retries_left"], failed.json["locked_until"], failed.json["worker"]) == (5, None, None)
    rest.world.clock.advance(timedelta(minutes=59))
    assert fetch(rest["wim"]) == []
    rest.world.clock.advance(timedelta(minutes=2))
    assert len(fetch(rest["wim"])) == 1


def test_a_bpmn_error_goes_to_its_boundary_event(rest: Rest, instance: str) -> None:
    (job,) = fetch(rest["wim"])
    answer = rest["wim"].post(f"/jobs/{job['id']}/bpmn-error", {"worker": "w1", "code": "NO_ROUTE"})
    assert (answer.json["state"], answer.json["error_code"]) == ("errored", "NO_ROUTE")
    assert tasks(rest, instance) == ["carry"]


def test_an_answer_of_the_wrong_kind_is_refused_with_its_path(rest: Rest, instance: str) -> None:
    (job,) = fetch(rest["wim"])
    refused = rest["wim"].post(f"/jobs/{job['id']}/completion", {"worker": "w1", "variables": {"price": "dear"}})
    assert refused.status_code == 422
    assert [error["path"] for error in refused.json["errors"]] == ["/shelves"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"types": []}, {"types": ["mail"]}, {"types": TYPE}, {"types": [""]}, {"types": [1]}, {"worker": ""}, {"limit": 0}, {"limit": 101},
        {"hold": "P1Y"}, {"hold": "-PT1M"}, {"hold": "soon"}, {"hold": "P32D"}, {"surprise": 1}, {"worker": None},
    ],
)  # fmt: skip
def test_a_fetch_that_makes_no_sense_is_refused(rest: Rest, wrong: dict[str, Any]) -> None:
    assert rest["wim"].post("/jobs/fetch", {"worker": "w1", "types": [TYPE], **wrong}).status_code == 422


def test_who_may_not_work_jobs_is_told_and_learns_nothing(rest: Rest, instance: str) -> None:
    (job,) = fetch(rest["wim"])
    for path in ("/jobs", f"/jobs/{job['id']}"):
        assert rest["lia"].get(path).status_code == 403
    assert rest["lia"].post("/jobs/fetch", {"worker": "w1", "types": [TYPE]}).status_code == 403
    assert rest["wim"].get(f"/jobs/{'0' * 32}").status_code == 404
    assert rest.app.test_client().post("/api/v1/jobs/fetch", json={}).status_code == 401


def test_the_explanation_says_what_is_waited_for(rest: Rest, instance: str) -> None:
    (wait,) = rest["kim"].get(f"/process-instances/{instance}/explanation").json["waiting"]
    assert (wait["kind"], wait["name"]) == ("job", "Ask for a price")
    assert wait["message"] == "outside work of type courier-price, attempt 1 of 3, not taken yet"


def test_only_administrators_say_which_hosts_may_be_called(rest: Rest) -> None:
    made = rest["ada"].post("/hosts", {"name": "hooks.example.org"})
    assert (made.status_code, made.json["port"], made.json["private"]) == (201, 443, False)
    assert [one["name"] for one in rest["ada"].get("/hosts").json["items"]] == ["hooks.example.org"]
    assert rest["ada"].post("/hosts", {"name": "https://hooks.example.org/x"}).status_code == 422
    lia = rest["lia"]
    for answer in (lia.get("/hosts"), lia.post("/hosts", {"name": "x.org"}), lia.call("DELETE", f"/hosts/{made.json['id']}")):
        assert answer.status_code == 403
    assert rest["ada"].call("DELETE", f"/hosts/{made.json['id']}").status_code == 204
    assert rest["ada"].get("/hosts").json["items"] == []


def test_a_sandbox_calls_webhooks_and_records_mail_before_it_answers(sandbox: Caller) -> None:
    with hook() as there:
        there.answer = b'{"price": 7}'
        ask = tag("serviceTask", "ask", mapping({"url": f'="{there.url}"'}, {"price": "=body.price"}), job="webhook")
        write = mapping({"to": '="desk@example.org"', "subject": '="Price"', "text": '="It is " + string(price)'})
        diagram = process(start(), ask, tag("sendTask", "write", write, job="mail"), end(), go="start > ask > write > end", key="quote")
        assert sandbox.deploy({"quote.bpmn": diagram}).status_code == 201
        assert sandbox.post("/hosts", {"name": "localhost", "port": there.port, "private": True}).status_code == 201
        instance = sandbox.post("/process-definitions/quote/instances", {}).json["id"]
        assert sandbox.get(f"/process-instances/{instance}").json["state"] == "completed"
        (job,) = sandbox.get("/jobs?type=mail").json["items"]
        record = sandbox.get(f"/jobs/{job['id']}").json["record"]
        assert record == {"to": ["desk@example.org"], "subject": "Price", "text": "It is 7", "sent": False}


def test_a_running_system_calls_webhooks_by_itself(rest: Rest) -> None:
    with hook() as there:
        there.answer = b'{"price": 7}'
        rest.world.deploy(couriers.library(couriers.delivery(), couriers.hook(there.url)))
        assert rest["ada"].post("/hosts", {"name": "localhost", "port": there.port, "private": True}).status_code == 201
        instance = str(rest["lia"].post("/process-definitions/hook/instances", {}).json["id"])
        parley = rest.app.extensions["parley"]
        assert isinstance(parley, Parley)
        for sweep in sweeps_of(parley):
            sweep.step(parley.store)
        assert tasks(rest, instance) == ["look"]
        assert len(there.heard) == 1


def test_nothing_that_a_worker_sends_breaks_the_server(rest: Rest, instance: str) -> None:
    wim = rest["wim"]
    (job,) = fetch(wim)
    whole: dict[str, dict[str, Any]] = {
        "extension": {"hold": "PT5M"},
        "completion": {"variables": {"price": 1}},
        "failure": {"code": "x", "message": "y", "retries_left": 3, "retry_after": "PT0S"},
        "bpmn-error": {"code": "x"},
    }
    for way, body in whole.items():
        for name in ("worker", *body):
            for value in (None, True, -1, 10**30, "", " ", "\0", "x" * 20_000, [], {}, {"a": {"b": [None]}}, "P9999999D"):
                answer = wim.post(f"/jobs/{job['id']}/{way}", {"worker": "w9", **body, name: value})
                assert answer.status_code in (400, 409, 422), (way, name, value, answer.text)
    for value in ({"price": 10**33}, {"price": -1.5}, {"a": "x" * 20_000}, {"": 1}, {"case": 1}, {"price": {"a": [1]}}, {"__proto__": 1}):
        answer = wim.post(f"/jobs/{job['id']}/completion", {"worker": "w9", "variables": value})
        assert answer.status_code in (400, 409, 422), (value, answer.text)
    refused = wim.post(f"/jobs/{job['id']}/completion", {"worker": "w1", "variables": {"case": 1}})
    assert refused.status_code == 422
    assert tasks(rest, instance) == []
