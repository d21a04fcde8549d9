"""The tree as the architecture tests read it: our own files, without what set-up and tools leave behind."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from api.setup.checkout import ROOT

_NOT_OURS = {"node_modules", "__pycache__", "dist", "build"}
_TEXT = {".py", ".js", ".mjs", ".css", ".html", ".json", ".toml", ".txt", ".md", ".bpmn", ".dmn", ".mako", ".ini", ".sql", ".svg", ""}


@dataclass(frozen=True, slots=True)
class Module:
    """A Python file of ours. `path` is relative to the checkout, in POSIX form."""

    path: str
    tree: ast.Module
    text: str

    @property
    def name(self) -> str:
        """Its dotted name."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def paths(*folders: str) -> Iterator[Path]:
    """Our text files under the folders, relative to the checkout; a folder that is not there yet holds none."""
    for folder in folders:
        for parent, inner, names in os.walk(ROOT / folder):
            inner[:] = [name for name in inner if name not in _NOT_OURS and not name.endswith("_cache")]
            found = (Path(parent, name) for name in sorted(names))
            yield from (path.relative_to(ROOT) for path in found if path.suffix in _TEXT or path.name.startswith("."))


def text(path: Path) -> str:
    """A file's text."""
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Our Python files under the folders, parsed."""
    sources = [path for path in paths(*folders) if path.suffix == ".py"]
    return tuple(Module(path.as_posix(), ast.parse(text(path)), text(path)) for path in sources)


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything a file imports, relative imports left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
