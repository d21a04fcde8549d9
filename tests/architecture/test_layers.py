"""Imports go down only, and each third-party library has one door."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib

import pytest

from api.setup.checkout import ROOT
from tests.architecture import house

#: Library to the places that may import it.
_DOORS = {
    "SpiffWorkflow": ("engine/bpmn/",),
    "sqlalchemy": ("engine/store/",),
    "alembic": ("engine/store/",),
    "psycopg": ("engine/store/",),
    "sqlite3": ("engine/store/",),
    "lark": ("engine/feel/",),
    "babel": ("engine/language.py",),
    "tomlkit": ("engine/packs/editing.py",),
    "holidays": ("engine/calendars.py",),
    "rich": ("api/synthetic/progress.py",),
    "icalendar": ("api/web/telling.py",),
    "fpdf": ("api/reporting/pdf.py",),
    "markdown_it": ("api/web/prose.py",),
    "flask": ("api/",),
    "flask_smorest": ("api/",),
    "marshmallow": ("api/",),
    "werkzeug": ("api/",),
    "waitress": ("api/",),
    "apscheduler": ("api/scheduler.py",),
    "procrastinate": ("engine/jobs/", "engine/jobs.py"),
}
#: What pages and resources leave to operations, and what of it they may name as a type.
_AS_TYPES = {"from engine.store import UnitOfWork"}
_INNER = ("engine.store", "engine.bpmn", "engine.dmn", "engine.jobs")


def test_imports_go_down_only() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"]
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_every_room_has_a_place_in_the_layers() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    placed = {name.strip(" ()") for layer in contracts[0]["layers"] for part in layer.split("|") for name in part.split(":")}
    rooms = {".".join(module.name.split(".")[:2]) for module in house.modules("engine", "api")} - {"engine", "api"}
    assert rooms - placed == set(), "Name each in the layers of pyproject.toml, [tool.importlinter]."


@pytest.mark.parametrize("library", sorted(_DOORS))
def test_a_library_is_imported_at_its_door_only(library: str) -> None:
    strays = [
        f"{module.path}:{line}"
        for module in house.modules("engine", "api", "processes", "forms")
        for line, name in module.imported()
        if name.split(".")[0] == library and not module.path.startswith(_DOORS[library])
    ]
    assert strays == [], f"{library} is imported in {', '.join(_DOORS[library])} only."


def test_the_ways_in_reach_data_through_operations_only() -> None:
    strays = [
        f"{module.path}:{node.lineno}: {ast.unparse(node)}"
        for module in house.modules("api/rest", "api/web")
        for node in module.nodes(ast.Import, ast.ImportFrom)
        if any(name.startswith(_INNER) for _, name in house.imported(node)) and ast.unparse(node) not in _AS_TYPES
    ]
    assert strays == [], "So that no read skips access; the unit of work may be named as a type."


def test_packages_that_set_up_needs_import_nothing_heavy() -> None:
    for name in ("api/__init__.py", "tests/__init__.py", "engine/__init__.py"):
        (module,) = (module for module in house.modules("engine", "api", "tests") if module.path == name)
        assert list(module.imported()) == [], name
    foreign = {
        name for module in house.modules("api/setup") for _, name in module.imported()
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("api.setup")
    }
    assert foreign == set(), "Set-up runs before any package is there."
