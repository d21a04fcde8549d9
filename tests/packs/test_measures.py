"""Measures of a pack: what they name has to exist, and free text splits no figure."""

from __future__ import annotations

import pytest

from engine import packs
from tests.operations import shelf

_PACK = (shelf.LIBRARY / "pack.toml").read_text(encoding="utf-8")
_MEASURE = """
[[measures]]
key = "borrowed"
title = "Lent"
definition = "Loans opened in the period."
kind = "count"
note = "Reading at the desk is not in it."
"""


def codes(more: str, base: str = _MEASURE) -> set[str]:
    """The codes of what is wrong with a pack that has these lines besides."""
    _, problems = packs.read(f"{_PACK}\n{base}{more}".encode(), file="pack.toml")
    return {problem.code for problem in problems}


def test_a_measure_that_names_what_there_is_is_fine() -> None:
    assert codes("") == set()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ('by = ["weather"]', "unknown-name"),
        ('when = "midnight"', "unknown-name"),
        ('where = "weather = 1"', "unknown-name"),
        ('where = "apart.weather >= 2"', "unknown-name"),
        ('where = "case.state = settings.weather"', "unknown-setting"),
        ('where = "1 +"', "bad-expression"),
        ('standard = "soon"', "bad-duration"),
        ('of = ["loan/fetch"]', "measure-steps"),
        ('called = "loans"', "measure-times"),
        ('roles = ["nobody"]', "unknown-role"),
    ],
)
def test_what_a_measure_names_and_is_not_there_is_said(more: str, code: str) -> None:
    assert codes(more) == {code}


def test_a_share_without_what_fits_and_an_undefined_figure_are_refused() -> None:
    assert codes("", _MEASURE.replace('"count"', '"share"')) == {"missing-key"}
    assert codes("", _MEASURE.replace('definition = "Loans opened in the period."\n', "")) == {"missing-key"}


def test_figures_of_fewer_than_three_are_never_told() -> None:
    assert codes("[figures]\nleast = 2\n") == {"bad-value"}
