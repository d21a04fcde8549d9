"""The standard's own words as tables: each line of the files beside this one is an expression and what it has to give."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import feel
from tests.feel.vectors import written

LINES = [
    pytest.param(*line.rpartition(" => ")[::2], id=f"{file.stem}:{number}")
    for file in sorted((Path(__file__).parent / "standard").glob("*.txt"))
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
    if not line.startswith("#")
]


@pytest.mark.parametrize(("expression", "expected"), LINES)
def test_an_expression_gives_what_the_standard_says(expression: str, expected: str) -> None:
    assert written(expression) == (f'"{feel.evaluate(expected, {})}"' if expected.startswith('"') else expected)


#: Nulls that are no failure: the opposite of null, and parts that a value does not have.
MEANT = {"not(null)", 'time("10:20:30").time offset', "(<10).start"}


@pytest.mark.parametrize("expression", [line.values[0] for line in LINES if line.values[1] == "null"])
def test_a_null_says_why(expression: str) -> None:
    assert bool(feel.evaluate_detail(expression, {}).reasons) is (expression not in MEANT)
