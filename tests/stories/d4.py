"""D4: a small claim that a court sent; a part of it is agreed on, and the court hears four facts and nothing else."""

from __future__ import annotations

from tests.stories import usual
from tests.stories.acts import answers_as_party, does, goes_to, is_let_in, misses, opens_case, sees
from tests.stories.reader import Answers
from tests.stories.stage import Party, Stage

PARTIES = (Party("Vera Stone"), Party("Will Acre"))
SENT_BY_COURT: Answers = {"referralSource": "court_order", "categoryCode": "small_debt", "courtCaseNumber": "SC 41/26"}
DISPUTE = "A deposit of 400 that was not paid back"


def tell(stage: Stage) -> None:
    """From the order of a court to the report that it gets."""
    case = opens_case(stage, "intake", PARTIES, usual.OPENING | SENT_BY_COURT)
    usual.take_in(stage, PARTIES, request=usual.REQUEST | {"summary": DISPUTE})
    usual.appoint(stage)
    for party in PARTIES:
        usual.consents(stage, case, party)
    usual.plan(stage, case, PARTIES)
    usual.meet(stage, case)
    usual.agree(stage, case, PARTIES, scope="partial")
    _closes(stage, case)
    _reports(stage, case)


def _closes(stage: Stage, case: str) -> None:
    issues: Answers = {"closingIssues": [{"issue": "The deposit", "state": "resolved"}, {"issue": "The interest", "state": "unresolved"}]}
    outcome: Answers = {"furtherWork": False, "outcomeCode": "partial_agreement", "hoursSpent": 6, "notesDisposition": "purge_30"}
    does(stage, "mediator", "Sign off the outcome", outcome | issues | {"outcomeSignature": "Mira Oakes"})
    confirms: Answers = {"understandingMatches": True, "satisfiedOutcome": 4, "satisfiedProcess": 5, "closurePressured": 1}
    for party in PARTIES:
        reader = is_let_in(stage, case, party)
        answers_as_party(reader, party, "Confirm how it ended", confirms | {"followUpOk": True})
    approves: Answers = {"flagsSeen": ["outcome", "confirmations"], "closureDecision": "approve"}
    does(stage, "supervisor", "Sign off the closure", approves)


def _reports(stage: Stage, case: str) -> None:
    came: Answers = {"reportedAttendance": [{"who": party.name, "attended": True} for party in PARTIES]}
    facts: Answers = {"sessionHeld": True, "dateEnded": stage.day(), "reportedOutcome": "settled_in_part"}
    does(stage, "intake", "Report to the referrer", facts | came)
    desk = goes_to(stage, "intake", case)
    desk.follows("Report to the referrer")
    desk.picture("report")
    sees(desk, "SC 41/26", "Settled in part", "Vera Stone", "Nothing else may be told")
    misses(desk, DISPUTE, "The interest", "Mira")
