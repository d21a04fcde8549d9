"""Answering surveys in made-up cases: some of those who were invited, each by a chance of their own, so that nothing else changes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from api.synthetic import draws, hours
from api.synthetic.draws import Names
from api.synthetic.plans import Plan
from api.synthetic.told import Told
from engine import clock
from engine.model.surveys import Invitation
from engine.operations.rounds import playing
from engine.operations.telling import surveys
from engine.store import UnitOfWork


def coming(uow: UnitOfWork, plan: Plan, told: Told, names: Names, seed: int) -> Iterator[tuple[datetime, Invitation]]:
    """The invitations of a case that will be answered, and when; each is drawn once."""
    for one in playing.invited(uow, told.id) if plan.surveys else ():
        if one.id in told.invited or one.participant_id not in told.parties:
            continue
        told.invited.add(one.id)
        rule, rng = plan.surveys[one.survey], _lot(told, one, seed, "whether")
        if draws.holds(rule.chance, rng, names):
            at = clock.now() + timedelta(days=draws.log_normal(rng, *rule.after))
            yield hours.fitting(plan, at, rng, office=False), one


def answer(uow: UnitOfWork, plan: Plan, told: Told, invitation: Invitation, names: Names, seed: int) -> None:
    """Answer a survey, unless its time is over or its addressee takes part no longer."""
    open_now = surveys.open_to(uow, told.parties[invitation.participant_id].actor, told.id)
    if all(one.invitation.id != invitation.id for one in open_now):
        return
    rule, rng = plan.surveys[invitation.survey], _lot(told, invitation, seed, "said")
    rolls = {name: draws.draw(plan.rolls[name], rng, names, told.plan) for name in rule.rolls}
    data = draws.value(rule.data, {**names, "roll": rolls})
    surveys.answer(uow, told.parties[invitation.participant_id].actor, invitation.id, data, told.id)


def _lot(told: Told, invitation: Invitation, seed: int, what: str) -> random.Random:
    """Dice for one thing alone: with those that said whether, everybody who answers would say the same first."""
    number = told.parties[invitation.participant_id].number
    return random.Random(f"{seed}/{told.index}/{invitation.survey}/{number}/{what}")  # noqa: S311 - made-up cases, no secrets
