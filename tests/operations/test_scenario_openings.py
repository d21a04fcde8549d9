"""How a scenario with a case of its own begins: by whom, and with whom."""

from __future__ import annotations

from engine.operations.scenarios import scenario_openings
from tests.world import ROOT, pack_files

MEDIATION = pack_files(ROOT / "processes/mediation", ROOT / "forms/mediation")


def test_the_packs_own_procedure_is_first() -> None:
    assert scenario_openings.procedures(MEDIATION)[0][0] == "mediation-case"


def test_somebody_who_may_open_a_case_begins_it_with_the_people_it_needs() -> None:
    begun = scenario_openings.beginning(MEDIATION, "session")
    assert begun.opening == {"by": "somebody-intake", "process": "session"}
    assert begun.people == {
        "somebody-intake": ("intake",),
        "somebody-party": ("party",),
        "somebody-party-2": ("party",),
        "somebody-mediator": ("mediator", "roster_mediator"),
    }


def test_staff_of_what_it_calls_is_there_too() -> None:
    assert "somebody-screener" in scenario_openings.beginning(MEDIATION, "mediation-case").people
    assert "somebody-helper" not in scenario_openings.beginning(MEDIATION, "mediation-case").people


def test_without_a_pack_an_administrator_begins() -> None:
    plain = {name: content for name, content in MEDIATION.items() if name == "session.bpmn"}
    begun = scenario_openings.beginning(plain, "session")
    assert begun.people == {"somebody": ("administrator",)}
    assert begun.opening == {"by": "somebody", "process": "session"}


def test_a_procedure_that_the_change_adds_is_what_the_next_scenario_is_about() -> None:
    before = {name: content for name, content in MEDIATION.items() if name != "session.bpmn"}
    assert scenario_openings.added(MEDIATION, before) == "session"
    assert scenario_openings.added(MEDIATION, MEDIATION) is None
