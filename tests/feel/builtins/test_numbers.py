"""Functions on numbers and truth values (DMN 1.5, tables 73 and 76)."""

from __future__ import annotations

import pytest

from tests.feel.vectors import written


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("decimal(1/3, 2)", "0.33"),
        ("decimal(2.5, 0)", "2"),
        ("decimal(1234, -2)", "1200"),
        ("decimal(1, 6177)", "null"),
        ("floor(1.5)", "1"),
        ("floor(-1.56, 1)", "-1.6"),
        ("ceiling(-1.5)", "-1"),
        ("ceiling(1.56, 1)", "1.6"),
        ("round up(5.5, 0)", "6"),
        ("round up(-5.5, 0)", "-6"),
        ("round up(1.121, 2)", "1.13"),
        ("round down(-5.5, 0)", "-5"),
        ("round down(1.129, 2)", "1.12"),
        ("round half up(5.5, 0)", "6"),
        ("round half up(-5.5, 0)", "-6"),
        ("round half down(5.5, 0)", "5"),
        ("round half down(1.126, 2)", "1.13"),
        ("abs(-10)", "10"),
        ('abs(@"-PT5H")', "PT5H"),
        ('abs(@"-P1Y")', "P1Y"),
        ("modulo(12, 5)", "2"),
        ("modulo(-12, 5)", "3"),
        ("modulo(12, -5)", "-3"),
        ("modulo(-12, -5)", "-2"),
        ("modulo(10.1, 4.5)", "1.1"),
        ("modulo(1, 0)", "null"),
        ("sqrt(16)", "4"),
        ("sqrt(-1)", "null"),
        ("log(0)", "null"),
        ("decimal(log(10), 8)", "2.30258509"),
        ("decimal(exp(5), 8)", "148.4131591"),
        ("odd(5)", "true"),
        ("odd(2.5)", "null"),
        ("even(-2)", "true"),
        ("not(true)", "false"),
        ("not(null)", "null"),
        ("not(1)", "null"),
        ("floor(null)", "null"),
        ('floor("1")', "null"),
    ],
)
def test_functions_on_numbers(expression: str, expected: str) -> None:
    assert written(expression) == expected
