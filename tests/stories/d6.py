"""D6: the mediator finds a conflict after the first session and steps back; a wall is put up, somebody else is appointed
while intake is away and stood in for, and the parties are asked for consent again."""

from __future__ import annotations

from tests.stories import usual
from tests.stories.acts import goes_to, misses, opens_case, sees
from tests.stories.stage import Party, Stage

PARTIES = (Party("Yara Finch"), Party("Zeno Wells"))


def tell(stage: Stage) -> None:
    """From the first session to the consent that is given to another mediator."""
    case = opens_case(stage, "intake", PARTIES, usual.OPENING)
    usual.take_in(stage, PARTIES)
    usual.appoint(stage)
    for party in PARTIES:
        usual.consents(stage, case, party)
    usual.plan(stage, case, PARTIES)
    usual.meet(stage, result="next")

    mediator = goes_to(stage, "mediator", case)
    mediator.follows("Step back")
    mediator.presses("Step back")
    misses(goes_to(stage, "mediator", "/cases"), "2026-0001")
    _is_walled(stage, case)
    usual.appoint(stage, "mediator2", "Noor Field")
    for party in PARTIES:
        reader = usual.consents(stage, case, party)
    sees(goes_to(stage, "mediator2", case), "Case 2026-0001")
    misses(reader, "Mira")


def _is_walled(stage: Stage, case: str) -> None:
    supervisor = goes_to(stage, "supervisor", "/walls")
    sees(supervisor, "Mira Oakes")
