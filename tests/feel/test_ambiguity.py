"""Patterns that read some text in exponentially many ways are told from those that cannot."""

from __future__ import annotations

import pytest

from engine.feel import is_ambiguous


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^AB-(\\d+)+$", "(x+x+)+y", "^(a?b?)*c$", "^((ab)*)*$", "^(\\w+\\s?)*$", "(é+)+$",
        "^(foo|foofoo)+$", "^([0-9]+[,.]?)+$", "^(a+){2,40}$", "^(?:a{1,3})+$", "^((?:a+)+)$", "^([^x]+|\\d)*$",
    ],
)  # fmt: skip
def test_a_loop_that_reads_one_text_in_two_ways_is_ambiguous(pattern: str) -> None:
    assert is_ambiguous(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "^[A-Za-z0-9_-]{1,64}$", "^[A-Z]{2}-\\d{4}$", "^(\\d{3}-)+\\d{2}$", "^(\\d+,)*\\d+$", "^a*a*b$", "^[a-z]+(-[a-z]+)*$", "^(a|b)+x$",
        "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", "^(?:[A-Z]{2}\\d+;)*$", "^\\d+(\\.\\d+)?$", "^(a|b|cd)*$", "^(a)\\1$", "", "([", "^[]]+$",
    ],
)  # fmt: skip
def test_what_reads_every_text_in_few_ways_is_not(pattern: str) -> None:
    assert not is_ambiguous(pattern)


def test_a_pattern_as_long_as_forms_allow_is_judged_soon() -> None:
    assert is_ambiguous("^(" + "[a-z]?" * 30 + ")*$")
    assert not is_ambiguous("^(" + "[a-z]\\d{4}" * 18 + ")*$")
