"""Everything that people read of the program stands in Spanish too: no text of a form, of the pack or of a diagram misses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import forms
from tests.world import ROOT

FORMS = sorted((ROOT / "forms/mediation").glob("*.json"))
#: texts that are the same in both languages: names of instruments, "No", "Normal"
SAME = frozenset({"No", "Normal", "Federal", "MASIC", "MASIC-S", "DOVE", "Video"})


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_every_text_of_a_form_is_said_in_spanish(path: Path) -> None:
    form, problems = forms.read(path.read_bytes(), file=path.name)
    assert form is not None
    assert problems == ()
    assert forms.missing(form, "es") == ()
    assert {text for text, said in form.translations["es"].items() if said == text} <= SAME
