"""A change of what is measured is told in words that its second reader can check."""

from __future__ import annotations

import pytest

from engine.model.compared import Difference
from engine.operations.words import pack_words, sentences
from engine.packs import compare
from tests.operations import shelf

LIBRARY = shelf.library()
_NEW = b"""
[[measures]]
key = "kept"
title = "Kept"
definition = "Loans that nobody gave back."
kind = "share"
fits = 'case.state = "open"'
by = ["bookClass"]
note = "Some books are loved."
"""


def told(old: bytes, new: bytes) -> list[str]:
    before = LIBRARY["pack.toml"]
    assert old in before
    after = before.replace(old, new, 1)
    words = sentences.of_files(LIBRARY), sentences.of_files(LIBRARY | {"pack.toml": after})
    found: tuple[Difference, ...] = compare.compare(before, after)
    return [f"{what}: {was} → {now}" for one in found for _, _, what, was, now, _ in pack_words.told(one, *words)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "count"\nby', 'kind = "count"\nwhen = "closed"\nby', "what puts it into a month: nothing → when the case was closed"),
        ('standard = "P7D"', 'standard = "P9D"', "Figure “Time until the book is back”, standard: P7D → P9D"),
        ("fits = 'terms = \"accepted\"'", "fits = 'terms != null'", 'share of those for which: terms = "accepted" → terms != null'),
        ('kind = "unmeasured"', 'kind = "count"\ndefinition = "Smiles."', "what it gives: nothing yet → how many"),
    ],
)
def test_what_is_different_in_a_figure_is_a_sentence(old: str, new: str, said: str) -> None:
    assert any(said in one for one in told(old.encode(), new.encode()))


def test_a_new_figure_says_how_it_is_counted_and_by_what() -> None:
    (said,) = told(b'[[measures]]\nkey = "lent"', _NEW + b'\n[[measures]]\nkey = "lent"')
    assert said.startswith("Figure “Kept”: None → new; what it gives: a share in percent; how it is counted: Loans that nobody gave back.")
    assert said.endswith("can be split by: " + sentences.of_files(LIBRARY).name("bookClass"))


def test_another_limit_is_told_as_one_of_the_pack() -> None:
    (said,) = told(b'[[measures]]\nkey = "lent"', b'[figures]\nleast = 5\n\n[[measures]]\nkey = "lent"')
    assert said == "Pack, figures are told from so many on: nothing → 5"
