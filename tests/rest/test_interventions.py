"""Stepping in over REST: what is offered, what an act would do, doing it, and what is refused."""

from __future__ import annotations

import pytest

from tests.operations import acts
from tests.rest.calling import Rest

REASON = "They asked for it."


def test_what_is_offered_is_done_after_a_preview_that_kept_nothing(rest: Rest) -> None:
    loan = rest.loan()
    kim, path = rest["kim"], f"/cases/{loan.id}/interventions"
    offers = kim.get(path).json
    (suspend,) = [one for one in offers["items"] if one["kind"] == "suspend"]
    body = {"act": "suspend", "instance_id": suspend["instance_id"], "seen": offers["edition"]}
    told = kim.post(f"{path}/preview", body).json
    assert told["lines"][0] == {"kind": "procedure", "name": suspend["name"], "before": "running", "after": "suspended"}
    assert acts.instance(rest.world, loan).state == "running"
    assert kim.post(path, body).status_code == 422
    done = kim.post(path, {**body, "reason": REASON})
    assert (done.status_code, done.json) == (200, told)
    assert acts.instance(rest.world, loan).state == "suspended"
    stale = kim.post(path, {**body, "act": "terminate", "reason": REASON})
    assert (stale.status_code, stale.json["type"].endswith("changed-since"), "Suspended" in stale.json["detail"]) == (409, True, True)


def test_a_procedure_is_taken_back_over_rest_and_back_again(rest: Rest) -> None:
    loan = rest.loan()
    rest.world.complete("ben", loan, "answer-terms", {"answer": "yes", "dueBack": "2026-09-01"})
    kim, running, open_ = rest["kim"], acts.instance(rest.world, loan).id, rest.world.names(loan)
    (step,) = [one for one in kim.get(f"/process-instances/{running}/earlier-steps").json["items"] if one["element_id"] == "answer-terms"]
    assert (step["why"], step["leaves"]) == (None, open_)
    path = f"/cases/{loan.id}/interventions"
    kim.post(path, {"act": "back", "instance_id": running, "step": step["key"], "reason": REASON})
    assert rest.world.names(loan) == ["answer-terms"]
    assert kim.post(path, {"act": "undo-back", "instance_id": running, "reason": REASON}).status_code == 200
    assert rest.world.names(loan) == open_
    assert rest["ben"].get(f"/process-instances/{running}/earlier-steps").status_code == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"act": "fly"}, 422),
        ({"act": "suspend", "reason": REASON}, 404),
        ({"act": "suspend", "instance_id": "nothing", "reason": REASON}, 404),
        ({"act": "waive", "task_id": "nothing", "reason": REASON}, 404),
        ({"act": "waive", "reason": REASON}, 404),
        ({"act": "assign", "reason": REASON}, 404),
        ({"act": "send", "message": "Nonsense", "reason": REASON}, 403),
        ({"act": "back", "reason": REASON}, 422),
    ],
)
def test_what_makes_no_sense_is_refused(rest: Rest, body: dict[str, str], status: int) -> None:
    loan = rest.loan()
    assert rest["kim"].post(f"/cases/{loan.id}/interventions", body).status_code == status
    assert rest["kim"].post(f"/cases/{loan.id}/interventions/preview", body).status_code == status


def test_others_do_nothing_and_learn_nothing(rest: Rest) -> None:
    loan = rest.loan()
    body = {"act": "suspend", "instance_id": acts.instance(rest.world, loan).id, "reason": REASON}
    path = f"/cases/{loan.id}/interventions"
    assert [rest[name].post(path, body).status_code for name in ("ben", "bea")] == [403, 404]
    assert [rest[name].get(path).status_code for name in ("ben", "bea")] == [200, 404]
    assert [one["kind"] for one in rest["ben"].get(path).json["items"] if one["kind"] != "send"] == []
