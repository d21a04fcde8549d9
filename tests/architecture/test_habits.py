"""Habits of the code that a parser can see."""

from __future__ import annotations

import ast
import pkgutil
import re
from collections import Counter
from importlib import import_module
from pathlib import Path

from engine.model.errors import ParleyError
from tests.architecture import house

_CLOCK = "engine/clock.py"
#: Calls that read the time of day; measuring how long something takes (perf_counter, monotonic) is something else.
_READS_TIME = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns", "func.now"}
_TOP = {"pyproject.toml", "README.md", "engine", "api", "processes", "forms", "tests"}
_LEFT_BEHIND = {"data", "build", "dist"}
_BARE_IGNORE = re.compile(r"#\s*type:\s*ignore(?!\[)|#\s*noqa(?!:)")
#: what has a left and a right in CSS: sides by name, floats and texts aligned to one, and a fourth value that differs from the second
_SIDED = re.compile(
    r"(?:^|[;{\s])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)|left|right)[\w-]*\s*:"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
    r"|(?:float|clear|text-align(?:-last)?|caption-side)\s*:\s*(?:left|right)\b",
)
_FOUR_SIDES = re.compile(r"\b(?:margin|padding|inset|border-(?:width|style|color))\s*:\s*(\S+) (\S+) (\S+) (\S+)\s*;")
_UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")


def test_only_the_clock_reads_the_time() -> None:
    found = [
        f"{module.path}:{node.lineno}: {ast.unparse(node.func)}"
        for module in house.modules("engine", "api")
        if module.path != _CLOCK
        for node in module.nodes(ast.Call)
        if ".".join(house.dotted(node.func).split(".")[-2:]) in _READS_TIME
    ]
    assert found == [], "engine.clock.now() is the only source of time."


def test_the_database_is_not_asked_for_the_time() -> None:
    asks = re.compile(r"CURRENT_TIME|datetime\('now'|\bnow\(\)", re.IGNORECASE)
    found = [
        f"{module.path}:{node.lineno}"
        for module in house.modules("engine/store")
        for node in module.nodes(ast.Constant)
        if isinstance(node.value, str) and asks.search(node.value) and "clock" not in node.value
    ]
    assert found == []


def test_exceptions_are_never_swallowed() -> None:
    found = [
        f"{module.path}:{node.lineno}"
        for module in house.modules("engine", "api", "tests")
        for node in module.nodes(ast.ExceptHandler)
        if node.type is None or all(isinstance(line, ast.Pass) for line in node.body)
    ]
    assert found == [], "Say what was caught, and do something about it."


def test_no_check_is_silenced_without_its_name() -> None:
    found = [
        f"{path}:{number}"
        for path in house.paths("engine", "api", "tests")
        if path.suffix == ".py" and path.name != Path(__file__).name
        for number, line in enumerate(house.text(path).splitlines(), 1)
        if _BARE_IGNORE.search(line)
    ]
    assert found == []


def test_nothing_is_left_for_later_in_a_comment() -> None:
    found = [
        f"{path}:{number}"
        for path in house.paths("engine", "api", "tests", "processes", "forms")
        for number, line in enumerate(house.text(path).splitlines(), 1)
        if _UNFINISHED.search(line) and path.name not in {"package-lock.json", Path(__file__).name}
    ]
    assert found == []


def test_every_error_says_what_went_wrong_and_has_a_code_of_its_own() -> None:
    errors = _errors()
    assert len(errors) > 5
    assert [error.__name__ for error in errors if not error.__dict__.get("__doc__")] == []
    assert [error.__name__ for error in errors if not error.__dict__.get("code")] == []
    assert [error.code for error in errors if not re.fullmatch(r"[a-z]+(-[a-z]+)*", error.code)] == []
    assert [code for code, count in Counter(error.code for error in errors).items() if count > 1] == []


def test_tests_neither_sleep_nor_mock() -> None:
    found = [
        f"{module.path}:{node.lineno}"
        for module in house.modules("tests")
        for node in module.nodes(ast.Call, ast.Import, ast.ImportFrom)
        if (house.dotted(node.func).endswith((".sleep", "wait_for_timeout")) if isinstance(node, ast.Call) else "mock" in ast.unparse(node))
    ]
    assert found == [], "Move the clock, wait for what should appear, and use the real thing."


def test_a_test_is_named_by_a_sentence() -> None:
    found = [
        f"{module.path}:{node.lineno}: {node.name}"
        for module in house.modules("tests")
        for node in module.nodes(ast.FunctionDef)
        if node.name.startswith("test_") and node.name.count("_") < 3
    ]
    assert found == []


def test_the_top_of_the_tree_holds_what_the_design_names() -> None:
    there = {path.name for path in house.ROOT.iterdir() if not path.name.startswith(".")}
    assert {name for name in there - _TOP - _LEFT_BEHIND if not name.endswith(".egg-info")} == set()


def _errors() -> list[type[ParleyError]]:
    package = import_module("engine")
    for found in pkgutil.walk_packages(package.__path__, "engine."):
        if ".migrations" not in found.name:
            import_module(found.name)
    known, waiting = [], [ParleyError]
    while waiting:
        error = waiting.pop()
        if error.__module__.split(".")[0] in {"engine", "api"}:
            known.append(error)
        waiting.extend(error.__subclasses__())
    return known


def test_style_sheets_know_no_left_and_right_so_that_a_page_can_be_read_from_either_side() -> None:
    sheets = [path for path in house.paths("api/web/src") if path.suffix == ".css"]
    lines = [(path, number, line) for path in sheets for number, line in enumerate(house.text(path).splitlines(), 1)]
    found = [
        f"{path}:{number}: {line.strip()}"
        for path, number, line in lines
        if _SIDED.search(line) or ((four := _FOUR_SIDES.search(line)) and four[2] != four[4])
    ]
    assert sheets
    assert found == [], "Say start and end (margin-inline-start, inset-inline-end, text-align: end)."
    assert _SIDED.search("  margin-left: 2px;")
    assert _SIDED.search("float: right;")
    assert not _SIDED.search("  inset-inline-end: 0;")
