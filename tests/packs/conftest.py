"""The lending library's pack as a value and as the table it is written as."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine import packs
from engine.model.errors import Problem
from engine.model.packs import Pack
from tests.packs.writing import toml

HOME = Path(__file__).parent / "library"


@pytest.fixture
def library() -> Pack:
    pack, problems = packs.read((HOME / "pack.toml").read_bytes(), file="pack.toml")
    assert problems == ()
    assert pack is not None
    return pack


@pytest.fixture
def changed() -> Callable[[Callable[[dict[str, Any]], object]], tuple[Pack | None, tuple[Problem, ...]]]:
    """Read the library's pack after a change of its table."""

    def read(change: Callable[[dict[str, Any]], object]) -> tuple[Pack | None, tuple[Problem, ...]]:
        raw = tomllib.loads((HOME / "pack.toml").read_text(encoding="utf-8"))
        change(raw)
        return packs.read(toml(raw).encode(), file="pack.toml")

    return read
