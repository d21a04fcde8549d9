"""Files read and checked together: what is said of them at once, and what waits until something else is solved."""

from __future__ import annotations

from engine.language import called
from engine.model.errors import Level
from engine.operations import bundles
from engine.operations.words import pack_words, sentences
from engine.packs import compare
from tests.bpmn.drawing import end, process, start, user
from tests.world import ROOT, pack_files

LIBRARY = ROOT / "tests/packs/library"
FILES = pack_files(LIBRARY, LIBRARY / "forms")
UNTIMED = process(start("s"), user("ask"), end("e"), go="s > ask; ask > e", key="untimed")


def read(**files: bytes) -> bundles.Bundle:
    """The library with more files; a name has an underscore for its dot."""
    return bundles.read({**FILES, **{name.replace("_", "."): content for name, content in files.items()}}, lambda _key: None)


def test_a_refused_diagram_hides_nothing_of_the_pack_and_of_sound_diagrams() -> None:
    loose = process(start("s"), end("e"), go="", key="loose")
    form = FILES["loan-terms.json"].replace(b'"x-class": "C4"', b'"x-class": "C1"')
    assert form != FILES["loan-terms.json"]
    alone = {(one.file, one.code) for one in read(untimed_bpmn=UNTIMED).problems}
    files = {**FILES, "loan-terms.json": form, "untimed.bpmn": UNTIMED, "loose.bpmn": loose}
    found = {(one.file, one.code) for one in bundles.read(files, lambda _key: None).problems}
    assert ("untimed.bpmn", "task-without-role") in alone
    assert {("untimed.bpmn", "task-without-role"), ("loan-terms.json", "undeclared-variable")} <= found
    assert any(file == "loose.bpmn" for file, _ in found)
    assert not any(code in ("unknown-process", "unknown-element") for _, code in found), "what is refused may well have it"


def test_what_is_refused_gets_no_advice_beside() -> None:
    problems = read(untimed_bpmn=UNTIMED).problems
    refused = {(one.file, one.element_id) for one in problems if one.level is Level.REFUSE and one.element_id}
    assert ("untimed.bpmn", "ask") in refused
    assert not [one for one in problems if one.level is Level.WARN and (one.file, one.element_id) in refused]


def test_a_new_deadline_rule_is_told_with_the_names_of_its_steps_and_languages_by_theirs() -> None:
    words = sentences.of_files(FILES)
    target = next(key for key, name in words.steps.items() if name == "Answer the terms")
    rule = b'\n[[deadline_rules]]\nkey = "soon"\napplies_to = ["%s", "*"]\nrungs = []\n' % target.encode()
    found = next(one for one in compare.compare(FILES["pack.toml"], FILES["pack.toml"] + rule) if one.id == "deadline_rules.soon")
    said = " ".join(now or "" for _id, _mark, _what, _was, now, _note in pack_words.told(found, words, words))
    assert "“Answer the terms” of " in said
    assert "every other task" in said
    assert target not in said
    assert (called("es"), called("no such tag")) == ("Spanish", "no such tag")
