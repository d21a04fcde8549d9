"""D4: a small claim that a court sent; a part of it is agreed on, and the court hears four facts and nothing else."""

from __future__ import annotations

from tests.stories import usual
from tests.stories.acts import does, goes_to, misses, opens_case, sees
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
    open_still: Answers = {"issue": "The interest", "state": "unresolved"}
    usual.close(stage, case, PARTIES, "partial_agreement", ({"issue": "The deposit", "state": "resolved"}, open_still))
    _reports(stage, case)


def _reports(stage: Stage, case: str) -> None:
    came: Answers = {"reportedAttendance": [{"who": party.name, "attended": True} for party in PARTIES]}
    facts: Answers = {"sessionHeld": True, "dateEnded": stage.day(), "reportedOutcome": "settled_in_part"}
    does(stage, "intake", "Report to the referrer", facts | came)
    desk = goes_to(stage, "intake", case)
    desk.follows("Report to the referrer")
    desk.picture("report")
    sees(desk, "SC 41/26", "Settled in part", "Vera Stone", "Nothing else may be told")
    misses(desk, DISPUTE, "The interest", "Mira")
