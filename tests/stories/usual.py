"""The usual way through each procedure, so that a story tells only what is special in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.stories.acts import answers_as_party, does, goes_to, is_let_in, sees
from tests.stories.reader import Answers, Named, Reader
from tests.stories.stage import Party, Stage

OPENING: Answers = {"referralSource": "self", "categoryCode": "neighbours", "mode": "in_person", "languageCode": "en"}
REQUEST: Answers = {
    "summary": "Music late at night; both would like to sleep and to stay neighbours.",
    "urgency": "routine",
    "safeToContact": ["phone", "email"],
    "privacyNoticeShown": True,
}
SCOPE: Answers = {"governingLaw": "state", "crossBorder": False, "excludedMatter": "none", "limitationRisk": False, "scopeResult": "in"}
SCREENING: Answers = {
    "instrument": "none_universal",
    "screeningMode": "phone",
    "concernLevel": "none",
    "capacityConcern": "none",
    "childMaltreatmentScreen": "not_applicable",
    "advocateReferral": False,
    "wishesToMediate": True,
}
INQUIRY: Answers = {
    "tie": "none",
    "interestInOutcome": False,
    "priorRole": "none",
    "socialMediaLink": False,
    "inquiryMade": ["own_files"],
    "conflictClass": "none",
    "attestation": "I know nobody in this case.",
}
_POINTS = (
    "voluntary", "confidentiality", "mediatorRole", "noRecording", "dataNotice", "rightToWithdraw", "onlineTechnology",
    "interpreterPresent", "electronicSignature", "observerPresent", "followUpContact", "anonymousResearch",
)  # fmt: skip


def agreed(stage: Stage, name: str) -> Answers:
    """Consent to all twelve points, signed by name."""
    return {
        "firstStep": "answer",
        **dict.fromkeys(_POINTS, "agree"),
        "checkStop": "yes",
        "checkDecides": "we",
        "checkPrivate": "with_permission",
        "authority": "self",
        "signature": name,
        "signedOn": stage.day(),
    }


def take_in(
    stage: Stage, parties: Sequence[Party], *, request: Answers = REQUEST, meanwhile: Callable[[Stage], None] = lambda stage: None
) -> None:
    """From the request to the decision on suitability; `meanwhile` happens while the first contact is due in working days."""
    does(stage, "intake", "Record the request", request, picture="task")
    does(stage, "intake", "Check scope and jurisdiction", SCOPE)
    meanwhile(stage)
    contact: Answers = {"contactResult": "ready", "contactAttempts": 1, "firstContactOn": stage.day()}
    does(stage, "intake", "Contact the parties", contact)
    for party in parties:
        does(stage, "screener", "Screen a party", SCREENING, beside=party.name, picture="screening")
    for party in parties:
        does(stage, "intake", "Ask what a party needs", {"interpreter": "none", "techAccess": ["smartphone"]}, beside=party.name)
    does(stage, "intake", "Decide on suitability", {"intakeOutcome": "suitable", "priority": "P3"})


def appoint(stage: Stage, login: str = "mediator", name: str = "Mira Oakes") -> None:
    """A mediator without a conflict is found, asked and briefed."""
    does(stage, "intake", "Pick a candidate", {"candidateFound": True, "candidateId": Named(name), "credentialValid": True})
    does(stage, login, "Inquire and disclose", INQUIRY)
    does(stage, "intake", "Brief the mediator", {"briefed": ["logistics"], "briefedOn": stage.day()})


def consents(stage: Stage, case: str, party: Party) -> Reader:
    """A party is let in and agrees to all points; gives the party's pages."""
    reader = is_let_in(stage, case, party)
    answers_as_party(reader, party, "Answer the consent request", agreed(stage, party.name))
    return reader


def plan(stage: Stage, case: str, parties: Sequence[Party], mediator: str = "mediator") -> None:
    """What matters to each party, shared goals, their confirmation, and the plan."""
    for party in parties:
        reader = is_let_in(stage, case, party)
        wishes: Answers = {
            "hopes": "To be able to sleep.",
            "interests": [{"interest": "Quiet nights", "importance": 5, "shareable": False}],
        }
        answers_as_party(reader, party, "Say what matters to you", wishes)
    does(stage, mediator, "Assess priorities and challenges", _assessment())
    does(stage, mediator, "Set shared goals", _goals(stage))
    for party in parties:
        answers_as_party(is_let_in(stage, case, party), party, "Confirm the goals", {"understood": True})
    meetings: Answers = {"estimatedSessions": 2, "mode": "in_person", "coMediation": False, "firstSessionBy": stage.day(30)}
    does(stage, mediator, "Plan the meetings", meetings)


def _assessment() -> Answers:
    return {
        "issues": [{"issue": "Noise at night", "rank": 1, "urgency": 3}],
        "emotionalBarrier": "none",
        "legalComplexity": "low",
        "powerImbalance": "none",
        "strategy": "Begin with the mornings.",
        "adviceRecommended": False,
    }


def _goals(stage: Stage) -> Answers:
    goal: Answers = {"goal": "Quiet nights for both", "servesAll": True, "owner": "Both", "metric": "Nights without noise"}
    return {"goals": [goal | {"target": "Every night", "benchmarkOn": stage.day(45), "feasibility": 4}]}


def schedule(stage: Stage, after: int = 3) -> None:
    """Time and place of a session."""
    meeting: Answers = {"sessionAt": stage.time(after), "mode": "in_person", "place": "Room 2", "plannedMinutes": 90}
    does(stage, "intake", "Schedule the session", meeting, picture="schedule")


def meet(stage: Stage, case: str, result: str = "agreement", mediator: str = "mediator") -> None:
    """A session in three days, from its date to its summary."""
    schedule(stage)
    agenda: Answers = {"agenda": [{"point": "What happened since we met", "minutes": 30}], "groundRulesVersion": "v1"}
    does(stage, mediator, "Prepare the session", agenda, picture="prepare")
    stage.passes("P3DT2H")
    came: Answers = {"attendance": [{"who": "Everybody invited", "present": True, "attendsAs": "party"}]}
    does(stage, mediator, "Record attendance", came | {"capacityToday": "ok", "quorum": True})
    does(stage, mediator, "Open the session", {"rules": ["one_speaks", "respect"], "allAcknowledged": True})
    console = goes_to(stage, mediator, f"{case}/panels/console")
    sees(console, "Session console")
    console.picture("console")
    summary: Answers = {"agreedPoints": "Quiet from ten to seven.", "sessionMinutes": 90, "sessionResult": result}
    does(stage, mediator, "Write the joint summary", summary, picture="summary")
    does(stage, mediator, "Write private notes", {"observations": "Calmer than on the phone.", "notePurge": "closure_30"})


def agree(stage: Stage, case: str, parties: Sequence[Party], *, scope: str = "full", mediator: str = "mediator") -> None:
    """Terms are drafted, looked at, accepted and signed by every party."""
    term: Answers = {"term": "Quiet from ten to seven", "who": "Both", "what": "No music", "when": "From Monday on"}
    does(stage, mediator, "Draft the terms", {"terms": [term], "covers": scope})
    does(stage, mediator, "Check the terms", {"clarity": ["who", "what", "when"], "formal": ["all_named"], "sustainability": ["dates"]})
    accepts: Answers = {"termsUnderstood": True, "enoughTime": True, "couldGetAdvice": True, "feltFree": 5, "feelsFair": 4}
    for party in parties:
        answers_as_party(is_let_in(stage, case, party), party, "Look at the terms", accepts | {"canIDoIt": 4, "termsDecision": "accept"})
    for party in parties:
        signs: Answers = {"signs": True, "agreementSignature": party.name, "agreementSignedOn": stage.day()}
        answers_as_party(is_let_in(stage, case, party), party, "Sign the agreement", signs)
    does(stage, mediator, "Attest that it took place", {"attestedOn": stage.day(), "attestationSignature": "Mira Oakes"})


def close(stage: Stage, case: str, parties: Sequence[Party], code: str, issues: Sequence[Answers]) -> None:
    """The mediator signs off how it ended, each party confirms it and may be asked later, and the supervisor approves."""
    outcome: Answers = {"furtherWork": False, "outcomeCode": code, "hoursSpent": 6, "notesDisposition": "purge_30"}
    does(stage, "mediator", "Sign off the outcome", outcome | {"closingIssues": list(issues), "outcomeSignature": "Mira Oakes"})
    confirms: Answers = {"understandingMatches": True, "satisfiedOutcome": 4, "satisfiedProcess": 5, "closurePressured": 1}
    for party in parties:
        answers_as_party(is_let_in(stage, case, party), party, "Confirm how it ended", confirms | {"followUpOk": True})
    approves: Answers = {"flagsSeen": ["outcome", "confirmations"], "closureDecision": "approve"}
    does(stage, "supervisor", "Sign off the closure", approves)
