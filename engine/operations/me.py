"""Who is signed in, for the frame around every page: name, program, roles in words, and the acts that open rooms."""

from __future__ import annotations

from dataclasses import dataclass

from engine import access, store
from engine.model.access import Actor, Subject
from engine.model.packs import Act
from engine.operations import live
from engine.operations.measuring import figures
from engine.operations.people import standing_in
from engine.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class Me:
    """The signed-in person. `acts` are those that some role lets them do in the program as a whole."""

    name: str
    program: str
    #: IANA name of the program's time zone
    timezone: str
    #: labels of the program roles held now
    roles: tuple[str, ...]
    acts: frozenset[str]
    #: reads the process facts of at least one kind of case
    sees_cases: bool
    #: reads figures of a pack that measures something
    reads_figures: bool


def get(uow: UnitOfWork, actor: Actor) -> Me:
    """The frame for an actor; everybody may ask it about themselves."""
    person = store.persons.get(uow, actor.person_id)
    program = store.programs.get(uow, actor.program_id)
    packs = tuple(pack for found in live.all_packs(uow, actor.program_id) if (pack := live.spoken(uow, actor, found.key)))
    known = {key: role for pack in packs for key, role in pack.roles.items()}
    subject = Subject("program", actor.program_id)
    labels = [known[key].label for key in sorted(actor.roles) if key in known]
    return Me(
        name=person.name,
        program=program.title,
        timezone=program.timezone,
        roles=(*labels, *(("Administrator",) if actor.administrator else ())),
        acts=frozenset(str(act) for act in Act if any(access.may(actor, act, subject, pack).allowed for pack in packs or (None,))),
        sees_cases=bool(standing_in.cases_of(uow, actor)) or live.may_see_cases(uow, actor),
        reads_figures=figures.are_there(uow, actor),
    )
