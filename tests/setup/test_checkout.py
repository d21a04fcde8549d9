"""`.venv` of a checkout."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from api.setup import checkout


def test_a_checkout_that_is_ready_is_left_alone_without_a_word(capfd: pytest.CaptureFixture[str]) -> None:
    checkout.ensure()
    capfd.readouterr()
    checkout.ensure()
    assert capfd.readouterr() == ("", "")


def test_everything_that_pyproject_asks_for_is_pinned() -> None:
    project = tomllib.loads((checkout.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(line for group in project["optional-dependencies"].values() for line in group)]
    pinned = {_plain(line.split("==")[0]) for line in _pins()}
    assert {_plain(re.split(r"[\[<>=!~]", line)[0]) for line in asked} - pinned == set()


def test_what_is_installed_is_what_is_pinned() -> None:
    frozen = subprocess.run([sys.executable, "-m", "pip", "freeze", "--exclude-editable", "--disable-pip-version-check"],
                            capture_output=True, text=True, check=True).stdout
    pins = dict(line.split("==") for line in _pins())
    versions = {_plain(name): version for name, version in pins.items()}
    installed = [line.partition("==") for line in frozen.splitlines()]
    drift = [name for name, _, version in installed if versions.get(_plain(name), version) != version]
    assert drift == []


def test_a_package_whose_installation_was_cut_off_is_forgotten_and_a_whole_one_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "lib" / "python3.11" / "site-packages"
    for name, files in (("whole-1.dist-info", ("METADATA", "RECORD")), ("cut-1.dist-info", ("METADATA",))):
        (site / name).mkdir(parents=True)
        for file in files:
            (site / name / file).touch()
    monkeypatch.setattr(checkout, "VENV", tmp_path)
    checkout._forget_half_installed()
    assert [path.name for path in site.iterdir()] == ["whole-1.dist-info"]


@pytest.mark.parametrize("package", ["api", "tests"])
def test_an_older_python_is_told_so_in_a_sentence(package: str) -> None:
    pretend = (
        "import runpy, sys; sys.version_info = (3, 9, 2, 'final', 0);"
        f"runpy.run_path({str(checkout.ROOT / package / '__main__.py')!r}, run_name='__main__')"
    )
    outcome = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True, check=False)
    assert outcome.returncode == 1
    assert outcome.stderr.startswith("Parley needs Python 3.11 or newer; this is Python 3.9.")


def _pins() -> list[str]:
    lines = (checkout.ROOT / ".constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
