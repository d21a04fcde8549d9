"""Regular expressions (DMN 1.5, table 74; XPath and XQuery Functions and Operators 3.1, 5.6)."""

from __future__ import annotations

import pytest

from tests.feel.vectors import written


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('matches("foobar", "^fo*b")', "true"),
        ('matches("foobar", "^bar")', "false"),
        ('matches("FOO", "foo", "i")', "true"),
        ('matches("a\\nb", "a.b")', "false"),
        ('matches("a\\nb", "a.b", "s")', "true"),
        ('matches("a\\nb", "^b", "m")', "true"),
        ('matches("helloworld", " hello[ ]world ", "x")', "false"),
        ('matches("hello world", "hello\\\\ sworld", "x")', "true"),
        ('matches("abc", "[a-z-[aeiou]]bc")', "false"),
        ('matches("bbc", "[a-z-[aeiou]]bc")', "true"),
        ('matches("é", "\\\\p{L}")', "true"),
        ('matches("abracadabra", "(a).*\\\\1")', "true"),
        ('matches("a", "(?=a)")', "null"),
        ('matches("a", "(?i)A")', "null"),
        ('matches("a", "a{e<=1}")', "null"),
        ('matches("a", "(")', "null"),
        ('matches("a", "[z-a]")', "null"),
        ('matches("a", "a", "q")', "null"),
        ('matches("a", "a{99999}")', "null"),
        ('matches("a", null)', "null"),
        ('replace("banana", "a", "o")', '"bonono"'),
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', '"[1=ab][2=]cd"'),
        ('replace("abracadabra", "bra", "*")', '"a*cada*"'),
        ('replace("abc", "b", "$0$0")', '"abbc"'),
        ('replace("abc", "b", "\\\\$")', '"a$c"'),
        ('replace("abc", "b", "$")', "null"),
        ('replace("abc", "b*", "x")', "null"),
        ('replace("AbC", "b", "x", "i")', '"AxC"'),
        ('split("John Doe", "\\\\s")', '["John", "Doe"]'),
        ('split("a;b;c;;", ";")', '["a", "b", "c", "", ""]'),
        ('split("abc", "")', "null"),
    ],
)
def test_patterns_are_those_of_xpath(expression: str, expected: str) -> None:
    assert written(expression) == expected
