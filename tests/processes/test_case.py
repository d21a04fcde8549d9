"""P01: a case from opening to each of its ends."""

from __future__ import annotations

from tests.processes import answers, telling
from tests.world import World


def test_a_case_runs_from_opening_to_full_agreement(world: World) -> None:
    case = telling.in_mediation(world)
    telling.meet(world, case)
    telling.agree(world, case)
    telling.to_sign_off(world, case)
    world.complete("sue", case, "sign_off_closure", answers.APPROVED)
    assert telling.end_event(world, case) == "closed_full"
    closed = world.case(case)
    assert (closed.state, closed.outcome) == ("closed", "full_agreement")
