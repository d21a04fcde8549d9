"""Somebody without a working link asks for a new one: they give their mail address, and the case's number if they know it.

Whoever asks is told the same in every case, so that nobody learns here who takes part in anything. What is found goes out by
mail to the address that is on file; how often somebody may ask is counted in the database, known address or not.
"""

from __future__ import annotations

from datetime import timedelta

from engine import clock, store
from engine.model.cases import Participant
from engine.model.portal import KeyKind
from engine.operations import live
from engine.operations.people import attempts, portal_keys, programs
from engine.store import UnitOfWork

VIA = "portal"
#: what stands before an address in the count of attempts
_ASKED = "new link for "
#: cases for which one request brings a link, newest first, when it names none
MOST_CASES = 3
#: links that somebody may ask for within a day, for each case they take part in
A_DAY = 5
_DAY = timedelta(days=1)


def ask(uow: UnitOfWork, email: str, number: str, sender: str) -> None:
    """Send new links to a mail address, for the case with a number or for each that it takes part in.

    `sender` is the network address that asks. Gives nothing back and raises nothing that depends on what is known:
    TooManyAttempts counts alike for all. What was asked for is remembered when the unit of work is committed.
    """
    who, where = _ASKED + email.strip().casefold(), _ASKED + sender
    attempts.check(uow, who, where)
    attempts.failed(uow, who, where)
    found = [one for one in store.participants.at_address(uow, email) if _may_have(uow, one, number)] if email.strip() else []
    for one in found[:MOST_CASES]:
        program = store.programs.get(uow, one.program_id)
        portal_keys.send(uow, programs.system(program, via=VIA), one)


def _may_have(uow: UnitOfWork, participant: Participant, number: str) -> bool:
    """Whether a link is for them: no staff, the case that they name, not behind a wall, not asked for too often."""
    case = store.cases.get(uow, participant.case_id)
    pack = live.pack(uow, case.program_id, case.pack)
    role = pack.roles.get(participant.role) if pack else None
    if role is None or role.staff or store.walls.is_walled(uow, case.id, participant.person_id):
        return False
    if number.strip() and store.persons.folded(case.number) != store.persons.folded(number):
        return False
    since = clock.now() - _DAY
    keys = (one for one in store.portal_keys.of_case(uow, case.id) if one.participant_id == participant.id and one.by_id is None)
    return sum(one.kind is KeyKind.LINK and one.created_at > since for one in keys) < A_DAY
