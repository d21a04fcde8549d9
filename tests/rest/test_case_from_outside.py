"""P01 over HTTP alone, in a real server: from opening to each of its end events, and what is refused on the way."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable

import pytest

from engine.model.cases import Case
from tests.processes import answers, telling
from tests.processes.answers import Answer as Answers
from tests.processes.telling import PARTIES
from tests.rest.afar import PACK, Afar, asked, canaries, case_of, refused

START = "/process-definitions/mediation-case/instances"
ENDED_EARLY: Answers = {"closingIssues": []}


def _sign_off(afar: Afar, case: Case) -> None:
    afar.complete("sue", case, "sign_off_closure", answers.APPROVED)


# the way to each end


def _full(afar: Afar) -> Case:
    case = telling.in_mediation(afar)
    telling.meet(afar, case, "next")
    telling.meet(afar, case)
    telling.agree(afar, case)
    telling.to_sign_off(afar, case)
    _sign_off(afar, case)
    return case


def _partial(afar: Afar) -> Case:
    case = telling.in_mediation(afar, referralSource="court_order")
    telling.meet(afar, case)
    telling.agree(afar, case, "partial")
    telling.to_sign_off(afar, case, answers.PARTIAL)
    _sign_off(afar, case)
    afar.complete("ida", case, "report_to_referrer", answers.REPORT)
    return case


def _impasse(afar: Afar) -> Case:
    case = telling.in_mediation(afar)
    telling.meet(afar, case, "impasse")
    telling.to_sign_off(afar, case, answers.NO_AGREEMENT)
    _sign_off(afar, case)
    return case


def _withdrawn(afar: Afar) -> Case:
    case = telling.in_mediation(afar)
    telling.schedule(afar, case)
    afar.send("ana", case, "ConsentWithdrawn")
    assert afar.names(case) == ["sign_off_outcome"]
    telling.to_sign_off(afar, case, answers.OUTCOME | ENDED_EARLY | {"outcomeCode": "withdrawn_party"}, ())
    _sign_off(afar, case)
    return case


def _ended_by_mediator(afar: Afar) -> Case:
    case = telling.in_mediation(afar)
    telling.meet(afar, case, "terminated")
    reason = {"outcomeCode": "terminated_mediator", "terminationReason": "safety"}
    telling.to_sign_off(afar, case, answers.OUTCOME | ENDED_EARLY | reason)
    _sign_off(afar, case)
    return case


def _transferred(afar: Afar) -> Case:
    case = telling.in_mediation(afar)
    telling.meet(afar, case, "impasse")
    telling.to_sign_off(afar, case, answers.OUTCOME | {"outcomeCode": "transferred"})
    _sign_off(afar, case)
    return case


def _not_taken_on(afar: Afar) -> Case:
    """Started as a process rather than opened as a case."""
    afar.advance("PT0S")
    people = [{"role": "party", "person_id": afar.people[name].id} for name in PARTIES]
    variables = {key: value for key, value in answers.OPENING.items() if key != "languageCode"}
    started = afar.post("ida", START, {"variables": variables, "business_key": "K-1", "participants": people})
    assert started["business_key"] == "K-1"
    case = case_of(afar.get("ida", f"/cases/{started['case_id']}")["case"] | {"pack": "mediation"})
    telling.take_in(afar, case, decision={"intakeOutcome": "screened_out", "reasonCode": "safety", "priority": "P3"})
    afar.complete("ida", case, "record_ending", answers.NOT_TAKEN_ON)
    _sign_off(afar, case)
    return case


def _refused_consent(afar: Afar) -> Case:
    case = asked(afar)
    afar.complete("ana", case, "answer_consent_request", answers.REFUSED, of="ana")
    telling.to_sign_off(afar, case, answers.OUTCOME | ENDED_EARLY | {"outcomeCode": "declined"}, ())
    _sign_off(afar, case)
    return case


def _silence(afar: Afar) -> Case:
    case = asked(afar)
    afar.complete("ben", case, "answer_consent_request", answers.AGREED, of="ben")
    afar.advance("P14D")
    assert "note_expiry" in afar.events(case, "element_completed")
    telling.to_sign_off(afar, case, answers.OUTCOME | ENDED_EARLY | {"outcomeCode": "no_response"}, ())
    _sign_off(afar, case)
    return case


ENDS: dict[str, tuple[Callable[[Afar], Case], str, str]] = {
    "full agreement": (_full, "closed_full", "full_agreement"),
    "partial agreement": (_partial, "closed_partial", "partial_agreement"),
    "no agreement": (_impasse, "closed_no_agreement", "no_agreement"),
    "withdrawal": (_withdrawn, "closed_terminated", "withdrawn_party"),
    "ended by who leads it": (_ended_by_mediator, "closed_terminated", "terminated_mediator"),
    "transfer": (_transferred, "transferred", "transferred"),
    "not taken on": (_not_taken_on, "closed_not_mediated", "screened_out"),
    "refused consent": (_refused_consent, "closed_not_mediated", "declined"),
    "silence": (_silence, "closed_not_mediated", "no_response"),
}


def test_the_stories_below_reach_every_end_of_the_diagram(afar: Afar) -> None:
    diagram = afar.call("pam", "GET", "/process-definitions/mediation-case/xml")
    assert diagram.text.encode() == (PACK / "mediation-case.bpmn").read_bytes()
    ends = set(re.findall(r'\n    <bpmn:endEvent id="(\w+)"', diagram.text))
    assert ends == {end for _, end, _ in ENDS.values()}


@pytest.mark.parametrize("ending", ENDS)
def test_a_case_is_run_to_its_end(afar: Afar, ending: str) -> None:
    story, end, outcome = ENDS[ending]
    case = story(afar)
    instance = afar.instance(case)
    told = afar.get("sue", f"/process-instances/{instance}")
    assert (told["state"], told["end_event"], told["ended_at"] is None) == ("completed", end, False)
    assert afar.names(case) == []
    page = afar.get("sue", f"/cases/{case.id}")
    assert (page["case"]["state"], page["case"]["outcome"]) == ("closed", outcome)
    assert page["case"]["closed_at"] is not None
    reached = {one["code"] for one in page["milestones"] if one["at"]}
    assert {"opened", "closed"} <= reached
    assert ("signed" in reached) == (end in ("closed_full", "closed_partial"))
    explained = afar.get("sue", f"/process-instances/{instance}/explanation")
    assert (explained["sentence"], explained["waiting"], explained["upcoming"]) == ("Completed; nothing is waited for.", [], [])
    done = afar.events(case, "element_completed")
    assert {"case_requested", "set_up_case", "intake_and_screening", "closure_and_sign_off", end} <= set(done)
    assert done.count(end) == 1
    _only_facts(afar, instance)


def _only_facts(afar: Afar, instance: str) -> None:
    """The variables are declared by the pack and hold nothing that somebody wrote."""
    declared = tomllib.loads((PACK / "pack.toml").read_text())["variables"]
    held = afar.get("sue", f"/process-instances/{instance}/variables")
    assert held["workStage"] == "closing"
    assert held.keys() <= declared.keys()
    assert canaries(str(held)) == set()


def test_instances_are_listed_by_state_and_definition_page_by_page(afar: Afar) -> None:
    cases = [telling.open_case(afar) for _ in range(3)]
    listed = afar.every("sue", "/process-instances", definition="mediation-case", state="running", limit=2)
    ids = [one["id"] for one in listed]
    assert {afar.instance(case) for case in cases} <= set(ids)
    assert len(ids) == len(set(ids))


# who may not do both


def test_four_eyes_close_a_case_and_reassigning_does_not_help(afar: Afar) -> None:
    case = telling.in_mediation(afar)
    afar.post("ida", f"/cases/{case.id}/participants", {"role": "co_mediator", "person_id": afar.people["noor"].id})
    telling.meet(afar, case, "impasse")
    telling.to_sign_off(afar, case, answers.NO_AGREEMENT)
    task = afar.task("sue", case, "sign_off_closure")
    for name in ("mira", "noor", "ida"):
        afar.give_role(name, "supervisor")
        told = refused(afar.call(name, "POST", f"/user-tasks/{task}/completion", {"data": answers.APPROVED}), 403)
        assert "does not sign off" in told["detail"]
        refused(afar.call(name, "POST", f"/user-tasks/{task}/claim"), 403)
        gives = {"act": "assign", "task_id": task, "person_id": afar.people[name].id, "reason": "Your turn"}
        refused(afar.call("sam", "POST", f"/cases/{case.id}/interventions", gives), 403)
        refused(afar.call(name, "POST", f"/user-tasks/{task}/completion", {"data": answers.APPROVED}), 403)
        afar.end_role(name, "supervisor")
    afar.step_in("sam", case, "assign", task_id=task, person_id=afar.people["sue"].id)
    _sign_off(afar, case)
    assert afar.get("sue", f"/process-instances/{afar.instance(case)}")["end_event"] == "closed_no_agreement"


# one task


def test_a_task_is_completed_once(afar: Afar) -> None:
    case = telling.open_case(afar)
    task = afar.task("ida", case, "record_request")
    path = f"/user-tasks/{task}/completion"
    assert afar.call("ida", "POST", path, {"data": answers.REQUEST}).status == 200
    told = refused(afar.call("ida", "POST", path, {"data": answers.REQUEST}), 409)
    assert told["code"] == "task-not-open"
    assert afar.names(case) == ["check_scope"]


def test_a_completion_sent_again_with_its_key_is_answered_as_before(afar: Afar) -> None:
    case = telling.open_case(afar)
    path = f"/user-tasks/{afar.task('ida', case, 'record_request')}/completion"
    sent = [afar.call("ida", "POST", path, {"data": answers.REQUEST}, Idempotency_Key="one-and-only") for _ in range(2)]
    assert [answer.status for answer in sent] == [200, 200]
    assert sent[0].json == sent[1].json


def test_a_wrong_form_says_where_and_changes_nothing(afar: Afar) -> None:
    case = telling.open_case(afar)
    path = f"/user-tasks/{afar.task('ida', case, 'record_request')}/completion"
    wrong = answers.REQUEST | {"urgency": "whenever", "privacyNoticeShown": False}
    told = refused(afar.call("ida", "POST", path, {"data": wrong}), 422)
    assert {error["path"] for error in told["errors"]} == {"/urgency", "/privacyNoticeShown"}
    assert all(error["message"] and error["code"] for error in told["errors"])
    assert afar.names(case) == ["record_request"]


def test_a_stale_picture_of_a_task_isrefused(afar: Afar) -> None:
    case = telling.open_case(afar)
    task = afar.task("ida", case, "record_request")
    seen = afar.call("ida", "GET", f"/user-tasks/{task}").headers["ETag"]
    afar.post("iva", f"/user-tasks/{task}/claim")
    refused(afar.call("iva", "POST", f"/user-tasks/{task}/completion", {"data": answers.REQUEST}, If_Match=seen), 412)
    refused(afar.call("ida", "POST", f"/user-tasks/{task}/completion", {"data": answers.REQUEST}), 409)
    now = afar.call("iva", "GET", f"/user-tasks/{task}").headers["ETag"]
    assert afar.call("iva", "POST", f"/user-tasks/{task}/completion", {"data": answers.REQUEST}, If_Match=now).status == 200


def test_a_change_on_a_case_that_moved_on_meanwhile_isrefused(afar: Afar) -> None:
    case = telling.open_case(afar)
    path, joins = f"/cases/{case.id}", {"role": "party", "person_id": afar.people["cem"].id}
    seen = afar.call("ida", "GET", path).headers["ETag"]
    assert afar.call("ida", "GET", path, If_None_Match=seen).status == 304
    assert afar.call("ida", "POST", f"{path}/participants", joins, If_Match=seen).status == 201
    assert afar.call("ida", "GET", path, If_None_Match=seen).status == 200
    refused(afar.call("ida", "POST", f"{path}/participants", joins, If_Match=seen), 412)


def test_a_draft_makes_the_answer_about_a_task_a_new_one_and_no_completion_too_late(afar: Afar) -> None:
    case = telling.open_case(afar)
    path = f"/user-tasks/{afar.task('ida', case, 'record_request')}"
    seen = afar.call("ida", "GET", path).headers["ETag"]
    assert afar.call("ida", "PUT", f"{path}/draft", {"data": {"urgency": "routine"}}).status == 200
    again = afar.call("ida", "GET", path, If_None_Match=seen)
    assert (again.status, again.json["draft"]) == (200, {"urgency": "routine"})
    assert afar.call("ida", "POST", f"{path}/completion", {"data": answers.REQUEST}, If_Match=seen).status == 200


def test_nothing_moves_in_a_suspended_case_until_it_is_resumed(afar: Afar) -> None:
    case = telling.open_case(afar)
    instance = afar.instance(case)
    path = f"/user-tasks/{afar.task('ida', case, 'record_request')}/completion"
    afar.step_in("sue", case, "suspend")
    told = refused(afar.call("ida", "POST", path, {"data": answers.REQUEST}), 409)
    assert told["code"] == "not-running"
    assert "resumes" in afar.get("sue", f"/process-instances/{instance}/explanation")["sentence"]
    afar.step_in("sue", case, "resume")
    assert afar.call("ida", "POST", path, {"data": answers.REQUEST}).status == 200


def test_a_running_case_says_what_it_waits_for_and_who_can_move_it(afar: Afar) -> None:
    case = asked(afar)
    afar.complete("ana", case, "answer_consent_request", answers.AGREED, of="ana")
    told = afar.get("ida", f"/process-instances/{afar.instance(case)}/explanation")
    assert [one["element_id"] for one in told["waiting"] if one["task_id"]] == ["answer_consent_request"]
    assert [who["label"] for who in told["waiting"][0]["who"]] == ["Ben Example"]
    assert told["since"] is not None
    assert told["upcoming"] == sorted(told["upcoming"], key=lambda one: one["at"]) != []
