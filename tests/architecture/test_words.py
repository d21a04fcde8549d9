"""The words the house uses, and those it keeps out."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.architecture import house

#: The engine and its doors are neutral; these belong to the pack. Parts of other words are fine.
_DOMAIN = re.compile(r"\b(?:mediator|mediation|caucus|settlement)s?\b", re.IGNORECASE)
#: Names that say nothing about what a class is for.
_EMPTY_NAMES = re.compile(r"(?:Manager|Service|Helper|Utils?|Handler|Processor)$")
_REGISTRY = re.compile(r'registry\.(?:npmjs|yarnpkg)|pythonhosted|pypi\.org|"resolved"\s*:|--(?:extra-)?index-url')
_MACHINE = re.compile(r"(?<![\w./}-])/(?:root|work|Users|home)/\w")


def test_the_engine_and_its_doors_know_no_word_of_the_domain() -> None:
    found = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path in house.paths("engine", "api")
        for number, line in enumerate(house.text(path).splitlines(), 1)
        if _DOMAIN.search(line)
    ]
    assert found == [], "Labels come from the pack."


def test_file_names_know_no_word_of_the_domain() -> None:
    assert [str(path) for path in house.paths("engine", "api") if _DOMAIN.search(re.sub(r"[_\W]", " ", str(path)))] == []


def test_a_class_is_named_for_what_it_is() -> None:
    found = [
        f"{module.path}:{node.lineno}: {node.name}"
        for module in house.modules("engine", "api")
        for node in module.nodes(ast.ClassDef)
        if _EMPTY_NAMES.search(node.name)
    ]
    assert found == [], "Facades are modules of functions."


def test_the_tree_holds_no_registry_address_and_no_path_of_a_machine() -> None:
    found = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path in house.paths("engine", "api", "tests", "processes", "forms", ".ci")
        for number, line in enumerate(house.text(path).splitlines(), 1)
        if path.name != Path(__file__).name and (_REGISTRY.search(line) or _MACHINE.search(line))
    ]
    tops = ("pyproject.toml", "README.md", ".constraints.txt")
    found += [name for name in tops if _REGISTRY.search((house.ROOT / name).read_text(encoding="utf-8"))]
    assert found == []
