"""D7: consent is withdrawn mid-way. No reason is asked, everything stops at once, and the others are told in neutral words."""

from __future__ import annotations

from tests.stories import usual
from tests.stories.acts import begins, goes_to, is_let_in, misses, opens_case, sees
from tests.stories.stage import Party, Stage

PARTIES = (Party("Lena Park"), Party("Omar Hale"))


def tell(stage: Stage) -> None:
    """From a session that is planned to a case that ends because one party no longer wants it."""
    case = opens_case(stage, "intake", PARTIES, usual.OPENING)
    usual.take_in(stage, PARTIES)
    usual.appoint(stage)
    for party in PARTIES:
        usual.consents(stage, case, party)
    usual.plan(stage, case, PARTIES)
    usual.schedule(stage, after=10)

    lena = is_let_in(stage, case, PARTIES[0])
    sees(lena, "Appointments", "Withdraw")
    lena.picture("portal-home")
    lena.follows("Withdraw")
    sees(lena, "You need not give a reason")
    lena.picture("portal-withdraw")
    lena.presses("Withdraw")
    sees(lena, "It holds from now on", "nobody asks you for a reason")

    omar = is_let_in(stage, case, PARTIES[1])
    misses(omar, "Lena")
    mediator = goes_to(stage, "mediator", "/inbox?tab=all")
    misses(mediator, "Prepare the session")
    begins(stage, "mediator", "Sign off the outcome")
