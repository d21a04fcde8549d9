"""The tree as the architecture tests read it: our own files, without what set-up and tools leave behind."""

from __future__ import annotations

import ast
import gc
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar, cast

from api.setup.checkout import ROOT

Node = TypeVar("Node", bound=ast.AST)

_NOT_OURS = {"node_modules", "__pycache__", "dist", "build"}
_TEXT = {".py", ".js", ".mjs", ".css", ".html", ".json", ".toml", ".txt", ".md", ".bpmn", ".dmn", ".mako", ".ini", ".sql", ".svg", ""}


@dataclass(frozen=True)
class Module:
    """A Python file of ours. `path` is relative to the checkout, in POSIX form."""

    path: str
    tree: ast.Module
    text: str

    @property
    def name(self) -> str:
        """Its dotted name."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @cached_property
    def _by_kind(self) -> dict[type[ast.AST], list[ast.AST]]:
        found: dict[type[ast.AST], list[ast.AST]] = defaultdict(list)
        for node in ast.walk(self.tree):
            found[type(node)].append(node)
        return found

    def nodes(self, *kinds: type[Node]) -> Iterator[Node]:
        """Everything of some kinds in it; the tree is walked once for all who ask."""
        for kind in kinds:
            yield from cast(list[Node], self._by_kind.get(kind, []))

    def imported(self) -> Iterator[tuple[int, str]]:
        """Line and dotted name of everything it imports, relative imports left out."""
        for node in self.nodes(ast.Import, ast.ImportFrom):
            yield from imported(node)


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
    gc.disable()  # a million nodes that stay would be gone through again and again, seven times as long as it takes to parse them
    try:
        return tuple(_module(path) for path in paths(*folders) if path.suffix == ".py")
    finally:
        gc.freeze()
        gc.enable()


@cache
def _module(path: Path) -> Module:
    return Module(path.as_posix(), ast.parse(text(path)), text(path))


def imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[int, str]]:
    """Line and dotted name of what a statement imports, relative imports left out."""
    if isinstance(node, ast.Import):
        yield from ((node.lineno, alias.name) for alias in node.names)
    elif node.module and not node.level:
        yield node.lineno, node.module


def dotted(node: ast.AST) -> str:
    """A name with its attributes as it is written; of what is no name its attributes only."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
