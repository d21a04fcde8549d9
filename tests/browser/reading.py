"""A pack that is kept in Spanish, word for word, and what of a page a Spanish reader finds in English all the same."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from engine import bpmn, forms, packs
from engine.forms import translating as of_forms
from engine.operations import bundles
from engine.packs import translating as of_packs
from tests import catalogs

#: what stands behind each text of a pack in the other language
MARK = " (es)"
#: rooms where a pack is written: its texts stand there as they are written
OF_WRITERS = {
    "changes", "compare", "diagram_room", "form_room", "model_folders", "pack_calendar_days", "pack_room", "plain", "running_cases",
    "scenario_mending", "scenario_room", "scenario_writing", "studio", "translations", "help",
}  # fmt: skip
#: of people, keys, answers and variables, which are called like a sentence
_NAMES = ("Administrator", "Delete", "decision", "answer", "yes")
_ATTRIBUTES = ("aria-label", "placeholder", "title", "alt", "data-label")


def in_spanish(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a pack with a translation of all that it, its forms and its diagrams say: the same with a mark behind it."""
    told = dict(files)
    for name, content in files.items():
        form = forms.read(content, file=name)[0] if bundles.kind(name) == "form" else None
        if form is not None:
            said = {text: text + MARK for text in of_forms.missing(form, "es")}
            told[name] = json.dumps({**json.loads(content), "x-translations": {"es": said}}).encode()
    pack, _problems = packs.read(files["pack.toml"], file="pack.toml")
    assert pack is not None
    diagrams = bpmn.read({name: content for name, content in files.items() if bundles.kind(name) == "bpmn"})
    table = "\n".join(f"{json.dumps(text)} = {json.dumps(text + MARK)}" for text in of_packs.missing(pack, "es", diagrams.processes))
    named = files["pack.toml"].decode().replace('language = "en"', 'language = "en"\nlanguages = ["es"]')
    told["pack.toml"] = f"{named}\n[translations.es]\n{table}\n".encode()
    return told


def sentences() -> frozenset[str]:
    """What the catalogs have in English and differently in Spanish, as far as it stands alone."""
    known = {text: said[0] for path in catalogs.CATALOGS.values() for text, said in catalogs.read(path / "es.po").items()}
    alone = (text for text, said in known.items() if said != text and "{" not in text and len(text) > 2)
    return frozenset(alone) - {*known.values(), *_NAMES}


def seen(page: Any) -> set[str]:
    """The texts of a page, and what stands in attributes that are read out; without what people typed and code."""
    for hidden in page.xpath("//script | //style | //textarea | //code | //*[@lang != /html/@lang] | //template"):
        hidden.drop_tree()
    told: Iterable[str] = (*page.xpath("//text()"), *(value for name in _ATTRIBUTES for value in page.xpath(f"//@{name}")))
    return {" ".join(text.split()) for text in told}


def marked(files: Mapping[str, bytes]) -> frozenset[str]:
    """The English texts of files that are kept in Spanish, forms' too."""
    told = in_spanish(files)
    of_forms = [json.loads(content)["x-translations"]["es"] for name, content in told.items() if bundles.kind(name) == "form"]
    return frozenset({text for said in (tomllib.loads(told["pack.toml"].decode())["translations"]["es"], *of_forms) for text in said})
