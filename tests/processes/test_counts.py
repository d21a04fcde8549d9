"""How much runs, as a manager of procedures sees it: numbers, never a case."""

from __future__ import annotations

from engine.operations.deploying import definitions
from tests.processes import telling
from tests.world import World


def test_a_case_counts_in_its_own_procedure_and_in_the_one_it_waits_in(world: World) -> None:
    case = telling.open_case(world)
    telling.take_in(world, case)
    telling.appoint(world, case)
    with world.reading("pam") as (uow, actor):
        running = {line.definition.key: line.running_by_version for line in definitions.list_(uow, actor).items}
    assert running["mediation-case"] == {1: 1}
    assert running["consent-collection"] == {1: 1}
    assert running["closure"] == {}
