"""What people are told, as the code has it, and the catalogs of it: `python -m tests.catalogs` brings them up to date.

A sentence is found where `say`, `say_many`, `kept` or `noted` of engine.language gets it, where a template's `_`, `_n` or `noted`
does, where a browser module's `say` does, and in the docstring of an error. Catalogs keep the order of the code.
"""

from __future__ import annotations

import ast
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from api.setup.checkout import ROOT
from api.web.browser_words import IN_BROWSER, OF_ROOMS, in_room
from engine.language import Pattern
from engine.model.errors import ParleyError

#: a sentence, with its plural where it has one
Wanted = dict[str, str | None]
#: folder of the code → its catalogs
CATALOGS = {"engine": ROOT / "engine/languages", "api": ROOT / "api/web/languages"}
_NAMES = ("say", "say_many", "noted", "kept")
#: what the pages of the pack room are made of: which of a call's arguments people read
_TOLD = {"Part": (1, 2, 3), "Field": (1, 3), "Cell": (1,), "_key": (0,)}
_TOLD_BY_NAME = ("help", "label")
_IN_BROWSER = re.compile(r'\bsay\(\s*"((?:[^"\\]|\\.)*)"')
_IMPORTS_IT = re.compile(r'import \{[^}]*\bsay\b[^}]*\} from "[./]*/words\.js"')
_HEAD = 'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {plural}\\n"\n'


@cache
def wanted(folder: str) -> Wanted:
    """Every sentence of `engine` or `api`."""
    found: Wanted = {}
    if folder == "engine":
        found |= dict.fromkeys(pattern.value for pattern in Pattern)
    for path in sorted((ROOT / folder).rglob("*.py")):
        found |= _of_module(ast.parse(path.read_text(encoding="utf-8")))
    for path in sorted((ROOT / folder).rglob("templates/**/*.html")):
        found |= of_template(path)
    for path in sorted((ROOT / folder / "web/src").rglob("*.js")):
        found |= of_script(path.read_text(encoding="utf-8"))
    if folder == "api":
        found |= dict.fromkeys(text for room in OF_ROOMS for text in in_room(room))
    return found | dict.fromkeys(" ".join((error.__doc__ or "").split()) for error in _errors(folder))


def of_template(path: Path) -> Wanted:
    """The sentences of a template."""
    tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    found: Wanted = {}
    for line, function, text in extract_from_ast(tree, ("_", "_n", "noted")):
        given = text if isinstance(text, tuple) else (text,)
        assert isinstance(given[0], str) or function == "_", f"{path}:{line}: {function}() is given its words where it stands."
        if isinstance(given[0], str):
            found[given[0]] = given[1] if function == "_n" and len(given) > 1 else None
    return found


def of_script(text: str) -> Wanted:
    """The sentences of a browser module."""
    return {found.replace('\\"', '"'): None for found in _IN_BROWSER.findall(text)} if _IMPORTS_IT.search(text) else {}


def of_rooms() -> list[str]:
    """What the scripts of the rooms of diagrams and decision tables say besides what every page says."""
    source = ROOT / "api/web/src"
    scripts = (path for folder in ("modeler", "tables") for path in sorted((source / folder).rglob("*.js")))
    return sorted({text for path in scripts for text in of_script(path.read_text(encoding="utf-8"))} - set(IN_BROWSER))


def _of_module(tree: ast.Module) -> Wanted:
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "engine.language"
        for alias in node.names
        if alias.name in _NAMES
    }
    found: Wanted = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names and node.args:
            found |= _of_call(names[node.func.id], node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _TOLD:
            found |= dict.fromkeys(text for text in _of_part(node, _TOLD[node.func.id]) if text)
    return found


def _of_part(call: ast.Call, places: tuple[int, ...]) -> Iterator[str]:
    """What people read of a part of the pack room or of its fields: names, help, heads of columns."""
    yield from (_constant(call.args[place]) for place in places if place < len(call.args))
    for one in call.keywords:
        if one.arg in _TOLD_BY_NAME:
            yield _constant(one.value)
        elif one.arg == "columns" and isinstance(one.value, ast.Tuple):
            yield from (_constant(pair.elts[0]) for pair in one.value.elts if isinstance(pair, ast.Tuple))


def _of_call(name: str, call: ast.Call) -> Wanted:
    if name == "say_many":
        one, many = (_constant(arg) for arg in call.args[:2])
        return {one: many} if one else {}
    assert not any(isinstance(part, ast.JoinedStr) for part in ast.walk(call.args[0])), f"line {call.lineno}: values stand in braces"
    return dict.fromkeys(_texts(call.args[0], deep=name == "noted"))


def _texts(node: ast.expr, *, deep: bool) -> Iterator[str]:
    """A constant, either end of a choice; what is noted whole is looked through, without keys."""
    if text := _constant(node):
        yield text
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body, deep=deep), *_texts(node.orelse, deep=deep))
    elif deep and isinstance(node, ast.Dict):
        yield from (text for value in node.values for text in _texts(value, deep=True))
    elif deep and isinstance(node, ast.Tuple | ast.List):
        yield from (text for value in node.elts for text in _texts(value, deep=True))
    elif deep and isinstance(node, ast.Call):
        yield from (text for value in node.args for text in _texts(value, deep=True))


def _constant(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _errors(folder: str) -> Iterator[type[ParleyError]]:
    package = import_module(folder)
    for module in pkgutil.walk_packages(package.__path__, f"{folder}."):
        if ".migrations" not in module.name and not module.name.endswith(("__main__", ".wsgi", "build_hook")):
            import_module(module.name)
    waiting: list[type[ParleyError]] = [ParleyError]
    while waiting:
        error = waiting.pop(0)
        if error.__module__.split(".")[0] == folder:
            yield error
        waiting.extend(error.__subclasses__())


def read(path: Path) -> dict[str, tuple[str, ...]]:
    """A catalog: sentence → its translation, or the forms of its plural."""
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file)
    return {
        message.id if isinstance(message.id, str) else message.id[0]: (
            (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        )
        for message in catalog
        if message.id
    }


def write(path: Path, texts: Wanted, known: dict[str, tuple[str, ...]], plural: str = "nplurals=2; plural=(n != 1);") -> None:
    """Write a catalog with these sentences and what is known of them, under the words it begins with; what is not known stays empty."""
    comment = re.match(r"(?:#[^\n]*\n)*", path.read_text(encoding="utf-8") if path.is_file() else "")
    parts = [(comment[0] if comment else "") + _HEAD.format(language=path.stem, plural=plural)]
    for one, many in texts.items():
        said = known.get(one, ())
        if many is None:
            parts.append(f"msgid {_quoted(one)}\nmsgstr {_quoted(said[0] if len(said) == 1 else '')}\n")
        else:
            forms = said if len(said) > 1 else ("", "")
            lines = "".join(f"msgstr[{number}] {_quoted(form)}\n" for number, form in enumerate(forms))
            parts.append(f"msgid {_quoted(one)}\nmsgid_plural {_quoted(many)}\n{lines}")
    path.write_text("\n".join(parts), encoding="utf-8")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def main() -> None:
    """Bring every catalog up to date, and tell what is to be translated."""
    (CATALOGS["api"] / "rooms.txt").write_text("\n".join(of_rooms()) + "\n", encoding="utf-8")
    in_room.cache_clear()
    for folder, place in CATALOGS.items():
        for path in sorted(place.glob("*.po")):
            known, texts = read(path), wanted(folder)
            write(path, texts, known)
            print(*(f"{path.name}: {text}" for text in texts if not known.get(text)), sep="\n")


if __name__ == "__main__":
    main()
