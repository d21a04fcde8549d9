"""D1: neighbours, one of whom reads Spanish and answers after two reminders; a full agreement that holds for half a year."""

from __future__ import annotations

from tests.stories import usual
from tests.stories.acts import answers_as_party, goes_to, is_let_in, is_let_in_by_phone, misses, opens_case, sees
from tests.stories.reader import Answers
from tests.stories.stage import Party, Stage, said

ANA, BEN = Party("Ana Ruiz", "es"), Party("Ben Cole")


def tell(stage: Stage) -> None:
    """From a call about music at night to an agreement with two signatures, and half a year on."""
    case = opens_case(stage, "intake", (ANA, BEN), usual.OPENING)
    inbox = goes_to(stage, "intake", "/inbox?tab=roles")
    sees(inbox, "Record the request")
    inbox.picture("inbox-roles")
    usual.take_in(stage, (ANA, BEN))
    usual.appoint(stage)
    _consent(stage, case)
    usual.plan(stage, case, (ANA, BEN))
    usual.meet(stage, case)
    usual.agree(stage, case, (ANA, BEN))

    desk = goes_to(stage, "intake", f"{case}?tab=milestones")
    sees(desk, "Agreement signed")
    desk.picture("milestones")
    ana = is_let_in(stage, case, ANA)
    sees(ana, "Cómo va", said("Agreement signed", "es"))
    misses(ana, "Ben")
    usual.close(stage, case, (ANA, BEN), "full_agreement", ({"issue": "Noise at night", "state": "resolved"},))
    _holds(stage, case)


def _holds(stage: Stage, case: str) -> None:
    """The case is closed; both are asked three times in half a year, and say that it holds."""
    holds: Answers = {"agreementHolding": "yes", "wantsHelp": "no", "safetyFeeling": "fine"}
    for days in ("P31D", "P60D", "P90D"):
        stage.passes(days)
        for party in (ANA, BEN):
            answers_as_party(is_let_in(stage, case, party), party, "Say how the agreement holds", holds)
    desk = goes_to(stage, "intake", f"{case}?tab=milestones")
    sees(desk, "Followed up")
    desk.picture("followed-up")


def _consent(stage: Stage, case: str) -> None:
    """Ben answers at once, with a code from the phone; Ana is reminded twice, in her language."""
    ben = is_let_in_by_phone(stage, case, BEN)
    answers_as_party(ben, BEN, "Answer the consent request", usual.agreed(stage, BEN.name))
    asked = said("Something waits for your answer", "es")
    ana = stage[ANA.login]
    for days, mails in (("PT1H", 1), ("P3D", 2), ("P5D", 3)):
        stage.passes(days)
        ana.opens("/outgoing-mail")
        assert ana.text().count(f"{asked} To {ANA.mail}") == mails, ana.text()[:3000]
    misses(ana, "2026-", "Ben Cole", "music")
    sees(ana, "Antes puede hacer preguntas. http://127.0.0.1/portal")  # nothing to sign in with, so not to where staff do
    ana = is_let_in(stage, case, ANA)
    ana.picture("portal-home-es")
    ana.follows(said("Answer the consent request", "es"))
    ana.picture("portal-consent-es")
    answers_as_party(ana, ANA, "Answer the consent request", usual.agreed(stage, ANA.name))
