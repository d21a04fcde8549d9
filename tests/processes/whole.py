"""One case that has everything in it: each form of the pack that people write into is filled in at least once."""

from __future__ import annotations

from datetime import timedelta

from engine.model.cases import Case
from tests.processes import answers, telling
from tests.processes.stage import Stage

PARTIES = ("ana", "ben")


def tell(world: Stage) -> Case:
    """The whole story, to the report to the court that sent the case, and a month on."""
    joining = [("party", "ana"), ("party", "ben"), ("helper", "dia")]
    opening = answers.OPENING | {"referralSource": "court_order"}
    case = world.open_case("ida", "mediation", joining, opening)
    _take_in(world, case)
    _appoint(world, case)
    _consent(world, case)
    _plan(world, case)
    _accompany(world, case)
    _meet(world, case)
    _agree(world, case)
    _close(world, case)
    _follow_up(world, case)
    return case


def _take_in(world: Stage, case: Case) -> None:
    world.complete("ida", case, "record_request", answers.REQUEST_OF_RELATIVES)
    world.complete("ida", case, "check_scope", answers.SCOPE | {"scopeResult": "unclear"})
    world.complete("sue", case, "rule_on_scope", {"scopeResult": "in"})
    world.complete("ida", case, "contact_parties", answers.CONTACT)
    serious = answers.SCREENING | {"instrument": "masic", "concernLevel": "serious", "safeguards": ["separate_rooms"]}
    for name in PARTIES:
        world.complete("sol", case, "screen_party", serious, of=name)
    for name in PARTIES:
        world.complete("ida", case, "ask_for_needs", answers.NEEDS, of=name)
    world.complete("ida", case, "decide_suitability", answers.SUITABLE)
    world.complete("sal", case, "confirm_suitability", {"secondAgrees": True})


def _appoint(world: Stage, case: Case) -> None:
    world.send("ana", case, "PartyAsks")
    world.complete("ana", case, "write_early_question", {"question": "CANARY-C2-question"}, of="ana")
    world.complete("ida", case, "answer_early_question", {"answerText": "CANARY-C2-answer"}, of="ana")
    world.complete("ida", case, "pick_candidate", {"candidateFound": False})
    world.complete("sue", case, "decide_without_mediator", {"withoutCandidate": "again"})
    telling.pick(world, case)
    world.complete("mira", case, "inquire_and_disclose", answers.DISCLOSED)
    for name in PARTIES:
        world.complete(name, case, "answer_disclosure", {"disclosureReply": "no_objection"}, of=name)
    world.complete("sue", case, "approve_with_disclosure", {"disclosureApproved": True})
    world.complete("ida", case, "brief_mediator", answers.BRIEFING)


def _consent(world: Stage, case: Case) -> None:
    world.complete("ana", case, "answer_consent_request", answers.ASKED, of="ana")
    world.complete("mira", case, "answer_party_question", {"answerShared": False}, of="ana")
    world.complete("ana", case, "answer_consent_request", answers.UNSURE | {"authority": "representative"}, of="ana")
    world.complete("mira", case, "explain_consent", {"explanationResult": "support"})
    by_phone = answers.AGREED | answers.BY_PHONE
    world.complete("ida", case, "answer_consent_request", by_phone, of="ben", mode="on-behalf")
    world.complete("sue", case, "arrange_support", {"supportGiven": ["person"]})
    world.complete("dia", case, "sign_pledge", answers.PLEDGED, of="dia")


def _plan(world: Stage, case: Case) -> None:
    for name in PARTIES:
        world.complete(name, case, "say_what_matters", answers.GOALS_OF_PARTY, of=name)
    world.complete("mira", case, "assess_priorities", answers.ASSESSMENT)
    world.complete("mira", case, "plan_safeguards", {"plannedSafeguards": ["separate_rooms"]})
    world.complete("mira", case, "set_goals", answers.GOALS)
    for name in PARTIES:
        world.complete(name, case, "confirm_goals", answers.GOALS_CONFIRMED, of=name)
    world.complete("mira", case, "plan_meetings", answers.PLAN)


def _accompany(world: Stage, case: Case) -> None:
    """Check-ins, a review, and what happens when something is late."""
    world.send("ana", case, "PartyAsks")
    world.complete("ana", case, "write_question", {"question": "CANARY-C4-question"}, of="ana")
    world.complete("mira", case, "answer_question", {"answerText": "CANARY-C4-answer", "answerShared": False}, of="ana")
    world.advance("P10D")
    world.complete("ana", case, "check_in", answers.CHECK_IN | {"concernAboutMediator": True}, of="ana")
    world.complete("ben", case, "check_in", answers.CHECK_IN, of="ben")
    world.complete("sue", case, "follow_up_check_in", {"checkInAction": "spoken"})
    world.advance("P4D")
    world.complete("mira", case, "review_case", answers.review("safety", result="adjust"))
    world.complete("mira", case, "change_approach", answers.OTHER_APPROACH)
    world.complete("sue", case, "supervise_review", {"supervisorDecision": "confirm"})
    world.advance("P3D")


def _meet(world: Stage, case: Case) -> None:
    telling.schedule(world, case)
    world.complete("mira", case, "prepare_session", answers.PREPARATION)
    world.advance("P3D")
    world.complete("mira", case, "record_attendance", answers.ATTENDANCE)
    world.complete("mira", case, "open_session", answers.OPENED | {"allAcknowledged": False})
    world.complete("mira", case, "write_joint_summary", answers.SUMMARY_WITH_HOMEWORK)
    world.complete("mira", case, "write_private_notes", answers.NOTES)


def _agree(world: Stage, case: Case) -> None:
    wish = answers.ACCEPTED | {"termsDecision": "change"}
    for decision in (wish, answers.ACCEPTED | {"feltFree": 1}):
        world.complete("mira", case, "draft_terms", answers.TERMS)
        world.complete("mira", case, "check_terms", answers.EVALUATION)
        for name in PARTIES:
            world.complete(name, case, "look_at_terms", decision, of=name)
    world.complete("sue", case, "look_into_flag", {"pressureResult": "go_on"})
    world.complete("ana", case, "sign_agreement", answers.SIGNED, of="ana")
    on_paper = answers.SIGNED | {"signMethod": "paper"}
    world.complete("ida", case, "sign_agreement", on_paper, of="ben", mode="on-behalf", code=world.code("mira", case))
    world.complete("mira", case, "attest", answers.ATTESTED)


def _close(world: Stage, case: Case) -> None:
    world.complete("mira", case, "sign_off_outcome", answers.OUTCOME)
    world.complete("ana", case, "confirm_closure", answers.CONFIRMED | {"understandingMatches": False}, of="ana")
    world.complete("ben", case, "confirm_closure", answers.CONFIRMED, of="ben")
    world.complete("mira", case, "clear_up_difference", {"clarified": "differs"})
    for _ in range(2):
        world.complete("sue", case, "sign_off_closure", answers.RETURNED)
        world.complete("mira", case, "sign_off_outcome", answers.OUTCOME)
    world.complete("sue", case, "sign_off_closure", answers.RETURNED)
    world.complete("dan", case, "decide_on_closure", {"closureDecision": "approve"})
    world.complete("ida", case, "report_to_referrer", answers.REPORT_OF_WHO_CAME)


def _follow_up(world: Stage, case: Case) -> None:
    """A month after signing: one of them asks for help, the other is called."""
    world.advance("P30D")
    world.complete("ana", case, "follow_up", answers.PARTLY_HOLDS, of="ana")
    world.complete("ida", case, "call_about_agreement", {"followUpOffer": "spoken"}, of="ana")
    world.advance("P10D")
    declined = {"followUpCallResult": "reached", "followUpCalls": 1, "followUpDeclined": True}
    world.complete("mira", case, "call_silent_party", declined, of="ben")


def tell_of_delay(world: Stage) -> Case:
    """A case whose review is late for long: intake looks into it, then the supervisor does, and has to decide; then a serious concern."""
    case = telling.in_mediation(world)
    telling.schedule(world, case, after=timedelta(days=100))
    world.advance("P21D")
    world.complete("ida", case, "look_into_idle_case", answers.IDLE)
    world.advance("P6D")
    world.complete("sue", case, "look_into_overdue_task", {"overdueCause": "load"})
    world.advance("P7D")
    world.complete("sue", case, "decide_about_overdue_task", {"overdueDecision": "waive"})
    telling.worry(world, case, "modified", outside=True)
    world.complete("sue", case, "debrief", {"debriefHow": "met"})
    return case
