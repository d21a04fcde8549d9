"""What the cast writes into the forms of the mediation pack: one plain answer a form, with canaries where content goes.

Every text above class C1 begins with CANARY, so that a test can look for it where it must not be.
"""

from __future__ import annotations

from typing import Any, TypeAlias

Answer: TypeAlias = dict[str, Any]

OPENING: Answer = {"referralSource": "self", "categoryCode": "neighbours", "mode": "in_person", "languageCode": "en"}
REQUEST: Answer = {
    "summary": "CANARY-C3-summary",
    "urgency": "routine",
    "safeToContact": ["phone"],
    "privacyNoticeShown": True,
}
REQUEST_OF_RELATIVES: Answer = REQUEST | {
    "relations": [{"who": "CANARY-C3-who", "relation": "family", "represented": False, "minor": True, "guardian": "CANARY-C3-guardian"}]
}
SCOPE: Answer = {
    "governingLaw": "state",
    "crossBorder": False,
    "excludedMatter": "none",
    "limitationRisk": False,
    "scopeResult": "in",
}
CONTACT: Answer = {"contactResult": "ready", "contactAttempts": 1, "firstContactOn": "2026-03-02"}
SCREENING: Answer = {
    "instrument": "none_universal",
    "screeningMode": "phone",
    "concernLevel": "none",
    "capacityConcern": "none",
    "childMaltreatmentScreen": "not_applicable",
    "advocateReferral": False,
    "wishesToMediate": True,
    "screenerNote": "CANARY-C5-note",
}
NEEDS: Answer = {"interpreter": "none", "techAccess": ["smartphone"], "otherNeeds": "CANARY-C5-needs"}
SUITABLE: Answer = {"intakeOutcome": "suitable", "priority": "P3"}

INQUIRY: Answer = {
    "tie": "none",
    "interestInOutcome": False,
    "priorRole": "none",
    "socialMediaLink": False,
    "inquiryMade": ["own_files"],
    "conflictClass": "none",
    "attestation": "CANARY-C7-attestation",
}
DISCLOSED: Answer = INQUIRY | {
    "tie": "acquaintance",
    "tieFacts": "CANARY-C7-tie",
    "conflictClass": "disclosable",
    "textForParties": "CANARY-C3-disclosure",
}
BRIEFING: Answer = {"briefed": ["logistics"], "briefedOn": "2026-03-09"}

_POINTS = (
    "voluntary",
    "confidentiality",
    "mediatorRole",
    "noRecording",
    "dataNotice",
    "rightToWithdraw",
    "onlineTechnology",
    "interpreterPresent",
    "electronicSignature",
    "observerPresent",
    "followUpContact",
    "anonymousResearch",
)
AGREED: Answer = {
    "firstStep": "answer",
    **dict.fromkeys(_POINTS, "agree"),
    "checkStop": "yes",
    "checkDecides": "we",
    "checkPrivate": "with_permission",
    "authority": "self",
    "signature": "CANARY-C2-signature",
    "signedOn": "2026-03-10",
}
REFUSED: Answer = AGREED | {"voluntary": "refuse"}
UNSURE: Answer = AGREED | {"checkStop": "unsure"}
ASKED: Answer = {"firstStep": "ask", "question": "CANARY-C4-question"}
BY_PHONE: Answer = {"method": "phone", "witness": "CANARY-C2-witness"}

GOALS_OF_PARTY: Answer = {
    "hopes": "CANARY-C4-hopes",
    "interests": [{"interest": "CANARY-C4-interest", "importance": 5, "shareable": False}],
}
ASSESSMENT: Answer = {
    "issues": [{"issue": "CANARY-C3-issue", "rank": 1, "urgency": 3}],
    "emotionalBarrier": "some",
    "legalComplexity": "low",
    "powerImbalance": "none",
    "strategy": "CANARY-C6-strategy",
    "adviceRecommended": False,
}
GOALS: Answer = {
    "goals": [
        {
            "goal": "CANARY-C3-goal",
            "servesAll": True,
            "owner": "Both",
            "metric": "Nights",
            "target": "None",
            "benchmarkOn": "2026-05-01",
            "feasibility": 4,
        }
    ]
}
GOALS_CONFIRMED: Answer = {"understood": True, "goalsComment": "CANARY-C4-comment"}
PLAN: Answer = {"estimatedSessions": 2, "mode": "in_person", "coMediation": False, "firstSessionBy": "2026-04-01"}

PREPARATION: Answer = {"agenda": [{"point": "CANARY-C3-point", "minutes": 30}], "groundRulesVersion": "v1"}
ATTENDANCE: Answer = {
    "attendance": [{"who": "CANARY-C2-who", "present": True, "attendsAs": "party"}],
    "capacityToday": "ok",
    "quorum": True,
}
OPENED: Answer = {"rules": ["one_speaks", "respect"], "allAcknowledged": True}
SUMMARY: Answer = {"agreedPoints": "CANARY-C3-agreed", "sessionMinutes": 90, "sessionResult": "agreement"}
SUMMARY_WITH_HOMEWORK: Answer = SUMMARY | {
    "goalProgress": [{"goal": "CANARY-C3-progress", "percent": 50}],
    "homework": [{"who": "CANARY-C3-who", "what": "CANARY-C3-homework"}],
}
NOTES: Answer = {"observations": "CANARY-C6-observations", "notePurge": "closure_30"}
CHECK_IN: Answer = {
    "channel": "portal",
    "feltHeard": 4,
    "feltPressured": 1,
    "safetyFeeling": "fine",
    "contactByOtherParty": False,
    "willingToContinue": "yes",
    "concernAboutMediator": False,
    "newIssue": "CANARY-C4-new",
}

_TICKS = (
    "goals",
    "benchmarks",
    "contact",
    "positions",
    "records",
    "consents",
    "conflict",
    "safety",
    "emotions",
    "legal",
    "accommodations",
    "dates",
    "progress",
    "voluntary",
)
REVIEW: Answer = {
    "checklist": dict.fromkeys(_TICKS, "yes"),
    "notes": {"goals": "CANARY-C6-note"},
    "priority": "P3",
    "reviewResult": "on_track",
}


def review(*no: str, result: str = "on_track") -> Answer:
    """A checklist in which some points are answered no."""
    return REVIEW | {"checklist": REVIEW["checklist"] | dict.fromkeys(no, "no"), "reviewResult": result}


OTHER_APPROACH: Answer = {
    "strategyChange": ["frequency"],
    "changeReason": "CANARY-C3-why",
    "effectiveFrom": "2026-04-10",
    "agreedWithParties": True,
}
IDLE: Answer = {"idleCause": "date", "idleNote": "CANARY-C7-idle"}
PLEDGED: Answer = {
    "helpsAs": "interpreter",
    "pledgeGiven": True,
    "pledgeSignature": "CANARY-C2-pledge",
    "pledgedOn": "2026-03-12",
}

TERMS: Answer = {
    "terms": [{"term": "CANARY-C3-term", "who": "Both", "what": "Quiet", "when": "From 22:00"}],
    "covers": "full",
}
EVALUATION: Answer = {"clarity": ["who", "what", "when"], "formal": ["all_named"], "sustainability": ["dates"]}
ACCEPTED: Answer = {
    "termsUnderstood": True,
    "enoughTime": True,
    "couldGetAdvice": True,
    "feltFree": 5,
    "feelsFair": 4,
    "canIDoIt": 4,
    "termsDecision": "accept",
    "inMyWords": "CANARY-C4-words",
}
SIGNED: Answer = {"signs": True, "agreementSignature": "CANARY-C3-signature", "agreementSignedOn": "2026-05-01"}
ATTESTED: Answer = {"attestedOn": "2026-05-01", "attestationSignature": "CANARY-C3-attest"}

OUTCOME: Answer = {
    "furtherWork": False,
    "outcomeCode": "full_agreement",
    "closingIssues": [{"issue": "CANARY-C3-closing", "state": "resolved"}],
    "hoursSpent": 6,
    "notesDisposition": "purge_30",
    "outcomeSignature": "CANARY-C3-sign",
}
PARTIAL: Answer = OUTCOME | {
    "outcomeCode": "partial_agreement",
    "closingIssues": [{"issue": "CANARY-C3-open", "state": "unresolved"}],
}
NO_AGREEMENT: Answer = OUTCOME | {"outcomeCode": "no_agreement"}
CONFIRMED: Answer = {
    "understandingMatches": True,
    "satisfiedOutcome": 4,
    "satisfiedProcess": 5,
    "closurePressured": 1,
    "followUpOk": True,
    "closureComment": "CANARY-C4-closing",
}
APPROVED: Answer = {"flagsSeen": ["outcome", "confirmations"], "closureDecision": "approve", "signOffNote": "CANARY-C7-note"}
RETURNED: Answer = {"flagsSeen": ["outcome"], "closureDecision": "return", "returnReasons": ["open_issues"]}
REPORT: Answer = {"sessionHeld": True, "dateEnded": "2026-05-01", "reportedOutcome": "settled"}
REPORT_OF_WHO_CAME: Answer = REPORT | {"reportedAttendance": [{"who": "CANARY-C2-who", "attended": True}]}
NOT_TAKEN_ON: Answer = {"furtherWork": False, "outcomeCode": "screened_out"}

HOLDS: Answer = {"agreementHolding": "yes", "wantsHelp": "no", "safetyFeeling": "fine", "followUpComment": "CANARY-C4-holds"}
PARTLY_HOLDS: Answer = HOLDS | {"agreementHolding": "partly", "difficulty": ["money"], "wantsHelp": "call"}

CONCERN: Answer = {
    "concernKind": "threat",
    "safetySteps": ["stopped", "apart"],
    "everybodySafe": "yes",
    "concernSafeguards": ["separate_rooms"],
    "disclosureNeeded": False,
    "safetyNote": "CANARY-C5-safety",
}
DISCLOSURE: Answer = {
    "legalBasis": "imminent",
    "disclosedTo": "CANARY-C5-to",
    "disclosedBy": "CANARY-C5-by",
    "disclosedAt": "2026-03-20T10:00",
    "disclosedContent": "CANARY-C5-content",
}
CALLED: Answer = {"supportReached": "reached", "supportFeels": "uneasy", "supportWants": ["apart"], "supportCallNote": "CANARY-C5-call"}
