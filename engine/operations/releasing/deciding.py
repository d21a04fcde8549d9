"""Who decides on what waits for a second person: oneself, or in the place of somebody who is away.

Four eyes count in a place too: nobody decides on what they worked on themselves, and in nobody's place on what that
person worked on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine import access, store
from engine.language import say
from engine.model.access import Actor, Subject
from engine.model.errors import Excluded
from engine.model.packs import Act
from engine.operations import live
from engine.operations.people import standing_in
from engine.store import UnitOfWork


def who(uow: UnitOfWork, actor: Actor, act: Act, pack: str | None, worked: Collection[str | None]) -> Actor | None:
    """The actor as themselves, or in the first place in which they may decide; None: in none.

    `worked`: the persons who worked on what is decided. `pack`: the key of the pack that it is of.
    """
    if actor.person_id in worked:
        return None
    return next((one for one in _able(uow, actor, act, pack) if one.standing_for not in worked), None)


def require(uow: UnitOfWork, actor: Actor, act: Act, pack: str | None, worked: Collection[str | None]) -> Actor:
    """As `who`; the actor as they are where nothing lets them decide. Raises Excluded for who stands in only for one who worked on it."""
    found = who(uow, actor, act, pack, worked)
    if found is None and actor.person_id not in worked and any(_able(uow, actor, act, pack)):
        raise Excluded(say("You stand in for somebody who worked on this, so somebody else decides."))
    return found or actor


def in_place_of(uow: UnitOfWork, found: Actor | None) -> str | None:
    """The name of the person in whose place somebody decides; None: in their own."""
    return store.persons.get(uow, found.place.person_id).name if found is not None and found.place is not None else None


def _able(uow: UnitOfWork, actor: Actor, act: Act, pack: str | None) -> Iterator[Actor]:
    places = (standing_in.in_place(actor, one) for one in actor.lent if one.pack in (None, pack))
    return (one for one in (actor, *places) if _may(uow, one, act, pack))


def _may(uow: UnitOfWork, actor: Actor, act: Act, pack: str | None) -> bool:
    found = live.pack(uow, actor.program_id, pack)
    if found is None:
        # A new pack is decided on under the rules of those that are live, never under its own.
        return live.program_may(uow, actor, act)
    return access.may(actor, act, Subject("deployment", actor.program_id), found).allowed
