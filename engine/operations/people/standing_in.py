"""Who may act in whose place while they are away, worked out from what the absences of now say. Nothing is read here
but ties to a case.

A person in somebody's place has at most what that somebody has, never more: the walls and duties of both count against
them, case roles that ask for a program role ask it of them too, and what the other wrote for themselves stays theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from engine import access
from engine.model.access import Actor, Lent, Place, Subject
from engine.model.cases import Case
from engine.model.lists import LentCases
from engine.model.packs import Act, Pack, RoleKind
from engine.model.people import Away
from engine.operations import live, ties
from engine.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far somebody's place is lent: in which roles and which pack; None is all."""

    roles: frozenset[str] | None = None
    pack: str | None = None

    def within(self, role: str | None, pack: str | None) -> _Reach | None:
        """What is left of it through one more line; None: nothing."""
        roles = self.roles if role is None else frozenset({role}) & (self.roles if self.roles is not None else frozenset({role}))
        if roles is not None and not roles:
            return None
        if self.pack is not None and pack is not None and pack != self.pack:
            return None
        return _Reach(roles, self.pack or pack)


def lent(person_id: str, rows: Iterable[Away]) -> tuple[Lent, ...]:
    """What a person may do for others now: for who named them, and through who named them for those who named that one."""
    named: defaultdict[str, list[Away]] = defaultdict(list)
    for row in rows:
        named[row.stand_in_id].append(row)
    found: dict[tuple[str, str | None], tuple[frozenset[str], frozenset[str] | None]] = {}
    for row, reach in _through(person_id, named, _Reach(), frozenset({person_id})):
        key = (row.person_id, reach.pack)
        held, only = found.get(key, (frozenset(), frozenset()))
        only = None if only is None or reach.roles is None else only | reach.roles
        found[key] = (held | row.held, only)
    return tuple(
        Lent(absent, held if only is None else held & only, only, pack)
        for (absent, pack), (held, only) in sorted(found.items(), key=lambda item: (item[0][0], item[0][1] or ""))
    )


def _through(
    person_id: str, named: dict[str, list[Away]] | defaultdict[str, list[Away]], reach: _Reach, seen: frozenset[str]
) -> Iterator[tuple[Away, _Reach]]:
    for row in named.get(person_id, ()):
        further = reach.within(row.role, row.pack)
        if further is None or row.person_id in seen:
            continue
        yield row, further
        yield from _through(row.person_id, named, further, seen | {row.person_id})


def actors(uow: UnitOfWork, actor: Actor, case: Case) -> Iterator[Actor]:
    """The actor in each place that they may take on a case; none behind a wall."""
    if not actor.lent:
        return
    mine = ties.to_case(uow, actor, case)
    if mine.walled:
        return
    pack = live.pack(uow, case.program_id, case.pack)
    for one in actor.lent:
        if one.pack is None or one.pack == case.pack:
            roles = frozenset(role for role in one.roles if pack is None or access.conflict(pack, role, mine.ever) is None)
            yield in_place(actor, one, roles)


def in_place(actor: Actor, one: Lent, roles: Collection[str] | None = None) -> Actor:
    """The actor in somebody's place; `roles`: those of the lent program roles that count."""
    place = Place(one.person_id, one.only, actor.roles)
    held = one.roles if roles is None else frozenset(roles)
    return replace(actor, roles=held, administrator=False, on_behalf_of=one.person_id, lent=(), place=place)


def for_case(uow: UnitOfWork, actor: Actor, case: Case, act: str) -> Actor:
    """The actor as themselves when they may do an act to a case, else in the first place in which they may, else as they are."""
    pack = live.pack(uow, case.program_id, case.pack)
    if not actor.lent or access.may(actor, act, ties.to_case(uow, actor, case), pack).allowed:
        return actor
    places = actors(uow, actor, case)
    return next((one for one in places if access.may(one, act, ties.to_case(uow, one, case), pack).allowed), actor)


def cases_of(uow: UnitOfWork, actor: Actor) -> tuple[LentCases, ...]:
    """Whose cases a list may tell the actor, for each who is away. Each case still has to be asked about by itself
    (`reader`): walls and duties are the case's. No statement when they stand in for nobody."""
    if not actor.lent:
        return ()
    known = live.all_packs(uow, actor.program_id)
    found: dict[str, LentCases] = {}
    for one in actor.lent:
        lends = [pack for pack in known if one.pack in (None, pack.key)]
        held = frozenset((pack.key, role) for pack in lends for role in _held_roles(actor, one, pack))
        packs = frozenset(pack.key for pack in lends if _lists(actor, one, pack))
        before = found.get(one.person_id, LentCases(one.person_id))
        found[one.person_id] = LentCases(one.person_id, before.held | held, before.packs | packs)
    return tuple(one for one in found.values() if one.held or one.packs)


def _held_roles(actor: Actor, one: Lent, pack: Pack) -> Iterator[str]:
    """The case roles of which somebody's cases are lent."""
    place = Place(one.person_id, one.only, actor.roles)
    for role in pack.roles.values():
        if role.kind is not RoleKind.PROGRAM and Act.CASE_VIEW in role.may and ties.is_lent(pack, role.key, place, frozenset()):
            yield role.key


def _lists(actor: Actor, one: Lent, pack: Pack) -> bool:
    return access.may(in_place(actor, one), Act.CASE_LIST, Subject("program", actor.program_id), pack).allowed


def reader(uow: UnitOfWork, actor: Actor, case: Case, person_id: str | None = None) -> Actor | None:
    """Who meets a case that a list gave: the actor where they take part in it, else in the first place in which they see it.

    `person_id`: in that one's place only. None: they do not see it.
    """
    if not person_id and ties.to_case(uow, actor, case).participant_ids:
        return actor
    pack = live.pack(uow, case.program_id, case.pack)
    places = (one for one in actors(uow, actor, case) if not person_id or one.on_behalf_of == person_id)
    return next((one for one in places if access.may(one, Act.CASE_VIEW, ties.to_case(uow, one, case), pack).allowed), None)
