"""The mediation program's cast and the usual way through each procedure, so that a story tells only what is special.

ida does intake, sol screens, sal leads on safety, mira and noor are on the roster of mediators, sue and sam supervise,
dan directs, pam manages the program; ana and ben are parties, cem a third one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from engine import clock
from engine.model.cases import Case
from tests.processes import answers
from tests.processes.answers import Answer
from tests.processes.stage import Stage
from tests.world import World

PARTIES = ("ana", "ben")
OUTSIDE = ("ana", "ben", "cem", "dia")
CAST: dict[str, tuple[str, ...]] = {
    "ida": ("intake",),
    "iva": ("intake",),
    "sol": ("screener",),
    "sal": ("safety_lead",),
    "mira": ("roster_mediator",),
    "noor": ("roster_mediator",),
    "sue": ("supervisor",),
    "sam": ("supervisor",),
    "dan": ("director",),
    "pam": ("program_manager",),
}


def open_case(world: Stage, parties: Iterable[str] = PARTIES, **opening: object) -> Case:
    """Ida opens a case of some parties."""
    return world.open_case("ida", "mediation", [("party", name) for name in parties], answers.OPENING | opening)


def take_in(
    world: Stage,
    case: Case,
    parties: Iterable[str] = PARTIES,
    *,
    screening: Answer = answers.SCREENING,
    decision: Answer = answers.SUITABLE,
) -> None:
    """From the request to the decision on suitability."""
    world.complete("ida", case, "record_request", answers.REQUEST)
    go_on(world, case, parties, screening=screening, decision=decision)


def go_on(
    world: Stage,
    case: Case,
    parties: Iterable[str] = PARTIES,
    *,
    screening: Answer = answers.SCREENING,
    decision: Answer = answers.SUITABLE,
) -> None:
    """From the recorded request to the decision on suitability."""
    world.complete("ida", case, "check_scope", answers.SCOPE)
    world.complete("ida", case, "contact_parties", answers.CONTACT)
    for name in parties:
        world.complete("sol", case, "screen_party", screening, of=name)
    for name in parties:
        world.complete("ida", case, "ask_for_needs", answers.NEEDS, of=name)
    world.complete("ida", case, "decide_suitability", decision)


def pick(world: Stage, case: Case, name: str = "mira") -> None:
    """Ida picks a candidate."""
    world.complete(
        "ida",
        case,
        "pick_candidate",
        {"candidateFound": True, "candidateId": world.people[name].id, "credentialValid": True},
    )


def appoint(world: Stage, case: Case, name: str = "mira") -> None:
    """A candidate without conflicts is appointed and briefed."""
    pick(world, case, name)
    world.complete(name, case, "inquire_and_disclose", answers.INQUIRY)
    world.complete("ida", case, "brief_mediator", answers.BRIEFING)


def consent(world: Stage, case: Case, parties: Iterable[str] = PARTIES) -> None:
    """Every party agrees."""
    for name in parties:
        world.complete(name, case, "answer_consent_request", answers.AGREED, of=name)


def plan(world: Stage, case: Case, parties: Iterable[str] = PARTIES, mediator: str = "mira") -> None:
    """Goals, assessment and plan."""
    for name in parties:
        world.complete(name, case, "say_what_matters", answers.GOALS_OF_PARTY, of=name)
    world.complete(mediator, case, "assess_priorities", answers.ASSESSMENT)
    world.complete(mediator, case, "set_goals", answers.GOALS)
    for name in parties:
        world.complete(name, case, "confirm_goals", answers.GOALS_CONFIRMED, of=name)
    world.complete(mediator, case, "plan_meetings", answers.PLAN)


def in_mediation(world: Stage, parties: Iterable[str] = PARTIES, **opening: object) -> Case:
    """A case in active mediation."""
    parties = tuple(parties)
    case = open_case(world, parties, **opening)
    take_in(world, case, parties)
    appoint(world, case)
    consent(world, case, parties)
    plan(world, case, parties)
    return case


def schedule(world: Stage, case: Case, after: timedelta = timedelta(days=3)) -> None:
    """A session, in three days unless said otherwise."""
    at = clock.now() + after
    world.complete(
        "ida",
        case,
        "schedule_session",
        {"sessionAt": at.isoformat(), "mode": "in_person", "place": "CANARY-C3-place", "plannedMinutes": 90},
    )


def meet(world: Stage, case: Case, result: str = "agreement", mediator: str = "mira") -> None:
    """One session, three days from now, with its summary and notes."""
    schedule(world, case)
    world.complete(mediator, case, "prepare_session", answers.PREPARATION)
    world.advance("P3D")
    world.complete(mediator, case, "record_attendance", answers.ATTENDANCE)
    world.complete(mediator, case, "open_session", answers.OPENED)
    world.complete(mediator, case, "write_joint_summary", answers.SUMMARY | {"sessionResult": result})
    world.complete(mediator, case, "write_private_notes", answers.NOTES)


def agree(world: Stage, case: Case, scope: str = "full", parties: Iterable[str] = PARTIES, mediator: str = "mira") -> None:
    """Terms drafted, accepted and signed."""
    parties = tuple(parties)
    world.complete(mediator, case, "draft_terms", answers.TERMS | {"covers": scope})
    world.complete(mediator, case, "check_terms", answers.EVALUATION)
    for name in parties:
        world.complete(name, case, "look_at_terms", answers.ACCEPTED, of=name)
    for name in parties:
        world.complete(name, case, "sign_agreement", answers.SIGNED, of=name)
    world.complete(mediator, case, "attest", answers.ATTESTED)


def to_sign_off(
    world: Stage,
    case: Case,
    outcome: Answer = answers.OUTCOME,
    parties: Iterable[str] = PARTIES,
    mediator: str = "mira",
) -> None:
    """The mediator signs off the outcome and every party confirms it."""
    world.complete(mediator, case, "sign_off_outcome", outcome)
    for name in parties:
        world.complete(name, case, "confirm_closure", answers.CONFIRMED, of=name)


def end_event(world: World, case: Case) -> str | None:
    """The end event of the case's first procedure, None while it runs."""
    return world.page("ida", case).instances[0].end_event


def worry(world: Stage, case: Case, decision: str, *, outside: bool = False) -> None:
    """Mira says that somebody is not safe; it is looked into, everybody is called and screened again, and sue decides."""
    world.send("mira", case, "SafetyConcern")
    worry_on(world, case, decision, outside=outside)


def worry_on(world: Stage, case: Case, decision: str, *, outside: bool = False) -> None:
    """What follows when somebody is not safe, up to sue's decision."""
    world.complete("sal", case, "look_into_incident", answers.CONCERN | {"disclosureNeeded": outside})
    if outside:
        world.complete("sal", case, "record_disclosure", answers.DISCLOSURE)
    for name in PARTIES:
        world.complete("sal", case, "call_after_concern", answers.CALLED, of=name)
        world.complete("sol", case, "screen_again", answers.SCREENING | {"concernLevel": "some", "safeguards": ["separate_rooms"]}, of=name)
    world.complete("sue", case, "decide_after_incident", {"incidentDecision": decision})
