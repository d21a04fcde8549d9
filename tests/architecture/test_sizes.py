"""Files, functions and classes stay small enough to be read in one go."""

from __future__ import annotations

import ast

from tests.architecture import house

#: Lines, at most. Revisions of the database are lists of columns and may be long.
_FILE, _SCRIPT, _FUNCTION, _CLASS = 400, 300, 50, 250
_ALL = ("engine", "api", "tests")


def test_no_file_is_too_long() -> None:
    limits = {".py": _FILE, ".html": _FILE, ".css": _FILE, ".js": _SCRIPT, ".mjs": _SCRIPT}
    lengths = {path: len(house.text(path).splitlines()) for path in house.paths(*_ALL) if path.suffix in limits}
    assert [f"{path}: {length}" for path, length in lengths.items() if length > limits[path.suffix]] == []


def test_no_function_is_too_long() -> None:
    assert _longer_than(_FUNCTION, ast.FunctionDef, ast.AsyncFunctionDef) == []


def test_no_class_is_too_long() -> None:
    assert _longer_than(_CLASS, ast.ClassDef) == []


def _longer_than(limit: int, *kinds: type[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]) -> list[str]:
    return [
        f"{module.path}:{node.lineno}: {node.name} has {_lines(node)} lines"
        for module in house.modules(*_ALL)
        if "/migrations/" not in module.path
        for node in module.nodes(*kinds)
        if _lines(node) > limit
    ]


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1
