"""ruff finds nothing to say about the tree, and mypy nothing about what runs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from api.setup.checkout import ROOT


@pytest.mark.parametrize("arguments", [("ruff", "check", "--no-cache", "."), ("mypy", "engine", "api")], ids=["ruff", "mypy"])
def test_the_checker_finds_nothing_to_say(arguments: tuple[str, ...]) -> None:
    outcome = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout[-6000:] + outcome.stderr[-2000:]
