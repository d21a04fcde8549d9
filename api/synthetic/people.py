"""Made-up people: who works for the program, and those whom cases are about."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass

from api.synthetic.plans import Cast, Plan
from engine.model.access import Actor
from engine.operations.people import accounts, people
from engine.operations.people.memberships import NewParticipant
from engine.store import UnitOfWork

_PHONES = 100


@dataclass(slots=True)
class Member:
    """Somebody who works for the program, and how many cases they have now."""

    actor: Actor
    cast: Cast
    load: int = 0


def hire(uow: UnitOfWork, system: Actor, plan: Plan, cases: int, rng: random.Random) -> dict[str, list[Member]]:
    """The cast for so many cases, by role, each with an account that nobody can sign in to."""
    found: dict[str, list[Member]] = {}
    for cast in plan.cast:
        for number in range(1, max(cast.least, math.ceil(cases / cast.cases_each)) + 1):
            login = f"{cast.role.replace('_', '-')}.{number}"
            person = people.add(uow, system, name=name(plan, rng), staff=True, roles=(cast.role,))
            account = accounts.add_account(uow, system, person.id, login, None)
            actor = accounts.actor_for_account(uow, account.id, account.session_epoch, via="page")
            found.setdefault(cast.role, []).append(Member(actor, cast))
    return found


def choose(members: list[Member], rng: random.Random, but: set[str]) -> Member | None:
    """One who is not among `but`, with room if somebody has; the less they have the likelier. None: nobody."""
    others = [one for one in members if one.actor.person_id not in but]
    free = [one for one in others if one.cast.cap is None or one.load < one.cast.cap] or others
    return min(rng.sample(free, min(3, len(free))), key=lambda one: one.load) if free else None


def newcomer(plan: Plan, rng: random.Random, role: str, told: Mapping[str, object]) -> NewParticipant:
    """Somebody whom a case is about; `told` may give their language and the chance of an e-mail address."""
    who = name(plan, rng)
    phone = f"555-{100 + rng.randrange(_PHONES):04d}"
    has_mail = rng.random() < float(str(told.get("mail", 0)))
    mail = f"{who.lower().replace(' ', '.')}.{rng.randrange(10_000)}@example.org" if has_mail else None
    return NewParticipant(role, name=who, email=mail, phone=phone, language=str(told.get("language", "en")))


def name(plan: Plan, rng: random.Random) -> str:
    """A first and a last name."""
    return f"{rng.choice(plan.first_names)} {rng.choice(plan.last_names)}"
