"""D6: the mediator finds a conflict after the first session and steps back; a wall is put up, somebody else is appointed
while intake is away and stood in for, and the parties are asked for consent again."""

from __future__ import annotations

from tests.stories import usual
from tests.stories.acts import answers_form, does, goes_to, misses, opens_case, sees
from tests.stories.reader import Named, Reader
from tests.stories.stage import Party, Stage

PARTIES = (Party("Yara Finch"), Party("Zeno Wells"))


def tell(stage: Stage) -> None:
    """From the first session to the consent that is given to another mediator."""
    case = opens_case(stage, "intake", PARTIES, usual.OPENING)
    usual.take_in(stage, PARTIES, meanwhile=_has_a_day_off)
    usual.appoint(stage)
    for party in PARTIES:
        usual.consents(stage, case, party)
    usual.plan(stage, case, PARTIES)
    usual.meet(stage, case, result="next")

    mediator = goes_to(stage, "mediator", case)
    mediator.follows("Step back")
    mediator.picture("step-back")
    mediator.presses("Step back")
    misses(goes_to(stage, "mediator", "/cases"), "2026-0001")
    _is_walled(stage, case)
    _stood_in_for(stage)
    _walled_stand_in(stage)
    for party in PARTIES:
        reader = usual.consents(stage, case, party)
    sees(goes_to(stage, "mediator2", case), "Case 2026-0001")
    misses(reader, "Mira")


def _has_a_day_off(stage: Stage) -> None:
    """The office is closed tomorrow: the change tells which deadlines that moves. (It is not sent.)"""
    manager = goes_to(stage, "manager", "/procedures/changes/new")
    assert manager.fills({"title": "Closed for stocktaking"}) == {}
    manager.presses("Begin")
    change = manager.path
    manager.opens(f"{change}/pack/calendars/entries/office")
    assert manager.fills({"days-1-on": stage.day(1), "days-1-label": "Stocktaking"}) == {}
    manager.picture("working-days", at="Days of its own")
    manager.presses()
    manager.opens(f"{change}/pack/calendars/entries/office/days?year={stage.day()[:4]}&from={stage.time(0)}&length=P2D")
    sees(manager, "Stocktaking")
    manager.picture("working-days-tried")
    manager.opens(change)
    sees(manager, "Running deadlines that this moves", "Contact the parties")
    manager.picture("working-days-moved", at="Running deadlines that this moves")


def _is_walled(stage: Stage, case: str) -> None:
    supervisor = goes_to(stage, "supervisor", "/walls")
    sees(supervisor, "Mira Oakes", "Stepped back")
    supervisor.picture("walls")


def _is_away(stage: Stage, login: str, stand_in: str) -> Reader:
    """Somebody is away for two days from now on."""
    reader = goes_to(stage, login, "/away")
    assert reader.fills({"first": stage.day(), "last": stage.day(1), "person-0": Named(stand_in)}) == {}
    reader.picture("away")
    reader.presses()
    sees(reader, stand_in)
    return reader


def _stood_in_for(stage: Stage) -> None:
    """Ines has taken the task to find somebody, and is away; Ivo does it in her place."""
    goes_to(stage, "intake", "/inbox?tab=roles").presses("Take it", beside="Pick a candidate")
    _is_away(stage, "intake", "Ivo Marsh")
    ivo = goes_to(stage, "intake2", "/inbox")
    ivo.follows("For Ines Calder")
    sees(ivo, "In the place of Ines Calder")
    ivo.picture("in-place-of")
    ivo.follows("Pick a candidate")
    sees(ivo, "You do this in the place of Ines Calder")
    answers_form(ivo, {"candidateFound": True, "candidateId": Named("Noor Field"), "credentialValid": True})
    does(stage, "mediator2", "Inquire and disclose", usual.INQUIRY)
    does(stage, "intake2", "Brief the mediator", {"briefed": ["logistics"], "briefedOn": stage.day()})


def _walled_stand_in(stage: Stage) -> None:
    """Noor is away and names Mira, whom the wall keeps from this case also in Noor's place."""
    noor = _is_away(stage, "mediator2", "Mira Oakes")
    mira = goes_to(stage, "mediator", "/inbox")
    mira.follows("For Noor Field")
    sees(mira, "Nothing to do in this person's place")
    misses(mira, "2026-0001")
    mira.picture("walled")
    noor.presses("End it")
