"""The scenarios that are shipped with the pack hold, and walk what the pack asks for."""

from __future__ import annotations

import pytest

from api import places
from engine.operations.scenarios import scenarios
from engine.scenarios.results import Run
from tests.world import ROOT

FILES = places.pack_files(ROOT / "processes/mediation")


@pytest.fixture(scope="module")
def run() -> Run:
    """All of them, run once."""
    return scenarios.run_files(FILES)


def test_every_shipped_scenario_passes(run: Run) -> None:
    assert scenarios.problems(run) == ()
    assert run.problems == ()
    assert len(run.results) >= 12
    assert [result.name for result in run.results if not result.passed] == []


def test_every_procedure_is_walked_and_all_together_as_the_pack_asks(run: Run) -> None:
    assert {one.process: one.whole.percent for one in run.coverage if one.whole.percent < 80} == {}
    assert run.threshold >= 80
    assert run.total.percent >= run.threshold


@pytest.mark.parametrize(("setting", "days"), [("consentExpiry", "P21D"), ("reviewNormal", "P30D"), ("closureExpiry", "P10D")])
def test_scenarios_hold_when_a_setting_is_changed(setting: str, days: str) -> None:
    """They speak of the settings by name, so that changing one needs no change of theirs."""
    pack = FILES["pack.toml"].decode()
    line = next(line for line in pack.splitlines() if line.startswith(f"{setting} ="))
    default = line.split('default = "')[1].split('"')[0]
    changed = {**FILES, "pack.toml": pack.replace(line, line.replace(f'default = "{default}"', f'default = "{days}"')).encode()}
    touched = {"consentExpiry": "consent-expires", "reviewNormal": "review-due", "closureExpiry": "closure-silence"}[setting]
    (result,) = scenarios.run(changed, only=touched).results
    assert result.passed, result.failed_at
