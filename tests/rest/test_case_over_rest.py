"""P01 over HTTP only: from opening to each of its ends, in a sandbox, by people who have nothing but API tokens."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from api.sandbox import Playground
from engine import clock
from tests.processes import answers, telling
from tests.rest.calling import SECRET
from tests.rest.staging import HttpStage


@pytest.fixture(scope="module")
def furnished() -> Iterator[tuple[Playground, HttpStage]]:
    """The mediation program in a sandbox, set up once; each story has a case of its own."""
    made = Playground(SECRET)
    yield made, HttpStage(made)
    made.close()


@pytest.fixture
def stage(furnished: tuple[Playground, HttpStage]) -> HttpStage:
    """The same, at its own time."""
    playground, told = furnished
    assert playground.parley.sandbox is not None
    clock.use(playground.parley.sandbox.clock)
    return told


def test_a_case_runs_to_full_agreement(stage: HttpStage) -> None:
    case = telling.in_mediation(stage)
    telling.meet(stage, case, "next")
    telling.meet(stage, case)
    telling.agree(stage, case)
    telling.to_sign_off(stage, case)
    stage.complete("sue", case, "sign_off_closure", answers.APPROVED)
    assert stage.ending(case) == ("closed", "full_agreement", "closed_full")
    _nothing_confidential_where_all_may_look(stage, case)


def _nothing_confidential_where_all_may_look(stage: HttpStage, case: object) -> None:
    """Canary strings stand in every field above C1; none may come up here, whoever asks."""
    page = stage.page("ida", case)
    paths = [f"/process-instances/{one['id']}/variables" for one in page["instances"]]
    own = page["case"]["id"]
    paths += [f"/audit-entries?case={own}&limit=200", f"/cases/{own}/timeline", "/notices", "/cases", "/user-tasks"]
    answered = 0
    for name, caller in stage.callers.items():
        for path in paths:
            answer = caller.get(path)
            assert "CANARY" not in answer.text, f"{name} {path}"
            answered += answer.status_code == 200
    assert answered > len(paths)


def test_a_partial_agreement_ends_as_such(stage: HttpStage) -> None:
    case = telling.in_mediation(stage, referralSource="court_order")
    telling.meet(stage, case)
    telling.agree(stage, case, "partial")
    telling.to_sign_off(stage, case, answers.PARTIAL)
    stage.complete("sue", case, "sign_off_closure", answers.APPROVED)
    stage.complete("ida", case, "report_to_referrer", answers.REPORT)
    assert stage.ending(case) == ("closed", "partial_agreement", "closed_partial")


@pytest.mark.parametrize(
    ("session", "outcome", "ending"),
    [
        ("impasse", answers.NO_AGREEMENT, ("closed", "no_agreement", "closed_no_agreement")),
        ("impasse", answers.OUTCOME | {"outcomeCode": "transferred"}, ("closed", "transferred", "transferred")),
        (
            "terminated",
            answers.OUTCOME | {"outcomeCode": "terminated_mediator", "terminationReason": "safety", "closingIssues": []},
            ("closed", "terminated_mediator", "closed_terminated"),
        ),
    ],
    ids=["no agreement", "transferred", "terminated"],
)
def test_a_case_without_agreement_ends_as_what_it_was(
    stage: HttpStage, session: str, outcome: answers.Answer, ending: tuple[str, str, str]
) -> None:
    case = telling.in_mediation(stage)
    telling.meet(stage, case, session)
    telling.to_sign_off(stage, case, outcome)
    stage.complete("sue", case, "sign_off_closure", answers.APPROVED)
    assert stage.ending(case) == ending


def test_a_case_that_is_not_taken_on_closes_without_a_session(stage: HttpStage) -> None:
    case = telling.open_case(stage)
    telling.take_in(stage, case, decision={"intakeOutcome": "screened_out", "reasonCode": "safety", "priority": "P3"})
    stage.complete("ida", case, "record_ending", answers.NOT_TAKEN_ON)
    stage.complete("sue", case, "sign_off_closure", answers.APPROVED)
    assert stage.ending(case) == ("closed", "screened_out", "closed_not_mediated")


def test_a_withdrawal_ends_the_case(stage: HttpStage) -> None:
    case = telling.in_mediation(stage)
    stage.send("ana", case, "ConsentWithdrawn")
    stage.complete("mira", case, "sign_off_outcome", answers.OUTCOME | {"outcomeCode": "withdrawn_party", "closingIssues": []})
    stage.complete("sue", case, "sign_off_closure", answers.APPROVED)
    assert stage.ending(case) == ("closed", "withdrawn_party", "closed_terminated")


def test_four_eyes_hold_over_rest_also_after_a_reassignment(stage: HttpStage) -> None:
    case = telling.in_mediation(stage)
    telling.meet(stage, case, "impasse")
    telling.to_sign_off(stage, case, answers.NO_AGREEMENT)
    task = stage.task("sue", case, "sign_off_closure")
    for name in ("mira", "ida"):
        role = stage.administrator.post(f"/persons/{stage.people[name].id}/roles", {"role": "supervisor"})
        assert role.status_code == 200
        assert stage.callers["sue"].post(f"/user-tasks/{task}/assignment", {"person_id": stage.people[name].id}).status_code == 403
        refused = stage.callers[name].post(f"/user-tasks/{task}/completion", {"data": answers.APPROVED})
        assert (refused.status_code, refused.json["code"]) == (403, "excluded-duty"), name
        stage.administrator.call("DELETE", f"/persons/{stage.people[name].id}/roles/supervisor")
    stage.complete("sue", case, "sign_off_closure", answers.APPROVED)


def test_the_manager_of_procedures_sees_no_case_rows(stage: HttpStage) -> None:
    case = telling.open_case(stage)
    for path in ("/cases", "/process-instances", f"/cases/{case.id}", "/audit-entries"):
        assert stage.callers["pam"].get(path).status_code in (403, 404), path
    assert stage.callers["pam"].get("/user-tasks").json["items"] == []
    definitions = stage.callers["pam"].get("/process-definitions").json["items"]
    assert {"mediation-case", "closure"} <= {one["key"] for one in definitions}
    assert "CANARY" not in json.dumps(definitions)
