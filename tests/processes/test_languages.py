"""Everything that people read of the program stands in Spanish too: no text of a form, of the pack or of a diagram misses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import bpmn, forms, packs
from tests.world import ROOT

FORMS = sorted((ROOT / "forms/mediation").glob("*.json"))
#: texts that are the same in both languages: names of instruments, "No", "Normal"
SAME = frozenset({"No", "Normal", "Federal", "MASIC", "MASIC-S", "DOVE", "Video"})
MARKS = ("{case}", "{task}", "{count}")


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_every_text_of_a_form_is_said_in_spanish(path: Path) -> None:
    form, problems = forms.read(path.read_bytes(), file=path.name)
    assert form is not None
    assert problems == ()
    assert forms.missing(form, "es") == ()
    assert {text for text, said in form.translations["es"].items() if said == text} <= SAME


def test_every_word_of_the_pack_and_of_its_diagrams_is_said_in_spanish() -> None:
    home = ROOT / "processes/mediation"
    pack, _problems = packs.read((home / "pack.toml").read_bytes(), file="pack.toml")
    models = bpmn.read({path.name: path.read_bytes() for path in home.glob("*.bpmn")}).processes
    assert pack is not None
    assert packs.languages(pack) == ("en", "es")
    assert packs.missing(pack, "es", models) == ()
    assert packs.unused(pack, "es", models) == ()
    assert {text for text, said in pack.translations["es"].items() if said == text} <= SAME


def test_marks_of_notices_stand_in_spanish_too() -> None:
    pack, _problems = packs.read((ROOT / "processes/mediation/pack.toml").read_bytes(), file="pack.toml")
    assert pack is not None
    for text, said in pack.translations["es"].items():
        assert {mark for mark in MARKS if mark in text} == {mark for mark in MARKS if mark in said}, text
