"""Commands that only read a program: of a demo's folder too, and none is begun where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from api import cli, places
from engine import store
from engine.operations.deploying import deployments
from engine.operations.people import programs
from tests.world import ROOT

LIBRARY = ROOT / "tests/packs/library"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A data folder of its own."""
    monkeypatch.delenv(places.DATABASE_VARIABLE, raising=False)
    return str(tmp_path / "data")


def test_a_report_of_a_demo_is_of_its_own_program_and_begins_no_other(data: str, tmp_path: Path) -> None:
    folder = Path(data)
    folder.mkdir()
    opened = store.open(f"sqlite:///{folder / 'demo.sqlite'}")
    opened.migrate()
    with opened.unit_of_work() as uow:
        system = programs.system(programs.ensure(uow, key="demo", title="Demo program"))
        deployments.deploy(uow, system, places.pack_files(LIBRARY), sandbox=True)
        uow.commit()
    opened.close()
    assert cli.main(["report", "--month", "2026-03", "--out", str(tmp_path), "--data", data]) == 0
    assert "library/lent" in (tmp_path / "figures-2026-03.csv").read_text()
    assert not (folder / "parley.sqlite").exists()


@pytest.mark.parametrize("command", [["report", "--month", "2026-03", "--out", "."], ["verify"]])
def test_what_only_reads_begins_no_program_where_there_is_none(data: str, command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*command, "--data", data]) == 1
    assert "There is no program in" in capsys.readouterr().err
    assert not list(Path(data).glob("*.sqlite"))
