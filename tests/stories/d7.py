"""D7: consent is withdrawn mid-way. No reason is asked, everything stops at once, and the others are told in neutral words."""

from __future__ import annotations

from tests.stories import usual
from tests.stories.acts import begins, goes_to, is_let_in, misses, opens_case, sees
from tests.stories.stage import Stage

PARTIES = (("lena", "Lena Park"), ("omar", "Omar Hale"))


def tell(stage: Stage) -> None:
    """From a session that is planned to a case that ends because one party no longer wants it."""
    case = opens_case(stage, "intake", [(name, f"{login}@example.org", "en") for login, name in PARTIES], usual.OPENING)
    usual.take_in(stage, [name for _, name in PARTIES])
    usual.appoint(stage)
    for login, name in PARTIES:
        usual.consents(stage, login, case, name)
    usual.plan(stage, case, PARTIES)
    usual.schedule(stage, after=10)

    lena = is_let_in(stage, "lena", case, "Lena Park")
    sees(lena, "Appointments", "Withdraw")
    lena.picture("portal-home")
    lena.follows("Withdraw")
    sees(lena, "You need not give a reason")
    lena.picture("portal-withdraw")
    lena.presses("Withdraw")
    sees(lena, "It holds from now on", "nobody asks you for a reason")

    omar = is_let_in(stage, "omar", case, "Omar Hale")
    misses(omar, "Lena")
    mediator = goes_to(stage, "mediator", "/inbox?tab=all")
    misses(mediator, "Prepare the session")
    begins(stage, "mediator", "Sign off the outcome")
