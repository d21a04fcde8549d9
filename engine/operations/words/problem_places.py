"""Problems as people read them: the file and the place in it by what they are called, never by a key or an id.

Pure: everything is worked out from the files that were checked. What has no name of its own is told by what it is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

import orjson

from engine.bpmn import drawn
from engine.bpmn.xml import Unreadable
from engine.dmn import compare as decisions
from engine.language import noted, say, told
from engine.model.compared import Thing
from engine.model.errors import Level, Problem
from engine.operations import bundles
from engine.operations.wording import quoted
from engine.operations.words import element_words, sentences
from engine.operations.words.sentences import Words

_PACK = noted("Rules, roles and words")
#: what an entry of each table of a pack is called
_ENTRIES = noted(
    {
        "roles": "Role",
        "lanes": "Lane",
        "exclusions": "Duties that exclude each other, number",
        "settings": "Setting",
        "variables": "Fact",
        "deadline_rules": "Deadline rule",
        "panels": "Panel of the case page",
        "tiles": "Tile of the board",
        "measures": "Figure",
        "surveys": "Survey",
        "guides": "Guide",
        "notices": "Notice",
        "messages": "Message",
        "classes": "Confidentiality class",
        "milestones": "Milestone",
        "calendars": "Calendar",
    }
)
#: what all of them together are called
_ALL = noted(
    {
        "roles": "Roles",
        "lanes": "Lanes",
        "exclusions": "Duties that exclude each other",
        "settings": "Settings",
        "variables": "Facts",
        "deadline_rules": "Deadline rules",
        "panels": "Panels of the case page",
        "tiles": "Tiles of the board",
        "measures": "Figures",
        "surveys": "Surveys",
        "guides": "Guides",
        "notices": "Notices",
        "messages": "Messages",
        "classes": "Confidentiality classes",
        "milestones": "Milestones",
        "calendars": "Calendars",
    }
)
_TABLES = noted(
    {
        "case": "Cases: number, opening, participants",
        "policies": "Policies",
        "retention": "How long things are kept",
        "program": "The pack itself",
        "figures": "From how many on figures are told",
        "caseload": "Caseload",
    }
)


@dataclass(frozen=True, slots=True)
class Told:
    """A problem with its place in words. `place` is empty where the whole file is meant."""

    problem: Problem
    #: like “Form “Intake””; empty when no single file is meant
    file: str
    place: str

    @property
    def message(self) -> str:
        """What is wrong and what to do, in the language of whoever reads it; the problem itself may be kept for everybody."""
        return told(self.problem.message)

    @property
    def advice(self) -> bool:
        """Whether it may stay as it is."""
        return self.problem.level is Level.WARN

    @property
    def where(self) -> str:
        """File and place in one line."""
        return " › ".join(part for part in (self.file, self.place) if part)


def tell(problems: Iterable[Problem], files: Mapping[str, bytes]) -> tuple[Told, ...]:
    """The problems of some files, each with its place by name."""
    return tuple(Told(one, file_title(one.file, files), place(one.file, one.element_id, files)) for one in problems)


def file_title(name: str, files: Mapping[str, bytes]) -> str:
    """What people call a file: “Diagram “Consent collection””; by its name without ending when it cannot be read."""
    content, kind = files.get(name, b""), bundles.kind(name)
    if not name:
        return ""
    match kind:
        case "bpmn":
            processes = [one for one in _drawn(content).values() if one.kind == "process" and one.name]
            return say("Diagram “{name}”", name=processes[0].name if processes else _stem(name))
        case "form":
            return say("Form “{name}”", name=_form(content).get("title") or _stem(name))
        case "dmn":
            decided = next((one.name for one in _decided(content).values() if one.kind == "decision"), "")
            return say("Decision table “{name}”", name=decided or _stem(name))
        case "scenario":
            return say("Scenario “{name}”", name=_toml(content).get("title") or _stem(name))
        case "pack":
            return say(_PACK)
        case _:
            return say("File {name}", name=name)


def place(file: str, element_id: str | None, files: Mapping[str, bytes]) -> str:
    """What people call the place in a file that a problem is about; empty for the whole file."""
    if not element_id:
        return ""
    content = files.get(file, b"")
    match bundles.kind(file):
        case "bpmn":
            return _element(element_id, _drawn(content))
        case "form":
            return _question(element_id, _form(content))
        case "dmn":
            return quoted(found.name) if (found := _decided(content).get(element_id)) and found.name else ""
        case "pack":
            return _entry(element_id, _toml(content), files)
        case _:
            return ""


def _element(element_id: str, elements: Mapping[str, drawn.Drawn]) -> str:
    found = elements.get(element_id)
    if found is None:
        return ""
    if found.kind == "process":
        return say("The whole procedure")
    if found.kind == "sequenceFlow":
        said = element_words.name(found, elements, Words())
        return said[:1].upper() + said[1:]
    kind = element_words.kind(found.kind)
    if found.name:
        return quoted(found.name) if kind == element_words.kind("userTask") else say("“{name}” ({kind})", name=found.name, kind=kind)
    host = elements.get(found.traits.get("attachedToRef", ""))
    before = next((_before(one, elements) for one in elements.values() if one.traits.get("targetRef") == element_id), "")
    if host is not None and host.name:
        return say("A {kind} without a name at “{host}”", kind=kind, host=host.name)
    if before:
        return say("A {kind} without a name after “{before}”", kind=kind, before=before)
    return say("A {kind} without a name", kind=kind)


def _before(flow: drawn.Drawn, elements: Mapping[str, drawn.Drawn]) -> str:
    source = elements.get(flow.traits.get("sourceRef", ""))
    return source.name if source is not None else ""


def _question(field: str, form: Mapping[str, Any]) -> str:
    said: list[str] = []
    inside = form
    for name in field.split("."):
        properties = inside.get("properties") or (inside.get("items") or {}).get("properties") or {}
        found = properties.get(name) if isinstance(properties, dict) else None
        if not isinstance(found, dict):
            return " › ".join(said)
        said.append(quoted(str(found.get("title") or name)))
        inside = found
    return " › ".join(said)


def _entry(path: str, pack: Mapping[str, Any], files: Mapping[str, bytes]) -> str:
    table, *rest = path.split(".")
    if table not in _ENTRIES:
        return say(_TABLES[table]) if table in _TABLES else ""
    if not rest:
        return say(_ALL[table])
    entries = pack.get(table)
    entry = entries.get(rest[0]) if isinstance(entries, dict) else _keyed(entries, rest[0])
    named = entry if isinstance(entry, str) and table != "lanes" else ""
    if isinstance(entry, dict):
        named = str(entry.get("label") or entry.get("title") or "")
    if table == "deadline_rules":
        named = sentences.of_files(files).ladder(rest[0])
    name = rest[0] if rest[0].isdigit() else quoted(named or rest[0].replace("_", " ").replace("-", " "))
    where = f"{say(_ENTRIES[table])} {name}"
    return say("{where}, step {number}", where=where, number=rest[2]) if len(rest) > 2 and rest[1] == "rungs" else where


def _keyed(entries: object, key: str) -> object:
    found = (one for one in entries if isinstance(one, dict)) if isinstance(entries, list) else ()
    return next((one for one in found if key in (one.get("key"), one.get("name"))), None)


def _stem(name: str) -> str:
    return PurePosixPath(name).stem.replace("-", " ").replace("_", " ")


# Pages and scripts ask again after every edit; what files are called follows from their bytes alone.
@lru_cache(maxsize=128)
def _drawn(content: bytes) -> Mapping[str, drawn.Drawn]:
    try:
        return drawn.read(content).elements
    except Unreadable:
        return {}


@lru_cache(maxsize=64)
def _decided(content: bytes) -> Mapping[str, Thing]:
    try:
        return decisions.things(content)
    except decisions.Unreadable:
        return {}


def _form(content: bytes) -> Mapping[str, Any]:
    try:
        raw = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return raw if isinstance(raw, dict) else {}


@lru_cache(maxsize=16)
def _toml(content: bytes) -> Mapping[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        return {}
