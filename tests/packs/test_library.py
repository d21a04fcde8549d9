"""The lending library: a second domain reads and checks clean, so the engine knows no domain."""

from __future__ import annotations

from pathlib import Path

from engine import bpmn, forms, packs
from engine.model.forms import Form

HOME = Path(__file__).parent / "library"


def library_forms() -> dict[str, Form]:
    made = {}
    for path in sorted((HOME / "forms").glob("*.json")):
        form, problems = forms.read(path.read_bytes(), file=path.name)
        assert problems == ()
        assert form is not None
        made[form.key] = form
    return made


def test_the_library_s_pack_forms_and_diagram_agree() -> None:
    pack, problems = packs.read((HOME / "pack.toml").read_bytes(), file="pack.toml")
    assert problems == ()
    assert pack is not None
    reading = bpmn.read({path.name: path.read_bytes() for path in HOME.glob("*.bpmn")})
    assert reading.problems == ()
    assert packs.check(pack, library_forms(), reading.processes) == ()
