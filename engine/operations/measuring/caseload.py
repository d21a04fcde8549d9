"""How much work each person carries, weighed as the pack says, against the most they take on; and who can take a case.

A table by name, never a ranking. What stands behind a wall of the reader is not counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from engine import access, clock, feel, store
from engine.language import say
from engine.model.access import Actor, Subject
from engine.model.cases import Case
from engine.model.errors import NotFound
from engine.model.measures import Caseload, Load, Taker, Takers
from engine.model.packs import Act, Pack
from engine.model.people import Absence, Person
from engine.operations import live, wording
from engine.store import UnitOfWork

#: how far ahead absences are told
_AHEAD = timedelta(days=60)


def loads(uow: UnitOfWork, actor: Actor) -> tuple[Load, ...]:
    """Everybody who can be given cases, by name. Raises Forbidden for who does not list all cases."""
    live.require_program_act(uow, actor, Act.CASE_LIST)
    return tuple(load for pack, caseload in _packs(uow, actor) for load in _loads(uow, actor, pack, caseload))


def are_there(uow: UnitOfWork, actor: Actor) -> bool:
    """Whether some pack weighs the cases that the actor lists."""
    return any(True for _ in _packs(uow, actor))


def takers(uow: UnitOfWork, actor: Actor, number: str) -> tuple[Takers, ...]:
    """For each role that weighs something who could take a case, given by its number. Raises NotFound, Forbidden."""
    live.require_program_act(uow, actor, Act.CASE_LIST)
    case = store.cases.get_by_number(uow, actor.program_id, number.strip())
    if case is None or store.walls.is_walled(uow, case.id, actor.person_id):
        raise NotFound(say("No case has this number; look at how it is written in the list of cases."))
    found = []
    for pack, caseload in _packs(uow, actor):
        if pack.key == case.pack:
            known = _loads(uow, actor, pack, caseload)
            found += [_takers(uow, actor, case, pack, caseload, role, known) for role in caseload.weights]
    return tuple(found)


def _packs(uow: UnitOfWork, actor: Actor) -> list[tuple[Pack, Caseload]]:
    known = (live.spoken(uow, actor, pack.key) for pack in live.all_packs(uow, actor.program_id))
    return [(pack, pack.caseload) for pack in known if pack is not None and pack.caseload is not None and access.knows_all(actor, pack)]


def _loads(uow: UnitOfWork, actor: Actor, pack: Pack, caseload: Caseload) -> tuple[Load, ...]:
    held = store.measures.holding(uow, actor.program_id, pack.key, caseload.weights.keys(), actor.person_id)
    weights = _weights(uow, caseload, {case_id for case_id, _, _ in held})
    cases: dict[str, set[str]] = defaultdict(set)
    carried: dict[str, float] = defaultdict(float)
    for case_id, person_id, role in held:
        cases[person_id].add(case_id)
        carried[person_id] += weights[case_id, role]
    away = _absences(uow, actor)
    cap = float(pack.settings[caseload.cap].default)
    return tuple(
        Load(one.id, one.name, len(cases[one.id]), round(carried[one.id], 1), cap, *away.get(one.id, (None, None)))
        for one in _people(uow, actor, pack, caseload)
    )


def _people(uow: UnitOfWork, actor: Actor, pack: Pack, caseload: Caseload) -> list[Person]:
    roles = dict.fromkeys(pack.roles[role].eligible or role for role in caseload.weights)
    found = {one.id: one for role in roles for one in store.memberships.holders(uow, actor.program_id, role, clock.now())}
    return sorted(found.values(), key=lambda one: (one.name.casefold(), one.id))


def _weights(uow: UnitOfWork, caseload: Caseload, case_ids: set[str]) -> Mapping[tuple[str, str], float]:
    """What each case weighs in each role."""
    ready = {role: feel.compile(text) for role, text in caseload.weights.items()}
    names = frozenset(name for one in ready.values() for name in one.names)
    facts: dict[str, dict[str, object]] = {case_id: dict.fromkeys(names) for case_id in case_ids}
    for fact in store.facts.of_cases(uow, case_ids, names):
        facts[fact.case_id][fact.key] = feel.from_json(fact.value)
    return {(case_id, role): _number(one.evaluate(known)) for case_id, known in facts.items() for role, one in ready.items()}


def _number(value: object) -> float:
    """What cannot be weighed weighs one."""
    try:
        return float(str(value))
    except ValueError:
        return 1.0


def _absences(uow: UnitOfWork, actor: Actor) -> Mapping[str, tuple[datetime | None, tuple[datetime, datetime] | None]]:
    """Until when each person is away now, and when next."""
    now = clock.now()
    by_person: dict[str, list[Absence]] = defaultdict(list)
    for one in store.absences.list_(uow, actor.program_id, now, until=now + _AHEAD):
        by_person[one.person_id].append(one)
    found = {}
    for person_id, them in by_person.items():
        until = max((one.to_at for one in them if one.from_at <= now), default=None)
        ahead = min(((one.from_at, one.to_at) for one in them if one.from_at > now), default=None)
        found[person_id] = (until, ahead)
    return found


def _takers(uow: UnitOfWork, actor: Actor, case: Case, pack: Pack, caseload: Caseload, role: str, known: tuple[Load, ...]) -> Takers:
    weight = _weights(uow, caseload, {case.id})[case.id, role]
    may_know = access.may(actor, Act.WALL_MANAGE, Subject("program", actor.program_id), pack).allowed
    zone = store.programs.get(uow, actor.program_id).timezone
    on_case = {one.person_id for one in store.participants.of_case(uow, case.id) if one.role in caseload.weights}
    found = []
    for load in known:
        reasons = [_walled(may_know)] if store.walls.is_walled(uow, case.id, load.person_id) else []
        if not reasons:
            exclusion = access.conflict(pack, role, store.duties.of_person(uow, case.id, load.person_id))
            reasons += [exclusion.reason] if exclusion is not None else []
        if load.person_id in on_case:
            reasons.append(say("Has the case already."))
        elif load.weight + weight > load.cap:
            reasons.append(
                say(
                    "Carries {weight} of {cap}; this case weighs {more}.",
                    weight=f"{load.weight:g}",
                    cap=f"{load.cap:g}",
                    more=f"{weight:g}",
                )
            )
        if load.away_until is not None:
            reasons.append(say("Away until {day}.", day=wording.day(load.away_until, zone)))
        found.append(Taker(load, tuple(reasons)))
    return Takers(case.id, case.number, pack.roles[role].label, weight, tuple(found))


def _walled(may_know: bool) -> str:
    return say("A wall keeps them from this case.") if may_know else say("Cannot take this case.")
