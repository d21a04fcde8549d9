"""D3: a landlord and two tenants; one tenant does not agree to take part, and the case goes on with two."""

from __future__ import annotations

from tests.stories import usual
from tests.stories.acts import answers_as_party, goes_to, is_let_in, misses, opens_case, sees
from tests.stories.stage import Party, Stage

PARTIES = (Party("Rosa Lind"), Party("Theo Marsh"), Party("Uma Blake"))


def tell(stage: Stage) -> None:
    """From three people on one rent to two who plan their meeting."""
    case = opens_case(stage, "intake", PARTIES, usual.OPENING | {"categoryCode": "landlord_tenant"})
    request = usual.REQUEST | {"summary": "Who pays for the broken boiler, and from when on."}
    usual.take_in(stage, PARTIES, request=request)
    usual.appoint(stage)

    uma = is_let_in(stage, case, PARTIES[2])
    answers_as_party(uma, PARTIES[2], "Answer the consent request", usual.agreed(stage, "Uma Blake") | {"voluntary": "refuse"})
    sees(goes_to(stage, "intake", case), "consent")
    for party in PARTIES[:2]:
        usual.consents(stage, case, party)

    desk = goes_to(stage, "intake", f"{case}?tab=milestones")
    sees(desk, "Consent complete")
    desk.opens(f"{case}?tab=people")
    sees(desk, "Rosa Lind", "Theo Marsh", "Uma Blake")
    usual.plan(stage, case, PARTIES[:2])
    usual.schedule(stage)
    rosa = is_let_in(stage, case, PARTIES[0])
    sees(rosa, "Appointments")
    misses(rosa, "Uma")
